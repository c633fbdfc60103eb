import { describe, expect, test } from 'vitest';
import { type Change, EventFacts, type Target } from '../../../../shared/event/schema.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/duo.admin/normalize.ts';
import type { MappedEvent } from '../../../../shared/sources/source.ts';

function row(action: string, object: string | null, description: Json, more: JsonObject = {}): JsonObject {
  const text = typeof description === 'object' && description !== null ? JSON.stringify(description) : description;
  return {
    action,
    object,
    description: text,
    isotimestamp: '2024-03-05T08:15:30+00:00',
    timestamp: 1709626530,
    username: 'Ines Varga',
    ...more,
  };
}

function mapped(raw: JsonObject): MappedEvent & { facts: EventFacts } {
  const [event, ...others] = normalize(raw);
  expect(others).toEqual([]);
  return { ...event!, facts: EventFacts.parse(event?.facts) };
}

const INES = { name: 'Ines Varga', type: 'user', role: 'admin' };
const TOMAS: Target = { type: 'user', name: 'tomas.reed' };

type Row = readonly [
  title: string,
  raw: JsonObject,
  type: EventFacts['type'],
  targets: readonly Target[],
  changes: readonly Change[],
  rest?: Partial<EventFacts>,
];

const rows: readonly Row[] = [
  [
    'a sign-in',
    row('admin_login', null, {
      ip_address: '192.0.2.14:51312',
      device: '+1 202-555-0114',
      factor: 'push',
      primary_auth_method: 'Single Sign-On',
      saml_idp: 'Harbour IdP',
      role: 'Owner',
    }),
    'account_login',
    [],
    [],
    {
      actor: { name: 'Ines Varga', type: 'user', role: 'Owner' },
      ip: '192.0.2.14',
      device: { name: '+1 202-555-0114' },
      credential: { type: 'Single Sign-On' },
      identityProvider: 'Harbour IdP',
      mfa: { method: 'push' },
    },
  ],
  [
    'a refused sign-in',
    row('admin_login_error', null, {
      ip_address: '2001:db8::14',
      email: 'ines.varga@example.com',
      error: 'Invalid password attempt',
    }),
    'account_login',
    [],
    [],
    {
      outcome: 'failure',
      actor: { name: 'Ines Varga', email: 'ines.varga@example.com', type: 'user', role: 'admin' },
      ip: '2001:db8::14',
      reason: 'Invalid password attempt',
    },
  ],
  [
    'a refused sign-in of nobody known',
    row('admin_login_error', null, { email: 'who@example.com', error: 'Unknown account' }, { username: '' }),
    'account_login',
    [],
    [],
    {
      outcome: 'failure',
      actor: { email: 'who@example.com', type: 'user', role: 'admin' },
      reason: 'Unknown account',
    },
  ],
  [
    'a second factor that was reported as fraud',
    row('admin_2fa_error', null, { factor: 'push', error: 'Login request reported as fraudulent.' }),
    'mfa_verification',
    [],
    [],
    {
      outcome: 'failure',
      reason: 'Login request reported as fraudulent.',
      mfa: { method: 'push', flagged: true },
    },
  ],
  [
    'a second factor that was wrong',
    row('admin_2fa_error', null, { factor: 'sms', error: 'Invalid passcode.' }),
    'mfa_verification',
    [],
    [],
    { outcome: 'failure', reason: 'Invalid passcode.', mfa: { method: 'sms', flagged: false } },
  ],
  [
    'a new user',
    row('user_create', 'tomas.reed', { uname: 'tomas.reed', email: 'tomas@example.com', notes: '', phone: null }),
    'create_user',
    [{ ...TOMAS, email: 'tomas@example.com' }],
    [
      { attribute: 'email', new: 'tomas@example.com' },
      { attribute: 'notes', new: '' },
      { attribute: 'uname', new: 'tomas.reed' },
    ],
  ],
  [
    'a user who needs no second factor any more',
    row('user_update', 'tomas.reed', { status: 'Bypass' }),
    'update_user',
    [TOMAS],
    [{ attribute: 'status', new: 'Bypass' }],
  ],
  [
    'another role of an administrator',
    row('admin_update', 'Bo Larkin', { role: 'Help Desk', restricted_by_admin_units: false }),
    'update_user',
    [{ type: 'user', name: 'Bo Larkin' }],
    [
      { attribute: 'restricted_by_admin_units', new: 'false' },
      { attribute: 'role', new: 'Help Desk' },
    ],
  ],
  [
    'an administrator who made their own account',
    row('admin_self_activate', 'Ines Varga', { email: 'ines.varga@example.com', role: 'Owner' }),
    'update_user',
    [{ type: 'user', name: 'Ines Varga', email: 'ines.varga@example.com' }],
    [
      { attribute: 'email', new: 'ines.varga@example.com' },
      { attribute: 'role', new: 'Owner' },
    ],
    { actor: { name: 'Ines Varga', email: 'ines.varga@example.com', type: 'user', role: 'Owner' } },
  ],
  [
    'a lockout, which names nobody else',
    row('admin_lockout', null, { message: 'Admin temporarily locked out due to too many passcode attempts.' }),
    'update_user',
    [{ type: 'user', name: 'Ines Varga' }],
    [],
    { reason: 'Admin temporarily locked out due to too many passcode attempts.' },
  ],
  [
    'a user who will be deleted',
    row('user_pending_delete', 'tomas.reed', { status: 'Pending Deletion' }),
    'delete_user',
    [TOMAS],
    [{ attribute: 'status', new: 'Pending Deletion' }],
  ],
  [
    'a deleted administrator',
    row('admin_delete', 'Bo Larkin', { name: 'Bo Larkin', email: 'bo@example.com', phone: null }),
    'delete_user',
    [{ type: 'user', name: 'Bo Larkin', email: 'bo@example.com' }],
    [
      { attribute: 'email', old: 'bo@example.com' },
      { attribute: 'name', old: 'Bo Larkin' },
    ],
  ],
  [
    'groups that a user came into',
    row('user_update', 'tomas.reed', { groups: [{ name: 'Harbour crew' }, null, 'Night watch'] }),
    'add_to_group',
    [TOMAS, { type: 'group', name: 'Harbour crew' }, { type: 'group', name: 'Night watch' }],
    [{ attribute: 'groups', new: '[{"name":"Harbour crew"},null,"Night watch"]' }],
  ],
  [
    'groups that a user left',
    row('user_update', 'tomas.reed', { groups: [null] }),
    'remove_from_group',
    [TOMAS],
    [{ attribute: 'groups', new: '[null]' }],
  ],
  [
    "an administrator's groups, which are none",
    row('admin_update', 'Bo Larkin', { groups: [null] }),
    'update_user',
    [{ type: 'user', name: 'Bo Larkin' }],
    [{ attribute: 'groups', new: '[null]' }],
  ],
  [
    "a user's phones taken away",
    row('user_update', 'tomas.reed', { phones: '' }),
    'remove_enrollment',
    [TOMAS],
    [{ attribute: 'phones', new: '' }],
    { mfa: { enrollment: 'phone' } },
  ],
  [
    "an administrator's phone taken away",
    row('admin_update', 'Bo Larkin', { phone: null }),
    'remove_enrollment',
    [{ type: 'user', name: 'Bo Larkin' }],
    [{ attribute: 'phone' }],
    { mfa: { enrollment: 'phone' } },
  ],
  [
    "an administrator's new phone",
    row('admin_update', 'Bo Larkin', { phone: '+12025550127' }),
    'update_user',
    [{ type: 'user', name: 'Bo Larkin' }],
    [{ attribute: 'phone', new: '+12025550127' }],
  ],
  [
    'a bypass code',
    row('bypass_create', 'tomas.reed', { count: 1, valid_secs: 3600, user_id: 'DU7', bypass_code_ids: ['DB7'] }),
    'add_enrollment',
    [{ ...TOMAS, id: 'DU7' }],
    [
      { attribute: 'bypass_code_ids', new: '["DB7"]' },
      { attribute: 'count', new: '1' },
      { attribute: 'valid_secs', new: '3600' },
    ],
    { mfa: { enrollment: 'bypass_code' } },
  ],
  [
    'bypass codes that were looked at',
    row('bypass_view', 'tomas.reed', { user_id: 'DU7', bypass_code_id: 'DB7' }),
    'read_resource',
    [{ ...TOMAS, id: 'DU7' }],
    [],
  ],
  [
    'a security key that was removed',
    row('webauthncredential_delete', 'WA7', {
      authenticator_type: 'Security key',
      credential_name: 'Blue key',
      owner_id: 'DU7',
      owner_name: 'tomas.reed',
      os: 'Linux',
      os_version: '6.8',
      browser: 'Firefox',
    }),
    'remove_enrollment',
    [
      { type: 'webauthn_credential', id: 'WA7', name: 'Blue key' },
      { ...TOMAS, id: 'DU7' },
    ],
    [
      { attribute: 'authenticator_type', old: 'Security key' },
      { attribute: 'credential_name', old: 'Blue key' },
    ],
    {
      userAgent: 'Firefox',
      device: { os: 'Linux 6.8' },
      credential: { name: 'Blue key' },
      mfa: { enrollment: 'Security key' },
    },
  ],
  [
    'Duo Push of an administrator, on a phone',
    row('admin_activate_duo_push', '202-555-0127', { number: '+12025550127', extension: '' }),
    'add_enrollment',
    [{ type: 'phone', name: '202-555-0127' }],
    [
      { attribute: 'extension', new: '' },
      { attribute: 'number', new: '+12025550127' },
    ],
    { mfa: { enrollment: 'duo_push' } },
  ],
  [
    'offline access',
    row('o2fa_user_provisioned', 'tomas.reed', null),
    'add_enrollment',
    [TOMAS],
    [],
    { mfa: { enrollment: 'offline_access' } },
  ],
  [
    'all devices of a user',
    row('deregister_devices', 'tomas.reed', null),
    'remove_enrollment',
    [TOMAS],
    [],
    { mfa: { enrollment: 'device' } },
  ],
  [
    'a group, named in its description only',
    row('group_create', null, { name: 'Harbour crew' }),
    'create_group',
    [{ type: 'group', name: 'Harbour crew' }],
    [{ attribute: 'name', new: 'Harbour crew' }],
  ],
  [
    'a secret key that was looked at',
    row('integration_skey_view', 'Tide tables', null),
    'read_integration',
    [{ type: 'application', name: 'Tide tables' }],
    [],
  ],
  [
    'a policy, by an administrator with an address',
    row('policy_delete', 'Travelling staff', { admin_email: 'ines.varga@example.com', enroll_policy: 'Deny' }),
    'delete_security_configuration',
    [{ type: 'policy', name: 'Travelling staff' }],
    [{ attribute: 'enroll_policy', old: 'Deny' }],
    { actor: { ...INES, type: 'user', email: 'ines.varga@example.com' } },
  ],
  [
    'values within values',
    row('updated_risk_profile', null, { events: { bypass: { on: 'Always' }, none: {} }, ips: ['192.0.2.1'] }),
    'update_security_configuration',
    [],
    [
      { attribute: 'events.bypass.on', new: 'Always' },
      { attribute: 'events.none', new: '{}' },
      { attribute: 'ips', new: '["192.0.2.1"]' },
    ],
  ],
  [
    'what failed for several reasons',
    row('ad_sync_failed', 'Harbour AD', { Errors: ['Timed out', 'No route'] }, { username: 'AD Sync: Harbour AD' }),
    null,
    [{ type: 'directory', name: 'Harbour AD' }],
    [],
    {
      outcome: 'failure',
      actor: { name: 'AD Sync: Harbour AD', type: 'service' },
      reason: '["Timed out","No route"]',
    },
  ],
  [
    'a description in words',
    row('activation_begin', null, 'Starting activation process'),
    null,
    [],
    [],
    { reason: 'Starting activation process' },
  ],
  [
    'a description that is nearly JSON',
    row('admin_lockout', 'Bo Larkin', '"message": "Locked out"'),
    'update_user',
    [{ type: 'user', name: 'Bo Larkin' }],
    [],
    { reason: '"message": "Locked out"' },
  ],
  [
    'a description that is an object already',
    { ...row('group_update', 'Harbour crew', null), description: { _status: 'Disabled' } },
    'update_group',
    [{ type: 'group', name: 'Harbour crew' }],
    [{ attribute: '_status', new: 'Disabled' }],
  ],
  [
    'a large number',
    row('hardtoken_create', 'HOTP 100200', '{"serial": 9007199254740993123}'),
    'create_resource',
    [{ type: 'hardware_token', name: 'HOTP 100200' }],
    [{ attribute: 'serial', new: '9007199254740993123' }],
  ],
  [
    'an action that nobody knows',
    row('lantern_lit', 'Pier 4', { colour: 'red' }),
    null,
    [{ type: 'resource', name: 'Pier 4' }],
    [],
  ],
];

