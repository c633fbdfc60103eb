import { describe, expect, test } from 'vitest';
import { activity, BO, event, factsOf, type Row, testRows } from './activities.ts';

const google = { credential: { type: 'google_password' }, identityProvider: 'google' };

const rows: readonly Row[] = [
  [
    'login.login_success',
    { login_type: 'google_password', login_challenge_method: ['password'], is_suspicious: false },
    'account_login',
    [],
    [],
    { ...google, mfa: { flagged: false } },
  ],
  [
    'login.login_success',
    { login_type: 'google_password', login_challenge_method: ['password', 'google_prompt', 'backup_code'] },
    'mfa_verification',
    [],
    [],
    { ...google, mfa: { method: 'google_prompt, backup_code' } },
  ],
  [
    'login.login_failure',
    { login_type: 'saml', login_challenge_method: 'password', login_failure_type: 'login_failure_invalid_password' },
    'account_login',
    [],
    [],
    {
      outcome: 'failure',
      reason: 'login_failure_invalid_password',
      credential: { type: 'saml' },
      identityProvider: 'saml',
    },
  ],
  [
    'login.login_challenge',
    { login_type: 'reauth', login_challenge_method: ['password'], login_challenge_status: 'Challenge Passed.' },
    'mfa_verification',
    [],
    [],
    { credential: { type: 'reauth' }, mfa: { method: 'password' } },
  ],
  [
    'login.login_verification',
    { login_challenge_method: ['security_key'], login_challenge_status: 'incorrect_answer_entered' },
    'mfa_verification',
    [],
    [],
    { outcome: 'failure', reason: 'incorrect_answer_entered', mfa: { method: 'security_key' } },
  ],
  ['login.login_verification', {}, 'mfa_verification', [], [], { outcome: 'unknown' }],
  ['login.logout', { login_type: 'exchange' }, 'account_logout', [], [], { credential: { type: 'exchange' } }],
  [
    'login.suspicious_login',
    { affected_email_address: 'Bo.Larkin@example.com', login_timestamp: { intValue: '1935829230125000' } },
    'account_login',
    [BO],
    [],
    { outcome: 'failure', mfa: { flagged: true } },
  ],
  [
    'login.risky_sensitive_action_allowed',
    { is_suspicious: { boolValue: 'true' }, sensitive_action_name: 'Allowing access to data' },
    'account_login',
    [],
    [],
    { reason: 'Allowing access to data', mfa: { flagged: true } },
  ],
  ['login.account_disabled_hijacked', { affected_email_address: 'bo.larkin@example.com' }, 'update_user', [BO]],
  ['login.gov_attack_warning', {}, null, [], [], { outcome: 'unknown' }],
  ['user_accounts.2sv_enroll', {}, 'add_enrollment', [], [], { mfa: { enrollment: '2_step_verification' } }],
  ['user_accounts.titanium_unenroll', {}, 'remove_enrollment', [], [], { mfa: { enrollment: 'advanced_protection' } }],
  ['login.passkey_enrolled', {}, 'add_enrollment', [], [], { mfa: { enrollment: 'passkey' } }],
  [
    'user_accounts.email_forwarding_out_of_domain',
    { email_forwarding_destination_address: 'bo@example.org' },
    'update_user',
    [{ type: 'user', email: 'bo@example.org' }],
    [{ attribute: 'email_forwarding_destination_address', new: 'bo@example.org' }],
  ],
  [
    'saml.login_failure',
    {
      application_name: 'Tide Portal',
      failure_type: 'failure_app_not_enabled_for_user',
      initiated_by: 'sp',
      device_id: 'd-7',
      saml_status_code: 'REQUEST_DENIED_URI',
    },
    'account_login',
    [
      { type: 'application', name: 'Tide Portal' },
      { type: 'device', id: 'd-7' },
    ],
    [],
    {
      outcome: 'failure',
      reason: 'failure_app_not_enabled_for_user: REQUEST_DENIED_URI',
      identityProvider: 'google',
      device: { id: 'd-7' },
    },
  ],
  [
    'context_aware_access.ACCESS_DENY_EVENT',
    {
      CAA_APPLICATION: 'GMAIL',
      CAA_DEVICE_ID: 'd-8',
      CAA_ACCESS_LEVEL_UNSATISFIED: 'managed_device',
      CAA_DEVICE_STATE: 'No Policy',
    },
    'account_login',
    [
      { type: 'application', name: 'GMAIL' },
      { type: 'device', id: 'd-8' },
    ],
    [],
    { outcome: 'failure', reason: 'managed_device: No Policy', device: { id: 'd-8' } },
  ],
  ['context_aware_access.MONITOR_MODE_ACCESS_DENY_EVENT', {}, null, []],
  [
    'token.revoke',
    { client_id: '77.apps.example.com', app_name: 'Tide Bot', scope: ['openid'] },
    'delete_integration',
    [{ type: 'application', id: '77.apps.example.com', name: 'Tide Bot' }],
    [{ attribute: 'scope', old: 'openid' }],
    { credential: { id: '77.apps.example.com', name: 'Tide Bot', type: 'oauth_client' } },
  ],
  [
    'token.authorize',
    {
      client_id: '77.apps.example.com',
      app_name: 'Tide Bot',
      scope: ['openid', 'email'],
      scope_data: { multiMessageValue: [{ parameter: [{ name: 'scope_name', value: 'openid' }] }] },
    },
    'create_integration',
    [{ type: 'application', id: '77.apps.example.com', name: 'Tide Bot' }],
    [{ attribute: 'scope', new: '["openid","email"]' }],
    { credential: { id: '77.apps.example.com', name: 'Tide Bot', type: 'oauth_client' } },
  ],
  [
    'chrome.CHROME_OS_LOGIN_FAILURE_EVENT',
    {
      TIMESTAMP: { intValue: '1935829230125' },
      DEVICE_NAME: 'CB-7',
      DEVICE_PLATFORM: 'ChromeOS 20000.1',
      DEVICE_USER: 'bo.larkin@example.com',
      DIRECTORY_DEVICE_ID: 'dir-7',
      CLIENT_TYPE: 'CHROME_OS_DEVICE',
      EVENT_REASON: 'LOGIN_FAILURE',
      USER_AGENT: 'Mozilla/5.0 (X11; CrOS x86_64)',
    },
    'account_login',
    [BO, { type: 'device', name: 'CB-7' }, { type: 'device', id: 'dir-7' }],
    [],
    {
      outcome: 'failure',
      reason: 'LOGIN_FAILURE',
      userAgent: 'Mozilla/5.0 (X11; CrOS x86_64)',
      device: { name: 'CB-7', type: 'CHROME_OS_DEVICE', os: 'ChromeOS 20000.1' },
    },
  ],
];

