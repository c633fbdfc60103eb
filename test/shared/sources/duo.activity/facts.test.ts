import { describe, expect, test } from 'vitest';
import { type Change, EventFacts, type Target } from '../../../../shared/event/schema.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/duo.activity/normalize.ts';

const thing = (type: string, key: string, name: string, details: JsonObject | null = null): JsonObject => ({
  type,
  key,
  name,
  details: details && JSON.stringify(details),
});
const user = (details: JsonObject | null) => thing('user', 'DU7', 'tomas.reed', details);
const TOMAS: Target = { type: 'user', id: 'DU7', name: 'tomas.reed' };
const CREW = { key: 'DG7', name: 'Harbour crew' };
const WATCH = { key: 'DG8', name: 'Night watch' };

function row(name: string, more: JsonObject = {}): JsonObject {
  return {
    activity_id: '00000000-0000-4000-8000-000000000007',
    ts: '2024-03-05T08:15:30.250075+00:00',
    akey: 'DA7',
    action: { name, details: null },
    actor: thing('admin', 'DE7', 'Ines Varga', { email: 'ines.varga@example.com', status: null, groups: null }),
    application: null,
    outcome: null,
    target: null,
    old_target: null,
    access_device: {
      ip: { address: '2001:db8::14' },
      browser: 'Firefox',
      browser_version: '131.0',
      os: 'Linux',
      os_version: '6.8',
      epkey: 'EP7',
      location: { city: 'Lisbon', state: 'Lisboa', country: 'Portugal' },
    },
    ...more,
  };
}

