import { EVENT_TYPES, type EventType } from '../../taxonomy.ts';
import { entryOf } from '../read.ts';
import type { ActionTable } from '../source.ts';

/** The EMM type of each action on one thing, in lower case; `action attribute` where only that attribute has it. */
type Rules = Readonly<Record<string, EventType>>;

/**
 * What Ardexa logs (https://docs.ardexa.com/knowledge/app.ardexa/search/audit_logs) by the thing acted upon, which is the
 * row's controller or entity: the documentation does not always say which. Permissions that are taken away, searches that
 * are no longer shared and network settings that are sent as a file are told apart in refine.ts.
 */
const RULES: Readonly<Record<string, Rules>> = {
  // People and groups
  auth: { login: 'account_login', 'mfa login': 'mfa_verification' },
  me: { update: 'update_user', 'request email change': 'update_user', 'change password': 'update_user' },
  org: {
    'update permissions': 'add_permission',
    invite: 'create_user',
    remove: 'delete_user',
    accept: 'add_to_group',
  },
  'device-group': { create: 'create_group', update: 'update_group', delete: 'delete_group' },

  // Settings and integrations
  'workgroup-setting': {
    create: 'create_security_configuration',
    update: 'update_security_configuration',
    delete: 'delete_security_configuration',
  },
  externalsources: { create: 'create_integration', delete: 'delete_integration' },
  plugin: { install: 'create_integration', uninstall: 'delete_integration' },

  // Devices
  device: {
    create: 'create_resource',
    update: 'update_resource',
    'update certificate': 'update_security_configuration',
    move: 'update_resource',
    remove: 'delete_resource',
    delete: 'delete_resource',
    send: 'create_resource',
    get: 'download_resource',
    run: 'query_resource',
  },
  websocket_device: {
    refresh_meta: 'read_resource',
    run_cmd: 'update_resource',
    apply_config: 'update_security_configuration',
    open_tunnel: 'read_resource',
    start_tunnel_session: 'read_resource',
  },
  remote_web: { start_session: 'read_resource' },

  // Data
  lookuptable: { create: 'create_resource', update: 'update_resource', delete: 'delete_resource' },
  alert: { create: 'create_resource', update: 'update_resource', delete: 'delete_resource' },
  search: { update: 'update_resource', share: 'add_permission' },
  storage: { delete: 'delete_resource' },
  job: { 'bulk-run': 'query_resource' },
};

/** The same actions by their name alone, as Ardexa spells them, for things that are not in {@link RULES}. */
export const ACTIONS: ActionTable = {
  login: 'account_login',
  Login: 'account_login',
  'MFA login': 'mfa_verification',
  'Change password': 'update_user',
  'Request email change': 'update_user',
  invite: 'create_user',
  remove: 'delete_resource',
  accept: 'add_to_group',
  share: 'add_permission',
  create: 'create_resource',
  update: 'update_resource',
  Update: 'update_resource',
  delete: 'delete_resource',
  move: 'update_resource',
  send: 'create_resource',
  get: 'download_resource',
  run: 'query_resource',
  'bulk-run': 'query_resource',
  install: 'create_integration',
  uninstall: 'delete_integration',
  apply_config: 'update_security_configuration',
  run_cmd: 'update_resource',
  refresh_meta: 'read_resource',
  start_session: 'read_resource',
  open_tunnel: 'read_resource',
  start_tunnel_session: 'read_resource',
  // An end of access, and what devices report by themselves
  close_tunnel: null,
  offline: null,
  online: null,
};

const BY_LOWER_CASE: ActionTable = Object.fromEntries(
  Object.entries(ACTIONS).map(([action, type]) => [action.toLowerCase(), type]),
);

/** The EMM types that rows can have. */
export const MAPPED_TYPES: readonly EventType[] = EVENT_TYPES.filter(
  (type) =>
    type === 'remove_permission' ||
    [ACTIONS, ...Object.values(RULES)].some((table) => Object.values(table).includes(type)),
);

/** Which of a row's things, its controller before its entity, the documentation knows the action on, and its EMM type. */
export function ruleOf(
  action: string,
  things: readonly string[],
  attribute: string,
): { readonly thing: string; readonly type: EventType } | undefined {
  for (const thing of things) {
    const rules = entryOf(RULES, thing) ?? {};
    const type = entryOf(rules, `${action} ${attribute}`) ?? entryOf(rules, action);
    if (type !== undefined) return { thing, type };
  }
  return undefined;
}

/** The EMM type of an action by its name alone, in lower case; undefined for one that is not documented. */
export function typeOfName(action: string): EventType | null | undefined {
  return entryOf(BY_LOWER_CASE, action);
}
