import { EVENT_TYPES, type EventType } from '../../taxonomy.ts';
import type { ActionTable } from '../source.ts';

/**
 * Fleet's activity types
 * (https://github.com/fleetdm/fleet/blob/main/docs/Contributing/reference/audit-logs.md) and their EMM types.
 * `transferred_hosts` is refined in normalize.ts: without a team it takes hosts out of theirs.
 */
export const ACTIONS: ActionTable = {
  // Log-ins, users and their roles
  user_logged_in: 'account_login',
  user_failed_login: 'account_login',
  created_user: 'create_user',
  user_added_by_sso: 'create_user',
  deleted_user: 'delete_user',
  changed_user_global_role: 'add_permission',
  changed_user_team_role: 'add_permission',
  deleted_user_global_role: 'remove_permission',
  deleted_user_team_role: 'remove_permission',

  // Teams, which newer servers call fleets
  created_team: 'create_group',
  applied_spec_team: 'update_group',
  deleted_team: 'delete_group',
  transferred_hosts: 'add_to_group',

  // Packs and queries
  created_pack: 'create_resource',
  edited_pack: 'update_resource',
  applied_spec_pack: 'update_resource',
  deleted_pack: 'delete_resource',
  created_saved_query: 'create_resource',
  edited_saved_query: 'update_resource',
  applied_spec_saved_query: 'update_resource',
  deleted_saved_query: 'delete_resource',
  deleted_multiple_saved_query: 'delete_resource',
  live_query: 'query_resource',

  // Policies, the agent, operating system updates
  created_policy: 'create_security_configuration',
  edited_policy: 'update_security_configuration',
  applied_spec_policy: 'update_security_configuration',
  deleted_policy: 'delete_security_configuration',
  edited_agent_options: 'update_security_configuration',
  edited_enroll_secrets: 'update_security_configuration',
  edited_macos_min_version: 'update_security_configuration',
  edited_ios_min_version: 'update_security_configuration',
  edited_ipados_min_version: 'update_security_configuration',
  edited_windows_updates: 'update_security_configuration',
  enabled_macos_update_new_hosts: 'update_security_configuration',
  disabled_macos_update_new_hosts: 'update_security_configuration',

  // Configuration profiles
  created_macos_profile: 'create_security_configuration',
  created_windows_profile: 'create_security_configuration',
  created_android_profile: 'create_security_configuration',
  created_declaration_profile: 'create_security_configuration',
  edited_macos_profile: 'update_security_configuration',
  edited_windows_profile: 'update_security_configuration',
  edited_android_profile: 'update_security_configuration',
  edited_declaration_profile: 'update_security_configuration',
  edited_configuration_profile: 'update_security_configuration',
  resent_configuration_profile: 'update_security_configuration',
  resent_configuration_profile_batch: 'update_security_configuration',
  deleted_macos_profile: 'delete_security_configuration',
  deleted_windows_profile: 'delete_security_configuration',
  deleted_android_profile: 'delete_security_configuration',
  deleted_declaration_profile: 'delete_security_configuration',
  edited_android_certificate: 'update_security_configuration',
  changed_macos_setup_assistant: 'update_security_configuration',
  deleted_macos_setup_assistant: 'delete_security_configuration',
  edited_setup_experience_software: 'update_security_configuration',

  // Settings that are switched on and off
  enabled_macos_disk_encryption: 'update_security_configuration',
  enabled_disk_encryption: 'update_security_configuration',
  enabled_macos_setup_end_user_auth: 'update_security_configuration',
  enabled_windows_mdm: 'update_security_configuration',
  enabled_android_mdm: 'update_security_configuration',
  enabled_windows_mdm_migration: 'update_security_configuration',
  enabled_gitops_mode: 'update_security_configuration',
  enabled_gitops_exception: 'update_security_configuration',
  enabled_recovery_lock_password: 'update_security_configuration',
  enabled_managed_local_account: 'update_security_configuration',
  enabled_conditional_access_automations: 'update_security_configuration',
  enabled_historical_dataset: 'update_security_configuration',
  disabled_macos_disk_encryption: 'update_security_configuration',
  disabled_disk_encryption: 'update_security_configuration',
  disabled_macos_setup_end_user_auth: 'update_security_configuration',
  disabled_windows_mdm: 'update_security_configuration',
  disabled_android_mdm: 'update_security_configuration',
  disabled_windows_mdm_migration: 'update_security_configuration',
  disabled_gitops_mode: 'update_security_configuration',
  disabled_gitops_exception: 'update_security_configuration',
  disabled_recovery_lock_password: 'update_security_configuration',
  disabled_managed_local_account: 'update_security_configuration',
  disabled_conditional_access_automations: 'update_security_configuration',
  disabled_historical_dataset: 'update_security_configuration',

  // Scripts
  added_script: 'create_resource',
  edited_script: 'update_resource',
  updated_script: 'update_resource',
  deleted_script: 'delete_resource',
  ran_script: 'update_resource',
  ran_script_batch: 'update_resource',
  scheduled_script_batch: 'update_resource',

  // Software and certificates
  added_bootstrap_package: 'create_resource',
  deleted_bootstrap_package: 'delete_resource',
  added_software: 'create_resource',
  edited_software: 'update_resource',
  applied_spec_software: 'update_resource',
  deleted_software: 'delete_resource',
  added_app_store_app: 'create_resource',
  edited_app_store_app: 'update_resource',
  deleted_app_store_app: 'delete_resource',
  installed_software: 'update_resource',
  uninstalled_software: 'update_resource',
  installed_app_store_app: 'update_resource',
  installed_certificate: 'update_resource',
  resent_certificate: 'update_resource',

  // Variables and labels
  created_custom_variable: 'create_resource',
  deleted_custom_variable: 'delete_resource',
  created_label: 'create_resource',
  edited_label: 'update_resource',
  deleted_label: 'delete_resource',

  // Hosts
  fleet_enrolled: 'create_resource',
  mdm_enrolled: 'create_resource',
  mdm_unenrolled: 'delete_resource',
  deleted_host: 'delete_resource',
  wiped_host: 'delete_resource',
  locked_host: 'update_resource',
  unlocked_host: 'update_resource',
  cleared_passcode: 'update_resource',
  edited_host_idp_data: 'update_resource',
  refetch: 'update_resource',
  escrowed_disk_encryption_key: 'update_resource',
  escrowed_recovery_lock_password: 'update_resource',
  rotated_recovery_lock_password: 'update_resource',
  rotated_managed_local_account_password: 'update_resource',
  // The account is one on the host, not a Fleet user.
  created_managed_local_account: 'create_resource',

  // Secrets of hosts that somebody saw
  read_host_disk_encryption_key: 'read_resource',
  read_host_recovery_lock_password: 'read_resource',
  read_managed_local_account: 'read_resource',
  retrieved_host_my_device_url: 'read_resource',

  // Integrations
  enabled_vpp: 'create_integration',
  disabled_vpp: 'delete_integration',
  added_ndes_scep_proxy: 'create_integration',
  edited_ndes_scep_proxy: 'update_integration',
  deleted_ndes_scep_proxy: 'delete_integration',
  added_custom_scep_proxy: 'create_integration',
  edited_custom_scep_proxy: 'update_integration',
  deleted_custom_scep_proxy: 'delete_integration',
  added_digicert: 'create_integration',
  edited_digicert: 'update_integration',
  deleted_digicert: 'delete_integration',
  added_hydrant: 'create_integration',
  edited_hydrant: 'update_integration',
  deleted_hydrant: 'delete_integration',
  added_custom_est_proxy: 'create_integration',
  edited_custom_est_proxy: 'update_integration',
  deleted_custom_est_proxy: 'delete_integration',
  added_smallstep: 'create_integration',
  edited_smallstep: 'update_integration',
  deleted_smallstep: 'delete_integration',
  added_conditional_access_integration_microsoft: 'create_integration',
  deleted_conditional_access_integration_microsoft: 'delete_integration',
  added_conditional_access_okta: 'create_integration',
  deleted_conditional_access_okta: 'delete_integration',
  // The webhook that activities are sent to: somebody may be cutting the audit feed.
  enabled_activity_automations: 'create_integration',
  edited_activity_automations: 'update_integration',
  disabled_activity_automations: 'delete_integration',

  // Nothing was changed
  canceled_run_script: null,
  canceled_script_batch: null,
  canceled_install_software: null,
  canceled_uninstall_software: null,
  canceled_install_app_store_app: null,
  canceled_setup_experience: null,
  failed_wipe: null,
  failed_enrollment_profile_renewal: null,
};

/** The EMM types that activities can have; `remove_from_group` comes from `transferred_hosts` only. */
export const MAPPED_TYPES: readonly EventType[] = EVENT_TYPES.filter(
  (type) => type === 'remove_from_group' || Object.values(ACTIONS).includes(type),
);
