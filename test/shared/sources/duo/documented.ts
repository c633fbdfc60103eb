import type { EventType } from '../../../../shared/taxonomy.ts';

/** The actions of Duo's administrator and activity logs by what they have to become, apart from the table in the code. */
export const DOCUMENTED: readonly (readonly [EventType | null, string])[] = [
  ['account_login', 'admin_login admin_login_error'],
  ['mfa_verification', 'admin_2fa_error'],
  ['create_user', 'user_create user_import user_bulk_enroll admin_create'],
  [
    'update_user',
    `user_update user_restore user_bulk_activate admin_update admin_reset_password admin_send_reset_password_email
     admin_self_activate admin_activation_create admin_activation_delete admin_lockout user_lockout_cleared
     user_adminapi_lockout user_not_enrolled_lockout activation_set_password`,
  ],
  ['delete_user', 'user_pending_delete user_delete admin_delete'],
  ['create_group', 'group_create'],
  ['update_group', 'group_update'],
  ['delete_group', 'group_delete'],
  [
    'add_enrollment',
    `phone_associate u2ftoken_create webauthncredential_create bypass_create admin_activate_duo_push
     admin_reactivates_duo_push admin_rectivates_duo_push o2fa_user_provisioned o2fa_user_reenrolled`,
  ],
  [
    'remove_enrollment',
    `phone_disassociate u2ftoken_delete webauthncredential_delete bypass_delete deregister_devices
     o2fa_user_deprovisioned`,
  ],
  ['create_resource', 'phone_create hardtoken_create administrative_unit_create management_system_create'],
  [
    'update_resource',
    `phone_update hardtoken_update hardtoken_resync webauthncredential_rename administrative_unit_update
     custom_messaging_update regen_mobile regen_sms activation_create_link activation_delete_link activation_send_link
     phone_activation_code_regenerated phone_new_sms_passcode feature_add feature_delete edition_update credits_update
     management_system_update management_system_add_devices management_system_delete_devices
     management_system_activate_device_cache management_system_active_device_cache_add_devices
     management_system_active_device_cache_edit_devices management_system_active_device_cache_delete_devices
     management_system_device_cache_create management_system_device_cache_delete
     management_system_device_cache_add_devices management_system_device_cache_delete_devices
     management_system_download_device_api_script management_system_pkcs12_enrollment management_system_sync_success
     management_system_sync_failure`,
  ],
  ['read_resource', 'bypass_view management_system_view_token management_system_view_password'],
  ['delete_resource', 'phone_delete hardtoken_delete administrative_unit_delete management_system_delete'],
  ['download_resource', 'log_export_start log_export_complete log_export_failure openldap_sync_config_download'],
  ['create_integration', 'integration_create directory_create azure_directory_create'],
  [
    'update_integration',
    `integration_update directory_update azure_directory_update directory_groups_update directory_sync_pause
     directory_sync_resume`,
  ],
  ['delete_integration', 'integration_delete directory_delete azure_directory_delete'],
  ['read_integration', 'integration_skey_view integration_skey_bulk_view'],
  ['create_security_configuration', 'policy_create cloudsso_add_saml_authsource'],
  [
    'update_security_configuration',
    `policy_update integration_policy_assign integration_policy_unassign integration_group_policy_add
     integration_group_policy_remove admin_factor_restrictions admin_factor_restrictions_update
     update_admin_factor_restrictions admin_single_sign_on_update customer_update updated_risk_profile`,
  ],
  ['delete_security_configuration', 'policy_delete'],
  [
    null,
    `ad_sync_begin ad_sync_finish ad_sync_failed ad_sync_by_user_begin ad_sync_by_user_finish azure_sync_begin
     azure_sync_finish azure_sync_fail azure_sync_by_user_begin azure_sync_by_user_finish openldap_sync_begin
     openldap_sync_finish openldap_sync_failed openldap_sync_by_user_begin openldap_sync_by_user_finish
     send_enroll_code resend_enroll_codes device_change_notification_create device_change_notification_send
     device_change_notification_answered device_change_notification_answered_notify_admin
     device_change_enrollment_summary_notification_send device_change_enrollment_summary_notification_answered
     device_change_enrollment_summary_notification_answered_notify_admin admin_account_switch create_child_customer
     delete_child_customer adminapi_request_ip_denied activation_begin`,
  ],
];

/** Each action with its type. */
export const ROWS = DOCUMENTED.flatMap(([type, names]) => names.split(/\s+/).map((action) => [action, type] as const));

/** The actions whose name tells that they failed. */
export const FAILURES = new Set([
  'admin_login_error',
  'admin_2fa_error',
  'ad_sync_failed',
  'azure_sync_fail',
  'openldap_sync_failed',
  'log_export_failure',
  'management_system_sync_failure',
  'adminapi_request_ip_denied',
]);
