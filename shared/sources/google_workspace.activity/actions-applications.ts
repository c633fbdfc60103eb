import type { Names } from './names.ts';

/** What users do to their own accounts. Google gives it in two applications. */
const OWN_ACCOUNT: Names = {
  add_enrollment: '2sv_enroll titanium_enroll passkey_enrolled',
  remove_enrollment: '2sv_disable titanium_unenroll passkey_removed',
  update_user: `
    password_edit recovery_email_edit recovery_phone_edit recovery_secret_qa_edit email_forwarding_out_of_domain`,
};

/**
 * The events of all applications but `admin`
 * (https://developers.google.com/workspace/admin/reports/v1/reference/activities/list). What depends on more than the
 * name is refined in refine.ts.
 */
export const APPLICATIONS: Readonly<Record<string, readonly Names[]>> = {
  // Signing in
  login: [
    {
      account_login: `
        login_success login_failure risky_sensitive_action_allowed risky_sensitive_action_blocked suspicious_login
        suspicious_login_less_secure_app suspicious_programmatic_login`,
      account_logout: 'logout',
      mfa_verification: 'login_challenge login_verification',
      update_user: `
        account_disabled_generic account_disabled_hijacked account_disabled_password_leak account_disabled_spamming
        account_disabled_spamming_through_relay`,
      unmapped: 'gov_attack_warning blocked_sender',
    },
    OWN_ACCOUNT,
  ],
  user_accounts: [OWN_ACCOUNT],
  saml: [{ account_login: 'login_success login_failure' }],
  context_aware_access: [
    {
      account_login: 'ACCESS_DENY_EVENT ACCESS_DENY_INTERNAL_ERROR_EVENT',
      unmapped: 'MONITOR_MODE_ACCESS_DENY_EVENT',
    },
  ],
  token: [{ create_integration: 'authorize', delete_integration: 'revoke', read_resource: 'activity request' }],

  // Groups
  groups: [
    {
      create_group: 'create_group',
      update_group: `
        change_basic_setting change_identity_setting change_info_setting change_new_members_restrictions_setting
        change_post_replies_setting change_spam_moderation_setting change_topic_setting change_email_subscription_type
        add_info_setting remove_info_setting`,
      delete_group: 'delete_group',
      add_to_group: 'add_user join accept_invitation approve_join_request',
      remove_from_group: 'remove_user ban_user_with_moderation unsubscribe_via_mail',
      add_permission: 'change_acl_permission',
      unmapped: `
        invite_user request_to_join request_to_join_via_mail reject_invitation reject_join_request revoke_invitation
        moderate_message`,
    },
  ],
  groups_enterprise: [
    {
      create_group: 'create_group',
      update_group: `
        add_info_setting add_security_setting change_info_setting change_security_setting remove_info_setting
        remove_security_setting add_member_role remove_member_role update_group`,
      delete_group: 'delete_group',
      add_to_group: 'add_user add_member accept_invitation approve_join_request join',
      remove_from_group: 'remove_user remove_member ban_user_with_moderation',
    },
  ],

  // Files, calendars, notes, reports
  drive: [
    {
      query_resource: 'search',
      create_resource: 'create upload copy source_copy create_comment',
      read_resource: 'view preview access_item_content access_url sheets_import_range',
      update_resource: `
        edit rename move untrash add_to_folder remove_from_folder add_lock remove_lock label_added label_removed
        label_field_changed approval_canceled approval_comment_added approval_completed approval_due_time_change
        approval_requested approval_reviewer_change approval_reviewer_responded publish_change edit_comment
        reassign_comment reopen_comment resolve_comment`,
      delete_resource: 'delete trash delete_comment',
      download_resource: 'download print email_as_attachment sync_item_content download_forms_response',
      add_permission: `
        change_user_access change_document_access_scope change_document_visibility change_acl_editors change_owner
        shared_drive_membership_change team_drive_membership_change sheets_import_range_access_change`,
      update_security_configuration: 'shared_drive_settings_change team_drive_settings_change',
      unmapped: `
        storage_usage_update change_acl_editors_hierarchy_reconciled
        change_document_access_scope_hierarchy_reconciled change_document_visibility_hierarchy_reconciled
        change_owner_hierarchy_reconciled change_user_access_hierarchy_reconciled deny_access_request request_access`,
    },
  ],
  calendar: [
    {
      create_resource: 'create_event create_calendar add_subscription create_appointment_schedule',
      update_resource: `
        change_event change_event_title change_event_start_time change_event_guest_response
        change_event_guest_response_auto change_calendar_country change_calendar_description change_calendar_location
        change_calendar_timezone change_calendar_title change_appointment_schedule change_subscription add_event_guest
        remove_event_guest restore_event transfer_event_requested transfer_event_completed`,
      delete_resource: 'delete_event delete_calendar delete_subscription',
      download_resource: 'export_calendar',
      add_permission: 'change_calendar_acls',
      unmapped: `
        interop_exchange_resource_availability_lookup_successful
        interop_exchange_resource_availability_lookup_unsuccessful interop_exchange_resource_list_lookup_successful
        interop_exchange_resource_list_lookup_unsuccessful interop_freebusy_lookup_inbound_successful
        interop_freebusy_lookup_inbound_unsuccessful interop_freebusy_lookup_outbound_successful
        interop_freebusy_lookup_outbound_unsuccessful notification_triggered`,
    },
  ],
  keep: [
    {
      create_resource: 'created_note uploaded_attachment',
      update_resource: 'edited_note_content',
      delete_resource: 'deleted_note deleted_attachment',
      add_permission: 'modified_acl',
    },
  ],
  data_studio: [
    {
      create_resource: 'CREATE CREATE_DISTRIBUTION_CONTENT',
      read_resource: 'VIEW',
      update_resource: 'EDIT RESTORE EDIT_DISTRIBUTION_CONTENT',
      delete_resource: 'DELETE TRASH DELETE_DISTRIBUTION_CONTENT',
      download_resource: 'DATA_EXPORT DOWNLOAD_REPORT',
      add_permission: `
        CHANGE_USER_ACCESS CHANGE_DOMAIN_ACCESS CHANGE_ASSET_LINK_SHARING_ACCESS_TYPE
        CHANGE_ASSET_LINK_SHARING_VISIBILITY`,
    },
  ],
  vault: [
    {
      query_resource: 'search',
      create_resource: 'create_investigation_begin create_investigation_end',
      read_resource: 'view_investigation view_per_matter_litigation_hold_report view_retention_policy',
      update_resource: 'modify_default_retention_period_begin modify_default_retention_period_end',
      download_resource: 'export',
    },
  ],

  // Talking and meeting
  chat: [
    {
      create_resource: 'message_posted room_created attachment_upload emoji_created reaction_added',
      read_resource: 'conversation_read',
      update_resource: 'message_edited room_name_updated role_updated',
      delete_resource: 'message_deleted reaction_removed',
      download_resource: 'attachment_download',
      add_to_group: 'add_room_member invite_accept',
      remove_from_group: 'room_left',
    },
  ],
  meet: [{ unmapped: 'call_ended presentation_started' }],
  gmail: [{ unmapped: 'delivery' }],

  // Google's own staff, and findings of data protection rules
  access_transparency: [{ read_resource: 'ACCESS' }],
  rules: [{ unmapped: 'rule_match rule_trigger action_complete content_matched sharing_blocked' }],

  // Devices
  mobile: [
    {
      create_resource: 'DEVICE_REGISTER_UNREGISTER_EVENT',
      update_resource: `
        ADVANCED_POLICY_SYNC_EVENT ANDROID_WORK_PROFILE_SUPPORT_ENABLED_EVENT
        APPLE_DEP_DEVICE_UPDATE_ON_APPLE_PORTAL_EVENT APPLICATION_EVENT DEVICE_ACTION_EVENT
        DEVICE_COMPLIANCE_CHANGED_EVENT DEVICE_OWNERSHIP_CHANGE_EVENT DEVICE_SETTINGS_UPDATED_EVENT DEVICE_SYNC_EVENT
        OS_UPDATED_EVENT RISK_SIGNAL_UPDATED_EVENT`,
      unmapped: 'FAILED_PASSWORD_ATTEMPTS_EVENT DEVICE_COMPROMISED_EVENT SUSPICIOUS_ACTIVITY_EVENT',
    },
  ],
  chrome: [
    {
      account_login: 'CHROME_OS_LOGIN_EVENT CHROME_OS_LOGIN_FAILURE_EVENT',
      account_logout: 'CHROME_OS_LOGOUT_EVENT',
      update_resource: 'CHROME_OS_ADD_USER CHROME_OS_REMOVE_USER',
      unmapped: `
        BROWSER_EXTENSION_INSTALL CHROMEOS_PERIPHERAL_ADDED CHROMEOS_PERIPHERAL_REMOVED
        CHROMEOS_PERIPHERAL_STATUS_UPDATED CHROME_OS_CRD_CLIENT_CONNECTED CHROME_OS_CRD_CLIENT_DISCONNECTED
        CHROME_OS_CRD_HOST_ENDED CHROME_OS_CRD_HOST_STARTED CHROME_OS_UPDATE_FAILURE CHROME_OS_UPDATE_SUCCESS
        CONTENT_TRANSFER CONTENT_UNSCANNED DANGEROUS_DOWNLOAD MALWARE_TRANSFER PASSWORD_BREACH PASSWORD_REUSE
        SENSITIVE_DATA_TRANSFER UNSAFE_SITE_VISIT`,
    },
  ],
};
