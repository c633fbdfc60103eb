import type { Change, Target } from '../../event/schema.ts';
import type { EventType } from '../../taxonomy.ts';
import { entryOf } from '../read.ts';
import { UNNAMED } from './actions.ts';
import { snake } from './kind.ts';

/** What a message says. */
export interface Reading {
  /** What such an event is called where Puppet gives it no machine name, as v1 does. */
  readonly action: string;
  readonly type: EventType | null;
  readonly targets: readonly Target[];
  readonly changes: readonly Change[];
  /** Set for the giving or taking of a role, which is told twice: by the user or group, and by the role. */
  readonly membership?: Membership;
}

export interface Membership {
  readonly member: Target;
  readonly role: string;
  readonly isAdded: boolean;
}

/** Longer messages are not read: backtracking over them takes too long. */
const LONGEST = 8192;

/** `Jean Jackson (973c0cee-5ed3-11e4-aa15-123b93f75cba)` */
const WHO = '"?(.+?)"? \\(([^()]+)\\)';
const rule = (pattern: string) => new RegExp(`^${pattern}`, 's');

/** Reads a message's groups, without the whole, knowing the kind of the commit's object. */
type Read = (groups: readonly (string | undefined)[], kind: string) => Reading;

/**
 * Every message that is known, by https://help.puppet.com/pe/current/topics/activity_api_event_types.htm and by what servers
 * sent. Newer versions quote the names of attributes and things, older ones values only.
 */
const RULES: readonly (readonly [pattern: RegExp, read: Read])[] = [
  [rule(`(User|Group) ${WHO} (added to|removed from) role (.+)$`), membership],
  [rule('Permission (\\S+) (added to|removed from) role (.+)$'), permission],
  [rule(`User ${WHO} logged in\\b`), ([name, id]) => unnamed('users_logged_in', [named('user', id, name)])],
  [
    rule(`A password reset token was generated for user ${WHO}\\.?$`),
    ([name, id]) => unnamed('users_password_reset_token_generated', [named('user', id, name)]),
  ],
  [
    rule(`Password reset for user ${WHO}\\.?$`),
    ([name, id]) => unnamed('users_password_reset', [named('user', id, name)], [set('password')]),
  ],
  [rule('User (?:.+ )?(revoked|reinstated)\\.?$'), ([deed]) => revocation(deed === 'revoked')],
  [rule(`(User group|Group|User|Role) ${WHO} deleted\\b`), deletion],
  [
    rule(`${WHO} generated an authentication token\\b`),
    ([name, id]) => unnamed('tokens_generated', [TOKEN, named('user', id, name)]),
  ],
  [rule(`.+? revoked (an|all) authentication tokens? belonging to ${WHO}(?:, (.*?))?\\.?$`), tokenRevocation],
  [rule('Password updated\\b'), () => unnamed('directory_server_settings_password_updated', [], [set('password')])],
  [rule('Created with "?(.+?)"? set to (.*)$'), ([name, value], kind) => attribute('create', kind, snake(name), value)],
  [rule('"?([^"]+?)"? set to (.*)$'), ([name, value], kind) => attribute('update', kind, snake(name), value)],

  [
    rule('Request Puppet agent run on (\\S+)(?: .*?via orchestrator job (\\S+))?'),
    ([node, job]) => run('puppet_agent', [named('node', node), numbered('job', job)]),
  ],
  [
    rule('Request (.+?) task on (\\S+)(?: over \\S+)?(?: via orchestrator job (\\S+))?'),
    ([task, node, job]) => run(snake(task), [numbered('job', job), named('task', task), named('node', node)]),
  ],
  [
    rule('Request (.+?) on (\\S+)(?: over \\S+)? for job (\\S+) via plan job (\\S+)'),
    ([what, node, job, plan]) => run(snake(what), [numbered('plan', plan), numbered('job', job), named('node', node)]),
  ],
  [rule('Scheduled? '), () => reading('schedule_puppet_agent_on_node_group', 'update_resource')],
  [rule('Deploy(ed|ing)?\\b'), () => unnamed('code_deployed', [])],

  [
    rule('Created the (.+) group with id (\\S+)'),
    ([name, id]) => reading('create_node_group', 'create_resource', [named('node_group', id, name)]),
  ],
  [
    rule('Deleted the (.+) group with id (\\S+)'),
    ([name, id]) => reading('delete_node_group', 'delete_resource', [named('node_group', id, name)]),
  ],
  [
    rule('Changed the (.+?)(?: setting)? to (.*)$'),
    ([what, value]) =>
      reading(`edit_node_group_${snake(what)}`, 'update_resource', [], [{ attribute: snake(what), new: bare(value) }]),
  ],
  [rule('(Added|Removed|Deleted) the ("[^"]*"|\\S+) ([a-z ]+)'), part],
];

/** Reads a message about an object of this kind; undefined when it is none that is known. */
export function readMessage(message: string, kind: string): Reading | undefined {
  if (message.length > LONGEST) return undefined;
  for (const [pattern, read] of RULES) {
    const match = pattern.exec(message);
    if (match) return read(match.slice(1), kind);
  }
  return undefined;
}