describe('rows of the administrator log', () => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', (_, [, raw, type, targets, changes, rest = {}]) => {
    expect(mapped(raw).facts).toEqual({
      type,
      action: raw['action'],
      outcome: 'success',
      actor: INES,
      targets,
      changes,
      ...rest,
    });
  });

  test.each([
    ['API', { name: 'API', type: 'service' }],
    ['API (IAM UI Admin API)', { name: 'API (IAM UI Admin API)', type: 'service' }],
    ['System', { name: 'System', type: 'system' }],
    ['Azure Sync: Harbour', { name: 'Azure Sync: Harbour', type: 'service' }],
    ['Apia Moon', { name: 'Apia Moon', type: 'user', role: 'admin' }],
    ['', { type: 'unknown' }],
    [null, { type: 'unknown' }],
  ])('%j as who did it', (username, actor) => {
    expect(mapped(row('user_delete', 'tomas.reed', null, { username })).facts.actor).toEqual(actor);
  });

  test('has no vendor id, and is kept as it came', () => {
    const raw = row('user_update', 'tomas.reed', { status: 'Active' });
    const event = mapped(raw);
    expect(event).toMatchObject({ raw, time: '2024-03-05T08:15:30+00:00' });
    expect(event.vendorId).toBeUndefined();
    expect(event.redacted ?? false).toBe(false);
  });

  test.each([
    [{ isotimestamp: '2024-03-05T08: 15: 30+00: 00' }, '2024-03-05T08:15:30.000Z'],
    [{ isotimestamp: null }, '2024-03-05T08:15:30.000Z'],
    [{ timestamp: null }, '2024-03-05T08:15:30+00:00'],
    [{ isotimestamp: 'yesterday', timestamp: null }, 'yesterday'],
    [{ isotimestamp: null, timestamp: null }, undefined],
  ])('%j: time is %s', (more, time) => {
    expect(mapped(row('user_update', 'tomas.reed', null, more)).time).toBe(time);
  });
});
