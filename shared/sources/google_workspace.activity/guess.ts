import type { EventType } from '../../taxonomy.ts';
import { entryOf } from '../read.ts';
import { type Deed, deedOf, type Kind, typeOfDeed, wordsOf } from '../verbs.ts';

/** What a name must match, its words in lower case joined by `_`, and the type it then has; the first that matches wins. */
type Rules = readonly (readonly [RegExp, EventType | null | Kind])[];

/** Verbs that only Google uses. */
const VERBS: Readonly<Record<string, Deed>> = {
  insert: 'create',
  creation: 'create',
  allow: 'create',
  authorize: 'create',
  block: 'create',
  trust: 'create',
  posted: 'create',
  trash: 'delete',
  deletion: 'delete',
  disallow: 'delete',
  unblock: 'delete',
  untrust: 'delete',
  cancel: 'delete',
  drop: 'delete',
  wipe: 'delete',
  wiped: 'delete',
  print: 'download',
  verify: 'update',
  skip: 'update',
  issue: 'update',
  send: 'update',
  release: 'update',
  untrash: 'update',
};

/** Deeds in the application `admin` that are told by more than verb and object. */
const ADMIN_DEEDS: Rules = [
  [/notification_sent$/, null],
  [/^delete_.*_(codes|dump|monitor)/, 'delete_resource'],
  [/^download|_download$|_export(_|$)|takeout|^request_.*_(dump|info)$/, 'download_resource'],
  [/_search$|_query$/, 'query_resource'],
  [/^view_.*password/, 'read_user'],
  [/^view|_view$|_list_|content_access$|drilldown$/, 'read_resource'],
  [/^(revoke|unenroll|turn_off|remove|disable)_.*(key|strong_auth|titanium|step)|passkey_revoked/, 'remove_enrollment'],
  [/(key|passkey)_registered|^user_enrolled|^generate_.*codes/, 'add_enrollment'],
  [/^(grant|add|assign)_.*privileges?$|^assign_role/, 'add_permission'],
  [/^(revoke|remove|unassign)_.*privileges?$|^unassign_role/, 'remove_permission'],
  [/^add_group_member|group_member_bulk_upload/, 'add_to_group'],
  [/^remove_group_member/, 'remove_from_group'],
  [/^(org|chrome)_.*licenses?_(?!reservation)/, 'update_resource'],
];

/** What the events of each type of the application `admin` are about. */
const KIND_OF_CATEGORY: Readonly<Record<string, Kind>> = {
  USER_SETTINGS: 'user',
  LICENSES_SETTINGS: 'user',
  GROUP_SETTINGS: 'group',
  DELEGATED_ADMIN_SETTINGS: 'role',
  SECURITY_SETTINGS: 'security_configuration',
  APPLICATION_SETTINGS: 'integration',
};

/** What an event of the application `admin` is about, by the nouns in its name. */
const ADMIN_OBJECTS: Rules = [
  [/license_reservation|enrollment_token|^play/, 'resource'],
  [/license/, 'user'],
  [/(trusted|blocked)_(oauth2|domain)|on_device_access/, 'security_configuration'],
  [/two_step|2_?sv|strong_auth/, 'security_configuration'],
  [/^revoke_(3_?lo|asp)|oauth|api_client|managed_configuration|gateway|consumer/, 'integration'],
  [/(add|remove|create|change|delete)_(mobile_)?application(_|$)(?!p)|application_to_whitelist/, 'integration'],
  [/role$/, 'role'],
  [/groups?(_|$)(?!based)/, 'group'],
  [/email_setting$|wireless_network/, 'resource'],
  [/settings?(_|$)|_rule|^rule|_alert|^alert|certificate|sso|ssl|open_id|relay|caa|pin$/, 'security_configuration'],
  [
    /(api|app|apps|reseller)_access|password_(m|rec|reset)|session_length|programmatic|mobile_management/,
    'security_configuration',
  ],
  [
    /localization|contact_sharing$|ip_whitelist|activity_trace|conflict|device_management|service_enabled/,
    'security_configuration',
  ],
  [/org_unit$|data_transfer|monitor|^mobile|domain|device|calendar|building|organization_name|_logo/, 'resource'],
  [/users?(_|$)|nickname|recovery|birthdate|(first|last)_name|password|cookies|invit|bulk_upload/, 'user'],
];

const WITHOUT_TYPE: Rules = [[/./, null]];

