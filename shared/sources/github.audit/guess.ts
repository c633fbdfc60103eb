import type { EventType } from '../../taxonomy.ts';
import type { Kind } from '../verbs.ts';

/** Acts that are told by the whole of their names, `prefix.verb`; the first that fits decides. */
const WHOLE: readonly (readonly [RegExp, EventType | null])[] = [
  // Money, notices and offers: the EMM has no word for them.
  [
    /^(staff|account|sponsors|user_session|repository_limit|billing\w*|metered_billing\w*|payment\w*|marketplace\w*)\./,
    null,
  ],
  [
    /_limit_(reached|warning)$|_limited|trial|billing_(signup|enabled|disabled)|seats_plan|\bplan_|report_(abuse|content)/,
    null,
  ],
  [/^repository_invitation\.accept$/, 'add_to_group'],
  [/invit(e_|ation)(?!_(permission|rate))|_installation_request\.|access_requested$|_token\.request_/, null],

  [
    /sso_response$|recovery_code_(used|failed)|\.(failed_)?login$|sign_in_from|correct_password|new_device/,
    'account_login',
  ],
  [/[._]logout$|revoke_sso_session/, 'account_logout'],
  [/device_verification|two_factor_(challenge|requested|recover$)|fallback_sms/, 'mfa_verification'],
  [
    /^(security_key|passkey|trusted_device|two_factor_authentication)\.(register|add|enabled|recovery)/,
    'add_enrollment',
  ],
  [/^(security_key|passkey|trusted_device|two_factor_\w+)\.(remove|disabled|two_factor_destroy)/, 'remove_enrollment'],

  [/\.(add_member|add_outside_collaborator|restore_member|add_(to_)?organization)$/, 'add_to_group'],
  [/\.(remove_member|remove_outside_collaborator|remove_(from_)?organization)$/, 'remove_from_group'],
  [/_alert\.(?!create|delete|destroy)/, 'update_resource'],
  [/(add|assign|promote)_?(\w*(manager|admin|maintainer|entitlee|moderator))$|manager_added$/, 'add_permission'],
  [/(remove|demote)_?(\w*(manager|admin|maintainer|entitlee|moderator))$|manager_removed$/, 'remove_permission'],
  [/access_(granted|allowed|reinstated)$|\.(grant|promote|assign)$|^team\.(add_repo|update_repo)/, 'add_permission'],
  [/access_revoked$|\.demote$|_(role|authorization)\.(revoke|deauthorize)$|^team\.remove_repo/, 'remove_permission'],
  [/^(organization_moderators|project_collaborator)\.(add|update)|^(org|repo)\.update_member$/, 'add_permission'],
  [/^(organization_moderators|project_collaborator)\.remove/, 'remove_permission'],

  [/oauth_app_access_approved$/, 'create_integration'],
  [/oauth_app_access_denied$/, 'delete_integration'],
  [/^migration\.create$|^git\.(clone|fetch|archive)$|download|[._]export|_printed$/, 'download_resource'],
  [/_viewed$|\.(view|viewed|read|list)(_|$)|^api\./, 'read_resource'],
  [/^(issue_dependencies|sub_issues)\.|_request\.(?!create|request)/, 'update_resource'],
];

/** What stands before the dot, by what it is; the first that fits decides, and everything else is a resource. */
const PREFIXES: readonly (readonly [RegExp, Kind])[] = [
  [/_request$|_alert$|^secret_scanning_scan$|^repository_advisory$/, 'resource'],
  [
    /secret_scanning|advanced_security|^(business_)?dependabot_(alerts|security|repository)|dependency_(graph|updates)|vulnerability_(alerts|alert_rule|reporting)|malware|security_(configuration|updates)|code_security|content_analysis/,
    'security_configuration',
  ],
  [
    /^protected_branch$|ruleset|required_status_check|branch_protection|^ip_allow_list|^ssh_certificate|^sso_|^private_repository_forking$|members_can_|_change$|^restrict_|^auto_approve_|_sync_tenant$|^team_discussions$|\.config$|^issues$/,
    'security_configuration',
  ],
  [
    /^(enterprise_installation|integration\w*|oauth_\w+|personal_access_token|audit_log_streaming|mcp_registry|app)$/,
    'integration',
  ],
  [
    /^(user|external_identity|profile_picture|user_email|user_status|social_identity|account_recovery_token|two_factor_\w+)$/,
    'user',
  ],
  [/^(team|enterprise_team|external_group|team_group_mapping)$/, 'group'],
  [/^(role|organization_role|enterprise_role)$/, 'role'],
];