const TOKEN: Target = { type: 'api_token' };

function reading(
  action: string,
  type: EventType | null,
  targets: readonly (Target | undefined)[] = [],
  changes: readonly Change[] = [],
): Reading {
  return { action, type, targets: targets.filter((one) => one !== undefined), changes };
}

function unnamed(action: string, targets: readonly (Target | undefined)[], changes: readonly Change[] = []): Reading {
  return reading(action, entryOf(UNNAMED, action) ?? null, targets, changes);
}

function membership([kind, name, id, deed, inRole]: readonly (string | undefined)[]): Reading {
  const isAdded = deed === 'added to';
  const role = bare(inRole);
  const member = { type: kind === 'User' ? 'user' : 'group', id: bare(id), name: bare(name) };
  return {
    action: `update_${kind === 'User' ? 'users' : 'user_groups'}_user_ids`,
    type: isAdded ? 'add_permission' : 'remove_permission',
    targets: [member, { type: 'role', name: role }],
    changes: [{ attribute: 'roles', [isAdded ? 'new' : 'old']: role }],
    membership: { member, role, isAdded },
  };
}

function permission([what, deed, inRole]: readonly (string | undefined)[]): Reading {
  const isAdded = deed === 'added to';
  const change = { attribute: 'permissions', [isAdded ? 'new' : 'old']: bare(what) };
  return reading(
    `update_roles_permissions_${bare(what)}`,
    isAdded ? 'add_permission' : 'remove_permission',
    [named('role', undefined, inRole), named('permission', undefined, what)],
    [change],
  );
}

function revocation(isRevoked: boolean): Reading {
  const change = { attribute: 'is_revoked', new: String(isRevoked) };
  return unnamed(isRevoked ? 'users_revoked' : 'users_reinstated', [], [change]);
}

const DELETED: Readonly<Record<string, readonly [kind: string, objects: string, type: EventType]>> = {
  User: ['user', 'users', 'delete_user'],
  Role: ['role', 'roles', 'delete_role'],
  Group: ['group', 'user_groups', 'delete_group'],
  'User group': ['group', 'user_groups', 'delete_group'],
};

function deletion([what, name, id]: readonly (string | undefined)[]): Reading {
  const [kind, objects, type] = entryOf(DELETED, what) ?? ['object', 'objects', 'delete_resource'];
  return reading(`delete_${objects}`, type, [named(kind, id, name)]);
}

function tokenRevocation([which, name, id, rest]: readonly (string | undefined)[]): Reading {
  const [, issued, expires] = /^issued at (\S+) and expiring at (\S+)$/.exec(rest ?? '') ?? [];
  return unnamed(
    which === 'all' ? 'tokens_revoked_all' : 'tokens_revoked',
    [TOKEN, named('user', id, name)],
    [
      ...(issued === undefined ? [] : [{ attribute: 'issued_at', old: issued }]),
      ...(expires === undefined ? [] : [{ attribute: 'expires_at', old: expires }]),
    ],
  );
}

const OWNERS: Readonly<Record<string, readonly [objects: string, kind: 'user' | 'group' | 'role']>> = {
  user: ['users', 'user'],
  group: ['user_groups', 'group'],
  role: ['roles', 'role'],
};

function attribute(deed: 'create' | 'update', kind: string, name: string, value: string | undefined): Reading {
  const changes = [{ attribute: name, new: bare(value) }];
  const owner = entryOf(OWNERS, kind);
  if (owner) return reading(`${deed}_${owner[0]}_${name}`, `${deed}_${owner[1]}`, [], changes);
  if (/directory|ldap|saml/.test(kind)) return unnamed('directory_server_settings_set', [], changes);
  return reading(`${deed}_${kind}_${name}`, `${deed}_resource`, [], changes);
}

function run(what: string, targets: readonly (Target | undefined)[]): Reading {
  return reading(`request_${what}_on_node`, 'update_resource', targets);
}

function part([deed, name, what]: readonly (string | undefined)[]): Reading {
  const isAdded = deed === 'Added';
  const kind = snake(what);
  return reading(
    `${isAdded ? 'add' : 'delete'}_node_group_${kind}_${bare(name)}`,
    'update_resource',
    [],
    [{ attribute: kind, [isAdded ? 'new' : 'old']: bare(name) }],
  );
}

/** A password is changed, and its value rightly not told. */
function set(name: string): Change {
  return { attribute: name };
}

function named(type: string, id: string | undefined, name: string | undefined = id): Target | undefined {
  const known = id ?? name;
  if (known === undefined) return undefined;
  return { type, ...(id !== undefined && { id: bare(id) }), name: bare(name) };
}

/** Jobs are numbered, with thousands separators in some versions. */
function numbered(type: string, number: string | undefined): Target | undefined {
  return named(type, number && bare(number).replace(/(?<=\d),(?=\d)/g, ''));
}

/** A value without its quotes and without the sentence's full stop. */
function bare(value = ''): string {
  const quoted = /^"(.*)"\.?$/s.exec(value)?.[1];
  return quoted ?? value.replace(/\.$/, '');
}
