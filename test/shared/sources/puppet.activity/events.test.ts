import { describe, expect, test } from 'vitest';
import type { Change, EventFacts, Target } from '../../../../shared/event/schema.ts';
import { puppetActivity } from '../../../../shared/sources/puppet.activity/source.ts';
import * as c from './commits.ts';

type Thing = Parameters<typeof c.v1>[0];
const KINDS: Readonly<Record<string, string>> = {
  users: 'user',
  user_groups: 'group',
  roles: 'role',
  node_groups: 'node_group',
};
const target = ([id, name, type]: Thing): Target => ({ type: KINDS[type] ?? type, id, name });
const TOKEN = { type: 'api_token' };
const SAYS_LENA: Target = { type: 'user', id: c.LENA_ID, name: 'Lena Okoro' };
const who = `Lena Okoro (${c.LENA_ID})`;
const set = (attribute: string, value: string): Change[] => [{ attribute, new: value }];

/**
 * An event that Puppet documents: its object, message, EMM type, what it is called in v1, its targets besides the object,
 * its changes, and how v2 has it.
 */
interface Row {
  readonly event: string;
  readonly object: Thing;
  readonly says: string;
  readonly type: EventFacts['type'];
  readonly action: string;
  readonly targets?: readonly Target[];
  readonly changes?: readonly Change[];
  readonly v2?: readonly [type: string, what: string, description?: string];
}