function mapped(raw: JsonObject) {
  const [event, ...others] = normalize(raw);
  expect(others).toEqual([]);
  return { ...event!, facts: EventFacts.parse(event?.facts) };
}

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
    'a sign-in with the outcome told',
    row('admin_login', {
      outcome: { result: 'SUCCESS' },
      action: {
        name: 'admin_login',
        details: '{"factor":"push","primary_auth_method":"Single Sign-On","saml_idp":"Harbour IdP"}',
      },
    }),
    'account_login',
    [],
    [],
    { credential: { type: 'Single Sign-On' }, identityProvider: 'Harbour IdP', mfa: { method: 'push' } },
  ],
  [
    'a failure that only the outcome tells',
    row('admin_login', { outcome: { result: 'FAILURE' }, action: { name: 'admin_login', details: 'Locked out' } }),
    'account_login',
    [],
    [],
    { outcome: 'failure', reason: 'Locked out' },
  ],
  [
    'a failure that only the name tells',
    row('admin_2fa_error', { action: { name: 'admin_2fa_error', details: '{"error":"Marked as fraud"}' } }),
    'mfa_verification',
    [],
    [],
    { outcome: 'failure', reason: 'Marked as fraud', mfa: { flagged: true } },
  ],
  [
    'a new user',
    row('user_create', { target: user({ uname: 'tomas.reed', email: 'tomas@example.com', phones: null }) }),
    'create_user',
    [{ ...TOMAS, email: 'tomas@example.com' }],
    [
      { attribute: 'email', new: 'tomas@example.com' },
      { attribute: 'uname', new: 'tomas.reed' },
    ],
  ],
  [
    'what changed, and not what stayed',
    row('user_update', {
      target: user({ status: 'Bypass', notes: 'On call', phones: null, aliases: { alias1: 'tom' } }),
      old_target: user({ status: 'Active', notes: 'On call', phones: null, aliases: { alias1: 'reed' } }),
    }),
    'update_user',
    [TOMAS],
    [
      { attribute: 'aliases.alias1', old: 'reed', new: 'tom' },
      { attribute: 'status', old: 'Active', new: 'Bypass' },
    ],
  ],
  [
    'a group that a user came into',
    row('user_update', { target: user({ groups: [CREW, WATCH] }), old_target: user({ groups: [CREW] }) }),
    'add_to_group',
    [TOMAS, { type: 'group', id: 'DG8', name: 'Night watch' }],
    [{ attribute: 'groups', old: JSON.stringify([CREW]), new: JSON.stringify([CREW, WATCH]) }],
  ],
  [
    'a group that a user left',
    row('user_update', { target: user({ groups: [WATCH] }), old_target: user({ groups: [CREW, WATCH] }) }),
    'remove_from_group',
    [TOMAS, { type: 'group', id: 'DG7', name: 'Harbour crew' }],
    [{ attribute: 'groups', old: JSON.stringify([CREW, WATCH]), new: JSON.stringify([WATCH]) }],
  ],
  [
    'groups that stayed',
    row('user_update', {
      target: user({ groups: [CREW], email: 'tomas@example.com' }),
      old_target: user({ groups: [CREW], email: '' }),
    }),
    'update_user',
    [{ ...TOMAS, email: 'tomas@example.com' }],
    [{ attribute: 'email', old: '', new: 'tomas@example.com' }],
  ],
  [
    'groups without a word on those before',
    row('user_update', { target: user({ groups: [CREW] }) }),
    'add_to_group',
    [TOMAS, { type: 'group', id: 'DG7', name: 'Harbour crew' }],
    [{ attribute: 'groups', new: JSON.stringify([CREW]) }],
  ],
  [
    'a phone taken from an administrator',
    row('admin_update', {
      target: thing('admin', 'DE8', 'Bo Larkin', { phone: null }),
      old_target: thing('admin', 'DE8', 'Bo Larkin', { phone: '+12025550127' }),
    }),
    'remove_enrollment',
    [{ type: 'user', id: 'DE8', name: 'Bo Larkin' }],
    [{ attribute: 'phone', old: '+12025550127' }],
    { mfa: { enrollment: 'phone' } },
  ],
  [
    'no phone, as before',
    row('admin_update', {
      target: thing('admin', 'DE8', 'Bo Larkin', { phone: null, role: 'Owner' }),
      old_target: thing('admin', 'DE8', 'Bo Larkin', { phone: null, role: 'Billing' }),
    }),
    'update_user',
    [{ type: 'user', id: 'DE8', name: 'Bo Larkin' }],
    [{ attribute: 'role', old: 'Billing', new: 'Owner' }],
  ],
  [
    'a policy that is gone',
    row('policy_delete', { old_target: thing('policy', 'PO7', 'Travelling staff', { enroll_policy: 'Deny' }) }),
    'delete_security_configuration',
    [{ type: 'policy', id: 'PO7', name: 'Travelling staff' }],
    [{ attribute: 'enroll_policy', old: 'Deny' }],
  ],
  [
    'a deletion that tells the last values as the target',
    row('hardtoken_delete', { target: thing('hardtoken', 'DH7', '100200', { serial: '100200' }) }),
    'delete_resource',
    [{ type: 'hardware_token', id: 'DH7', name: '100200' }],
    [{ attribute: 'serial', old: '100200' }],
  ],
  [
    'an assignment that moved from one thing to another',
    row('integration_policy_assign', {
      target: thing('integration', 'DI7', 'Tide tables'),
      old_target: thing('policy', 'PO7', 'Travelling staff'),
    }),
    'update_security_configuration',
    [
      { type: 'application', id: 'DI7', name: 'Tide tables' },
      { type: 'policy', id: 'PO7', name: 'Travelling staff' },
    ],
    [],
  ],
  [
    'a bypass code, whose target is its user',
    row('bypass_create', { target: thing('user_bypass', 'DU7', 'tomas.reed', { bkeys: ['DB7'], count: 1 }) }),
    'add_enrollment',
    [TOMAS],
    [
      { attribute: 'bkeys', new: '["DB7"]' },
      { attribute: 'count', new: '1' },
    ],
    { mfa: { enrollment: 'bypass_code' } },
  ],
  [
    'a security key that a user could not enrol',
    row('webauthncredential_create', {
      actor: thing('user', 'DU7', 'tomas.reed', { status: 'Active', groups: [CREW] }),
      application: { key: 'DI7', name: 'Tide tables', type: 'websdk' },
      outcome: { result: 'FAILURE' },
      target: thing('webauthn_credential', 'WA7', 'WA7', {
        authenticator_type: 'Security key',
        credential_name: 'Blue key',
        user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
        browser: 'Firefox',
      }),
    }),
    'add_enrollment',
    [
      { type: 'webauthn_credential', id: 'WA7', name: 'WA7' },
      { type: 'application', id: 'DI7', name: 'Tide tables' },
    ],
    [
      { attribute: 'authenticator_type', new: 'Security key' },
      { attribute: 'credential_name', new: 'Blue key' },
    ],
    {
      outcome: 'failure',
      actor: { id: 'DU7', name: 'tomas.reed', type: 'user', role: 'user' },
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
      credential: { name: 'Blue key' },
      mfa: { enrollment: 'Security key' },
    },
  ],
  [
    'a factor of somebody else',
    row('u2ftoken_delete', { target: thing('u2ftoken', 'DK7', 'DK7', { owner_id: 'DU7', owner_name: 'tomas.reed' }) }),
    'remove_enrollment',
    [{ type: 'u2f_token', id: 'DK7', name: 'DK7' }, TOMAS],
    [],
    { mfa: { enrollment: 'u2f_token' } },
  ],
  [
    'a directory that was synchronised',
    row('ad_sync_finish', {
      actor: thing('system', '', 'System'),
      target: thing('Directory Sync', 'DX7', 'Harbour AD', { users: 4 }),
    }),
    null,
    [{ type: 'directory_sync', id: 'DX7', name: 'Harbour AD' }],
    [],
    { actor: { name: 'System', type: 'system', role: 'system' } },
  ],
];

