import type { JsonObject } from '../../json.ts';
import { objectAt, type Path, textAt } from '../read.ts';
import { codeOfText } from './actions.ts';

/** AppOmni writes these strings where it means null. */
const NULLS = new Set(['None', 'null']);

/** Reports have none, and the same event must have the same time, and so the same id, whichever way it came. */
const FRACTION = /(T\d{2}:\d{2}:\d{2})[.,]\d+/;

/**
 * One event whichever way it came: REST API (`identifier`), event sink (`log_id`) or report row (`identifier`, `action` as a
 * text, `extra` in the place of `action_data`).
 */
export interface Entry {
  readonly raw: JsonObject;
  /** `action_data`, or a report's `extra` as the same keys. */
  readonly data: JsonObject;
  readonly id: string | undefined;
  /** In whole seconds. */
  readonly time: string | undefined;
  /** The `action_type` code; a report's text where its code is not known. */
  readonly action: string;
}

/** Reads an event of any of the three shapes. Never throws. */
export function entryFrom(raw: JsonObject): Entry {
  const text = saidAt(raw, 'action');
  return {
    raw,
    data: objectAt(raw, 'action_data') ?? dataOfExtra(saidAt(raw, 'extra') ?? ''),
    id: saidAt(raw, 'identifier') ?? saidAt(raw, 'log_id'),
    time: saidAt(raw, 'action_at')?.replace(FRACTION, '$1'),
    action: saidAt(raw, 'action_type') ?? (text === undefined ? 'unknown' : codeOfText(text)),
  };
}

/** The text at a path; undefined also where AppOmni wrote a word for null. */
export function saidAt(value: unknown, path: Path): string | undefined {
  const text = textAt(value, path);
  return text === undefined || NULLS.has(text) ? undefined : text;
}

/** The first of the keys of `action_data` that says something. */
export function firstSaid(data: JsonObject, keys: readonly string[]): string | undefined {
  return keys.map((key) => saidAt(data, [key])).find((text) => text !== undefined);
}

/** The keys that `action_data` is known to have, which are those that a report's `extra` can hold. */
const DATA_KEYS = [
  'access_token_id',
  'assignee_id',
  'assignee_username',
  'destination_hash',
  'destination_id',
  'destination_name',
  'destination_type',
  'detail_str',
  'detection_alert_count',
  'detection_alert_id',
  'detection_rule_id',
  'detection_rule_name',
  'detection_ruleset_id',
  'detection_ruleset_name',
  'element_id',
  'element_list_id',
  'element_type',
  'email_addresses',
  'email_identifier',
  'email_reason',
  'error_str',
  'eventsource_dataset',
  'eventsource_id',
  'eventsource_name',
  'eventsource_type',
  'exception_data',
  'expiration',
  'external_connection_auth_type',
  'external_connection_id',
  'external_connection_name',
  'external_connection_provider_type',
  'external_entity_id',
  'file_id',
  'global_value_list_collection_id',
  'group_id',
  'group_name',
  'insight_id',
  'insight_name',
  'instance_id',
  'investigation_id',
  'investigation_subject',
  'message',
  'new_value',
  'oauth_application_id',
  'occurrence_id',
  'occurrence_name',
  'old_value',
  'platform_ingest_job_id',
  'policy_assessment_completion_date',
  'policy_assessment_id',
  'policy_id',
  'policy_name',
  'reason_str',
  'refresh_token_id',
  'rule_id',
  'rule_name',
  'ruleevent_id',
  'ruleexception_id',
  'scim_attribute',
  'scim_attribute_value',
  'scim_group_targets',
  'scim_mapping_id',
  'setting_name',
  'sink_id',
  'sink_name',
  'tag_id',
  'tag_name',
  'target_user_id',
  'target_user_username',
  'third_party_application_id',
  'third_party_application_name',
  'thread_id',
  'thread_name',
  'type_str',
  'unified_identity_email',
  'unified_identity_id',
  'workflow_instance_id',
  'workflow_instance_name',
];
const EXTRA_KEY = new RegExp(`(?:^|, )(${DATA_KEYS.join('|')}): `, 'g');

/**
 * A report's `extra`, `key: value, key: value`, as an object. Values may hold commas and colons: only a known key starts a
 * new pair, and of a key that comes twice the first counts.
 */
export function dataOfExtra(extra: string): JsonObject {
  const found = [...extra.matchAll(EXTRA_KEY)];
  const pairs = found.map((match, index): [string, string] => [
    match[1] ?? '',
    extra.slice(match.index + match[0].length, found[index + 1]?.index),
  ]);
  return Object.fromEntries(pairs.reverse());
}