const rows: readonly Row[] = [
  {
    event: 'Local user: Creation',
    object: c.LENA,
    says: 'Created with login set to "lena".',
    type: 'create_user',
    action: 'create_users_login',
    changes: set('login', 'lena'),
    v2: ['create', 'users', 'create_users_login'],
  },
  {
    event: 'Local user: Metadata',
    object: c.LENA,
    says: 'Display name set to "Lena Okoro".',
    type: 'update_user',
    action: 'update_users_display_name',
    changes: set('display_name', 'Lena Okoro'),
    v2: ['update', 'users', 'update_users_display_name'],
  },
  {
    event: 'Local user: Authentication',
    object: c.LENA,
    says: `User ${who} logged in.`,
    type: 'account_login',
    action: 'users_logged_in',
  },
  {
    event: 'Local user: Password reset token',
    object: c.LENA,
    says: `A password reset token was generated for user ${who}.`,
    type: 'update_user',
    action: 'users_password_reset_token_generated',
  },
  {
    event: 'Local user: Password changed',
    object: c.LENA,
    says: `Password reset for user ${who}.`,
    type: 'update_user',
    action: 'users_password_reset',
    changes: [{ attribute: 'password' }],
  },
  {
    event: 'Local user: Revocation',
    object: c.LENA,
    says: 'User revoked.',
    type: 'update_user',
    action: 'users_revoked',
    changes: set('is_revoked', 'true'),
  },
  {
    event: 'Remote user: Revocation, reinstated',
    object: c.LENA,
    says: 'User reinstated.',
    type: 'update_user',
    action: 'users_reinstated',
    changes: set('is_revoked', 'false'),
  },
  {
    event: 'user deleted',
    object: c.LENA,
    says: `User lena.okoro (${c.LENA_ID}) deleted.`,
    type: 'delete_user',
    action: 'delete_users',
    v2: ['delete', 'users', 'delete_users'],
  },
  {
    event: 'Directory group: Importation',
    object: c.GROUP,
    says: 'Created with display name set to "Engineers".',
    type: 'create_group',
    action: 'create_user_groups_display_name',
    changes: set('display_name', 'Engineers'),
    v2: ['create', 'user_groups', 'create_user_groups_display_name'],
  },
  {
    event: 'Role: creation',
    object: c.ROLE,
    says: 'Created with "display_name" set to "Operators"',
    type: 'create_role',
    action: 'create_roles_display_name',
    changes: set('display_name', 'Operators'),
    v2: ['create', 'roles', 'create_roles_display_name'],
  },
  {
    event: 'Role: Metadata',
    object: c.ROLE,
    says: 'Description set to "Runs agents."',
    type: 'update_role',
    action: 'update_roles_description',
    changes: set('description', 'Runs agents.'),
    v2: ['update', 'roles', 'update_roles_description'],
  },
  {
    event: 'Role: Permissions, added',
    object: c.ROLE,
    says: 'Permission node_groups:modify_children:* added to role Operators',
    type: 'add_permission',
    action: 'update_roles_permissions_node_groups:modify_children:*',
    targets: [{ type: 'permission', name: 'node_groups:modify_children:*' }],
    changes: set('permissions', 'node_groups:modify_children:*'),
    v2: ['update', 'roles', 'update_roles_permissions_node_groups:modify_children:*'],
  },
  {
    event: 'Role: Permissions, removed',
    object: c.ROLE,
    says: `Permission users:edit:${c.LENA_ID} removed from role Operators.`,
    type: 'remove_permission',
    action: `update_roles_permissions_users:edit:${c.LENA_ID}`,
    targets: [{ type: 'permission', name: `users:edit:${c.LENA_ID}` }],
    changes: [{ attribute: 'permissions', old: `users:edit:${c.LENA_ID}` }],
    v2: ['update', 'roles', `update_roles_permissions_users:edit:${c.LENA_ID}`],
  },
  {
    event: 'Role: Delete',
    object: c.ROLE,
    says: 'Role Operators (7) deleted.',
    type: 'delete_role',
    action: 'delete_roles',
    v2: ['delete', 'roles', 'delete_roles'],
  },
  {
    event: 'Orchestration: Agent runs',
    object: c.NODE,
    says: 'Request Puppet agent run on web1.example.com via orchestrator job 12.',
    type: 'update_resource',
    action: 'request_puppet_agent_on_node',
    targets: [{ type: 'job', id: '12', name: '12' }],
    v2: ['run_puppet', 'node', 'request_puppet_agent_on_node'],
  },
  {
    event: 'Orchestration: Task runs',
    object: c.NODE,
    says: 'Request echo task on web1.example.com via orchestrator job 9,607',
    type: 'update_resource',
    action: 'request_echo_on_node',
    targets: [
      { type: 'job', id: '9607', name: '9607' },
      { type: 'task', id: 'echo', name: 'echo' },
    ],
    v2: ['run_task', 'node', 'request_echo_on_node'],
  },
  {
    event: 'Orchestration: plan task',
    object: c.NODE,
    says: 'Request "run task facts" on "web1.example.com" over "pcp" for job "22" via plan job "1"',
    type: 'update_resource',
    action: 'request_run_task_facts_on_node',
    targets: [
      { type: 'plan', id: '1', name: '1' },
      { type: 'job', id: '22', name: '22' },
    ],
    v2: ['plan_task', 'node', 'request_run_task_facts_on_node'],
  },
  {
    event: 'Authentication token: Creation',
    object: c.LENA,
    says: `${who} generated an authentication token.`,
    type: 'create_resource',
    action: 'tokens_generated',
    targets: [TOKEN],
  },
  {
    event: 'Authentication token: Direct revocation',
    object: c.LENA,
    says: `Administrator (${c.ADMIN_ID}) revoked an authentication token belonging to ${who}, issued at 2026-02-17T21:53:23.000Z and expiring at 2026-02-17T21:58:23.000Z.`,
    type: 'delete_resource',
    action: 'tokens_revoked',
    targets: [TOKEN],
    changes: [
      { attribute: 'issued_at', old: '2026-02-17T21:53:23.000Z' },
      { attribute: 'expires_at', old: '2026-02-17T21:58:23.000Z' },
    ],
  },
  {
    event: 'Authentication token: Revocation by username',
    object: c.LENA,
    says: `Administrator (${c.ADMIN_ID}) revoked all authentication tokens belonging to ${who}.`,
    type: 'delete_resource',
    action: 'tokens_revoked_all',
    targets: [TOKEN],
  },
  {
    event: 'Directory settings: Update',
    object: c.DIRECTORY,
    says: 'User rdn set to "ou=users".',
    type: 'update_security_configuration',
    action: 'directory_server_settings_set',
    changes: set('user_rdn', 'ou=users'),
  },
  {
    event: 'Directory settings: Password',
    object: c.DIRECTORY,
    says: 'Password updated.',
    type: 'update_security_configuration',
    action: 'directory_server_settings_password_updated',
    changes: [{ attribute: 'password' }],
  },
  {
    event: 'node group created',
    object: c.NODES,
    says: `Created the "Web servers" group with id ${c.NODES_ID}`,
    type: 'create_resource',
    action: 'create_node_group',
    v2: ['create', 'node_group', 'create_node_group'],
  },
  {
    event: 'node group deleted',
    object: c.NODES,
    says: `Deleted the "Web servers" group with id ${c.NODES_ID}`,
    type: 'delete_resource',
    action: 'delete_node_group',
    v2: ['delete', 'node_group', 'delete_node_group'],
  },
  ...(
    [
      ['description', 'description to "yolo"', 'yolo'],
      ['environment', 'environment to "production"', 'production'],
      ['environment_override', 'environment override setting to false', 'false'],
      ['parent', 'parent to 00000000-0000-4000-8000-000000000000', '00000000-0000-4000-8000-000000000000'],
      ['rule', 'rule to ["and" [">" ["fact" "cores"] "20"]]', '["and" [">" ["fact" "cores"] "20"]]'],
    ] as const
  ).map(
    ([attribute, says, value]): Row => ({
      event: `node group: ${attribute}`,
      object: c.NODES,
      says: `Changed the ${says}`,
      type: 'update_resource',
      action: `edit_node_group_${attribute}`,
      changes: set(attribute, value),
      v2: ['edit', `node_group_${attribute}`, `edit_node_group_${attribute}`],
    }),
  ),
  {
    event: 'node group: variable',
    object: c.NODES,
    says: 'Added the "port" variable',
    type: 'update_resource',
    action: 'add_node_group_variable_port',
    changes: set('variable', 'port'),
    v2: ['edit', 'node_group_variable', 'add_node_group_variable_port'],
  },
];

describe('every event that Puppet documents', () => {
  const cases = rows.map((row) => [row.event, row] as const);
  const expected = ({ object, type, targets = [], changes = [] }: Row) => ({
    type,
    outcome: 'success',
    actor: { id: c.ADMIN_ID, name: 'ines.roth', type: 'user' },
    targets: [target(object), ...targets],
    changes,
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
