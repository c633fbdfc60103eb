import type { Target } from '../../../../../shared/event/schema.ts';
import { fleet, HOST, host, type Row, TEAM, team } from '../activities.ts';

const query = { query_id: 81, query_name: 'Installed packages' };
const QUERY: Target = { type: 'query', id: '81', name: 'Installed packages' };
const pack = { pack_id: 91, pack_name: 'Baseline' };
const PACK: Target = { type: 'pack', id: '91', name: 'Baseline' };
const script = { script_name: 'rotate-logs.sh' };
const SCRIPT: Target = { type: 'script', name: 'rotate-logs.sh' };
const BATCH: Target = { type: 'script_batch', id: '3a0cb5de' };
const batch = { ...script, batch_execution_id: '3a0cb5de', host_count: 12 };
const software = { software_title: 'Compass.app', software_title_id: 2234, software_package: 'Compass-6.4.pkg' };
const SOFTWARE: Target = { type: 'software', id: '2234', name: 'Compass.app' };
const app = { software_title: 'Compass', app_store_id: '1234567', platform: 'darwin' };
const APP: Target = { type: 'software', id: '1234567', name: 'Compass' };
const UNNUMBERED: Target = { type: 'software', name: 'Compass.app' };
const certificate = { certificate_template_id: 19, certificate_name: 'vpn' };
const CERTIFICATE: Target = { type: 'certificate', id: '19', name: 'vpn' };
const PACKAGE: Target = { type: 'bootstrap_package', name: 'bootstrap.pkg' };
const label = { label_id: 61, label_name: 'Lab' };
const LABEL: Target = { type: 'label', id: '61', name: 'Lab' };
const variable = { custom_variable_id: 51, custom_variable_name: 'PROXY_HOST' };
const VARIABLE: Target = { type: 'custom_variable', id: '51', name: 'PROXY_HOST' };
const serial = { host_serial: 'ZX81-0042', host_display_name: 'Laptop (ZX81-0042)' };
const SERIAL: Target = { type: 'device', id: 'ZX81-0042', name: 'Laptop (ZX81-0042)' };

