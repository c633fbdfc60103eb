import type { Topic } from './names.ts';

/** People, their sign-ins and factors, groups of them, and what they may do. */
export const PEOPLE: readonly Topic[] = [
  // Signing in and out
  {
    org: {
      account_login: 'recovery_code_failed recovery_code_used sso_response',
      account_logout: 'revoke_sso_session',
    },
    business: {
      account_login: 'recovery_code_failed recovery_code_used sso_response',
      account_logout: 'revoke_sso_session',
      unmapped: 'proxy_security_header_unsatisfied',
    },
    user: {
      account_login: `
        correct_password_from_unrecognized_device correct_password_from_unrecognized_device_and_location
        correct_password_from_unrecognized_location failed_login login new_device_used sign_in_from_unrecognized_device
        sign_in_from_unrecognized_device_and_location sign_in_from_unrecognized_location`,
      account_logout: 'logout',
      mfa_verification: `
        device_verification_failure device_verification_requested device_verification_success two_factor_challenge_failure
        two_factor_challenge_success two_factor_recover two_factor_requested`,
      unmapped: 'partial_two_factor_email_followup',
    },
    user_session: { unmapped: 'country_change' },
  },

  // Factors of authentication
  {
    two_factor_authentication: {
      add_enrollment: 'add_factor enabled recovery_codes_regenerated',
      remove_enrollment: 'disabled remove_factor',
      mfa_verification: 'password_reset_fallback_sms sign_in_fallback_sms',
      update_user: 'update_fallback',
    },
    two_factor_account_recovery: {
      update_user: 'abort complete ignore staff_approve staff_decline start',
      remove_enrollment: 'two_factor_destroy',
    },
    security_key: { add_enrollment: 'register', remove_enrollment: 'remove' },
    passkey: { add_enrollment: 'register', remove_enrollment: 'remove' },
    trusted_device: { add_enrollment: 'register', remove_enrollment: 'remove' },
  },

  // Accounts
  {
    user: {
      create_user: 'create recreate',
      update_user: `
        add_email block_user change_password disable_collaborators_only disable_contributors_only
        disable_sockpuppet_disallowed enable_collaborators_only enable_contributors_only enable_sockpuppet_disallowed
        flag_as_large_scale_contributor forgot_password hide_private_contributions_count remove_email
        remove_large_scale_contributor_flag rename reset_password show_private_contributions_count suspend
        toggle_warn_private_email unblock_user unsuspend update_new_repository_default_branch_setting`,
      delete_user: 'async_delete delete destroy',
      add_permission: 'codespaces_trusted_repo_access_granted grant_github_developer promote',
      remove_permission: 'codespaces_trusted_repo_access_revoked demote',
      create_resource: 'create_integration_secret',
      update_resource: 'minimize_comment unminimize_comment update_integration_secret',
      delete_resource: 'remove_integration_secret',
      read_resource: 'two_factor_recovery_codes_viewed',
      download_resource: 'audit_log_export two_factor_recovery_codes_downloaded two_factor_recovery_codes_printed',
      unmapped: 'creation_rate_limit_exceeded report_abuse report_content',
    },
    user_email: { update_user: 'confirm_claim mark_as_unclaimed' },
    user_status: { update_user: 'destroy update' },
    profile_picture: { update_user: 'update' },
    account_recovery_token: { update_user: 'confirm destroy recover' },
    social_identity: { update_user: 'linked unlinked unlinked_all' },
    external_identity: {
      create_user: 'provision',
      update_user: 'scim_api_failure scim_api_success update',
      delete_user: 'deprovision',
    },
    org: { update_user: 'block_user revoke_external_identity unblock_user' },
    business: { update_user: 'revoke_external_identity' },
    copilot: {
      update_user: `
        cfb_seat_added cfb_seat_assignment_created cfb_seat_assignment_refreshed cfb_seat_assignment_reused
        cfb_seat_assignment_unassigned cfb_seat_cancelled cfb_seat_cancelled_by_staff memory_user_opt_out`,
      add_permission: 'user_access_reinstated',
      remove_permission: 'access_revoked user_access_revoked',
    },
  },

  // Teams and other groups; organizations and enterprises are groups too
  {
    team: {
      create_group: 'create',
      update_group: 'change_parent_team change_privacy rename',
      delete_group: 'destroy',
      add_to_group: 'add_member add_to_organization',
      remove_from_group: 'remove_from_organization remove_member',
      add_permission: 'add_repository promote_maintainer update_repository_permission',
      remove_permission: 'demote_maintainer remove_repository',
      unmapped: 'members_limit_warning organization_assignments_limit_reached organization_assignments_limit_warning',
    },
    team_group_mapping: { update_group: 'create destroy update' },
    enterprise_team: {
      create_group: 'create',
      update_group: 'copilot_assignment copilot_unassignment rename',
      delete_group: 'destroy',
      add_to_group: 'add_member',
      remove_from_group: 'remove_member',
    },
    external_group: {
      create_group: 'provision',
      update_group: 'link scim_api_failure scim_api_success unlink update update_display_name',
      delete_group: 'delete',
      add_to_group: 'add_member',
      remove_from_group: 'remove_member',
    },
    org: {
      create_group: 'create recreate',
      update_group: 'archive rename transfer transfer_outgoing transform unarchive',
      delete_group: 'async_delete delete',
      add_to_group: 'add_member add_outside_collaborator restore_member',
      remove_from_group: 'remove_member remove_outside_collaborator',
      unmapped: `
        accept_business_invitation cancel_business_invitation cancel_invitation confirm_business_invitation invite_member
        invite_to_business members_limit_warning rate_limited_invites`,
    },
    business: {
      create_group: 'create',
      update_group: 'rename_slug restore upgrade_from_organization',
      delete_group: 'delete',
      add_to_group: 'add_organization',
      remove_from_group: 'remove_member remove_organization',
      unmapped: `
        cancel_admin_invitation cancel_billing_manager_invitation cancel_invitation enterprise_teams_limit_reached
        enterprise_teams_limit_warning invite_admin invite_billing_manager invite_member invite_unaffiliated_member
        members_limit_reached organizations_limit_reached organizations_limit_warning`,
    },
    repo: { add_to_group: 'add_member', remove_from_group: 'remove_member' },
    repository_invitation: { add_to_group: 'accept', unmapped: 'cancel create reject' },
    successor_invitation: { unmapped: 'accept cancel create decline destroy revoke' },
  },

  // Roles and rights
  {
    role: { create_role: 'create', update_role: 'update', delete_role: 'destroy' },
    organization_role: {
      create_role: 'create',
      update_role: 'update',
      delete_role: 'destroy',
      add_permission: 'assign',
      remove_permission: 'revoke',
    },
    enterprise_role: {
      create_role: 'create',
      update_role: 'update',
      delete_role: 'destroy',
      add_permission: 'assign',
      remove_permission: 'revoke',
    },
    org: {
      add_permission: `
        add_billing_manager add_security_manager codespaces_team_access_allowed codespaces_trusted_repo_access_granted
        codespaces_user_access_allowed integration_manager_added update_member`,
      remove_permission: `
        codespaces_team_access_revoked codespaces_trusted_repo_access_revoked codespaces_user_access_revoked
        integration_manager_removed remove_billing_manager remove_security_manager`,
    },
    business: {
      add_permission: 'add_admin add_billing_manager add_support_entitlee',
      remove_permission: 'remove_admin remove_billing_manager remove_support_entitlee',
    },
    repo: {
      add_permission: 'codespaces_trusted_repo_access_granted temporary_access_granted update_member',
      remove_permission: 'codespaces_trusted_repo_access_revoked',
    },
    organization_moderators: { add_permission: 'add_team add_user', remove_permission: 'remove_team remove_user' },
    integration: { add_permission: 'manager_added', remove_permission: 'manager_removed' },
    project_collaborator: { add_permission: 'add update', remove_permission: 'remove' },
    org_credential_authorization: { add_permission: 'grant', remove_permission: 'deauthorize revoke' },
    personal_access_token: { add_permission: 'access_granted', remove_permission: 'access_revoked' },
  },
];
