import { describe, expect, test } from 'vitest';
import type { EventFacts } from '../../../../shared/event/schema.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { parseJson } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/github.audit/normalize.ts';
import { factsOf, row } from './rows.ts';

describe('time and id', () => {
  const timeOf = (fields: JsonObject) => normalize({ action: 'repo.create', ...fields })[0]?.time;

  test.each<[string, JsonObject, string | undefined]>([
    ['milliseconds', { '@timestamp': 1748000000123, created_at: 1 }, '2025-05-23T11:33:20.123Z'],
    ['milliseconds as text', { '@timestamp': '1748000000123' }, '2025-05-23T11:33:20.123Z'],
    ['ISO-8601', { '@timestamp': '2025-05-23T11:33:20.123Z' }, '2025-05-23T11:33:20.123Z'],
    ['the time it was recorded', { created_at: 1748000000123 }, '2025-05-23T11:33:20.123Z'],
    ['nothing', { '@timestamp': true, created_at: {} }, undefined],
  ])('are told by %s', (_, fields, time) => expect(timeOf(fields)).toBe(time));

  test('the id is the document’s', () => {
    expect(normalize(row('repo.create'))[0]?.vendorId).toBe('d1');
    expect(normalize({ action: 'repo.create' })[0]?.vendorId).toBeUndefined();
  });

  test('ids beyond 2^53 are kept digit by digit', () => {
    const raw = parseJson(
      '{"action":"repo.create","actor":"ada","actor_id":9007199254740993001,"token_id":9007199254740993003}',
    );
    const { facts } = normalize(raw as JsonObject)[0] ?? {};
    expect(facts?.actor.id).toBe('9007199254740993001');
    expect(facts?.credential?.id).toBe('9007199254740993003');
  });
});

describe('actor', () => {
  test.each<[string, JsonObject, EventFacts['actor']]>([
    ['a person', { actor_is_bot: false }, { id: '9001', name: 'ada-quill', type: 'user', role: 'User' }],
    ['a bot', { actor_is_bot: true }, { id: '9001', name: 'ada-quill', type: 'service', role: 'Bot' }],
    ['a bot by its name', { actor: 'mast[bot]' }, { id: '9001', name: 'mast[bot]', type: 'service' }],
    ['an agent', { actor_is_agent: true }, { id: '9001', name: 'ada-quill', type: 'service', role: 'Agent' }],
    ['a deleted account', { actor: 'ghost', actor_id: 10137 }, { id: '10137', name: 'ghost', type: 'unknown' }],
    ['an account without a name', { actor: null }, { id: '9001', type: 'unknown' }],
    [
      'an SSO identity',
      { actor: null, actor_id: null, external_identity_username: 'ada@example.com' },
      { email: 'ada@example.com', type: 'user' },
    ],
    [
      'an SSO name that is no address',
      { external_identity_nameid: 'ada' },
      { id: '9001', name: 'ada-quill', type: 'user' },
    ],
    ['nobody', { actor: null, actor_id: null }, { type: 'system' }],
  ])('%s', (_, fields, actor) => expect(factsOf('repo.create', fields).actor).toEqual(actor));

  test.each(['user.failed_login', 'org.sso_response', 'git.fetch'])('nobody is a stranger in %s', (action) => {
    expect(factsOf(action, { actor: null, actor_id: null }).actor).toEqual({ type: 'anonymous' });
  });
});

describe('where from', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['192.0.2.7:4431', '192.0.2.7'],
    ['nowhere', undefined],
  ])('%s', (actor_ip, ip) => expect(factsOf('repo.create', { actor_ip }).ip).toBe(ip));

  test('country, region and city', () => {
    const actor_location = { country_code: 'IS', country_name: 'Iceland', region_name: 'Norðurland', city: 'Akureyri' };
    expect(factsOf('repo.create', { actor_location }).location).toEqual({
      country: 'IS',
      region: 'Norðurland',
      city: 'Akureyri',
    });
    expect(factsOf('repo.create', { actor_location: { country_name: 'Iceland' } }).location).toEqual({
      country: 'Iceland',
    });
    expect(factsOf('repo.create', { actor_location: {} }).location).toBeUndefined();
  });

  test('user agent', () => expect(factsOf('repo.create', { user_agent: 'curl/8' }).userAgent).toBe('curl/8'));
});

describe('credential', () => {
  test.each<[string, JsonObject, EventFacts['credential']]>([
    [
      'a token by its hash',
      { hashed_token: 'h=', token_id: 4, programmatic_access_type: 'Personal access token (classic)' },
      { id: 'h=', type: 'Personal access token (classic)' },
    ],
    ['a token by its id', { token_id: 4 }, { id: '4' }],
    [
      'an OAuth app',
      { oauth_application: 'Mast Viewer', oauth_application_id: 3 },
      { name: 'Mast Viewer', type: 'OAuth application' },
    ],
    ['none', { oauth_application: null, oauth_application_id: null }, undefined],
  ])('%s', (_, fields, credential) => expect(factsOf('repo.create', fields).credential).toEqual(credential));

  test('an OAuth app that the act is about is a target', () => {
    const facts = factsOf('oauth_application.transfer', { oauth_application: 'Mast Viewer', oauth_application_id: 3 });
    expect(facts.credential).toBeUndefined();
    expect(facts.targets).toEqual([{ type: 'oauth_application', id: '3', name: 'Mast Viewer' }]);
  });
});

describe('targets', () => {
  test('of an act that spans organizations', () => {
    const fields = { org: ['north', 'south'], org_id: [1, 2], business: 'northwind', business_id: 61 };
    expect(factsOf('business.enable_saml', fields).targets).toEqual([
      { type: 'organization', id: '1', name: 'north' },
      { type: 'organization', id: '2', name: 'south' },
      { type: 'enterprise', id: '61', name: 'northwind' },
    ]);
  });

  test('are each there once', () => {
    const fields = { repo: 'northwind-labs/a', repository: 'northwind-labs/a', user: 'ada', requester: 'ada' };
    expect(factsOf('repo.create', fields).targets).toEqual([
      { type: 'user', name: 'ada' },
      { type: 'repository', name: 'northwind-labs/a' },
    ]);
  });
});

describe('changes', () => {
  test('of one attribute told twice are the same in any order', () => {
    const fields = { permission: 'read', permission_was: 'admin', old_permission: 'write', new_permission: 'none' };
    const turned = Object.fromEntries(Object.entries(fields).reverse());
    expect(factsOf('repo.update_member', turned).changes).toEqual(factsOf('repo.update_member', fields).changes);
  });

  test('that are null on both sides are none', () => {
    expect(factsOf('repo.update_member', { old_repo_base_role: null, new_repo_base_role: null }).changes).toEqual([]);
  });

  test('a boolean permission is text', () => {
    expect(factsOf('org.update_member_repository_creation_permission', { permission: true }).changes).toEqual([
      { attribute: 'permission', new: 'true' },
    ]);
  });
});

test('an act without a name is kept', () => {
  expect(normalize({})[0]?.facts).toMatchObject({ type: null, action: 'unknown', outcome: 'success' });
});