/** Packs, queries, scripts, software and hosts. */
export const inventory: readonly Row[] = [
  ['created_pack', pack, 'create_resource', [PACK]],
  ['edited_pack', pack, 'update_resource', [PACK]],
  ['applied_spec_pack', {}, 'update_resource', []],
  ['deleted_pack', { pack_name: 'Baseline' }, 'delete_resource', [{ type: 'pack', name: 'Baseline' }]],
  ['created_saved_query', { ...query, ...team }, 'create_resource', [QUERY, TEAM]],
  ['edited_saved_query', query, 'update_resource', [QUERY]],
  [
    'applied_spec_saved_query',
    { specs: [{ name: 'Installed packages', query: 'SELECT 1;' }] },
    'update_resource',
    [{ type: 'query', name: 'Installed packages' }],
  ],
  [
    'deleted_saved_query',
    { query_name: 'Installed packages' },
    'delete_resource',
    [{ type: 'query', name: 'Installed packages' }],
  ],
  [
    'deleted_multiple_saved_query',
    { query_ids: [1, 42] },
    'delete_resource',
    [
      { type: 'query', id: '1' },
      { type: 'query', id: '42' },
    ],
  ],
  [
    'live_query',
    { targets_count: 240, query_sql: 'SELECT 1;', query_name: 'Installed packages' },
    'query_resource',
    [{ type: 'query', name: 'Installed packages' }],
  ],
  ['live_query', { targets_count: 240, query_sql: 'SELECT 1;' }, 'query_resource', []],

  ['added_script', { ...script, ...team }, 'create_resource', [SCRIPT, TEAM]],
  ['edited_script', team, 'update_resource', [TEAM]],
  ['updated_script', { ...script, ...team }, 'update_resource', [SCRIPT, TEAM]],
  ['deleted_script', { ...script, team_id: null, team_name: null }, 'delete_resource', [SCRIPT]],
  [
    'ran_script',
    {
      ...host,
      ...script,
      script_execution_id: 'd6cffa75',
      batch_execution_id: null,
      async: false,
      policy_id: 71,
      policy_name: 'Disk is encrypted',
    },
    'update_resource',
    [HOST, { type: 'policy', id: '71', name: 'Disk is encrypted' }, SCRIPT],
  ],
  ['ran_script_batch', batch, 'update_resource', [SCRIPT, BATCH]],
  [
    'scheduled_script_batch',
    { ...batch, not_before: '2025-08-06T17:49:21.810204Z' },
    'update_resource',
    [SCRIPT, BATCH],
    [{ attribute: 'not_before', new: '2025-08-06T17:49:21.810204Z' }],
  ],
  ['canceled_run_script', { ...host, ...script }, null, [HOST, SCRIPT]],
  ['canceled_script_batch', { ...batch, canceled_count: 5 }, null, [SCRIPT, BATCH]],

  ['added_bootstrap_package', { bootstrap_package_name: 'bootstrap.pkg', ...team }, 'create_resource', [PACKAGE, TEAM]],
  ['deleted_bootstrap_package', { package_name: 'bootstrap.pkg', ...team }, 'delete_resource', [PACKAGE, TEAM]],
  [
    'added_software',
    { ...software, ...team, self_service: true, labels_include_any: [{ name: 'Lab', id: 61 }] },
    'create_resource',
    [SOFTWARE, TEAM],
    [
      { attribute: 'labels_include_any', new: '[{"id":61,"name":"Lab"}]' },
      { attribute: 'self_service', new: 'true' },
    ],
  ],
  [
    'edited_software',
    { ...software, self_service: false, software_display_name: 'Compass Pro' },
    'update_resource',
    [SOFTWARE],
    [
      { attribute: 'self_service', new: 'false' },
      { attribute: 'software_display_name', new: 'Compass Pro' },
    ],
  ],
  [
    'applied_spec_software',
    { specs: [{ name: 'Compass' }] },
    'update_resource',
    [{ type: 'software', name: 'Compass' }],
  ],
  [
    'deleted_software',
    { software_title: 'Compass.app', ...team, self_service: true },
    'delete_resource',
    [UNNUMBERED, TEAM],
    [{ attribute: 'self_service', old: 'true' }],
  ],
  ['added_app_store_app', { ...app, ...team }, 'create_resource', [APP, TEAM]],
  [
    'edited_app_store_app',
    { ...app, auto_update_enabled: true, auto_update_window_start: '22:00', auto_update_window_end: '02:00' },
    'update_resource',
    [APP],
    [
      { attribute: 'auto_update_enabled', new: 'true' },
      { attribute: 'auto_update_window_end', new: '02:00' },
      { attribute: 'auto_update_window_start', new: '22:00' },
    ],
  ],
  ['deleted_app_store_app', app, 'delete_resource', [APP]],
  [
    'installed_software',
    { ...host, software_title: 'Compass.app', install_uuid: 'd6cffa75', self_service: true, status: 'installed' },
    'update_resource',
    [HOST, UNNUMBERED],
  ],
  [
    'installed_software',
    { ...host, software_title: 'Compass.app', status: 'failed_install', failure_reason: 'no such variable' },
    'update_resource',
    [HOST, UNNUMBERED],
    [],
    { outcome: 'failure', reason: 'no such variable' },
  ],
  [
    'installed_software',
    { ...host, software_title: 'Compass.app', status: 'pending' },
    'update_resource',
    [HOST, UNNUMBERED],
    [],
    { outcome: 'unknown' },
  ],
  [
    'uninstalled_software',
    { ...host, software_title: 'Compass.app', status: 'failed_uninstall' },
    'update_resource',
    [HOST, UNNUMBERED],
    [],
    { outcome: 'failure' },
  ],
  ['installed_app_store_app', { ...host, ...app, command_uuid: '98765432' }, 'update_resource', [HOST, APP]],
  ['installed_certificate', { ...host, ...certificate, status: 'installed' }, 'update_resource', [HOST, CERTIFICATE]],
  [
    'installed_certificate',
    { ...host, ...certificate, status: 'failed_install', detail: 'no answer from the SCEP server' },
    'update_resource',
    [HOST, CERTIFICATE],
    [],
    { outcome: 'failure', reason: 'no answer from the SCEP server' },
  ],
  ['resent_certificate', { ...host, ...certificate }, 'update_resource', [HOST, CERTIFICATE]],
  ...['canceled_install_software', 'canceled_uninstall_software', 'canceled_setup_experience'].map(
    (action): Row => [action, { ...host, ...software }, null, [HOST, SOFTWARE]],
  ),
  ['canceled_install_app_store_app', { ...host, ...app }, null, [HOST, APP]],

  ['created_custom_variable', variable, 'create_resource', [VARIABLE]],
  ['deleted_custom_variable', variable, 'delete_resource', [VARIABLE]],
  ['created_label', { ...label, ...fleet }, 'create_resource', [LABEL, TEAM]],
  ['edited_label', { ...label, ...fleet }, 'update_resource', [LABEL, TEAM]],
  ['deleted_label', label, 'delete_resource', [LABEL]],

  ['fleet_enrolled', { host_id: '905', host_display_name: 'otto-thinkpad' }, 'create_resource', [HOST]],
  ['mdm_enrolled', { ...serial, mdm_platform: 'apple', enrollment_id: null }, 'create_resource', [SERIAL]],
  ['mdm_unenrolled', { ...serial, platform: 'darwin' }, 'delete_resource', [SERIAL]],
  [
    'mdm_unenrolled',
    { host_serial: '', enrollment_id: 'byod-7', host_display_name: 'iPhone' },
    'delete_resource',
    [{ type: 'device', id: 'byod-7', name: 'iPhone' }],
  ],
  [
    'deleted_host',
    { ...host, host_serial: 'ZX81-0042', triggered_by: 'manual' },
    'delete_resource',
    [HOST],
    [],
    { reason: 'manual' },
  ],
  ['wiped_host', host, 'delete_resource', [HOST]],
  ['failed_wipe', host, null, [HOST], [], { outcome: 'failure' }],
  ['failed_enrollment_profile_renewal', host, null, [HOST], [], { outcome: 'failure' }],
  [
    'edited_host_idp_data',
    { ...host, host_idp_username: 'otto.brandt@example.com' },
    'update_resource',
    [HOST],
    [{ attribute: 'host_idp_username', new: 'otto.brandt@example.com' }],
  ],
  ...['locked_host', 'unlocked_host', 'cleared_passcode', 'refetch'].map(
    (action): Row => [action, host, 'update_resource', [HOST]],
  ),
  ...['escrowed_disk_encryption_key', 'escrowed_recovery_lock_password', 'rotated_recovery_lock_password'].map(
    (action): Row => [action, host, 'update_resource', [HOST]],
  ),
  ['rotated_managed_local_account_password', fleet, 'update_resource', [TEAM]],
  ['created_managed_local_account', host, 'create_resource', [HOST]],
];
