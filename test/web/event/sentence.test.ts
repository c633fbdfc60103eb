import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { SOURCES, sourceNamed } from '../../../shared/sources/registry.ts';
import { EVENT_TYPES, type EventType } from '../../../shared/taxonomy.ts';
import type { CanonicalEvent } from '../../../web/api/types.ts';
import { sentence, sentenceText } from '../../../web/event/sentence.ts';
import { anyEvent, eventOf } from '../support.ts';

const sam = { type: 'user', name: 'Sam Petrov', email: 'sam@example.com' };
const admins = { type: 'group', name: 'Admins' };
const board = { type: 'folder', id: 'f1', name: 'Board' };
const plan = { type: 'file', name: 'plan.docx' };
const policy = { type: 'policy', name: 'Travel' };
const bot = { type: 'integration', name: 'Build bot' };
const editor = { type: 'role', name: 'Editor' };

/** Every type, as done and as tried in vain. */
const EVERY: Readonly<Record<EventType, [targets: CanonicalEvent['targets'], done: string, tried: string]>> = {
  account_login: [[], 'signed in', 'tried to sign in and failed'],
  account_logout: [[], 'signed out', 'tried to sign out and failed'],
  mfa_verification: [[], 'passed a second-factor check', 'tried to pass a second-factor check and failed'],
  create_user: [[sam], 'created user Sam Petrov', 'tried to create user Sam Petrov and failed'],
  read_user: [[sam], 'viewed user Sam Petrov', 'tried to view user Sam Petrov and failed'],
  update_user: [[sam], 'changed user Sam Petrov', 'tried to change user Sam Petrov and failed'],
  delete_user: [[sam], 'deleted user Sam Petrov', 'tried to delete user Sam Petrov and failed'],
  create_group: [[admins], 'created group Admins', 'tried to create group Admins and failed'],
  read_group: [[admins], 'viewed group Admins', 'tried to view group Admins and failed'],
  update_group: [[admins], 'changed group Admins', 'tried to change group Admins and failed'],
  delete_group: [[admins], 'deleted group Admins', 'tried to delete group Admins and failed'],
  add_to_group: [
    [admins, sam],
    'added Sam Petrov to group Admins',
    'tried to add Sam Petrov to group Admins and failed',
  ],
  remove_from_group: [
    [sam, admins],
    'removed Sam Petrov from group Admins',
    'tried to remove Sam Petrov from group Admins and failed',
  ],
  create_role: [[editor], 'created role Editor', 'tried to create role Editor and failed'],
  read_role: [[editor], 'viewed role Editor', 'tried to view role Editor and failed'],
  update_role: [[editor], 'changed role Editor', 'tried to change role Editor and failed'],
  delete_role: [[editor], 'deleted role Editor', 'tried to delete role Editor and failed'],
  add_permission: [
    [board, sam],
    'gave Sam Petrov access to folder Board',
    'tried to give Sam Petrov access to folder Board and failed',
  ],
  remove_permission: [
    [sam, editor],
    'removed role Editor from Sam Petrov',
    'tried to remove role Editor from Sam Petrov and failed',
  ],
  add_enrollment: [
    [sam],
    'enrolled a second factor for Sam Petrov',
    'tried to enroll a second factor for Sam Petrov and failed',
  ],
  remove_enrollment: [
    [{ type: 'phone', name: '+1 202' }],
    'removed phone +1 202',
    'tried to remove phone +1 202 and failed',
  ],
  create_security_configuration: [[policy], 'created policy Travel', 'tried to create policy Travel and failed'],
  read_security_configuration: [[policy], 'viewed policy Travel', 'tried to view policy Travel and failed'],
  update_security_configuration: [[policy], 'changed policy Travel', 'tried to change policy Travel and failed'],
  delete_security_configuration: [
    [{ type: 'organization', name: 'octo' }],
    'deleted a security setting of organization octo (some action)',
    'tried to delete a security setting of organization octo (some action) and failed',
  ],
  create_integration: [[bot], 'created integration Build bot', 'tried to create integration Build bot and failed'],
  read_integration: [[bot], 'viewed integration Build bot', 'tried to view integration Build bot and failed'],
  update_integration: [[bot], 'changed integration Build bot', 'tried to change integration Build bot and failed'],
  delete_integration: [[bot], 'deleted integration Build bot', 'tried to delete integration Build bot and failed'],
  create_resource: [
    [plan, board],
    'created file plan.docx in folder Board',
    'tried to create file plan.docx in folder Board and failed',
  ],
  read_resource: [[plan], 'viewed file plan.docx', 'tried to view file plan.docx and failed'],
  update_resource: [[plan], 'changed file plan.docx', 'tried to change file plan.docx and failed'],
  delete_resource: [[plan], 'deleted file plan.docx', 'tried to delete file plan.docx and failed'],
  download_resource: [[plan], 'downloaded file plan.docx', 'tried to download file plan.docx and failed'],
  query_resource: [
    [
      { type: 'query', name: 'storm' },
      { type: 'mailbox', name: 'Jo' },
    ],
    'searched for storm in mailbox Jo',
    'tried to search for storm in mailbox Jo and failed',
  ],
};

