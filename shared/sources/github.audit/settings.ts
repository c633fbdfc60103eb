import type { JsonObject } from '../../json.ts';

/** Fields that only hold what an act set, wherever they are. */
const ALWAYS =
  /^(updated_|repositories_(added|removed)$|ruleset_(enforcement|rules|conditions|bypass_actors)|security_configuration_(?!id$|name$)|default_for_new_|runner_group_(allow|restricted|selected))|_enforcement_level$|^(admin_enforced|allowed_values|approvers|authorized_actor_names|authorized_actors|authorized_actors_only|base_role|can_admins_bypass|cname|conclusion|create_protected|custom_instructions|default_branch|default_value|dismiss_stale_reviews_on_push|enablement|enforcement|excluded_paths|exempt_administrators|failover_network_enabled|failover_network_settings_ids|ignore_approvals_from_contributors|limit|lock_allows_fetch_and_merge|max_entries_to_build|min_entries_to_merge|multi_repo|network_settings_ids|policy|prevent_self_review|project_role|publicly_leaked|push_protection_setting|query_suite|read_only|repository_selection|require_code_owner_review|require_last_push_approval|required|required_approving_review_count|resolution|role_permissions|secrets_passed|secrets_updated|ssl_verify|sso_url|strict_required_status_checks_policy|threat_model|token_expiration|topic|value|value_type|values_editable_by)$/;

/** Fields that tell in most rows how something is, and in these what was set. */
const IN_SOME: Readonly<Record<string, RegExp>> = {
  active: /^(hook\.(create|active_changed)|ip_allow_list_entry\.)/,
  config: /^hook\.(create|destroy|config_changed)$/,
  events: /^hook\.(create|destroy|events_changed)$/,
  email: /_email$/,
  after: /^protected_branch\./,
  before: /^protected_branch\./,
  audit_log_stream_enabled: /^audit_log_streaming\./,
  issuer: /saml|oidc/,
  name: /^(team|enterprise_team)\.rename$|^protected_branch\.update_name$/,
  permission: /\.(add_|update_|remove_)\w*(member|collaborator|repository|permission)/,
  two_factor_method: /two_factor_method/,
  state: /_domain\./,
  version: /^packages\./,
  visibility:
    /^(repo\.(create|access|pages_\w+)|gist\.|org\.runner_group_|enterprise\.runner_group_|\w+\.\w*(secret|variable|permission)$)/,
};

/** The fields of a row that hold values which the act set, or took away. */
export function settingsOf(raw: JsonObject, action: string): string[] {
  return Object.keys(raw).filter(
    (key) => ALWAYS.test(key) || (Object.hasOwn(IN_SOME, key) && IN_SOME[key]?.test(action) === true),
  );
}
