import type { Names, Topic } from './names.ts';

const SWITCH: Names = { create_security_configuration: 'enable', delete_security_configuration: 'disable' };
const SWITCHED: Names = { create_security_configuration: 'enabled', delete_security_configuration: 'disabled' };
const POLICY: Names = { create_security_configuration: 'enable', delete_security_configuration: 'clear disable' };
const PATTERN: Names = {
  create_security_configuration: 'create publish',
  update_security_configuration: 'update',
  delete_security_configuration: 'delete',
};
const BYPASS: Names = { create_security_configuration: 'add enable', delete_security_configuration: 'disable remove' };
const PATTERNS: Names = { update_security_configuration: 'push_protection_setting_changed updated' };
const SECRET_SCANNING: Names = {
  create_security_configuration: 'enable enabled_for_new_repos',
  delete_security_configuration: 'disable disabled_for_new_repos',
};

/** Security settings and policies. Enabling one creates it, in the EMM's words. */
export const SETTINGS: readonly Topic[] = [
  // Branches and what may be merged into them
  {
    protected_branch: {
      create_security_configuration: 'create',
      update_security_configuration: `
        authorized_users_teams branch_allowances dismiss_stale_reviews dismissal_restricted_users_teams policy_override
        update_admin_enforced update_allow_deletions_enforcement_level update_allow_force_pushes_enforcement_level
        update_ignore_approvals_from_contributors update_linear_history_requirement_enforcement_level
        update_lock_allows_fetch_and_merge update_lock_branch_enforcement_level update_merge_queue_enforcement_level
        update_name update_pull_request_reviews_enforcement_level update_require_code_owner_review
        update_require_last_push_approval update_required_approving_review_count
        update_required_status_checks_enforcement_level update_signature_requirement_enforcement_level
        update_strict_required_status_checks_policy`,
      delete_security_configuration: 'destroy',
      update_resource: 'rejected_ref_update',
    },
    repository_branch_protection_evaluation: SWITCH,
    repository_ruleset: {
      create_security_configuration: 'create',
      update_security_configuration: 'update',
      delete_security_configuration: 'destroy',
    },
    required_status_check: { create_security_configuration: 'create', delete_security_configuration: 'destroy' },
    environment: {
      create_security_configuration: 'add_protection_rule',
      update_security_configuration: 'update_protection_rule',
      delete_security_configuration: 'remove_protection_rule',
    },
    merge_queue: { update_security_configuration: 'update_settings' },
    hook: { update_security_configuration: 'active_changed config_changed events_changed' },
  },

  // Who gets in, and from where
  {
    ip_allow_list: {
      create_security_configuration: `
        enable enable_for_installed_apps enable_idp_ip_allowlist_for_web enable_skip_idp_ip_allowlist_app_access
        enable_user_level_enforcement`,
      update_security_configuration: 'update_ip_allowlist_configuration',
      delete_security_configuration: `
        disable disable_for_installed_apps disable_idp_ip_allowlist_for_web disable_skip_idp_ip_allowlist_app_access
        disable_user_level_enforcement`,
    },
    ip_allow_list_entry: {
      create_security_configuration: 'create',
      update_security_configuration: 'update',
      delete_security_configuration: 'destroy',
    },
    sso_lockdown: SWITCH,
    sso_redirect: SWITCH,
    ssh_certificate_authority: { create_security_configuration: 'create', delete_security_configuration: 'destroy' },
    ssh_certificate_requirement: SWITCH,
    team_sync_tenant: { ...SWITCHED, update_security_configuration: 'update_okta_credentials' },
    restrict_notification_delivery: SWITCH,
    auto_approve_personal_access_token_requests: SWITCH,
    personal_access_token: {
      create_security_configuration: 'access_restriction_enabled auto_approve_grant_requests_enabled',
      update_security_configuration: 'access_restriction_reset auto_approve_grant_requests_reset expiration_limit_set',
      delete_security_configuration:
        'access_restriction_disabled auto_approve_grant_requests_disabled expiration_limit_unset',
    },
  },

  // Scanning for secrets
  {
    secret_scanning: SWITCH,
    secret_scanning_new_repos: SWITCH,
    secret_scanning_push_protection: { update_security_configuration: 'bypass' },
    repository_secret_scanning: SWITCH,
    repository_secret_scanning_automatic_validity_checks: SWITCHED,
    repository_secret_scanning_custom_pattern: PATTERN,
    repository_secret_scanning_custom_pattern_push_protection: SWITCHED,
    repository_secret_scanning_extended_metadata: SWITCHED,
    repository_secret_scanning_generic_secrets: SWITCHED,
    repository_secret_scanning_non_provider_patterns: SWITCHED,
    repository_secret_scanning_push_protection: SWITCH,
    repository_secret_scanning_push_protection_bypass_list: BYPASS,
    org_secret_scanning_automatic_validity_checks: SWITCHED,
    org_secret_scanning_custom_pattern: PATTERN,
    org_secret_scanning_generic_secrets: SWITCHED,
    org_secret_scanning_non_provider_patterns: SWITCHED,
    org_secret_scanning_push_protection_bypass_list: BYPASS,
    org_secret_scanning_push_protection_pattern_configuration: PATTERNS,
    business_secret_scanning: SECRET_SCANNING,
    business_secret_scanning_automatic_validity_checks: SWITCHED,
    business_secret_scanning_custom_pattern: PATTERN,
    business_secret_scanning_custom_pattern_push_protection: SWITCHED,
    business_secret_scanning_generic_secrets: SWITCHED,
    business_secret_scanning_non_provider_patterns: SWITCHED,
    business_secret_scanning_push_protection: SECRET_SCANNING,
    business_secret_scanning_push_protection_custom_message: { ...SWITCH, update_security_configuration: 'update' },
    business_secret_scanning_push_protection_pattern_configuration: PATTERNS,
  },

  // Other analysis of code
  {
    business_advanced_security: {
      create_security_configuration:
        'enabled enabled_for_new_repos enabled_for_new_user_namespace_repos user_namespace_repos_enabled',
      delete_security_configuration:
        'disabled disabled_for_new_repos disabled_for_new_user_namespace_repos user_namespace_repos_disabled',
    },
    business_dependabot_alerts: SWITCH,
    business_dependabot_alerts_new_repos: SWITCH,
    dependabot_alerts: SWITCH,
    dependabot_alerts_new_repos: SWITCH,
    dependabot_repository_access: {
      update_security_configuration: 'default_access_level_updated repositories_updated',
    },
    dependabot_security_updates: SWITCH,
    dependabot_security_updates_new_repos: SWITCH,
    dependency_graph: SWITCH,
    dependency_graph_new_repos: SWITCH,
    private_vulnerability_reporting: SWITCH,
    private_vulnerability_reporting_new_repos: SWITCH,
    repository_code_security: SWITCH,
    repository_content_analysis: SWITCH,
    repository_dependency_graph: SWITCH,
    repository_dependency_graph_autosubmit: SWITCH,
    repository_dependency_updates_self_hosted: SWITCHED,
    repository_malware_alerts: SWITCH,
    repository_security_configuration: {
      update_security_configuration: 'applied failed',
      delete_security_configuration: 'removed removed_by_settings_change',
    },
    repository_security_updates: SWITCH,
    repository_vulnerability_alerts: { ...SWITCH, update_security_configuration: 'authorized_users_teams' },
    repository_vulnerability_alerts_auto_dismissal: SWITCH,
    security_configuration: {
      create_security_configuration: 'create',
      update_security_configuration: 'update',
      delete_security_configuration: 'delete',
    },
    security_configuration_default: {
      update_security_configuration: 'update',
      delete_security_configuration: 'delete',
    },
    security_configuration_policy: { update_security_configuration: 'update' },
    vulnerability_alert_rule: {
      create_security_configuration: 'create enable force_enable',
      update_security_configuration: 'update',
      delete_security_configuration: 'delete disable force_disable',
    },
  },

  // What members may do
  {
    checks: {
      create_security_configuration: 'auto_trigger_enabled',
      delete_security_configuration: 'auto_trigger_disabled',
    },
    codespaces: {
      create_security_configuration: 'policy_group_created',
      update_security_configuration:
        'business_enablement_updated policy_group_updated trusted_repositories_access_update',
      delete_security_configuration: 'policy_group_deleted',
    },
    copilot: {
      create_security_configuration: 'swe_agent_repo_enabled',
      update_security_configuration: `
        cfb_enterprise_org_enablement_changed cfb_enterprise_settings_changed cfb_org_settings_changed
        cfb_seat_management_changed code_review_repository_settings_updated content_exclusion_changed
        enterprise_enablement_changed swe_agent_firewall_allowlist_updated swe_agent_mcp_config_updated
        swe_agent_repo_enablement_updated`,
      delete_security_configuration: 'swe_agent_repo_disabled',
    },
    issues: {
      create_security_configuration: 'deletes_enabled',
      delete_security_configuration: 'deletes_disabled deletes_policy_cleared',
    },
    members_can_create_pages: SWITCH,
    members_can_create_private_pages: SWITCH,
    members_can_create_public_pages: SWITCH,
    members_can_delete_repos: POLICY,
    members_can_view_dependency_insights: POLICY,
    'business.members_can_update_protected_branches': POLICY,
    'org.members_can_update_protected_branches': SWITCH,
    organization_projects_change: POLICY,
    private_repository_forking: POLICY,
    repository_projects_change: POLICY,
    repository_visibility_change: POLICY,
    team_discussions: POLICY,
    'org.config': {
      create_security_configuration: 'enable_collaborators_only enable_contributors_only enable_sockpuppet_disallowed',
      delete_security_configuration:
        'disable_collaborators_only disable_contributors_only disable_sockpuppet_disallowed',
    },
    'repo.config': {
      create_security_configuration: 'enable_collaborators_only enable_contributors_only enable_sockpuppet_disallowed',
      delete_security_configuration:
        'disable_collaborators_only disable_contributors_only disable_sockpuppet_disallowed',
    },
  },

  // Settings of an organization, an enterprise, a repository
  {
    org: {
      create_security_configuration: `
        add_disallowed_two_factor_method advanced_security_enabled_for_new_repos advanced_security_enabled_on_all_repos
        advanced_security_policy_selected_member_enabled
        allow_third_party_access_requests_from_outside_collaborators_enabled code_scanning_ai_findings_enabled
        code_scanning_autofix_enabled code_scanning_autofix_third_party_tools_enabled
        code_scanning_scan_inactive_repos_enabled codeql_enabled display_commenter_full_name_enabled
        enable_member_team_creation_permission enable_oauth_app_restrictions
        enable_reader_discussion_creation_permission enable_saml enable_source_ip_disclosure
        enable_two_factor_requirement required_workflow_create
        secret_scanning_custom_pattern_push_protection_enabled secret_scanning_push_protection_custom_message_enabled
        secret_scanning_push_protection_enable secret_scanning_push_protection_new_repos_enable`,
      update_security_configuration: `
        advanced_security_entity_policy_update clear_custom_invitation_rate_limit clear_disallowed_two_factor_methods
        code_quality_entity_policy_update code_security_metered_usage_lock code_security_metered_usage_unlock
        codespaces_access_updated codespaces_ownership_updated required_workflow_update
        secret_protection_metered_usage_lock secret_protection_metered_usage_unlock
        secret_scanning_push_protection_custom_message_updated set_actions_cache_retention_policy
        set_actions_cache_storage_policy set_actions_fork_pr_approvals_policy
        set_actions_private_fork_pr_approvals_policy set_actions_retention_limit set_custom_invitation_rate_limit
        set_default_workflow_permissions set_fork_pr_workflows_policy set_workflow_permission_can_approve_pr
        update_actions_settings update_custom_images_policy update_default_repository_permission
        update_immutable_releases_settings_policy update_member_repository_creation_permission
        update_member_repository_invitation_permission update_new_repository_default_branch_setting
        update_repo_self_hosted_runners_policy update_saml_provider_settings update_terms_of_service`,
      delete_security_configuration: `
        advanced_security_disabled_for_new_repos advanced_security_disabled_on_all_repos
        advanced_security_policy_selected_member_disabled
        allow_third_party_access_requests_from_outside_collaborators_disabled code_scanning_ai_findings_disabled
        code_scanning_autofix_disabled code_scanning_autofix_third_party_tools_disabled
        code_scanning_scan_inactive_repos_disabled codeql_disabled disable_member_team_creation_permission
        disable_oauth_app_restrictions disable_reader_discussion_creation_permission disable_saml
        disable_source_ip_disclosure disable_two_factor_requirement display_commenter_full_name_disabled
        remove_disallowed_two_factor_method required_workflow_delete
        secret_scanning_custom_pattern_push_protection_disabled
        secret_scanning_push_protection_custom_message_disabled secret_scanning_push_protection_disable
        secret_scanning_push_protection_new_repos_disable`,
    },
    business: {
      create_security_configuration: `
        add_disallowed_two_factor_method enable_oidc enable_open_scim enable_saml enable_source_ip_disclosure
        enable_two_factor_requirement proxy_security_header_enabled`,
      update_security_configuration: `
        advanced_security_metered_usage_lock advanced_security_metered_usage_unlock advanced_security_policy_update
        advanced_security_repo_admin_enablement_policy_update clear_actions_settings clear_default_repository_permission
        clear_disallowed_two_factor_methods clear_members_can_create_repos code_quality_access_policy_update
        code_quality_enablement_policy_update code_scanning_ai_findings_policy_update
        code_scanning_autofix_policy_update code_scanning_autofix_third_party_tools_policy_update
        code_security_enablement_policy_update code_security_metered_usage_lock code_security_metered_usage_unlock
        dependabot_alerts_repo_admin_enablement_policy_update secret_protection_metered_usage_lock
        secret_protection_metered_usage_unlock secret_scanning_repo_admin_settings_policy_update
        set_actions_cache_retention_policy set_actions_cache_storage_policy set_actions_fork_pr_approvals_policy
        set_actions_private_fork_pr_approvals_policy set_actions_retention_limit set_default_workflow_permissions
        set_fork_pr_workflows_policy set_workflow_permission_can_approve_pr update_actions_settings
        update_default_repository_permission update_emu_repo_self_hosted_runners_policy
        update_member_repository_creation_permission update_member_repository_invitation_permission
        update_repo_self_hosted_runners_policy update_saml_provider_settings update_unaffiliated_users_policy`,
      delete_security_configuration: `
        disable_oidc disable_open_scim disable_saml disable_source_ip_disclosure disable_two_factor_requirement
        proxy_security_header_disabled remove_disallowed_two_factor_method`,
    },
    repo: {
      create_security_configuration: `
        actions_enabled advanced_security_enabled code_scanning_ai_findings_enabled code_scanning_autofix_enabled
        code_scanning_autofix_third_party_tools_enabled code_scanning_delegated_alert_dismissal_enabled codeql_enabled
        immutable_releases_settings_enabled pages_https_redirect_enabled`,
      update_security_configuration: `
        change_merge_setting codeql_updated set_actions_cache_retention_policy set_actions_cache_storage_policy
        set_actions_fork_pr_approvals_policy set_actions_private_fork_pr_approvals_policy set_actions_retention_limit
        set_default_workflow_permissions set_fork_pr_workflows_policy set_workflow_permission_can_approve_pr
        update_actions_access_settings update_actions_settings update_default_branch`,
      delete_security_configuration: `
        advanced_security_disabled code_scanning_ai_findings_disabled code_scanning_autofix_disabled
        code_scanning_autofix_third_party_tools_disabled code_scanning_configuration_for_branch_deleted
        code_scanning_delegated_alert_dismissal_disabled codeql_disabled immutable_releases_settings_disabled
        pages_https_redirect_disabled`,
    },
  },
];
