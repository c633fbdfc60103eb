import type { Target } from '../../event/schema.ts';
import { arrayAt } from '../read.ts';
import { type Entry, firstSaid, saidAt } from './entry.ts';

/** What `action_data` names: what it is called here, its id, its name. People first, then groups, then things. */
const NAMED: readonly (readonly [type: string, id: string, name?: string])[] = [
  ['user', 'target_user_id', 'target_user_username'],
  ['user', 'assignee_id', 'assignee_username'],
  ['identity', 'unified_identity_id', 'unified_identity_email'],
  ['group', 'group_id', 'group_name'],
  ['policy_assessment', 'policy_assessment_id'],
  ['rule', 'rule_id', 'rule_name'],
  ['rule_exception', 'ruleexception_id'],
  ['rule_event', 'ruleevent_id'],
  ['detection_rule', 'detection_rule_id', 'detection_rule_name'],
  ['detection_ruleset', 'detection_ruleset_id', 'detection_ruleset_name'],
  ['detection_alert', 'detection_alert_id'],
  ['event_source', 'eventsource_id', 'eventsource_name'],
  ['investigation', 'investigation_id', 'investigation_subject'],
  ['insight', 'insight_id', 'insight_name'],
  ['thread', 'thread_id', 'thread_name'],
  ['occurrence', 'occurrence_id', 'occurrence_name'],
  ['element_list', 'element_list_id'],
  ['element', 'element_id'],
  ['global_value_list_collection', 'global_value_list_collection_id'],
  ['sink', 'sink_id', 'sink_name'],
  ['destination', 'destination_id', 'destination_name'],
  ['external_connection', 'external_connection_id', 'external_connection_name'],
  ['third_party_application', 'third_party_application_id', 'third_party_application_name'],
  ['scim_mapping', 'scim_mapping_id'],
  ['workflow_instance', 'workflow_instance_id', 'workflow_instance_name'],
  ['instance', 'instance_id'],
  ['ingest_job', 'platform_ingest_job_id'],
  ['external_entity', 'external_entity_id'],
  ['file', 'file_id'],
  ['tag', 'tag_id', 'tag_name'],
  ['setting', '', 'setting_name'],
];

/** What the request was made with, and what an action about access itself is done to. */
const ACCESS: readonly (readonly [type: string, id: string])[] = [
  ['access_token', 'access_token_id'],
  ['refresh_token', 'refresh_token_id'],
  ['oauth_application', 'oauth_application_id'],
];
const ABOUT_ACCESS = /token|oauth|application/i;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Everyone and everything the event names as done to, each once. */
export function targetsOf(entry: Entry): Target[] {
  const { raw, data } = entry;
  const found = [
    ...NAMED.map(([type, id, name]) => target(type, saidAt(data, [id]), name && saidAt(data, [name]))),
    ...mailed(entry).map((email) => target('user', undefined, email)),
    ...(isAboutAccess(entry) ? ACCESS.map(([type, id]) => target(type, saidAt(data, [id]), undefined)) : []),
    target('policy', saidAt(data, 'policy_id') ?? saidAt(raw, 'policy_id'), saidAt(data, 'policy_name')),
    target('monitored_service', saidAt(raw, 'service_id'), saidAt(raw, 'service_name')),
    target('perspective', saidAt(raw, 'perspective_id'), saidAt(raw, 'perspective_name')),
  ].filter((one) => one !== undefined);
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

/** The credential of a request through the API, where the event is not about credentials. */
export function credentialOf(entry: Entry): { id: string; type: string } | undefined {
  if (isAboutAccess(entry)) return undefined;
  const [type, key] = ACCESS.find(([, key]) => saidAt(entry.data, [key]) !== undefined) ?? [];
  const id = key && saidAt(entry.data, [key]);
  return type && id ? { id, type } : undefined;
}

/** The e-mail address that a user name is, if it is one. AppOmni gives sometimes that and sometimes a display name. */
export function emailIn(name: string | undefined): string | undefined {
  return name !== undefined && name.length <= 320 && EMAIL.test(name) ? name : undefined;
}

function isAboutAccess({ action }: Entry): boolean {
  return ABOUT_ACCESS.test(action);
}

function mailed({ data }: Entry): string[] {
  const listed = arrayAt(data, 'email_addresses').map((_, index) => saidAt(data, ['email_addresses', `${index}`]));
  // A report has the list as Python writes it: ['a@example.com', 'b@example.com']
  const written = firstSaid(data, ['email_addresses'])?.split(/[\s,;'"[\]]+/) ?? [];
  return [...listed, ...written].filter((text) => emailIn(text) !== undefined).filter((text) => text !== undefined);
}

function target(type: string, id: string | undefined, name: string | undefined): Target | undefined {
  if (id === undefined && !name) return undefined;
  const email = emailIn(name);
  return {
    type,
    ...(id !== undefined && { id }),
    ...(name && { name }),
    ...(email !== undefined && { email }),
  };
}
