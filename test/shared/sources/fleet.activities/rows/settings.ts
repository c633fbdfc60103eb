import type { Target } from '../../../../../shared/event/schema.ts';
import { fleet, HOST, host, type Row, setting, TEAM, team } from '../activities.ts';

const policy = { policy_id: 71, policy_name: 'Disk is encrypted' };
const POLICY: Target = { type: 'policy', id: '71', name: 'Disk is encrypted' };
const profile = { profile_name: 'Screen lock', profile_identifier: 'com.example.screenlock' };
const PROFILE: Target = { type: 'profile', id: 'com.example.screenlock', name: 'Screen lock' };
const UNIDENTIFIED: Target = { type: 'profile', name: 'Screen lock' };

const updates = 'update_security_configuration';

const switched: readonly (readonly [noun: string, details: typeof team | typeof fleet | null, team: Target[]])[] = [
  ['macos_update_new_hosts', team, [TEAM]],
  ['macos_disk_encryption', team, [TEAM]],
  ['disk_encryption', team, [TEAM]],
  ['macos_setup_end_user_auth', team, [TEAM]],
  ['windows_mdm', null, []],
  ['android_mdm', null, []],
  ['windows_mdm_migration', null, []],
  ['gitops_mode', null, []],
  ['recovery_lock_password', team, [TEAM]],
  ['managed_local_account', fleet, [TEAM]],
  ['conditional_access_automations', team, [TEAM]],
];

/** Policies, profiles and settings. */
export const settings: readonly Row[] = [
  ['created_policy', { ...policy, ...team }, 'create_security_configuration', [POLICY, TEAM]],
  ['edited_policy', { ...policy, team_id: -1, team_name: null }, updates, [POLICY]],
  ['edited_policy', { ...policy, team_id: 0, team_name: null }, updates, [POLICY]],
  ['deleted_policy', policy, 'delete_security_configuration', [POLICY]],
  [
    'applied_spec_policy',
    {
      policies: [
        { name: 'Disk is encrypted', query: 'SELECT 1;' },
        { name: 'Firewall is on', query: 'SELECT 1;' },
      ],
    },
    updates,
    [
      { type: 'policy', name: 'Disk is encrypted' },
      { type: 'policy', name: 'Firewall is on' },
    ],
  ],
  ['edited_agent_options', { ...team, global: false }, updates, [setting('agent_options'), TEAM]],
  ['edited_agent_options', { team_id: null, team_name: null, global: true }, updates, [setting('agent_options')]],
  ['edited_enroll_secrets', team, updates, [setting('enroll_secrets'), TEAM]],
  ...['macos', 'ios', 'ipados'].map(
    (os): Row => [
      `edited_${os}_min_version`,
      { ...team, minimum_version: '16.2', deadline: '2025-06-01' },
      updates,
      [setting(`${os}_min_version`), TEAM],
      [
        { attribute: 'deadline', new: '2025-06-01' },
        { attribute: 'minimum_version', new: '16.2' },
      ],
    ],
  ),
  [
    'edited_macos_min_version',
    { ...team, minimum_version: '', deadline: '' },
    updates,
    [setting('macos_min_version'), TEAM],
    [
      { attribute: 'deadline', new: '' },
      { attribute: 'minimum_version', new: '' },
    ],
  ],
  [
    'edited_windows_updates',
    { ...team, deadline_days: 5, grace_period_days: 2 },
    updates,
    [setting('windows_updates'), TEAM],
    [
      { attribute: 'deadline_days', new: '5' },
      { attribute: 'grace_period_days', new: '2' },
    ],
  ],
  [
    'edited_windows_updates',
    { ...team, deadline_days: null, grace_period_days: null },
    updates,
    [setting('windows_updates'), TEAM],
    [{ attribute: 'deadline_days' }, { attribute: 'grace_period_days' }],
  ],

  ['created_macos_profile', { ...profile, ...team }, 'create_security_configuration', [PROFILE, TEAM]],
  ['created_declaration_profile', { ...profile, ...team }, 'create_security_configuration', [PROFILE, TEAM]],
  [
    'created_declaration_profile',
    { profile_name: 'Screen lock', identifier: 'com.example.screenlock' },
    'create_security_configuration',
    [PROFILE],
  ],
  ...['windows', 'android'].flatMap((os): Row[] => [
    [
      `created_${os}_profile`,
      { profile_name: 'Screen lock', ...team },
      'create_security_configuration',
      [UNIDENTIFIED, TEAM],
    ],
    [
      `deleted_${os}_profile`,
      { profile_name: 'Screen lock', ...team },
      'delete_security_configuration',
      [UNIDENTIFIED, TEAM],
    ],
  ]),
  ...['macos', 'windows', 'android', 'declaration'].map(
    (kind): Row => [`edited_${kind}_profile`, team, updates, [setting(`${kind}_profile`), TEAM]],
  ),
  ['edited_configuration_profile', { ...profile, ...team, ...fleet, platform: 'windows' }, updates, [PROFILE, TEAM]],
  ['resent_configuration_profile', { ...host, profile_name: 'Screen lock' }, updates, [HOST, UNIDENTIFIED]],
  ['resent_configuration_profile_batch', { profile_name: 'Screen lock', host_count: 3 }, updates, [UNIDENTIFIED]],
  ['deleted_macos_profile', { ...profile, ...team }, 'delete_security_configuration', [PROFILE, TEAM]],
  ['deleted_declaration_profile', { ...profile, ...team }, 'delete_security_configuration', [PROFILE, TEAM]],
  ['edited_android_certificate', team, updates, [setting('android_certificate'), TEAM]],
  [
    'changed_macos_setup_assistant',
    { name: 'setup.json', ...team },
    updates,
    [setting('macos_setup_assistant', 'setup.json'), TEAM],
  ],
  [
    'deleted_macos_setup_assistant',
    { name: 'setup.json', ...team },
    'delete_security_configuration',
    [setting('macos_setup_assistant', 'setup.json'), TEAM],
  ],
  [
    'edited_setup_experience_software',
    { platform: 'darwin', team_id: 0, team_name: '' },
    updates,
    [setting('setup_experience_software')],
  ],

  ...['enabled', 'disabled'].flatMap((state) => [
    ...switched.map(
      ([noun, details, group]): Row => [
        `${state}_${noun}`,
        details,
        updates,
        [setting(noun), ...group],
        [{ attribute: noun, new: state }],
      ],
    ),
    [
      `${state}_gitops_exception`,
      { exception: 'labels' },
      updates,
      [setting('gitops_exception', 'labels')],
      [{ attribute: 'gitops_exception.labels', new: state }],
    ] as Row,
    [
      `${state}_historical_dataset`,
      { dataset: 'uptime', ...fleet },
      updates,
      [setting('historical_dataset', 'uptime'), TEAM],
      [{ attribute: 'historical_dataset.uptime', new: state }],
    ] as Row,
  ]),
];