describe('signing in', () => testRows(rows));

describe('the actor', () => {
  const of = (actor: object | null | string, rest = {}) =>
    factsOf(activity('drive', [event('view')], { actor: actor as never, ...rest })).actor;

  test.each([
    [
      'with a large number as id',
      { email: 'a@example.com', profileId: JSON.parse('7') },
      { id: '7', email: 'a@example.com', type: 'user' },
    ],
    [
      'of another organization',
      { callerType: 'EXTERNAL_USER', email: 'a@example.org' },
      { email: 'a@example.org', type: 'user', role: 'EXTERNAL_USER' },
    ],
    ['the system', { callerType: 'KEY', key: 'SYSTEM' }, { id: 'SYSTEM', type: 'system', role: 'KEY' }],
    [
      'a key',
      { callerType: 'KEY', key: 'consumer.example.com' },
      { id: 'consumer.example.com', type: 'service', role: 'KEY' },
    ],
    [
      'an application',
      { callerType: 'APPLICATION', applicationInfo: { applicationName: 'Tide Bot', oauthClientId: '77' } },
      { name: 'Tide Bot', type: 'service', role: 'APPLICATION' },
    ],
    [
      'a service account',
      { email: 'bot@tide.iam.gserviceaccount.com' },
      { email: 'bot@tide.iam.gserviceaccount.com', type: 'service' },
    ],
    [
      'not signed in',
      { email: '', profileId: '105250506097979753968' },
      { id: '105250506097979753968', type: 'anonymous' },
    ],
    ['known by id only', { callerType: 'USER', profileId: '9' }, { id: '9', type: 'user', role: 'USER' }],
    ['deleted', { callerType: 'USER' }, { type: 'unknown', role: 'USER' }],
    ['left out, with an address', {}, { type: 'anonymous' }],
    ['null', null, { type: 'unknown' }],
    ['a text', 'ada', { type: 'unknown' }],
  ])('%s', (_what, actor, expected) => expect(of(actor)).toEqual(expected));

  test('left out, without an address, is the system', () => {
    expect(of({}, { ipAddress: null })).toEqual({ type: 'system' });
  });
});

describe('from where', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:51312', '192.0.2.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]:443', '2001:db8::7'],
    ['', undefined],
    ['192.0.2.700', undefined],
  ])('address %s', (ipAddress, ip) => {
    expect(factsOf(activity('login', [event('logout')], { ipAddress })).ip).toBe(ip);
  });

  test('the address that a parameter gives', () => {
    const raw = activity('rules', [event('rule_match', { actor_ip_address: '192.0.2.9' })], { ipAddress: null });
    expect(factsOf(raw).ip).toBe('192.0.2.9');
  });

  test('network, device and application', () => {
    const facts = factsOf(
      activity('drive', [event('view')], {
        networkInfo: { ipAsn: [64500, 64501], regionCode: 'NO', subdivisionCode: 'NO-46' },
        userDeviceInfo: { deviceId: 'd-1', deviceType: 'DESKTOP_MAC', deviceOsVersion: '17.2' },
        actor: { email: 'a@example.com', applicationInfo: { oauthClientId: '77', applicationName: 'Tide Bot' } },
      }),
    );
    expect(facts).toMatchObject({
      location: { country: 'NO', region: 'NO-46', asn: '64500, 64501' },
      device: { id: 'd-1', type: 'DESKTOP_MAC', os: '17.2' },
      credential: { id: '77', name: 'Tide Bot', type: 'oauth_client' },
    });
  });
});

describe('the status of an event', () => {
  test.each([
    [{ eventStatus: 'SUCCEEDED' }, 'success', undefined],
    [{ eventStatus: 'SUCCEEDED_WITH_WARNINGS', errorMessage: 'partly' }, 'success', 'partly'],
    [{ eventStatus: 'FAILED', errorCode: 'PERMISSION_DENIED', errorMessage: 'no' }, 'failure', 'PERMISSION_DENIED: no'],
    [{ eventStatus: 'SKIPPED' }, 'unknown', undefined],
    [{ eventStatus: 'UNKNOWN_EVENT_STATUS' }, 'unknown', undefined],
    [{ httpStatusCode: 403 }, 'failure', undefined],
    [{ errorCode: 7 }, 'failure', '7'],
    [{ httpStatusCode: 200 }, 'success', undefined],
  ])('%j', (status, outcome, reason) => {
    const facts = factsOf(activity('drive', [event('view', {}, { status })]));
    expect([facts.outcome, facts.reason]).toEqual([outcome, reason]);
  });
});
