import type { Change, EventFacts, Target } from '../../../../shared/event/schema.ts';
import * as c from './commits.ts';

export type Thing = Parameters<typeof c.v1>[0];
const KINDS: Readonly<Record<string, string>> = {
  users: 'user',
  user_groups: 'group',
  roles: 'role',
  node_groups: 'node_group',
};
export const target = ([id, name, type]: Thing): Target => ({ type: KINDS[type] ?? type, id, name });
const TOKEN = { type: 'api_token' };
export const SAYS_LENA: Target = { type: 'user', id: c.LENA_ID, name: 'Lena Okoro' };
export const who = `Lena Okoro (${c.LENA_ID})`;
const set = (attribute: string, value: string): Change[] => [{ attribute, new: value }];

/**
 * An event that Puppet documents: its object, message, EMM type, what it is called in v1, its targets besides the object,
 * its changes, and how v2 has it.
 */
export interface Row {
  readonly event: string;
  readonly object: Thing;
  readonly says: string;
  readonly type: EventFacts['type'];
  readonly action: string;
  readonly targets?: readonly Target[];
  readonly changes?: readonly Change[];
  readonly v2?: readonly [type: string, what: string, description?: string];
}

export const rows: readonly Row[] = [
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
    event: 'Auth token: Creation',
    object: c.LENA,
    says: `${who} generated an authentication token.`,
    type: 'create_resource',
    action: 'tokens_generated',
    targets: [TOKEN],
  },
  {
    event: 'Auth token: Direct revocation',
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
    event: 'Auth token: Revocation by username',
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
  {
    event: 'Orchestration: scheduled run',
    object: c.NODES,
    says: 'Scheduled Puppet agent run on node group Web servers',
    type: 'update_resource',
    action: 'schedule_puppet_agent_on_node_group',
    v2: ['schedule_deploy', 'node_group', 'schedule_puppet_agent_on_node_group'],
  },
];

/** Who gets and loses roles, as a message calls each, and the plural that machine names have. */
export const members = [
  {
    event: 'Local user: Role membership',
    word: 'User',
    type: 'user',
    object: c.LENA,
    plural: 'users',
    name: 'Lena Okoro',
  },
  {
    event: 'Remote user: Role membership',
    word: 'User',
    type: 'user',
    object: c.REMOTE,
    plural: 'users',
    name: 'Timo Vance',
  },
  {
    event: 'Directory group: Role membership',
    word: 'Group',
    type: 'group',
    object: c.GROUP,
    plural: 'user_groups',
    name: 'Engineers',
  },
] as const;

/** The events of Puppet's own list (https://help.puppet.com/pe/current/topics/activity_api_event_types.htm). */
export const DOCUMENTED = [
  ...['Local user: Creation', 'Local user: Metadata', 'Local user: Role membership', 'Local user: Authentication'],
  ...['Local user: Password reset token', 'Local user: Password changed', 'Local user: Revocation'],
  ...['Remote user: Role membership', 'Remote user: Revocation'],
  ...['Directory group: Importation', 'Directory group: Role membership'],
  ...['Role: Metadata', 'Role: Members', 'Role: Permissions', 'Role: Delete'],
  ...['Orchestration: Agent runs', 'Orchestration: Task runs'],
  ...['Auth token: Creation', 'Auth token: Direct revocation', 'Auth token: Revocation by username'],
  ...['Directory settings: Update', 'Directory settings: Password'],
];