/** Rules of the other applications; what matches none is a deed done to a resource. */
const APPLICATIONS: Readonly<Record<string, Rules>> = {
  login: [
    [/^account_disabled|_edit$|forwarding/, 'update_user'],
    [/challenge|verification$/, 'mfa_verification'],
    [/logout/, 'account_logout'],
    [/login|sensitive_action/, 'account_login'],
    [/unenroll|disable|remove/, 'remove_enrollment'],
    [/enroll/, 'add_enrollment'],
    [/./, null],
  ],
  saml: [
    [/logout/, 'account_logout'],
    [/login/, 'account_login'],
  ],
  context_aware_access: [
    [/monitor/, null],
    [/deny|denied/, 'account_login'],
  ],
  token: [
    [/authorize|grant/, 'create_integration'],
    [/revoke/, 'delete_integration'],
    [/./, 'read_resource'],
  ],
  groups: [
    [/setting|email_subscription|role$/, 'update_group'],
    [/^(add|accept|approve|join)/, 'add_to_group'],
    [/^(remove|ban|unsubscribe)/, 'remove_from_group'],
    [/acl|permission/, 'add_permission'],
    [/invit|request|reject|moderate/, null],
    [/^(create|delete)_/, 'group'],
    [/./, 'update_group'],
  ],
  drive: [
    [/reconciled$|usage|request/, null],
    [/settings_change$/, 'update_security_configuration'],
    [/membership_change$|access_change$|^change_.*(access|visibility|acl|owner|editors)/, 'add_permission'],
    [/^(approval|label|add|remove)_|_lock$|^publish|folder/, 'update_resource'],
    [/^(edit|reassign|reopen|resolve)/, 'update_resource'],
    [/range$|^access/, 'read_resource'],
    [/^email_as|^sync|^download|^print/, 'download_resource'],
  ],
  calendar: [
    [/^interop|^notification/, null],
    [/acl/, 'add_permission'],
    [/guest|^transfer|restore/, 'update_resource'],
  ],
  keep: [[/acl/, 'add_permission']],
  data_studio: [[/^change_.*(access|visibility)/, 'add_permission']],
  chat: [
    [/^add_.*member|invite_accept/, 'add_to_group'],
    [/_left$|^remove_.*member/, 'remove_from_group'],
  ],
  mobile: [
    [/failed|compromised|suspicious/, null],
    [/register/, 'create_resource'],
    [/./, 'update_resource'],
  ],
  chrome: [
    [/logout/, 'account_logout'],
    [/login/, 'account_login'],
    [/_user$/, 'update_resource'],
    [/./, null],
  ],
  meet: WITHOUT_TYPE,
  gmail: WITHOUT_TYPE,
  rules: WITHOUT_TYPE,
};
const SAME_AS: Readonly<Record<string, string>> = { user_accounts: 'login', groups_enterprise: 'groups' };

/** Beyond what Google's longest names have. */
const LONGEST_NAME = 200;

/**
 * The EMM type of an event that is in no table: by its application's rules, then by verb and object.
 *
 * @param key `application.NAME`, as in the table of actions; a name alone is taken for one of `admin`.
 * @param category the event's `type` (`USER_SETTINGS` …), where it is known.
 */
export function guessType(key: string, category?: string): EventType | null {
  const dot = key.indexOf('.');
  const application = dot === -1 ? 'admin' : key.slice(0, dot).toLowerCase();
  const words = wordsOf(key.slice(dot + 1, dot + 1 + LONGEST_NAME));
  const name = words.join('_');
  if (application !== 'admin') {
    const found = match(entryOf(APPLICATIONS, entryOf(SAME_AS, application) ?? application) ?? [], name);
    return found === undefined ? typeOf(verbIn(words), 'resource') : typeOf(verbIn(words), found);
  }
  const deed = match(ADMIN_DEEDS, name);
  if (deed !== undefined) return typeOf(verbIn(words), deed);
  if (category === 'DOMAIN_SETTINGS' && /^(toggle|change)_/.test(name)) return 'update_security_configuration';
  const kind = entryOf(KIND_OF_CATEGORY, category) ?? match(ADMIN_OBJECTS, name) ?? 'resource';
  // To add a nickname to a user, or to cancel an invitation, changes the user.
  if (kind === 'user' && !/^(create|delete|view)_|bulk_upload/.test(name)) return 'update_user';
  return typeOf(verbIn(words), kind);
}

function match(rules: Rules, name: string): EventType | null | Kind | undefined {
  return rules.find(([pattern]) => pattern.test(name))?.[1];
}

/** The first verb of a name; "login", "logout" and "new" are none in `CHANGE_LOGIN_…` and `TOGGLE_NEW_…`. */
function verbIn(words: readonly string[]): Deed | undefined {
  for (const word of words.filter((it) => it !== 'new')) {
    const deed = entryOf(VERBS, word) ?? deedOf(word);
    if (deed !== undefined && deed !== 'login' && deed !== 'logout') return deed;
  }
  return undefined;
}

const KINDS = new Set<string>(['user', 'group', 'role', 'security_configuration', 'integration', 'resource']);

function isKind(value: string): value is Kind {
  return KINDS.has(value);
}

function typeOf(deed: Deed | undefined, what: EventType | null | Kind): EventType | null {
  if (what === null || !isKind(what)) return what;
  // Most names without a verb tell that something is set up in another way.
  if (deed === undefined && what !== 'resource') return `update_${what}`;
  if (deed === 'read' && what !== 'user') return 'read_resource';
  return typeOfDeed(deed, what);
}
