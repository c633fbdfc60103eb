import type { Names, Topic } from './names.ts';

const RESOURCE: Names = { create_resource: 'create', update_resource: 'update', delete_resource: 'destroy' };
const COMMENT: Names = { update_resource: 'update', delete_resource: 'destroy' };
const DOMAIN: Names = { create_resource: 'create', update_resource: 'approve verify', delete_resource: 'destroy' };
const REQUEST: Names = { create_resource: 'create', update_resource: 'approve cancel deny' };
const RUNNERS: Names = {
  create_resource: 'configure_self_hosted_jit_runner register_self_hosted_runner runner_group_created',
  update_resource: `
    runner_group_renamed runner_group_runner_removed runner_group_runners_added runner_group_runners_updated
    runner_group_updated runner_group_visiblity_updated self_hosted_runner_offline self_hosted_runner_online
    self_hosted_runner_updated`,
  delete_resource: 'remove_self_hosted_runner runner_group_removed',
};
const SECRETS: Names = {
  create_resource: 'create_actions_secret create_actions_variable create_integration_secret',
  update_resource: 'update_actions_secret update_actions_variable update_integration_secret',
  delete_resource: 'remove_actions_secret remove_actions_variable remove_integration_secret',
};
const REPORTS =
  'security_center_export_code_scanning_metrics security_center_export_coverage security_center_export_overview_dashboard security_center_export_risk';

