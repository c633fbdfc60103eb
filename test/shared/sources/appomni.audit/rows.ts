import { expect } from 'vitest';
import { EventFacts } from '../../../../shared/event/schema.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { appomniAudit } from '../../../../shared/sources/appomni.audit/source.ts';

export const AGENT = 'Mozilla/5.0 (X11; Linux x86_64)';
export const UUID = '0f6c9a1e-7701-4b52-9d10-5a0e6c2b1001';
export const INES = { id: '412', name: 'ines.roth@example.com', email: 'ines.roth@example.com', type: 'user' };
const LENA = { type: 'user', id: '431', name: 'lena_okoro' };
const lena = { target_user_id: 431, target_user_username: 'lena_okoro' };
const policy = { policy_id: 3107, policy_name: 'Least privilege' };
const POLICY = { type: 'policy', id: '3107', name: 'Least privilege' };
const crm = { service_id: 204, service_type: 'sfdc', service_name: 'CRM' };
const CRM = { type: 'monitored_service', id: '204', name: 'CRM' };

/** An event as the REST API gives it: every key is there, most of them null. */
export function byApi(action_type: string, action_data: JsonObject = {}, rest: JsonObject = {}): JsonObject {
  return {
    identifier: UUID,
    user_id: 412,
    action_at: '2026-03-02T08:15:06.948560Z',
    action_type,
    service_id: null,
    service_type: null,
    service_name: null,
    policy_id: null,
    perspective_id: null,
    perspective_name: null,
    ...rest,
    action_data: {
      user_username: 'ines.roth@example.com',
      user_ip: '203.0.113.24',
      user_agent: AGENT,
      setting_name: null,
      old_value: null,
      ...action_data,
    },
  };
}

/** The same as an event sink gives it. */
export function bySink(api: JsonObject, userKey = 'user_id'): JsonObject {
  const { identifier, user_id, action_at, action_data, ...rest } = api;
  const data = Object.fromEntries(Object.entries(action_data as JsonObject).filter(([, value]) => value !== null));
  return {
    ...rest,
    log_id: identifier as string,
    org_id: 91,
    [userKey]: user_id as number,
    action_at: (action_at as string).replace('Z', '+00:00'),
    service_type: rest['service_type'] ?? 'None',
    service_name: rest['service_name'] ?? 'None',
    action_data: { md_kind: 'core.aoaudit.auditdata', md_version: 1, ...data },
  };
}

/** The same as a report row. */
export function byReport(api: JsonObject, action: string): JsonObject {
  const { user_username, user_ip, user_agent, ...data } = api['action_data'] as JsonObject;
  return {
    identifier: api['identifier'] as string,
    action_at: (api['action_at'] as string).replace(/\.\d+Z$/, '+0000'),
    action,
    username: user_username ?? 'None',
    service_type: api['service_type'] ?? 'None',
    service_id: api['service_id'] === null ? 'None' : `${api['service_id']}`,
    extra: Object.entries(data)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => `${key}: ${value}`)
      .join(', '),
    user_ip: user_ip ?? null,
    user_agent: user_agent ?? null,
  };
}

export function mapped(raw: JsonObject) {
  const events = appomniAudit.normalize(raw);
  expect(events).toHaveLength(1);
  const [event] = events;
  return { ...event!, facts: EventFacts.parse(event?.facts) };
}
export const factsOf = (raw: JsonObject) => mapped(raw).facts;

type Row = readonly [
  action: string,
  type: EventFacts['type'],
  data?: JsonObject,
  facts?: Partial<EventFacts>,
  top?: JsonObject,
];