/** Verbs of an account, an organization, an enterprise, a repository or a service that tell of one of its settings. */
const SETTING =
  /^(set|update|clear|enable|disable)_|^(saml|secret_scanning|advanced_security|code_scanning|code_security|secret_protection|cfb_\w*(settings|enablement|management)|swe_agent)_|(policy|policy_\w+|settings?|settings_\w+|permissions?|enabled|disabled|enable|disable|_protection_rule|enablement|enablement_updated|two_factor_methods?|merge_setting)$|(enabled|disabled)_(for|on)_|^required_workflow|codespaces_\w+_updated|policy_group|allowlist|exclusion|codeql/;
const OF_RUNNERS_AND_SECRETS = /(actions|integration)_secret$|_variable$|runner(?!s_policy)|analysis_deleted$/;

const CREATE =
  /^(create|recreate|provision|add|register|publish|submit|upload|open|enable|configure_self|request$|attempted_to_create)|_(created|added|published|create|enable|generated)$|(^|_)enabled(_|$)|_enable(_|$)/;
const DELETE =
  /^(destroy|delete|async_delete|remove|revoke|disable|deprovision|unregister)|^clear$|_(deleted|removed|destroy|delete|disable|cleared|unset|soft_delete)$|(^|_)disabled(_|$)|_disable(_|$)|credential_revoked$/;

/** The EMM type of an act that is in no table, by its prefix and verb. */
export function guessType(action: string): EventType | null {
  const dot = action.lastIndexOf('.');
  // GitHub has no names of such a length.
  if (dot < 1 || action.length > 200) return null;
  const whole = WHOLE.find(([name]) => name.test(action));
  if (whole !== undefined) return whole[1];
  const kind = kindOf(action.slice(0, dot), action.slice(dot + 1));
  return `${deedOf(kind, action.slice(dot + 1))}_${kind}`;
}

function kindOf(prefix: string, verb: string): Kind {
  if (OF_RUNNERS_AND_SECRETS.test(verb)) return 'resource';
  if (/block_user$|external_identity$|^cfb_seat_(?!management)|_opt_out$/.test(verb)) return 'user';
  if (/_comment$/.test(verb) && prefix === 'user') return 'resource';
  if (/access_restriction|auto_approve|expiration_limit/.test(verb)) return 'security_configuration';
  const found = PREFIXES.find(([name]) => name.test(prefix));
  if (found !== undefined) return found[1];
  if (/^(org|business)$/.test(prefix)) {
    if (/oauth_app_access/.test(verb)) return 'integration';
    if (/^(re)?(create|name|store)$|^(async_)?delete$|^(un)?archive$|^trans|^rename|^upgrade/.test(verb))
      return 'group';
  }
  if (/^(org|business|enterprise|repo|copilot|codespaces|environment|merge_queue|checks)$/.test(prefix)) {
    return SETTING.test(verb) ? 'security_configuration' : 'resource';
  }
  if (prefix === 'hook' && verb.endsWith('_changed')) return 'security_configuration';
  return 'resource';
}

function deedOf(kind: Kind, verb: string): 'create' | 'update' | 'delete' {
  // What is added to an account, a team or an app, or taken from it, leaves the account, the team or the app.
  if (kind === 'user' || kind === 'group') {
    if (/^(re)?create$|^provision$/.test(verb)) return 'create';
    return /^(async_)?delete$|^destroy$|^deprovision$/.test(verb) ? 'delete' : 'update';
  }
  if (kind === 'integration') {
    if (/^create$|_create$/.test(verb)) return 'create';
    return /^(destroy|delete|revoke)$|_(delete|revoked)$/.test(verb) ? 'delete' : 'update';
  }
  if (kind === 'resource' && /_topic$|_port$|pin|_workflow$|review_request$/.test(verb)) return 'update';
  if (DELETE.test(verb)) return 'delete';
  return CREATE.test(verb) ? 'create' : 'update';
}