test.each(EVENT_TYPES)('%s, done and tried', (type) => {
  const [targets, done, tried] = EVERY[type];
  expect(sentenceText(eventOf({ type, targets }))).toBe(`Jane Roe ${done}`);
  expect(sentenceText(eventOf({ type, targets, outcome: 'failure' }))).toBe(`Jane Roe ${tried}`);
});

describe('changes', () => {
  const changed = (facts: Partial<CanonicalEvent>) => sentenceText(eventOf(facts));
  test.each([
    [
      'from and to',
      { attribute: 'role', old: 'member', new: 'editor' },
      'changed role of Sam Petrov from member to editor',
    ],
    ['to alone', { attribute: 'last_name', new: 'Roe' }, 'set last name of Sam Petrov to Roe'],
    ['from alone', { attribute: 'phone', old: '1' }, 'changed phone of Sam Petrov (was 1)'],
    ['to nothing', { attribute: 'note', old: 'a', new: '' }, 'changed note of Sam Petrov from a to nothing'],
    ['JSON is left out', { attribute: 'config', old: '{"a":1}', new: '{"a":2}' }, 'changed config of Sam Petrov'],
    ['what is long is left out', { attribute: 'bio', new: 'x'.repeat(500) }, 'changed bio of Sam Petrov'],
  ])('%s', (_, change, said) => {
    expect(changed({ type: 'update_user', targets: [sam], changes: [change] })).toBe(`Jane Roe ${said}`);
  });

  test('several', () => {
    const changes = [{ attribute: 'a' }, { attribute: 'b' }, { attribute: 'c' }];
    expect(changed({ type: 'update_group', targets: [admins], changes })).toBe(
      'Jane Roe changed a and 2 others of group Admins',
    );
  });

  test('a setting that is itself the attribute', () => {
    const facts = {
      type: 'update_security_configuration' as const,
      targets: [{ type: 'setting', id: 'mfa.required' }],
      changes: [{ attribute: 'mfa.required', old: 'false', new: 'true' }],
    };
    expect(changed(facts)).toBe('Jane Roe changed setting mfa.required from false to true');
  });

  test('their own account', () => {
    const facts = {
      type: 'update_user' as const,
      targets: [{ type: 'user', email: 'JANE@example.com' }],
      changes: [{ attribute: 'email', old: 'a@b.c', new: 'd@e.f' }],
    };
    expect(changed(facts)).toBe('Jane Roe changed email of their own account from a@b.c to d@e.f');
  });
});

