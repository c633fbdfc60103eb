import { describe, expect, test } from 'vitest';
import type { EventFacts } from '../../../../shared/event/schema.ts';
import { puppetActivity } from '../../../../shared/sources/puppet.activity/source.ts';
import * as c from './commits.ts';
import { DOCUMENTED, members, type Row, rows, SAYS_LENA, type Thing, target, who } from './rows.ts';

describe('every event that Puppet documents', () => {
  const cases = rows.map((row) => [row.event, row] as const);
  const expected = ({ object, type, targets = [], changes = [] }: Row) => ({
    type,
    outcome: 'success',
    actor: { id: c.ADMIN_ID, name: 'ines.roth', type: 'user' },
    targets: [target(object), ...targets],
    changes,
  });

  test('has a row, or is the giving and taking of a role', () => {
    const here = [...rows, ...members].map(({ event }) => event);
    // The role's side of every membership.
    expect(DOCUMENTED.filter((name) => !here.some((event) => event.startsWith(name)))).toEqual(['Role: Members']);
    expect(DOCUMENTED).toHaveLength(22);
  });

  test.each(cases)('%s, by v1', (_, row) => {
    const raw = c.v1(row.object, row.says);
    expect(c.factsOf(raw)).toEqual({ ...expected(row), action: row.action });
    expect(c.map(raw)[0]).toMatchObject({ time: c.TIME, raw });
  });

  test.each(cases)('%s, by v2', (_, row) => {
    const [type, what, description] = row.v2 ?? ['update', row.object[2]];
    const raw = c.v2([row.object], [row.says, type ?? '', what ?? '', description]);
    expect(c.factsOf(raw)).toEqual({
      ...expected(row),
      action: description ?? row.action,
      ip: '203.0.113.24',
    });
    expect(c.map(raw)).toMatchObject([{ time: c.TIME, vendorId: undefined, raw }]);
  });

  test.each(cases)('%s, with names quoted or without the full stop', (_, row) => {
    const says = row.says
      .replace(/\.$/, '')
      .replace(/^Created with (\w+) set/, 'Created with "$1" set')
      .replace(who, `"Lena Okoro" (${c.LENA_ID})`);
    expect(c.factsOf(c.v2([row.object], [says, 'update', row.object[2], row.v2?.[2]]))).toMatchObject({
      type: row.type,
      changes: row.changes ?? [],
    });
  });

  test('as a row of the CSV', () => {
    const [row] = rows;
    const raw = {
      'Submit Time': '2026-03-02 08:15:06.123',
      'Subject Type': 'users',
      'Subject Id': c.ADMIN_ID,
      'Subject Name': 'ines.roth',
      'Object Type': 'users',
      'Object Id': c.LENA_ID,
      'Object Name': 'lena.okoro',
      Type: 'create',
      What: 'users',
      Description: 'create_users_login',
      Message: row!.says,
    };
    expect(c.map(raw)).toEqual([
      {
        facts: { ...expected(row!), action: 'create_users_login' },
        time: '2026-03-02T08:15:06.123Z',
        vendorId: undefined,
        raw,
      },
    ]);
  });
});

describe('v2 with its own objects', () => {
  const job: Thing = ['20', '20', 'job'];
  const task: Thing = ['facts', 'facts', 'task'];
  const says = 'Request "facts" task on "web1.example.com" over "pcp" via orchestrator job "20"';

  test('a run names its job, task and node once', () => {
    const raw = c.v2([job, task, c.NODE], [says, 'run_task', 'node', 'request_facts_on_node']);
    expect(c.factsOf(raw).targets).toEqual([job, task, c.NODE].map(target));
  });

  test('of several objects without types each is what the message calls it', () => {
    const raw = c.v2([job, task, c.NODE, ['x', 'y', 'z']], [says, 'run_task', 'node', 'request_facts_on_node']);
    const objects = [job, task, c.NODE, ['x', 'y']].map(([id, name]) => ({ id: id!, name: name! }));
    expect(c.factsOf({ ...raw, objects }).targets).toEqual([
      ...[job, task, c.NODE].map(target),
      { type: 'object', id: 'x', name: 'y' },
    ]);
  });

  test.each([
    ['update_users_is_revoked', 'update', 'update_user'],
    ['add_node_group_class_parameter_ntp.servers', 'edit', 'update_resource'],
    ['delete_node_group_class_parameter_ntp.servers', 'edit', 'update_resource'],
    ['delete_node_group_variable_port', 'edit', 'update_resource'],
    ['schedule_puppet_agent_on_node_group', 'schedule_deploy', 'update_resource'],
    ['create_environment', 'create', 'create_resource'],
    ['frobnicate', 'edit', 'update_resource'],
    ['frobnicate', 'delete', 'delete_resource'],
    ['frobnicate', 'create', 'create_resource'],
    ['frobnicate', 'plan_task', 'update_resource'],
    ['frobnicate', 'muse', null],
    ['login_users', 'login', 'account_login'],
  ])('%s, a message nobody knows, and type %s is %s', (description, verb, type) => {
    expect(c.factsOf(c.v2([c.NODES], ['Hm', verb, 'thing', description]))).toMatchObject({ type, action: description });
  });

  test.each([
    ['add_node_group_class_parameter_ntp.servers', [{ attribute: 'class_parameter', new: 'ntp.servers' }]],
    ['delete_node_group_class_parameter_ntp.servers', [{ attribute: 'class_parameter', old: 'ntp.servers' }]],
  ])('%s says what was changed', (description, changes) => {
    expect(c.factsOf(c.v2([c.NODES], ['Hm', 'edit', 'node_group', description])).changes).toEqual(changes);
  });

  test('deploys of the code manager are updates', () => {
    const raw = c.v2([['production', 'production', 'environment']], ['Hm', 'muse', 'environment']);
    expect(c.factsOf({ ...raw, service_id: 'code-manager' })).toMatchObject({
      type: 'update_resource',
      action: 'muse_environment',
      targets: [{ type: 'environment', name: 'production' }],
    });
    expect(c.factsOf(c.v1(c.NODE, 'Deployed environment production'))).toMatchObject({ type: 'update_resource' });
  });
});