/** Repositories, what is in them and made of them, and the log itself. */
export const RESOURCES: readonly Topic[] = [
  // Repositories
  {
    repo: {
      create_resource: 'configure_self_hosted_jit_runner create pages_create register_self_hosted_runner',
      update_resource: `
        access add_topic archived collaborators_only disk_archive hide_from_discovery noindex override_unlock pages_build
        pages_cname pages_private pages_public pages_soft_delete_restore pages_source remove_topic rename rename_branch
        require_login restore self_hosted_runner_offline self_hosted_runner_online self_hosted_runner_updated staff_unlock
        transfer transfer_outgoing transfer_start unarchived`,
      delete_resource:
        'code_scanning_analysis_deleted destroy pages_destroy pages_soft_delete remove_self_hosted_runner',
      download_resource: 'download_zip',
    },
    git: { update_resource: 'push', download_resource: 'archive clone fetch' },
    gist: { create_resource: 'create', update_resource: 'visibility_change', delete_resource: 'destroy' },
    hook: { create_resource: 'create', delete_resource: 'destroy' },
    public_key: {
      create_resource: 'create',
      update_resource: 'unverification_failure unverify update verification_failure verify',
      delete_resource: 'delete',
    },
    git_signing_ssh_public_key: { create_resource: 'create', delete_resource: 'delete' },
    gpg_key: { create_resource: 'create', delete_resource: 'destroy' },
    repository_image: { create_resource: 'create', delete_resource: 'destroy' },
    migration: { download_resource: 'create download', delete_resource: 'destroy_file' },
    pages_protected_domain: { create_resource: 'create', update_resource: 'verify', delete_resource: 'delete' },
    packages: {
      create_resource: 'package_published package_version_published',
      delete_resource: 'package_deleted package_version_deleted',
    },
    custom_property_definition: RESOURCE,
    custom_property_value: RESOURCE,
    organization_custom_property_definition: RESOURCE,
    organization_custom_property_value: { create_resource: 'create', delete_resource: 'destroy' },
    organization_default_label: RESOURCE,
    repository_limit: { unmapped: 'reached warning' },
  },

  // Working together
  {
    pull_request: {
      create_resource: 'create',
      update_resource: `
        close converted_to_draft create_review_request in_progress indirect_merge merge ready_for_review rebase
        remove_review_request reopen`,
    },
    pull_request_review: { create_resource: 'submit', update_resource: 'dismiss', delete_resource: 'delete' },
    pull_request_review_comment: { create_resource: 'create', update_resource: 'update', delete_resource: 'delete' },
    merge_queue: { update_resource: 'pull_request_dequeued pull_request_queue_jump queue_cleared' },
    issue: { update_resource: 'pinned transfer unpinned', delete_resource: 'destroy' },
    issue_comment: { update_resource: 'pinned unpinned update', delete_resource: 'destroy' },
    issue_dependencies: { update_resource: 'blocked_by_add blocked_by_remove blocking_add blocking_remove' },
    issue_type: RESOURCE,
    sub_issues: { update_resource: 'parent_issue_add parent_issue_remove sub_issue_add sub_issue_remove' },
    commit_comment: COMMENT,
    discussion: { delete_resource: 'destroy' },
    discussion_comment: COMMENT,
    discussion_post: COMMENT,
    discussion_post_reply: COMMENT,
    user_content_edit: { delete_resource: 'delete' },
    project: {
      create_resource: 'create',
      update_resource: `
        access close link open rename unlink update_org_permission update_team_permission update_user_permission
        visibility_private visibility_public`,
      delete_resource: 'delete',
    },
    project_base_role: { update_resource: 'update' },
    organization_wide_project_base_role: { update_resource: 'update' },
    project_field: { create_resource: 'create', delete_resource: 'delete' },
    project_view: { create_resource: 'create', delete_resource: 'delete' },
    enterprise_announcement: RESOURCE,
    copilot: {
      create_resource: 'custom_instructions_created knowledge_base_created',
      update_resource: 'custom_instructions_updated knowledge_base_updated',
      delete_resource: 'knowledge_base_deleted',
      unmapped: 'clickwrap_save_event plan_changed plan_downgrade_scheduled',
    },
  },

  // Builds, runners and workplaces
  {
    workflows: {
      create_resource: 'created_workflow_run',
      update_resource: `
        actions_policy_violation approve_workflow_job bypass_protection_rules cancel_workflow_run comment_workflow_job
        completed_workflow_run disable_workflow enable_workflow pin_workflow prepared_workflow_job reject_workflow_job
        rerun_workflow_run unpin_workflow`,
      delete_resource: 'delete_workflow_run',
    },
    actions_cache: { delete_resource: 'delete' },
    artifact: { delete_resource: 'destroy' },
    checks: { delete_resource: 'delete_logs' },
    environment: {
      create_resource: 'create create_actions_secret create_actions_variable',
      update_resource: 'update_actions_secret update_actions_variable',
      delete_resource: 'delete remove_actions_secret remove_actions_variable',
    },
    org: RUNNERS,
    enterprise: RUNNERS,
    custom_hosted_runner: RESOURCE,
    github_hosted_runner: RESOURCE,
    premium_runner: RESOURCE,
    network_configuration: { create_resource: 'create', update_resource: 'update', delete_resource: 'delete' },
    codespaces: {
      create_resource: 'attempted_to_create_from_prebuild create',
      update_resource: 'allow_permissions connect restore start_environment suspend_environment',
      delete_resource: 'destroy',
      download_resource: 'export_environment',
    },
    prebuild_configuration: { ...RESOURCE, update_resource: 'run_triggered update' },
    sandbox: {
      create_resource: 'create',
      update_resource: 'add_port generate_token remove_port resume stop',
      delete_resource: 'delete',
    },
  },
  { org: SECRETS, repo: SECRETS },

  // Alerts and advisories
  {
    code_scanning: {
      create_resource: 'alert_created',
      update_resource: `
        alert_appeared_in_branch alert_closed_became_fixed alert_closed_became_outdated alert_closed_by_user
        alert_closure_approved alert_closure_denied alert_closure_requested alert_reappeared alert_reopened_by_user`,
    },
    secret_scanning_alert: {
      create_resource: 'create',
      update_resource: 'assign public_leak reopen report resolve revoke unassign validate',
      delete_resource: 'delete',
    },
    secret_scanning_closure_request: REQUEST,
    secret_scanning_push_protection_request: {
      create_resource: 'request',
      update_resource: 'approve cancel complete deny',
    },
    secret_scanning_scan: { unmapped: 'completed' },
    dependabot_closure_request: REQUEST,
    repository_vulnerability_alert: {
      create_resource: 'create',
      update_resource: 'assign auto_dismiss auto_reopen dismiss reintroduce reopen resolve unassign withdraw',
    },
    repository_advisory: {
      create_resource: 'open',
      update_resource: 'close cve_request github_broadcast github_withdraw publish reopen update',
    },
    advisory_credit: { create_resource: 'create', update_resource: 'accept decline', delete_resource: 'destroy' },
  },

  // Organizations, enterprises and their logs
  {
    org: {
      create_resource: 'recovery_codes_generated',
      read_resource: 'recovery_codes_viewed',
      delete_resource: 'delete_custom_image delete_custom_image_version',
      download_resource: `
        audit_log_export audit_log_git_event_export connect_usage_metrics_export recovery_codes_downloaded
        recovery_codes_printed ${REPORTS}`,
      unmapped: 'billing_signup_error',
    },
    business: {
      create_resource: 'recovery_codes_generated',
      read_resource: 'recovery_codes_viewed',
      update_resource: 'import_license_usage',
      delete_resource: 'delete_custom_image delete_custom_image_version',
      download_resource: `
        audit_log_export audit_log_git_event_export connect_usage_metrics_export enterprise_server_license_download
        recovery_codes_downloaded recovery_codes_printed ${REPORTS}`,
      unmapped: `
        cancel_trial change_seats_plan_type convert_trial create_trial expire_trial github_models_billing_disabled
        github_models_billing_enabled trial_email_verification_failed trial_email_verification_requested
        trial_email_verification_sent trial_email_verified`,
    },
    enterprise_domain: DOMAIN,
    organization_domain: DOMAIN,
    api: { read_resource: 'request' },
  },

  // Money, the marketplace, and GitHub's own staff
  {
    account: { unmapped: 'billing_date_change plan_change' },
    billing: {
      unmapped: `
        budget_create budget_delete budget_update change_billing_type change_email cost_center_create cost_center_delete
        cost_center_resource_added cost_center_resource_removed cost_center_update lock overage_policy_updated unlock
        update_bill_cycle_day`,
    },
    billing_customer: { unmapped: 'azure_subscription_linked azure_subscription_unlinked' },
    metered_billing_configuration: { unmapped: 'create destroy update' },
    payment_method: { unmapped: 'create remove update' },
    marketplace_agreement_signature: { unmapped: 'create' },
    marketplace_listing: { unmapped: 'approve change_category create delist redraft reject' },
    marketplace_listing_plan: { unmapped: 'create publish retire update' },
    sponsors: {
      unmapped: `
        agreement_sign custom_amount_settings_change fiscal_host_change invoiced_agreement_sign
        repo_funding_links_file_action sponsor_sponsorship_cancel sponsor_sponsorship_create
        sponsor_sponsorship_payment_complete sponsor_sponsorship_preference_change sponsor_sponsorship_tier_change
        sponsored_developer_approve sponsored_developer_create sponsored_developer_disable
        sponsored_developer_profile_update sponsored_developer_redraft sponsored_developer_request_approval
        sponsored_developer_tier_description_update sponsored_developer_update_newsletter_send
        sponsors_patreon_user_create sponsors_patreon_user_destroy update_tier_repository update_tier_welcome_message
        waitlist_join withdraw_agreement_signature`,
    },
    staff: {
      unmapped: 'dependabot_debug_credentials_generated set_domain_token_expiration unverify_domain verify_domain',
    },
  },
];
