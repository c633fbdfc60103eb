import type { EventFacts } from '../../event/schema.ts';
import { type JsonObject, scalarText } from '../../json.ts';
import { entryOf, textAt } from '../read.ts';
import { type Parameters, textOf } from './parameters.ts';

type Outcome = EventFacts['outcome'];

/** `events[].status.eventStatus`, which newer events have. */
const STATUSES: Readonly<Record<string, Outcome>> = {
  SUCCEEDED: 'success',
  SUCCEEDED_WITH_WARNINGS: 'success',
  FAILED: 'failure',
  SKIPPED: 'unknown',
  UNKNOWN_EVENT_STATUS: 'unknown',
};

/** Names that say how it ended, or that it was only noticed. */
const BY_ACTION: readonly (readonly [RegExp, Outcome])[] = [
  // Access policies that only watch let through what they report.
  [/^MONITOR_MODE_/, 'success'],
  [/^(gov_attack_warning|blocked_sender|FAILED_PASSWORD_ATTEMPTS_EVENT|DEVICE_COMPROMISED_EVENT)$/, 'unknown'],
  [/^SUSPICIOUS_ACTIVITY_EVENT$/, 'unknown'],
  // "Suspicious login blocked", "Suspicious programmatic login blocked":
  // https://developers.google.com/workspace/admin/reports/v1/appendix/activity/login
  [/^suspicious_.*login|^(risky_sensitive_action|sharing)_blocked$/, 'failure'],
  [/(^|_)(fail|failed|failure|deny|denied|unsuccessful)(_|$)/i, 'failure'],
];

/** Parameters that tell how it ended. */
const RESULTS: readonly (readonly [string, RegExp, RegExp])[] = [
  ['login_challenge_status', /pass|success/i, /./],
  ['action_execution_status', /EXECUTED$|SUCCE/i, /REJECT|FAIL|UNSUPPORTED|ERROR|DENIED/i],
  ['policy_sync_result', /SUCCE|APPLIED/i, /ABORT|FAIL/i],
  ['event_result', /ALLOWED|BYPASSED/i, /BLOCKED/i],
  ['org_branding_provisioning_status', /^SUCCESS$/i, /^FAILURE$/i],
];

/** How the event ended: what is in the log took place, unless its status, name or parameters say otherwise. */
export function outcomeOf(event: JsonObject, action: string, given: Parameters): Outcome {
  const stated = entryOf(STATUSES, textAt(event, 'status.eventStatus'));
  if (stated !== undefined) return stated;
  if (Number(textAt(event, 'status.httpStatusCode') ?? 0) >= 400) return 'failure';
  if (textAt(event, 'status.errorCode') !== undefined) return 'failure';
  const named = BY_ACTION.find(([pattern]) => pattern.test(action))?.[1];
  if (named !== undefined) return named;
  for (const [parameter, success, failure] of RESULTS) {
    const result = textOf(given, parameter);
    if (result !== undefined && success.test(result)) return 'success';
    if (result !== undefined && failure.test(result)) return 'failure';
  }
  if (/^login_(challenge|verification)$/.test(action)) return 'unknown';
  const { failed, total } = uploadOf(given);
  return failed !== undefined && failed > 0 && failed >= (total ?? failed) ? 'failure' : 'success';
}

/** Parameters that say why. */
const REASONS = [
  'login_failure_type',
  'failure_type',
  'deletion_reason',
  'justifications',
  'gmail_reset_reason',
  'device_deactivation_reason',
  'caa_access_level_unsatisfied',
  'caa_device_state',
  'sensitive_action_name',
  'event_reason',
];
const FAILURE_REASONS = ['login_challenge_status', 'saml_status_code', 'saml_second_level_status_code', 'event_result'];

/** Why it failed or was done, as far as the event says. */
export function reasonOf(event: JsonObject, outcome: Outcome, given: Parameters): string | undefined {
  const texts = [
    ...['errorCode', 'errorMessage'].map((key) => textAt(event, ['status', key])),
    ...REASONS.map((name) => textOf(given, name)),
    ...(outcome === 'failure' ? FAILURE_REASONS.map((name) => textOf(given, name)) : []),
    uploadReason(given),
  ].filter((text) => text !== undefined);
  return texts.length > 0 ? texts.join(': ') : undefined;
}

function uploadOf(given: Parameters): { failed: number | undefined; total: number | undefined } {
  return {
    failed: count(given, 'bulk_upload_fail_users_number', 'group_member_bulk_upload_failed_number'),
    total: count(given, 'bulk_upload_total_users_number', 'group_member_bulk_upload_total_number'),
  };
}

function uploadReason(given: Parameters): string | undefined {
  const { failed, total } = uploadOf(given);
  return failed !== undefined && failed > 0 ? `${failed} of ${total ?? 'unknown'} failed` : undefined;
}

function count(given: Parameters, ...names: readonly string[]): number | undefined {
  const number = Number(scalarText(textOf(given, ...names)) ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : undefined;
}
