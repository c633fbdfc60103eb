import type { EventFacts } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { changeText, firstText, textAt, valueAt } from '../read.ts';

/** Verbs of attempts that came to nothing. GitHub's log has no field for it. */
const FAILED = /^(failed|rejected)(_|$)|_(failed|failure|rejected|denied|blocked|unsatisfied|error|exceeded)$/;
/** Decisions to refuse something are acts that succeeded. */
const DECIDED = new Set([
  'org.oauth_app_access_denied',
  'org.oauth_app_access_blocked',
  'personal_access_token.request_denied',
  'code_scanning.alert_closure_denied',
]);
/** Somebody was asked, and how it went on is another row. */
const ASKED = /^user\.(two_factor|device_verification)_requested$|\.attempted_to_/;
const NO_SUCCESS = /fail|error/i;

/** How the act ended: by the status of API requests and stream checks, else by the verb. */
export function outcomeOf(raw: JsonObject, action: string): EventFacts['outcome'] {
  const status = Number(textAt(raw, 'status_code') ?? Number.NaN);
  if (status >= 400) return 'failure';
  if (NO_SUCCESS.test(textAt(raw, 'audit_log_stream_result') ?? '')) return 'failure';
  if (ASKED.test(action)) return 'unknown';
  const verb = action.slice(action.lastIndexOf('.') + 1);
  return FAILED.test(verb) && !DECIDED.has(action) ? 'failure' : 'success';
}

/** Where rows say why; those of one line are told together. */
const REASONS: readonly (readonly string[])[] = [
  ['explanation'],
  ['dismiss_reason', 'push_protection_bypass_reason', 'reason'],
  ['dismiss_comment', 'request_reviewer_comment'],
  ['repository_security_configuration_failure_reason'],
];

/** Why it was done, or why it failed. `message` is a text of another kind in acts that succeeded. */
export function reasonOf(raw: JsonObject, outcome: EventFacts['outcome']): string | undefined {
  const reasons = valueAt(raw, 'reasons');
  const texts = [
    ...REASONS.map((paths) => firstText(raw, paths)),
    Array.isArray(reasons) && reasons.length === 0 ? undefined : changeText(reasons),
    outcome === 'failure' ? textAt(raw, 'message') : undefined,
  ].filter((text) => text !== undefined && text !== '');
  return texts.length > 0 ? texts.join(': ') : undefined;
}
