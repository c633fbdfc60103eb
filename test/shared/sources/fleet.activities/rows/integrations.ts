import { integration, type Row } from '../activities.ts';

const authorities = ['custom_scep_proxy', 'digicert', 'hydrant', 'custom_est_proxy', 'smallstep'];
const REDACTED = 'https://hooks.example.com/[redacted by Annals]';
const hook = { webhook_url: 'https://hooks.example.com/services/T0/B0/not-a-real-token?x=1' };

/** Certificate authorities, conditional access, Apple's volume purchases, and the webhook of activities. */
export const integrations: readonly Row[] = [
  ...authorities.flatMap((noun): Row[] => [
    [`added_${noun}`, { name: 'WIFI_CA' }, 'create_integration', [integration(noun, 'WIFI_CA')]],
    [`edited_${noun}`, { name: 'WIFI_CA' }, 'update_integration', [integration(noun, 'WIFI_CA')]],
    [`deleted_${noun}`, { name: 'WIFI_CA' }, 'delete_integration', [integration(noun, 'WIFI_CA')]],
  ]),
  ['added_ndes_scep_proxy', null, 'create_integration', [integration('ndes_scep_proxy')]],
  ['edited_ndes_scep_proxy', null, 'update_integration', [integration('ndes_scep_proxy')]],
  ['deleted_ndes_scep_proxy', null, 'delete_integration', [integration('ndes_scep_proxy')]],
  ...['conditional_access_integration_microsoft', 'conditional_access_okta'].flatMap((noun): Row[] => [
    [`added_${noun}`, {}, 'create_integration', [integration(noun)]],
    [`deleted_${noun}`, {}, 'delete_integration', [integration(noun)]],
  ]),
  [
    'enabled_vpp',
    { location: 'Northwind Labs' },
    'create_integration',
    [integration('vpp', 'Northwind Labs')],
    [{ attribute: 'vpp', new: 'enabled' }],
  ],
  [
    'disabled_vpp',
    { location: 'Northwind Labs' },
    'delete_integration',
    [integration('vpp', 'Northwind Labs')],
    [{ attribute: 'vpp', new: 'disabled' }],
  ],
  [
    'enabled_activity_automations',
    hook,
    'create_integration',
    [integration('activity_automations')],
    [
      { attribute: 'activity_automations', new: 'enabled' },
      { attribute: 'webhook_url', new: REDACTED },
    ],
  ],
  [
    'edited_activity_automations',
    hook,
    'update_integration',
    [integration('activity_automations')],
    [{ attribute: 'webhook_url', new: REDACTED }],
  ],
  [
    'disabled_activity_automations',
    null,
    'delete_integration',
    [integration('activity_automations')],
    [{ attribute: 'activity_automations', new: 'disabled' }],
  ],
];
