import { describe, expect, test } from 'vitest';
import { EventFacts } from '../../../../shared/event/schema.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { duoAuth } from '../../../../shared/sources/duo.auth/source.ts';
import { guessed } from '../whatever-comes.ts';

const LISBON = { city: 'Lisbon', state: 'Lisboa', country: 'Portugal' };

const second: JsonObject = {
  txid: '00000000-0000-4000-9000-000000000007',
  timestamp: 1709626530,
  isotimestamp: '2024-03-05T08:15:30.404112+00:00',
  event_type: 'authentication',
  result: 'success',
  reason: 'user_approved',
  factor: 'duo_push',
  alias: '',
  email: 'tomas@example.com',
  user: { key: 'DU7', name: 'tomas.reed', groups: ['Harbour crew', 'Night watch'] },
  application: { key: 'DI7', name: 'Tide tables' },
  access_device: {
    ip: '192.0.2.14',
    hostname: 'quay-laptop-7',
    browser: 'Chrome',
    browser_version: '130.0',
    os: 'Windows',
    os_version: '11',
    epkey: 'EP7',
    location: LISBON,
    is_encryption_enabled: 'unknown',
    security_agents: 'unknown',
  },
  auth_device: { ip: '203.0.113.77', key: 'DP7', name: 'Phone of Tomas', location: LISBON },
};

const first: JsonObject = {
  timestamp: 1709626530,
  isotimestamp: '2024-03-05T08:15:30.404112+00:00',
  username: 'tomas.reed',
  alias: '',
  email: '',
  device: '202-555-0127',
  integration: 'Tide tables',
  factor: 'Verified Duo Push',
  result: 'FAILURE',
  reason: 'User entered incorrect verification code',
  ip: '2001:db8::14',
  location: LISBON,
  new_enrollment: false,
  access_device: { browser: 'Chrome', browser_version: '125.0', os: 'Mac OS X', os_version: '14.5.0' },
};

function mapped(raw: JsonObject) {
  const [event, ...others] = duoAuth.normalize(raw);
  expect(others).toEqual([]);
  return { ...event!, facts: EventFacts.parse(event?.facts) };
}
const factsOf = (more: JsonObject) => mapped({ ...second, ...more }).facts;
const from = (device: JsonObject) => factsOf({ access_device: device });

