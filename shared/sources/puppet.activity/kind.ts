import type { Activity, Commit, CommitObject } from './commit.ts';

/** What Puppet's object types are called here; others keep their name. */
const KINDS: Readonly<Record<string, string>> = {
  users: 'user',
  user: 'user',
  user_groups: 'group',
  user_group: 'group',
  roles: 'role',
  role: 'role',
  node_groups: 'node_group',
  node: 'node',
  nodes: 'node',
  tokens: 'api_token',
};

/** The kind that a machine name speaks of: `update_roles_description`, `edit_node_group_rule`. */
const IN_NAME = /^[a-z]+_(users|user_groups|roles|node_group|directory_server_settings)(?:_|$)/;
const IN_MESSAGE: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['node_group', /^(?:(?:Created|Deleted) the "?.*"? group with id|Changed the |(?:Added|Removed|Deleted) the )/s],
  ['node_group', /^Scheduled? .{0,500}\bnode group\b/s],
  ['node', /^Request .+ on /s],
  ['role', /^(?:Role .+ deleted|Permission .+ (?:added to|removed from) role)/s],
  ['group', /^(?:User group|Group) .+\([^()]+\)/s],
  ['user', /^User (?:.+\([^()]+\)|.*(?:revoked|reinstated)\.?$)/s],
  ['user', /authentication token|^A password reset token|^Password reset for user/],
  ['directory_server_settings', /^Password updated/],
];

const WORD = /^(?:Created with )?"?([^"]+?)"? set to /s;
/** No attribute's name is longer. */
const LONGEST = 512;
const OF_MEMBERS = new Set(['login', 'email', 'display_name', 'description']);

export function kindCalled(type: string): string {
  return Object.hasOwn(KINDS, type) ? (KINDS[type] ?? type) : type.toLowerCase();
}

/** What a commit's object is: its type, else what the event's own words say, else the shape of its id. */
export function kindOf(object: CommitObject | undefined, activity: Activity, commit: Commit): string {
  if (object?.type !== undefined) return kindCalled(object.type);
  const named = IN_NAME.exec(activity.description ?? '')?.[1] ?? activity.what;
  if (named !== undefined) return kindCalled(named);
  const told = IN_MESSAGE.find(([, pattern]) => pattern.test(activity.message))?.[0];
  if (told !== undefined) return told;
  return kindOfAttributes(object, activity, commit);
}

/** In v1, by what is set: users have a login and an e-mail address, roles a description, and all of these a display name. */
function kindOfAttributes(object: CommitObject | undefined, { message }: Activity, { activities }: Commit): string {
  const attribute = attributeIn(message);
  const all = activities.map((one) => attributeIn(one.message)).filter((one) => one !== undefined);
  const isCreation = message.startsWith('Created with ');
  if (attribute !== undefined && !isCreation && all.some((one) => !OF_MEMBERS.has(one)))
    return 'directory_server_settings';
  if (attribute !== undefined && all.some((one) => one === 'login' || one === 'email')) return 'user';
  // Only roles are numbered; users and groups have UUIDs.
  if (attribute === 'description' || all.includes('description') || /^\d+$/.test(object?.id ?? '')) return 'role';
  if (attribute !== 'display_name') return 'object';
  // A user who is created has a login too; a group that is imported need not; its name can't be changed later.
  return isCreation ? 'group' : 'user';
}

/** The attribute that a message says is set, in snake case. */
export function attributeIn(message: string): string | undefined {
  const word = WORD.exec(message.slice(0, LONGEST))?.[1];
  return word === undefined ? undefined : snake(word);
}

/** Words of a message as Puppet's machine names have them: `display name` is `display_name`. */
export function snake(words = ''): string {
  return words
    .replaceAll('"', '')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}
