import type { EventType } from '../../taxonomy.ts';
import type { ActionTable } from '../source.ts';

/** Actions that differ in their verb only: `group_` with what each verb becomes. */
function actions(prefix: string, types: ActionTable): ActionTable {
  return Object.fromEntries(Object.entries(types).map(([verb, type]) => [`${prefix}_${verb}`, type]));
}

const all = (type: EventType | null, ...names: string[]): ActionTable =>
  Object.fromEntries(names.map((name) => [name, type]));

const RESOURCE = { create: 'create_resource', update: 'update_resource', delete: 'delete_resource' } as const;
const INTEGRATION = {
  create: 'create_integration',
  update: 'update_integration',
  delete: 'delete_integration',
} as const;
const FACTOR = { create: 'add_enrollment', delete: 'remove_enrollment' } as const;

const SIGN_IN: ActionTable = {
  admin_login: 'account_login',
  admin_login_error: 'account_login',
  admin_2fa_error: 'mfa_verification',
};

/** `user_update` and `admin_update` also tell of groups and phones: refine.ts types those. */
const PEOPLE: ActionTable = {
  ...all('create_user', 'user_create', 'user_import', 'user_bulk_enroll', 'admin_create'),
  ...all('update_user', 'user_update', 'user_restore', 'user_bulk_activate', 'admin_update'),
  ...all('update_user', 'admin_reset_password', 'admin_send_reset_password_email', 'activation_set_password'),
  ...all('update_user', 'admin_self_activate', 'admin_activation_create', 'admin_activation_delete'),
  ...all('update_user', 'admin_lockout', 'user_lockout_cleared', 'user_adminapi_lockout', 'user_not_enrolled_lockout'),
  ...all('delete_user', 'user_pending_delete', 'user_delete', 'admin_delete'),
  ...actions('group', { create: 'create_group', update: 'update_group', delete: 'delete_group' }),
};

const FACTORS: ActionTable = {
  ...actions('webauthncredential', { ...FACTOR, rename: 'update_resource' }),
  ...actions('u2ftoken', FACTOR),
  ...actions('bypass', { ...FACTOR, view: 'read_resource' }),
  ...actions('phone', { ...RESOURCE, associate: 'add_enrollment', disassociate: 'remove_enrollment' }),
  ...actions('hardtoken', { ...RESOURCE, resync: 'update_resource' }),
  ...all('add_enrollment', 'o2fa_user_provisioned', 'o2fa_user_reenrolled'),
  ...all('remove_enrollment', 'o2fa_user_deprovisioned', 'deregister_devices'),
  // Duo has been seen to write the last one both ways.
  ...all('add_enrollment', 'admin_activate_duo_push', 'admin_reactivates_duo_push', 'admin_rectivates_duo_push'),
  ...all('update_resource', 'regen_mobile', 'regen_sms', 'phone_activation_code_regenerated', 'phone_new_sms_passcode'),
  ...all('update_resource', 'activation_create_link', 'activation_delete_link', 'activation_send_link'),
};

const APPLICATIONS: ActionTable = {
  ...actions('integration', INTEGRATION),
  ...all('read_integration', 'integration_skey_view', 'integration_skey_bulk_view'),
  ...actions('directory', INTEGRATION),
  ...all('update_integration', 'directory_groups_update', 'directory_sync_pause', 'directory_sync_resume'),
  ...actions('azure_directory', INTEGRATION),
};

const SECURITY: ActionTable = {
  ...actions('policy', {
    create: 'create_security_configuration',
    update: 'update_security_configuration',
    delete: 'delete_security_configuration',
  }),
  cloudsso_add_saml_authsource: 'create_security_configuration',
  ...all('update_security_configuration', 'integration_policy_assign', 'integration_policy_unassign'),
  ...all('update_security_configuration', 'integration_group_policy_add', 'integration_group_policy_remove'),
  ...all('update_security_configuration', 'admin_factor_restrictions', 'admin_factor_restrictions_update'),
  ...all('update_security_configuration', 'update_admin_factor_restrictions', 'admin_single_sign_on_update'),
  ...all('update_security_configuration', 'customer_update', 'updated_risk_profile'),
};

const MANAGEMENT_SYSTEMS: ActionTable = actions('management_system', {
  ...RESOURCE,
  ...all('read_resource', 'view_token', 'view_password'),
  ...all('update_resource', 'add_devices', 'delete_devices', 'activate_device_cache', 'pkcs12_enrollment'),
  ...all('update_resource', 'active_device_cache_add_devices', 'active_device_cache_delete_devices'),
  ...all('update_resource', 'active_device_cache_edit_devices', 'device_cache_create', 'device_cache_delete'),
  ...all('update_resource', 'device_cache_add_devices', 'device_cache_delete_devices', 'download_device_api_script'),
  ...all('update_resource', 'sync_success', 'sync_failure'),
});

const ACCOUNT: ActionTable = {
  ...actions('administrative_unit', RESOURCE),
  ...all('update_resource', 'custom_messaging_update', 'feature_add', 'feature_delete'),
  ...all('update_resource', 'edition_update', 'credits_update'),
  ...all('download_resource', 'log_export_start', 'log_export_complete', 'log_export_failure'),
  openldap_sync_config_download: 'download_resource',
};

/** Nothing that the EMM has a word for: runs of a directory's synchronisation, notices, moves between accounts. */
const UNMAPPED: ActionTable = {
  ...all(null, 'ad_sync_begin', 'ad_sync_finish', 'ad_sync_failed'),
  ...all(null, 'ad_sync_by_user_begin', 'ad_sync_by_user_finish'),
  ...all(null, 'azure_sync_begin', 'azure_sync_finish', 'azure_sync_fail'),
  ...all(null, 'azure_sync_by_user_begin', 'azure_sync_by_user_finish'),
  ...all(null, 'openldap_sync_begin', 'openldap_sync_finish', 'openldap_sync_failed'),
  ...all(null, 'openldap_sync_by_user_begin', 'openldap_sync_by_user_finish'),
  ...all(null, 'send_enroll_code', 'resend_enroll_codes', 'activation_begin'),
  ...all(null, 'device_change_notification_create', 'device_change_notification_send'),
  ...all(null, 'device_change_notification_answered', 'device_change_notification_answered_notify_admin'),
  ...actions('device_change_enrollment_summary_notification', {
    ...all(null, 'send', 'answered', 'answered_notify_admin'),
  }),
  ...all(null, 'admin_account_switch', 'create_child_customer', 'delete_child_customer', 'adminapi_request_ip_denied'),
};

/** The actions of Duo's administrator and activity logs, which share their names: https://duo.com/docs/adminapi */
export const ACTIONS: ActionTable = {
  ...SIGN_IN,
  ...PEOPLE,
  ...FACTORS,
  ...APPLICATIONS,
  ...SECURITY,
  ...MANAGEMENT_SYSTEMS,
  ...ACCOUNT,
  ...UNMAPPED,
};