describe('rows of version 2', () => {
  test('have everything that a sign-in has', () => {
    expect(mapped(second)).toEqual({
      time: '2024-03-05T08:15:30.404112+00:00',
      vendorId: '00000000-0000-4000-9000-000000000007',
      raw: second,
      facts: {
        type: 'mfa_verification',
        action: 'authentication',
        outcome: 'success',
        actor: {
          id: 'DU7',
          name: 'tomas.reed',
          email: 'tomas@example.com',
          type: 'user',
          role: 'Harbour crew, Night watch',
        },
        targets: [
          { type: 'application', id: 'DI7', name: 'Tide tables' },
          { type: 'device', id: 'DP7', name: 'Phone of Tomas' },
        ],
        ip: '192.0.2.14',
        userAgent: 'Chrome/130.0',
        location: { city: 'Lisbon', region: 'Lisboa', country: 'Portugal' },
        device: { id: 'EP7', name: 'quay-laptop-7', os: 'Windows 11' },
        reason: 'user_approved',
        credential: { id: 'DP7', name: 'Phone of Tomas' },
        mfa: { method: 'duo_push', flagged: false },
        changes: [],
      },
    });
  });

  test.each([
    ['success', 'allowed_by_policy', 'success', false],
    ['SUCCESS', null, 'success', false],
    ['denied', 'user_mistake', 'failure', false],
    ['denied', 'anomalous_push', 'failure', true],
    ['denied', 'anonymous_ip', 'failure', false],
    ['failure', 'invalid_passcode', 'failure', false],
    ['error', 'error', 'failure', false],
    ['fraud', 'user_marked_fraud', 'failure', true],
    ['fraud', null, 'failure', true],
    ['postponed', null, 'unknown', false],
    [null, null, 'unknown', false],
  ])('%s for %s is %s', (result, reason, outcome, flagged) => {
    const facts = factsOf({ result, reason });
    expect(facts).toMatchObject({ outcome, mfa: { method: 'duo_push', flagged } });
    expect(facts.reason).toBe(reason ?? undefined);
  });

  test('an enrolment names the factor', () => {
    expect(factsOf({ event_type: 'enrollment', factor: 'sms_passcode' })).toMatchObject({
      type: 'add_enrollment',
      action: 'enrollment',
      mfa: { method: 'sms_passcode', enrollment: 'sms_passcode' },
    });
    expect(factsOf({ event_type: 'enrollment', factor: null }).mfa).toBeUndefined();
  });

  test.each([
    ['192.0.2.14:1234', '192.0.2.14'],
    ['[2001:db8::14]:1234', '2001:db8::14'],
    ['2001:db8::14', '2001:db8::14'],
    [null, undefined],
    ['unknown', undefined],
  ])('the address %s is %s, and never that of the phone', (ip, address) => {
    expect(from({ ip }).ip).toBe(address);
  });

  test('placeholders are nothing', () => {
    const facts = from({
      browser: null,
      os: 'unknown',
      hostname: null,
      location: { city: '-', country: '-', state: null },
    });
    expect(facts).not.toHaveProperty('userAgent');
    expect(facts).not.toHaveProperty('device');
    expect(facts).not.toHaveProperty('location');
  });

  test('no device answered', () => {
    const facts = factsOf({ auth_device: { ip: null, key: null, name: null, location: null } });
    expect(facts.targets).toEqual([{ type: 'application', id: 'DI7', name: 'Tide tables' }]);
    expect(facts).not.toHaveProperty('credential');
  });

  test.each([
    [
      { user: null, email: '', alias: 'captain' },
      { name: 'captain', type: 'user' },
    ],
    [
      { user: { key: 'DU7', name: null, groups: null }, email: null },
      { id: 'DU7', type: 'user' },
    ],
    [{ user: null, email: '', alias: 'unknown' }, { type: 'unknown' }],
  ])('%j is %j', (more, actor) => {
    expect(factsOf(more).actor).toEqual(actor);
  });

  test('the time in seconds stands in for an unreadable one', () => {
    expect(mapped({ ...second, isotimestamp: null }).time).toBe('2024-03-05T08:15:30.000Z');
  });
});

describe('rows of version 1', () => {
  test('are flat, and have no id', () => {
    const event = mapped(first);
    expect(event.vendorId).toBeUndefined();
    expect(event.facts).toEqual({
      type: 'mfa_verification',
      action: 'authentication',
      outcome: 'failure',
      actor: { name: 'tomas.reed', type: 'user' },
      targets: [
        { type: 'application', name: 'Tide tables' },
        { type: 'device', name: '202-555-0127' },
      ],
      ip: '2001:db8::14',
      userAgent: 'Chrome/125.0',
      location: { city: 'Lisbon', region: 'Lisboa', country: 'Portugal' },
      device: { os: 'Mac OS X 14.5.0' },
      reason: 'User entered incorrect verification code',
      credential: { name: '202-555-0127' },
      mfa: { method: 'Verified Duo Push', flagged: false },
      changes: [],
    });
  });

  test.each([
    ['SUCCESS', 'success', false],
    ['FRAUD', 'failure', true],
  ])('%s is %s', (result, outcome, flagged) => {
    expect(mapped({ ...first, result }).facts).toMatchObject({ outcome, mfa: { flagged } });
  });

  test('a new enrolment is one', () => {
    expect(mapped({ ...first, new_enrollment: true }).facts).toMatchObject({
      type: 'add_enrollment',
      action: 'enrollment',
    });
  });
});

describe('event types that Duo may add', () => {
  test.each([
    ['enrollment', 'add_enrollment'],
    ['re_enrollment', 'add_enrollment'],
    ['unenrollment', 'remove_enrollment'],
    ['device_deregistration', 'remove_enrollment'],
    ['offline_authentication', 'mfa_verification'],
    ['identity_verification', 'mfa_verification'],
    ['lantern', null],
  ])('%s is %s', (event_type, type) => {
    expect(duoAuth.guess(event_type)).toBe(type);
  });

  test('are typed as the table would', () => {
    expect([guessed(duoAuth, 0), guessed(duoAuth, 1)]).toEqual([1, 1]);
  });

  test('are typed by it', () => {
    expect(factsOf({ event_type: 'offline_authentication' })).toMatchObject({
      action: 'offline_authentication',
      type: 'mfa_verification',
    });
  });
});
