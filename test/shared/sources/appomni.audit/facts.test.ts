import { describe, expect, test } from 'vitest';
import { compareContent } from '../../../../shared/event/prepare.ts';
import { type JsonObject, parseJson } from '../../../../shared/json.ts';
import { acceptVendorEvents } from '../../../../shared/sources/accept.ts';
import { appomniAudit } from '../../../../shared/sources/appomni.audit/source.ts';
import { AGENT, byApi, byReport, bySink, factsOf, INES, mapped, rows, UUID } from './rows.ts';

const where = {
  tenant: 'main',
  connection: 'appomni',
  origin: 'acme.appomni.com',
  tier: '180d',
  receivedAt: '2026-03-02T08:16:00.000Z',
} as const;
const cases = rows.map((row) => [row[0], row] as const);

describe('every action', () => {
  test.each(cases)('%s', (action, [, type, data = {}, rest = {}, top = {}]) => {
    const facts = {
      type,
      action,
      outcome: 'success',
      actor: INES,
      targets: [],
      ip: '203.0.113.24',
      userAgent: AGENT,
      changes: [],
      ...rest,
    };
    const api = byApi(action, data, top);
    expect(mapped(api)).toMatchObject({ time: '2026-03-02T08:15:06Z', vendorId: UUID, raw: api });
    expect(factsOf(api)).toEqual(JSON.parse(JSON.stringify(facts)));
  });

  test('none of the table is missing', () => {
    expect(rows.map(([action]) => action)).toEqual(expect.arrayContaining(Object.keys(appomniAudit.actions)));
  });
});

describe('the three shapes', () => {
  test.each(cases)('%s is the same from a sink', (action, [, , data = {}, , top = {}]) => {
    const api = byApi(action, data, top);
    for (const sink of [bySink(api), bySink(api, 'omnitab_user_id')]) {
      expect(mapped(sink)).toMatchObject({
        facts: factsOf(api),
        vendorId: UUID,
        time: '2026-03-02T08:15:06+00:00',
      });
      expect(factsOf(sink)).toEqual(factsOf(api));
    }
  });

  const texts: Readonly<Record<string, string>> = {
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

  test.each(Object.entries(texts))('a report row %j is %s', (text, action) => {
    const [, , data = {}, , top = {}] = rows.find(([name]) => name === action)!;
    const api = byApi(action, data, top);
    // A report has neither the actor's id nor the service's name.
    const { id: _, ...actor } = factsOf(api).actor;
    const targets = factsOf(api).targets.map((one) =>
      one.type === 'monitored_service' ? { type: one.type, id: one.id } : one,
    );
    const row = byReport(api, text);
    expect(mapped(row)).toMatchObject({ vendorId: UUID, time: '2026-03-02T08:15:06+0000' });
    expect(factsOf(row)).toEqual({ ...factsOf(api), actor, targets });
  });

  test('are one event, whichever comes first', () => {
    const api = byApi('user_login_google');
    const shapes = [api, bySink(api), byReport(api, 'User Login via Google Auth')];
    const prepared = shapes.flatMap((raw) => acceptVendorEvents(appomniAudit, [raw], where).prepared);
    expect(new Set(prepared.map(({ event }) => event.id)).size).toBe(1);
    for (const [one, other] of prepared.flatMap((one) => prepared.map((other) => [one, other] as const))) {
      expect(compareContent(one.contentHash, other.contentHash)).toBe(one === other ? 'same' : 'retold');
    }
  });

  test('without an id are told by all that they say', () => {
    const { identifier: _, ...api } = byApi('user_login_google');
    const { prepared } = acceptVendorEvents(appomniAudit, [api, { ...api, perspective_id: 4 }], where);
    expect(new Set(prepared.map(({ event }) => event.id)).size).toBe(2);
  });

  test.each([
    ['User Login via SAML', 'account_login'],
    ['Policy Enabled', 'update_resource'],
    ['Sink Deleted', 'delete_integration'],
    ['Policy Scan Started', null],
  ])('a report text without a known code stays: %j', (action, type) => {
    expect(factsOf({ identifier: UUID, action, extra: '' })).toMatchObject({ action, type });
  });

  test('values of a report may hold commas, colons and keys that are not known', () => {
    const extra =
      'setting_name: Banner, old_value: Hello, team: be good, new_value: a: b, c, reason_str: rule_id, detail_str: ';
    expect(factsOf({ action: 'AppOmni System Setting Change', extra })).toMatchObject({
      changes: [{ attribute: 'Banner', old: 'Hello, team: be good', new: 'a: b, c' }],
      reason: 'rule_id',
    });
  });

  test('of a key that a report has twice the first counts', () => {
    expect(factsOf({ action: 'x', extra: 'policy_id: 1, policy_name: a, policy_id: 2' }).targets).toEqual([
      { type: 'policy', id: '1', name: 'a' },
    ]);
  });
});

describe('words for null', () => {
  test.each(['None', 'null', '', null])('%j says nothing', (nothing) => {
    const raw = byApi(
      'policy_created',
      { user_username: nothing, user_ip: nothing, user_agent: nothing, old_value: nothing, error_str: nothing },
      { user_id: nothing, service_id: nothing, service_name: nothing },
    );
    const facts = factsOf(raw);
    expect(facts).toMatchObject({ actor: { type: 'system' }, outcome: 'success', targets: [] });
    expect(facts).not.toHaveProperty('ip');
    expect(facts).not.toHaveProperty('userAgent');
  });
});

describe('the actor', () => {
  test('of a failed log-in without a name is anonymous', () => {
    const raw = byApi('user_login_failed', { user_username: null }, { user_id: null });
    expect(factsOf(raw).actor).toEqual({ type: 'anonymous' });
  });

  test('that can not be read is unknown', () => {
    expect(factsOf(byApi('policy_created', { user_username: [] }, { user_id: [412] })).actor).toEqual({
      type: 'unknown',
    });
  });

  test('with a display name has no e-mail address', () => {
    expect(factsOf(byApi('policy_created', { user_username: 'Ines Roth' })).actor).toEqual({
      id: '412',
      name: 'Ines Roth',
      type: 'user',
    });
  });

  test('keeps an id beyond 2^53 digit by digit', () => {
    const raw = parseJson('{"action_type":"user_logout","user_id":9007199254740993123}') as JsonObject;
    expect(factsOf(raw).actor.id).toBe('9007199254740993123');
  });
});

test.each([
  ['2001:db8::7', '2001:db8::7'],
  ['[2001:db8::7]:443', '2001:db8::7'],
  ['192.0.2.7:51312', '192.0.2.7'],
  ['somewhere', undefined],
])('the address %j is %j', (user_ip, ip) => {
  expect(factsOf(byApi('user_logout', { user_ip })).ip).toBe(ip);
});

test.each([
  ['Completion Status: Success', 'success'],
  ['Completion Status: Completed with errors', 'failure'],
  ['Completion Status: Unsuccessful', 'failure'],
  ['Completion Status: Skipped', 'unknown'],
  ['Something else', 'success'],
])('%j is a %s', (detail_str, outcome) => {
  expect(factsOf(byApi('policy_scan_ended', { detail_str })).outcome).toBe(outcome);
});
