import { EVENT_TYPES, type EventType } from '../../taxonomy.ts';
import { entryOf } from '../read.ts';
import type { ActionTable } from '../source.ts';
import { typeOfDeed, wordsOf } from '../verbs.ts';

/**
 * The `action_type` codes that AppOmni is known to emit, and their EMM types. `GET /api/v1/core/auditlogs/action_types/`
 * lists all that a tenant can see; what is not here is judged by {@link guessType}.
 */
export const ACTIONS: ActionTable = {
  // Log-ins
  user_login_direct: 'account_login',
  user_login_direct_mfa: 'account_login',
  user_login_google: 'account_login',
  user_login_jwt: 'account_login',
  user_login_openid: 'account_login',
  user_login_saml: 'account_login',
  user_login_failed: 'account_login',
  user_login_failed_user_locked: 'account_login',
  user_logout: 'account_logout',
  user_mfa_totp_challenge: 'mfa_verification',

  // Users. The EMM counts a disabled user as deleted.
  user_created: 'create_user',
  user_disabled: 'delete_user',
  user_locked: 'update_user',
  user_mfa_enabled: 'add_enrollment',
  user_mfa_disabled: 'remove_enrollment',

  // Settings of AppOmni itself
  ao_sys_setting_change: 'update_security_configuration',
  ao_sys_setting_auth_change: 'update_security_configuration',
  ao_scim_setting_change: 'update_security_configuration',
  ao_oidc_setting_change: 'update_security_configuration',
  ao_idp_attribute_mapping_created: 'create_security_configuration',
  ao_idp_attribute_mapping_updated: 'update_security_configuration',
  ao_idp_attribute_mapping_deleted: 'delete_security_configuration',

  // Policies, their rules, and exceptions
  policy_created: 'create_resource',
  policy_deleted: 'delete_resource',
  policy_enabled: 'update_resource',
  policy_disabled: 'update_resource',
  rule_created: 'create_resource',
  rule_modified: 'update_resource',
  rule_deleted: 'delete_resource',
  exception_created: 'create_resource',
  exception_deleted: 'delete_resource',

  // Monitored services. To the EMM they are resources, not integrations.
  ms_created: 'create_resource',
  ms_deleted: 'delete_resource',
  ms_renamed: 'update_resource',
  ms_detection_ingestion_disabled: 'update_resource',

  // Findings and detections. The EMM counts a disabled detection rule as deleted.
  event_allowed: 'update_resource',
  event_ignored: 'update_resource',
  event_assigned: 'update_resource',
  event_source_updated: 'update_resource',
  detection_rule_disabled: 'delete_resource',
  detection_alert_closed: 'update_resource',
  detection_alert_inprogress: 'update_resource',

  // What the platform does by itself: the EMM has no word for it
  policy_scan_requested: null,
  policy_scan_started: null,
  policy_scan_ended: null,
  asmt_started_role: null,
  asmt_started_ms: null,
  asmt_ended_role: null,
  asmt_ended_ms: null,
  ms_auth_failed: null,
};

/** The codes behind the texts that a report has in their place. */
const CODES: Readonly<Record<string, string>> = {
  'User Login via Google Auth': 'user_login_google',
  'User Login Failed': 'user_login_failed',
  'User Locked': 'user_locked',
  'User Logout': 'user_logout',
  'User MFA Enabled': 'user_mfa_enabled',
  'User MFA Disabled': 'user_mfa_disabled',
  'User MFA - TOTP Challenge': 'user_mfa_totp_challenge',
  'User Created': 'user_created',
  'User Disabled': 'user_disabled',
  'Policy Created': 'policy_created',
  'Policy Deleted': 'policy_deleted',
  'Monitored Service Added': 'ms_created',
  'Monitored Service Removed': 'ms_deleted',
  'Monitored Service Detection Ingest Disabled': 'ms_detection_ingestion_disabled',
  'Threat Detection Rule Disabled': 'detection_rule_disabled',
  'Threat Detection Alert Set to Closed': 'detection_alert_closed',
  'Threat Detection Alert Set to In-Progress': 'detection_alert_inprogress',
  'AppOmni System Setting Change': 'ao_sys_setting_change',
};

/** The code of a report's text; the text itself when it is not known. */
export function codeOfText(text: string): string {
  return entryOf(CODES, text) ?? text;
}

/** The EMM type of an action by the table, else by {@link guessType}. */
export function typeOfAction(action: string): EventType | null {
  const known = entryOf(ACTIONS, action);
  return known === undefined ? guessType(action) : known;
}

const INTEGRATION = new Set(['token', 'oauth', 'application', 'destination', 'sink', 'connection', 'integration']);
const SETTING = new Set(['ao', 'setting', 'settings', 'idp', 'scim', 'oidc']);
/** Steps of a job or attempts at something that nobody did to anything. */
const NO_DEED = new Set(['scan', 'asmt', 'assessment', 'job', 'failed', 'started', 'ended', 'requested', 'completed']);
const CREATED = new Set(['created', 'added', 'imported', 'installed']);
const DELETED = new Set(['deleted', 'removed', 'revoked', 'uninstalled']);

/** The EMM type of an action that is in no table: codes, and reports' texts, say first to what and then what was done. */
export function guessType(action: string): EventType | null {
  const words = wordsOf(action);
  const has = (set: ReadonlySet<string>) => words.some((word) => set.has(word));
  if (words.includes('login')) return 'account_login';
  if (words.includes('logout')) return 'account_logout';
  if (words.includes('mfa')) return mfaType(words);
  if (has(NO_DEED)) return null;
  if (words[0] === 'user' && words.includes('disabled')) return 'delete_user';
  if (has(INTEGRATION)) return typeOfDeed(deed(words), 'integration');
  if (has(SETTING)) return typeOfDeed(deed(words), 'security_configuration');
  if (words[0] === 'user' || words[0] === 'group' || words[0] === 'role') return typeOfDeed(deed(words), words[0]);
  return typeOfDeed(deed(words), 'resource');
}

function mfaType(words: readonly string[]): EventType {
  if (words.some((word) => word === 'enabled' || CREATED.has(word))) return 'add_enrollment';
  if (words.some((word) => word === 'disabled' || word === 'reset' || DELETED.has(word))) return 'remove_enrollment';
  return 'mfa_verification';
}

function deed(words: readonly string[]): 'create' | 'update' | 'delete' | undefined {
  if (words.some((word) => CREATED.has(word))) return 'create';
  if (words.some((word) => DELETED.has(word))) return 'delete';
  const isDone = words.some((word) => /(ed|change|set|inprogress)$/.test(word));
  return isDone ? 'update' : undefined;
}

/** The EMM types that events of this source can have. Codes of integrations are not published: they are guessed. */
export const MAPPED_TYPES: readonly EventType[] = EVENT_TYPES.filter(
  (type) => Object.values(ACTIONS).includes(type) || /^(create|update|delete)_integration$/.test(type),
);