export const rows: readonly Row[] = [
  // Log-ins
  ['user_login_google', 'account_login', {}, { identityProvider: 'google' }],
  ['user_login_saml', 'account_login', {}, { identityProvider: 'saml' }],
  ['user_login_openid', 'account_login', {}, { identityProvider: 'openid' }],
  ['user_login_direct', 'account_login', {}, { credential: { type: 'password' } }],
  ['user_login_direct_mfa', 'account_login', {}, { credential: { type: 'password' }, mfa: { method: 'mfa' } }],
  ['user_login_jwt', 'account_login', {}, { credential: { type: 'jwt' } }],
  [
    'user_login_failed',
    'account_login',
    { error_str: 'Wrong password' },
    { outcome: 'failure', reason: 'Wrong password', actor: { ...INES, id: undefined } as EventFacts['actor'] },
    { user_id: null },
  ],
  [
    'user_login_failed_user_locked',
    'account_login',
    { detail_str: 'Too many attempts' },
    { outcome: 'failure', reason: 'Too many attempts' },
  ],
  ['user_logout', 'account_logout'],
  ['user_mfa_totp_challenge', 'mfa_verification', lena, { targets: [LENA], mfa: { method: 'totp' } }],
  // Users
  ['user_created', 'create_user', lena, { targets: [LENA] }],
  ['user_disabled', 'delete_user', lena, { targets: [LENA] }],
  ['user_locked', 'update_user', lena, { outcome: 'failure', targets: [LENA] }],
  [
    'user_mfa_enabled',
    'add_enrollment',
    { ...lena, detail_str: 'TOTP' },
    { targets: [LENA], mfa: { enrollment: 'TOTP' } },
  ],
  [
    'user_mfa_disabled',
    'remove_enrollment',
    { ...lena, new_value: '+1 202-555-0143' },
    {
      targets: [LENA],
      mfa: { enrollment: 'SMS' },
      changes: [{ attribute: 'phone_number', new: '+1 202-555-0143' }],
    },
  ],
  // Settings
  [
    'ao_sys_setting_change',
    'update_security_configuration',
    { setting_name: 'Direct Auth Enabled', old_value: 'True', new_value: 'False' },
    {
      targets: [{ type: 'setting', name: 'Direct Auth Enabled' }],
      changes: [{ attribute: 'Direct Auth Enabled', old: 'True', new: 'False' }],
    },
  ],
  ['ao_sys_setting_auth_change', 'update_security_configuration'],
  [
    'ao_scim_setting_change',
    'update_security_configuration',
    { scim_mapping_id: 6, scim_attribute: 'userType', scim_attribute_value: 'contractor' },
    {
      targets: [{ type: 'scim_mapping', id: '6' }],
      changes: [{ attribute: 'userType', new: 'contractor' }],
    },
  ],
  ['ao_oidc_setting_change', 'update_security_configuration'],
  ['ao_idp_attribute_mapping_created', 'create_security_configuration'],
  ['ao_idp_attribute_mapping_updated', 'update_security_configuration'],
  ['ao_idp_attribute_mapping_deleted', 'delete_security_configuration'],
  // Policies, rules, exceptions
  ['policy_created', 'create_resource', policy, { targets: [POLICY] }, { policy_id: 3107 }],
  ['policy_deleted', 'delete_resource', policy, { targets: [POLICY] }],
  ['policy_enabled', 'update_resource', policy, { targets: [POLICY] }],
  ['policy_disabled', 'update_resource', policy, { targets: [POLICY] }],
  [
    'rule_created',
    'create_resource',
    { rule_id: 51, rule_name: 'No guests', ...policy },
    { targets: [{ type: 'rule', id: '51', name: 'No guests' }, POLICY] },
  ],
  ['rule_modified', 'update_resource', { rule_id: 51 }, { targets: [{ type: 'rule', id: '51' }] }],
  ['rule_deleted', 'delete_resource', { rule_id: 51 }, { targets: [{ type: 'rule', id: '51' }] }],
  [
    'exception_created',
    'create_resource',
    { ruleexception_id: 52, expiration: '2026-06-01T00:00:00Z', reason_str: 'Migration' },
    {
      targets: [{ type: 'rule_exception', id: '52' }],
      reason: 'Migration',
      changes: [{ attribute: 'expiration', new: '2026-06-01T00:00:00Z' }],
    },
  ],
  [
    'exception_deleted',
    'delete_resource',
    { ruleexception_id: 52 },
    { targets: [{ type: 'rule_exception', id: '52' }] },
  ],
  // Monitored services
  ['ms_created', 'create_resource', {}, { targets: [CRM] }, crm],
  ['ms_deleted', 'delete_resource', {}, { targets: [CRM] }, crm],
  [
    'ms_renamed',
    'update_resource',
    { old_value: 'Sales', new_value: 'CRM' },
    { targets: [CRM], changes: [{ attribute: 'name', old: 'Sales', new: 'CRM' }] },
    crm,
  ],
  ['ms_detection_ingestion_disabled', 'update_resource', {}, { targets: [CRM] }, crm],
  ['ms_auth_failed', null, { error_str: '401' }, { outcome: 'failure', reason: '401', targets: [CRM] }, crm],
  // Findings and detections
  ['event_allowed', 'update_resource', { ruleevent_id: 61 }, { targets: [{ type: 'rule_event', id: '61' }] }],
  ['event_ignored', 'update_resource', { ruleevent_id: 61 }, { targets: [{ type: 'rule_event', id: '61' }] }],
  [
    'event_assigned',
    'update_resource',
    { ruleevent_id: 61, assignee_id: 431, assignee_username: 'lena_okoro' },
    {
      targets: [LENA, { type: 'rule_event', id: '61' }],
      changes: [{ attribute: 'assignee', new: 'lena_okoro' }],
    },
  ],
  [
    'event_source_updated',
    'update_resource',
    { eventsource_id: 7, eventsource_name: 'CRM log' },
    { targets: [{ type: 'event_source', id: '7', name: 'CRM log' }] },
  ],
  [
    'detection_rule_disabled',
    'delete_resource',
    { detection_rule_id: 'r1', detection_rule_name: 'New country', detection_ruleset_id: 12 },
    {
      targets: [
        { type: 'detection_rule', id: 'r1', name: 'New country' },
        { type: 'detection_ruleset', id: '12' },
      ],
    },
  ],
  [
    'detection_alert_closed',
    'update_resource',
    { detection_alert_id: 'a1' },
    { targets: [{ type: 'detection_alert', id: 'a1' }] },
  ],
  ['detection_alert_inprogress', 'update_resource'],
  // The platform by itself
  ['policy_scan_requested', null, policy, { targets: [POLICY] }],
  ['policy_scan_started', null, policy, { targets: [POLICY] }],
  [
    'policy_scan_ended',
    null,
    { ...policy, user_username: null, user_ip: null, user_agent: null, detail_str: 'Completion Status: Success' },
    { actor: { type: 'system' }, ip: undefined, userAgent: undefined, targets: [POLICY] },
    { user_id: null },
  ],
  ['asmt_started_role', null],
  ['asmt_started_ms', null],
  ['asmt_ended_role', null],
  [
    'asmt_ended_ms',
    null,
    { detail_str: 'Completion Status: Failure' },
    { outcome: 'failure', reason: 'Completion Status: Failure' },
  ],
  // Codes that are not published
  [
    'external_connection_created',
    'create_integration',
    { external_connection_id: 17, external_connection_name: 'Ticketing' },
    { targets: [{ type: 'external_connection', id: '17', name: 'Ticketing' }] },
  ],
  ['destination_updated', 'update_integration', { destination_id: 8 }, { targets: [{ type: 'destination', id: '8' }] }],
  [
    'sink_deleted',
    'delete_integration',
    { sink_id: 9, sink_name: 'SIEM' },
    { targets: [{ type: 'sink', id: '9', name: 'SIEM' }] },
  ],
  [
    'api_application_created',
    'create_integration',
    { oauth_application_id: 5 },
    { targets: [{ type: 'oauth_application', id: '5' }] },
  ],
  [
    'access_token_revoked',
    'delete_integration',
    { access_token_id: 77, oauth_application_id: 5 },
    {
      targets: [
        { type: 'access_token', id: '77' },
        { type: 'oauth_application', id: '5' },
      ],
    },
  ],
  [
    'tag_added',
    'create_resource',
    { tag_id: 3, access_token_id: 77 },
    { targets: [{ type: 'tag', id: '3' }], credential: { id: '77', type: 'access_token' } },
  ],
  [
    'report_mailed',
    'update_resource',
    { email_addresses: ['bo@example.com', 7], email_reason: 'weekly' },
    { targets: [{ type: 'user', name: 'bo@example.com', email: 'bo@example.com' }], reason: 'weekly' },
  ],
  ['weather_forecast', null],
];