test('an unknown message of v1 is its own action, judged by its verb', () => {
  expect(c.factsOf(c.v1(c.NODES, 'Create Node'))).toMatchObject({ action: 'Create Node', type: 'create_resource' });
  expect(c.factsOf(c.v1(c.NODES, 'x'.repeat(5000)))).toMatchObject({ type: null });
});

test('a message that is read by several versions alike', () => {
  for (const says of [`User Lena (ops) (${c.LENA_ID}) logged in.`, `User "Lena (ops)" (${c.LENA_ID}) logged in`]) {
    expect(c.factsOf(c.v1(['x', 'y', ''], says)).targets).toContainEqual({ ...SAYS_LENA, name: 'Lena (ops)' });
  }
});

test('long messages are answered at once', () => {
  const begin = performance.now();
  for (const word of [' task on x', ' (a)', '" set to "', ' group with id', ' added to role', ' on a for job']) {
    for (const start of ['Request ', 'User ', 'Created the ', 'Changed the ', '"', '']) {
      c.factsOf(c.v1(c.NODES, start + word.repeat(8000 / word.length)));
      c.factsOf(c.v1(c.NODES, start + word.repeat(100_000)));
    }
  }
  expect(performance.now() - begin).toBeLessThan(5000);
});

test.each([
  ['203.0.113.24, 127.0.0.1', '203.0.113.24'],
  ['2001:db8::7, 127.0.0.1', '2001:db8::7'],
  ['127.0.0.1', '127.0.0.1'],
  ['unknown, 127.0.0.1', undefined],
])('the client of %j is %j', (ip_address, ip) => {
  expect(c.factsOf({ ...c.v2([c.LENA], ['User revoked.', 'update', 'users']), ip_address }).ip).toBe(ip);
});

test.each([
  [
    { id: 'x', name: 'api_user' },
    { id: 'x', name: 'api_user', type: 'service' },
  ],
  [{ name: 'API User' }, { name: 'API User', type: 'service' }],
  [null, { type: 'unknown' }],
])('the subject %j is %j', (subject, actor) => {
  expect(c.factsOf({ ...c.v1(c.LENA, 'User revoked.'), subject }).actor).toEqual(actor);
});

test.each<[string, Thing, readonly string[], readonly EventFacts['type'][]]>([
  [
    'a directory',
    ['1', 'x', ''],
    ['Login set to "cn=bind"', 'Base dn set to "dc=x"'],
    ['update_security_configuration', 'update_security_configuration'],
  ],
  ['a user', c.LENA, ['Login set to "lena"', 'Display name set to "Lena"'], ['update_user', 'update_user']],
  ['a role', c.ROLE, ['Display name set to "Operators"', 'Description set to "x"'], ['update_role', 'update_role']],
  ['a role, by its number', c.ROLE, ['Display name set to "Operators"'], ['update_role']],
  ['a user, who has no number', c.LENA, ['Display name set to "Lena"'], ['update_user']],
  ['nobody knows', c.LENA, ['Created with "colour" set to "red"'], ['create_resource']],
])('v1 does not say what an object is: its attributes tell %s', (_, object, messages, types) => {
  expect(c.map(c.v1(object, ...messages)).map(({ facts }) => facts.type)).toEqual(types);
});

test('every type of the table is given by some row', () => {
  const given = new Set([...rows.map(({ type }) => type), 'delete_group', 'update_group']);
  expect(puppetActivity.types.filter((type) => !given.has(type))).toEqual([]);
});