describe('rows of the activity log', () => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', (_, [, raw, type, targets, changes, rest = {}]) => {
    expect(mapped(raw).facts).toEqual({
      type,
      action: (raw['action'] as JsonObject)['name'],
      outcome: 'success',
      actor: { id: 'DE7', name: 'Ines Varga', email: 'ines.varga@example.com', type: 'user', role: 'admin' },
      targets,
      ip: '2001:db8::14',
      userAgent: 'Firefox/131.0',
      location: { city: 'Lisbon', region: 'Lisboa', country: 'Portugal' },
      device: { id: 'EP7', os: 'Linux 6.8' },
      changes,
      ...rest,
    });
  });

  test('has its own id and time, and is kept as it came', () => {
    const raw = row('user_delete', { target: user(null) });
    expect(mapped(raw)).toMatchObject({
      vendorId: '00000000-0000-4000-8000-000000000007',
      time: '2024-03-05T08:15:30.250075+00:00',
      raw,
    });
  });

  test('the action of older rows is a name alone', () => {
    expect(mapped({ ...row('x'), action: 'group_delete' }).facts).toMatchObject({
      action: 'group_delete',
      type: 'delete_group',
    });
  });

  test.each([
    [
      { type: 'adminapi', name: 'Provisioning', key: 'DI8' },
      { id: 'DI8', name: 'Provisioning', type: 'service', role: 'adminapi' },
    ],
    [
      { type: 'robot', name: 'API' },
      { name: 'API', type: 'service', role: 'robot' },
    ],
    [
      { type: 'robot', name: 'Arm' },
      { name: 'Arm', type: 'unknown', role: 'robot' },
    ],
    [
      { type: 'admin', details: '{"role":"Owner"}' },
      { type: 'user', role: 'Owner' },
    ],
    [null, { type: 'unknown' }],
  ])('%j did it', (actor, expected) => {
    expect(mapped(row('user_delete', { actor })).facts.actor).toEqual(expected);
  });

  test.each([
    [{ result: 'SUCCESS' }, 'success'],
    [{ result: 'Failure' }, 'failure'],
    [{ result: 'PARTIAL' }, 'unknown'],
    [{}, 'success'],
    [null, 'success'],
  ])('%j is %s', (outcome, expected) => {
    expect(mapped(row('user_delete', { outcome })).facts.outcome).toBe(expected);
  });

  test.each([
    [{ ip: { address: '192.0.2.14:443' } }, '192.0.2.14'],
    [{ ip: '192.0.2.14' }, '192.0.2.14'],
    [{ ip: null }, undefined],
    [null, undefined],
  ])('%j is the address %s', (access_device, ip) => {
    expect(mapped(row('user_delete', { access_device })).facts.ip).toBe(ip);
  });

  test('the address of a sign-in may be in its details only', () => {
    const raw = row('admin_login', {
      access_device: null,
      action: { name: 'admin_login', details: '{"ip_address":"192.0.2.9"}' },
    });
    expect(mapped(raw).facts.ip).toBe('192.0.2.9');
  });
});
