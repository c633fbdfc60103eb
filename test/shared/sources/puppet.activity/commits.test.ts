import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entitiesOf } from '../../../../shared/event/entities.ts';
import { compareContent, prepareEvents } from '../../../../shared/event/prepare.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import * as c from './commits.ts';
import { members } from './rows.ts';

const prepared = (...commits: readonly JsonObject[]) =>
  prepareEvents(commits.flatMap(c.map), {
    tenant: 'acme',
    connection: 'puppet',
    source: 'puppet.activity',
    product: 'puppet',
    origin: 'puppet.example.com',
    tier: '365d',
    receivedAt: '2026-03-02T08:16:00.000Z',
  });
const ids = (...commits: readonly JsonObject[]) => prepared(...commits).map(({ event }) => event.id);
/** What each commit after the first is to the first. */
const statuses = (...commits: readonly JsonObject[]) => {
  const [first = '', ...rest] = prepared(...commits).map(({ contentHash }) => contentHash);
  return rest.map((other) => compareContent(first, other));
};

describe('a change of a role’s members', () => {
  const deeds = [
    ['added to', 'add_permission', 'new'],
    ['removed from', 'remove_permission', 'old'],
  ] as const;

  const cases = deeds.flatMap((deed) => members.map((member) => [member.event, deed[0], member, deed] as const));

  test.each(cases)('%s, %s role: both commits of v2 are one event, found under both', (_word, _deed, member, deed) => {
    const { word, type, object, plural, name } = member;
    const says = `${word} ${name} (${object[0]}) ${deed[0]} role Operators`;
    const told = c.v2([object], [says, 'update', plural, `update_${plural}_user_ids_7`]);
    const mirrored = c.v2([c.ROLE], [says, 'update', 'roles', `update_roles_user_ids_${object[0]}`]);
    const [one] = c.map(told);
    const [other] = c.map(mirrored);
    expect(one!.facts).toEqual({
      type: deed[1],
      action: `update_${plural}_user_ids_7`,
      outcome: 'success',
      actor: { id: c.ADMIN_ID, name: 'ines.roth', type: 'user' },
      targets: [
        { type, id: object[0], name },
        { type: 'role', id: '7', name: 'Operators' },
      ],
      ip: '203.0.113.24',
      changes: [{ attribute: 'roles', [deed[2]]: 'Operators' }],
    });
    expect(other!.facts).toEqual(one!.facts);
    expect(other!.vendorId).toBe(one!.vendorId);
    expect(one!.vendorId).toEqual(expect.any(String));
    expect([one!.raw, other!.raw]).toEqual([told, mirrored]);
    expect(new Set(ids(told, mirrored)).size).toBe(1);
    expect(statuses(told, mirrored)).toEqual(['retold']);
    expect(entitiesOf(one!.facts)).toEqual(expect.arrayContaining([object[0], '7', 'operators']));
  });

  test.each(cases)('%s, %s role: so are both of v1, without the id of the role', (_word, _deed, member, deed) => {
    const { word, type, object, plural, name } = member;
    const says = `${word} ${name} (${object[0]}) ${deed[0]} role Operators.`;
    const [one, other] = [c.v1(object, says), c.v1(c.ROLE, says)].map((raw) => c.map(raw)[0]);
    expect(one!.facts).toMatchObject({
      type: deed[1],
      action: `update_${plural}_user_ids`,
      targets: [
        { type, id: object[0], name },
        { type: 'role', name: 'Operators' },
      ],
    });
    expect(other!.facts).toEqual(one!.facts);
    expect(other!.vendorId).toBe(one!.vendorId);
  });

  test('by v1 it is the same event as by v2', () => {
    const says = `User Lena Okoro (${c.LENA_ID}) added to role Operators`;
    const [one] = c.map(c.v1(c.LENA, `${says}.`));
    const [other] = c.map(c.v2([c.ROLE], [says, 'update', 'roles', `update_roles_user_ids_${c.LENA_ID}`]));
    expect(one!.vendorId).toBe(other!.vendorId);
  });

  test('another member, role, deed, subject or second is another event', () => {
    const event = (name: string, id: string, deed: string, role: string): c.Event => [
      `User ${name} (${id}) ${deed} role ${role}`,
      'update',
      'roles',
      `update_roles_user_ids_${id}`,
    ];
    const raw = c.v2([c.ROLE], event('Lena', c.LENA_ID, 'added to', 'Operators'));
    const found = [
      raw,
      { ...raw, timestamp: '2026-03-02T08:15:07Z' },
      { ...raw, subject: { id: c.LENA_ID, name: 'lena.okoro' } },
      c.v2([c.ROLE], event('Lena', c.ADMIN_ID, 'added to', 'Operators')),
      c.v2([c.ROLE], event('Lena', c.LENA_ID, 'removed from', 'Operators')),
      c.v2([c.ROLE], event('Lena', c.LENA_ID, 'added to', 'Viewers')),
    ].map((one) => c.map(one)[0]?.vendorId);
    expect(new Set(found).size).toBe(found.length);
  });

  test('a role’s commit with several members is one event each', () => {
    const [ada, bo] = ['a', 'b'].map(
      (id): c.Event => [`User ${id} (${id}) added to role Operators`, 'update', 'roles', `update_roles_user_ids_${id}`],
    );
    const together = c.map(c.v2([c.ROLE], ada!, bo!)).map(({ vendorId }) => vendorId);
    const apart = [ada!, bo!].map((one) => c.map(c.v2([c.ROLE], one))[0]?.vendorId);
    expect(together).toEqual(apart);
    expect(new Set(together).size).toBe(2);
  });
});