describe('what is not plain', () => {
  test.each<[string, Partial<CanonicalEvent>, string]>([
    [
      'a reason',
      { type: 'account_login', outcome: 'failure', reason: 'wrong password' },
      'Jane Roe tried to sign in and failed: wrong password',
    ],
    [
      'an outcome that is not known',
      { type: 'account_login', outcome: 'unknown' },
      'Jane Roe signed in, outcome unknown',
    ],
    ['nobody known', { type: 'account_login', actor: { type: 'anonymous' } }, 'Someone anonymous signed in'],
    ['a name of blanks', { type: 'account_login', actor: { type: 'system', name: '  ' } }, 'The system signed in'],
    ['no type', { action: 'Set company contact information.' }, 'Jane Roe performed “set company contact information”'],
    [
      'no type, failed',
      { action: 'a.b', outcome: 'failure', targets: [plan] },
      'Jane Roe tried to perform “a b” on file plan.docx and failed',
    ],
    ['a type of tomorrow', { type: 'fly_kite' as EventType, action: 'kite.fly' }, 'Jane Roe performed “kite fly”'],
    [
      'an action that says more',
      { type: 'update_user', action: 'org.block_user', targets: [sam] },
      'Jane Roe blocked user Sam Petrov',
    ],
    [
      'joining',
      { type: 'add_to_group', targets: [{ type: 'user', name: 'jane roe' }, admins] },
      'Jane Roe joined group Admins',
    ],
    ['in another name', { type: 'account_login', targets: [sam] }, 'Jane Roe signed in as Sam Petrov'],
    [
      'a target without a name',
      { type: 'delete_resource', targets: [{ type: 'access_key' }] },
      'Jane Roe deleted an access key',
    ],
    [
      'a thing that only the action names',
      { type: 'delete_resource', action: 'MessageDeleted', targets: [{ type: 'channel', name: 'Storms' }] },
      'Jane Roe deleted a message in channel Storms',
    ],
    [
      'a file by its address',
      { type: 'read_resource', targets: [{ type: 'file', name: 'https://a.example/sites/x/plan.docx' }] },
      'Jane Roe viewed file plan.docx',
    ],
  ])('%s', (_, facts, said) => {
    expect(sentenceText(eventOf(facts))).toBe(said);
  });
});

test('names in a sentence lead to their entities', () => {
  const parts = sentence(eventOf({ type: 'add_to_group', targets: [sam, admins] }));
  expect(parts.filter((part) => typeof part !== 'string').map(({ text }) => text)).toEqual([
    'Jane Roe',
    'Sam Petrov',
    'Admins',
  ]);
});

/** The examples that come with every source, as canonical facts. */
function examplesOf(name: string): CanonicalEvent[] {
  const folder = join(import.meta.dirname, '../../../shared/sources', name, 'examples');
  return readdirSync(folder).flatMap((file) => {
    const raw = JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject | JsonObject[];
    return [raw].flat().flatMap((one) => (sourceNamed(name)?.normalize(one) ?? []).map(({ facts }) => eventOf(facts)));
  });
}

test.each(SOURCES.map(({ name }) => name))('every example of %s reads as a sentence', (name) => {
  const events = examplesOf(name);
  expect(events.length).toBeGreaterThan(0);
  for (const event of events) {
    const said = sentenceText(event);
    expect(said).toMatch(/^\S.* (\w+ed|gave|left|joined|set|ran|enrolled|pushed|performed|tried to)\b/);
    expect(said).not.toMatch(/undefined|null|\[object| {2}| $/);
    // A sentence that names nothing but its actor is one of few kinds.
    if (
      event.targets.length > 0 &&
      !/login|logout|mfa|enrollment/.test(`${event.type}`) &&
      !said.includes('their own')
    ) {
      expect(sentence(event).filter((part) => typeof part !== 'string').length).toBeGreaterThan(1);
    }
  }
});

test('any event makes a sentence', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const parts = sentence(event);
      const said = sentenceText(event);
      expect(said.trim()).not.toBe('');
      expect(said).not.toContain('undefined');
      for (const part of parts) if (typeof part !== 'string') expect(part.text.trim()).not.toBe('');
    }),
  );
});
