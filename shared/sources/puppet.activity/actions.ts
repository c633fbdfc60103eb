import { EVENT_TYPES, type EventType } from '../../taxonomy.ts';
import type { ActionTable } from '../source.ts';
import { wordsOf } from '../verbs.ts';

/**
 * The machine names of Puppet Enterprise's events (`description` in v2), where `*` is an id or name that the name ends or is
 * filled with. Whether a role or permission was given or taken is in the message only: such events are refined there.
 */
export const DESCRIPTIONS: ActionTable = {
  // Users
  create_users_login: 'create_user',
  create_users_display_name: 'create_user',
  create_users_email: 'create_user',
  update_users_login: 'update_user',
  update_users_display_name: 'update_user',
  update_users_email: 'update_user',
  'update_users_user_ids_*': 'add_permission',
  delete_users: 'delete_user',

  // Directory groups
  create_user_groups_display_name: 'create_group',
  create_user_groups_login: 'create_group',
  'update_user_groups_user_ids_*': 'add_permission',
  delete_user_groups: 'delete_group',

  // Roles
  create_roles_display_name: 'create_role',
  create_roles_description: 'create_role',
  update_roles_display_name: 'update_role',
  update_roles_description: 'update_role',
  'update_roles_user_ids_*': 'add_permission',
  'update_roles_permissions_*': 'add_permission',
  delete_roles: 'delete_role',

  // Node groups
  create_node_group: 'create_resource',
  delete_node_group: 'delete_resource',
  edit_node_group_description: 'update_resource',
  edit_node_group_environment: 'update_resource',
  edit_node_group_environment_override: 'update_resource',
  edit_node_group_parent: 'update_resource',
  edit_node_group_rule: 'update_resource',
  'add_node_group_variable_*': 'update_resource',
  'add_node_group_class_parameter_*': 'update_resource',
  'delete_node_group_class_parameter_*': 'update_resource',

  // Orchestration
  'request_*_on_node': 'update_resource',
  schedule_puppet_agent_on_node_group: 'update_resource',
};

/**
 * Events whose machine name is not published. These names are given here, to events of v1, which has no machine names; v2
 * has Puppet's own, whatever they are.
 */
export const UNNAMED: ActionTable = {
  users_logged_in: 'account_login',
  users_password_reset_token_generated: 'update_user',
  users_password_reset: 'update_user',
  users_revoked: 'update_user',
  users_reinstated: 'update_user',
  tokens_generated: 'create_resource',
  tokens_revoked: 'delete_resource',
  tokens_revoked_all: 'delete_resource',
  directory_server_settings_set: 'update_security_configuration',
  directory_server_settings_password_updated: 'update_security_configuration',
  code_deployed: 'update_resource',
};

/** Every action of this source and its EMM type. */
export const ACTIONS: ActionTable = { ...DESCRIPTIONS, ...UNNAMED };

const PATTERNS = Object.entries(DESCRIPTIONS).map(([name, type]) => {
  const pattern = name.replace(/_\*$/, '(?:_.*)?').replace('*', '.+');
  return [new RegExp(`^${pattern}$`, 's'), type] as const;
});

/** The EMM type of a machine name that the table has, with whatever ids or names are in it. */
export function typeOfDescription(description: string): EventType | null | undefined {
  return PATTERNS.find(([pattern]) => pattern.test(description))?.[1];
}

/** The EMM type of an action that is in no table: machine names are a verb, the kind of thing, and what of it. */
export function guessType(action: string): EventType | null {
  const words = wordsOf(action);
  const name = words.join('_');
  if (/logged_in$|^log_?in(_|$)/.test(name)) return 'account_login';
  // Of roles: what they permit, and who has them.
  if (/_(user_ids|group_ids|permissions)(_|$)/.test(name))
    return /^(remove|delete)_/.test(name) ? 'remove_permission' : 'add_permission';
  if (/directory|ldap|saml/.test(name)) return 'update_security_configuration';
  const kind = kindIn(name);
  const deed = deedIn(words);
  if (deed === undefined) return null;
  // What is added to a thing or deleted from it changes that thing.
  if (/^(add|delete|remove)_node_group_./.test(name)) return 'update_resource';
  return `${deed}_${kind}`;
}

function kindIn(name: string): 'user' | 'group' | 'role' | 'resource' {
  if (/(^|_)users?_groups?(_|$)/.test(name)) return 'group';
  if (/(^|_)users?(_|$)/.test(name)) return 'user';
  return /(^|_)roles?(_|$)/.test(name) ? 'role' : 'resource';
}

const DEEDS: readonly (readonly ['create' | 'update' | 'delete', RegExp])[] = [
  ['create', /^(create|add|import|generate)(d|ed)?$/],
  ['delete', /^(delete|remove|purge|revoke)(d|ed)?$/],
  ['update', /^(update|edit|change|set|request|schedule|run|plan|deploy|reset|reinstate)(d|ed)?$/],
];

/** The first verb decides. A user who is revoked, or whose password is reset, is still there. */
function deedIn(words: readonly string[]): 'create' | 'update' | 'delete' | undefined {
  if (words[0] === 'users') return 'update';
  for (const word of words) {
    const found = DEEDS.find(([, verb]) => verb.test(word));
    if (found) return found[0];
  }
  return undefined;
}

/** The EMM types that events of this source can have. */
export const MAPPED_TYPES: readonly EventType[] = EVENT_TYPES.filter(
  (type) => Object.values(ACTIONS).includes(type) || type === 'remove_permission' || type === 'update_group',
);