describe('a commit with several events', () => {
  const created = (name: string, value: string): c.Event => [
    `Created with "${name}" set to "${value}"`,
    'create',
    'users',
    `create_users_${name}`,
  ];
  const creation = [created('display_name', 'Lena Okoro'), created('email', ''), created('login', 'lena.okoro')];

  test('is one event each, with a raw and an id of its own', () => {
    const mapped = c.map(c.v2([c.LENA], ...creation));
    expect(mapped.map(({ facts }) => facts.changes)).toEqual([
      [{ attribute: 'display_name', new: 'Lena Okoro' }],
      [{ attribute: 'email', new: '' }],
      [{ attribute: 'login', new: 'lena.okoro' }],
    ]);
    expect(mapped.map(({ raw }) => raw)).toEqual(creation.map((one) => c.v2([c.LENA], one)));
    expect(new Set(mapped.map(({ vendorId }) => vendorId)).size).toBe(3);
    expect(new Set(ids(c.v2([c.LENA], ...creation))).size).toBe(3);
  });

  test('counts a user who is created once, in v1 too', () => {
    const expected = ['update_user', 'update_user', 'create_user'];
    expect(c.map(c.v2([c.LENA], ...creation)).map(({ facts }) => facts.type)).toEqual(expected);
    const messages = creation.map(([message]) => message.replaceAll('display_name', 'display name'));
    expect(c.map(c.v1(c.LENA, ...messages)).map(({ facts }) => facts.type)).toEqual(expected);
  });

  test('counts a role once, by its display name', () => {
    const messages = ['Created with "description" set to "x"', 'Created with "display_name" set to "Operators"'];
    const expected = ['update_role', 'create_role'];
    expect(c.map(c.v1(c.ROLE, ...messages)).map(({ facts }) => facts.type)).toEqual(expected);
    expect(c.map(c.v1([c.LENA_ID, 'Operators', ''], ...messages)).map(({ facts }) => facts.type)).toEqual(expected);
  });

  test('has the same ids whatever the order of events and objects, whoever is renamed', () => {
    const raw = c.v2([c.LENA, c.ROLE], ...creation);
    const shuffled = {
      ...raw,
      objects: [...(raw['objects'] as JsonObject[])].reverse().map((one) => ({ ...one, name: 'renamed' })),
      events: [...(raw['events'] as JsonObject[])].reverse(),
      subject: { ...c.subject, name: 'renamed' },
    };
    const found = (one: JsonObject) => c.map(one).map(({ vendorId }) => vendorId);
    expect(found(shuffled).toReversed()).toEqual(found(raw));
  });

  test('with equal events counts them', () => {
    const mapped = c.map(c.v1(c.LENA, 'User revoked.', 'User revoked.'));
    expect(mapped[1]?.vendorId).toBe(`${mapped[0]?.vendorId}#1`);
  });
});

test('equal commits of one event in one second are two events of a batch', () => {
  const raw = c.v1(c.LENA, `Lena Okoro (${c.LENA_ID}) generated an authentication token.`);
  expect(new Set(ids(raw, structuredClone(raw))).size).toBe(2);
});

test.each<[string, JsonObject]>([
  ['no events', { timestamp: c.TIME }],
  ['events that are none', { timestamp: c.TIME, events: [7] }],
  ['events of which one is none', { timestamp: c.TIME, events: [{ message: 'User revoked.' }, null] }],
])('a commit with %s is kept', (_, raw) => {
  expect(c.map(raw)).toMatchObject([
    { facts: { type: null, action: 'unknown', outcome: 'unknown' }, time: c.TIME, raw },
  ]);
});

test('names of members and roles come through as they are', () => {
  const name = fc.stringMatching(/^[A-Za-z][\w '()-]{0,30}\w$/);
  fc.assert(
    fc.property(name, name, fc.uuid(), (member, role, id) => {
      const facts = c.factsOf(c.v1(c.ROLE, `User ${member} (${id}) added to role ${role}`));
      expect(facts.targets).toEqual([
        { type: 'user', id, name: member },
        { type: 'role', name: role },
      ]);
    }),
  );
});
