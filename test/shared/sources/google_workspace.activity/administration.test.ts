import { describe } from 'vitest';
import { BO, GROUP, type Row, testRows } from './activities.ts';

const ROLE = { type: 'role', id: '848981981811590301', name: 'Buoy keepers' };
const role = { ROLE_NAME: 'Buoy keepers', ROLE_ID: '848981981811590301' };
const bo = { USER_EMAIL: 'bo.larkin@example.com' };
const group = { GROUP_EMAIL: 'field@example.com' };
const ORG_UNIT = { type: 'org_unit', name: 'Harbour' };
const DOMAIN = { type: 'domain', name: 'example.com' };

const rows: readonly Row[] = [
  ['admin.CREATE_USER', bo, 'create_user', [BO]],
  [
    'admin.CHANGE_FIRST_NAME',
    { ...bo, OLD_VALUE: 'Bo', NEW_VALUE: '' },
    'update_user',
    [BO],
    [{ attribute: 'first_name', old: 'Bo', new: '' }],
  ],
  [
    'admin.CHANGE_USER_CUSTOM_FIELD',
    { ...bo, USER_CUSTOM_FIELD: 'Badge', OLD_VALUE: '1', NEW_VALUE: '2' },
    'update_user',
    [BO],
    [{ attribute: 'Badge', old: '1', new: '2' }],
  ],
  [
    'admin.ADD_NICKNAME',
    { ...bo, USER_NICKNAME: 'bl' },
    'update_user',
    [BO],
    [{ attribute: 'user_nickname', new: 'bl' }],
  ],
  [
    'admin.USER_LICENSE_ASSIGNMENT',
    { ...bo, PRODUCT_NAME: 'Workspace', SKU_NAME: 'Workspace Plus', NEW_VALUE: 'Workspace Plus' },
    'update_user',
    [BO, { type: 'license', id: 'Workspace Plus', name: 'Workspace' }],
    [{ attribute: 'user_license_assignment', new: 'Workspace Plus' }],
  ],
  [
    'admin.BULK_UPLOAD',
    { BULK_UPLOAD_FAIL_USERS_NUMBER: 2, BULK_UPLOAD_TOTAL_USERS_NUMBER: 5, DOMAIN_NAME: 'example.com' },
    'create_user',
    [DOMAIN],
    [],
    { reason: '2 of 5 failed' },
  ],
  [
    'admin.GROUP_MEMBER_BULK_UPLOAD',
    { ...group, GROUP_MEMBER_BULK_UPLOAD_FAILED_NUMBER: 3, GROUP_MEMBER_BULK_UPLOAD_TOTAL_NUMBER: 3 },
    'add_to_group',
    [GROUP],
    [],
    { outcome: 'failure', reason: '3 of 3 failed' },
  ],
  ['admin.ADD_GROUP_MEMBER', { ...bo, ...group }, 'add_to_group', [BO, GROUP]],
  [
    'admin.CHANGE_GROUP_SETTING',
    { ...group, SETTING_NAME: 'WHO_CAN_JOIN', OLD_VALUE: 'INVITED', NEW_VALUE: 'ALL' },
    'update_group',
    [GROUP, { type: 'setting', name: 'WHO_CAN_JOIN' }],
    [{ attribute: 'WHO_CAN_JOIN', old: 'INVITED', new: 'ALL' }],
  ],
  ['admin.ASSIGN_ROLE', { ...bo, ...role }, 'add_permission', [BO, ROLE]],
  [
    'admin.REMOVE_PRIVILEGE',
    { ...role, PRIVILEGE_NAME: 'USERS_RETRIEVE' },
    'remove_permission',
    [ROLE, { type: 'permission', name: 'USERS_RETRIEVE' }],
  ],
  ['admin.REVOKE_SECURITY_KEY', bo, 'remove_enrollment', [BO], [], { mfa: { enrollment: 'security_key' } }],
  ['admin.GENERATE_2SV_SCRATCH_CODES', bo, 'add_enrollment', [BO], [], { mfa: { enrollment: 'backup_code' } }],
  [
    'admin.REVOKE_3LO_TOKEN',
    { ...bo, APP_ID: '77.apps.example.com' },
    'delete_integration',
    [BO, { type: 'application', id: '77.apps.example.com' }],
  ],
  [
    'admin.CHANGE_CAA_APP_ASSIGNMENTS',
    {
      APPLICATION_NAME: 'Drive',
      CAA_ASSIGNMENTS_OLD: [],
      CAA_ASSIGNMENTS_NEW: ['office', 'managed'],
      CAA_ENFORCEMENT_ENDPOINTS_OLD: 'WEB',
      CAA_ENFORCEMENT_ENDPOINTS_NEW: 'WEB',
      TARGET_ENTITY_TYPE: 'ORG_UNIT',
      TARGET_ENTITY_NAME: 'Harbour',
    },
    'create_security_configuration',
    [ORG_UNIT, { type: 'application', name: 'Drive' }],
    [{ attribute: 'caa_assignments', new: '["office","managed"]' }],
  ],
  [
    'admin.ADD_TO_BLOCKED_OAUTH2_APPS',
    { OAUTH2_APP_ID: '77', OAUTH2_APP_NAME: 'Tide Bot', OAUTH2_APP_TYPE: 'WEB', ORG_UNIT_NAME: 'Harbour' },
    'create_security_configuration',
    [ORG_UNIT, { type: 'application', id: '77', name: 'Tide Bot' }],
  ],
  [
    'admin.AUTHORIZE_API_CLIENT_ACCESS',
    { DOMAIN_NAME: 'example.com', API_CLIENT_NAME: '1234567890123', API_SCOPES: ['a', 'b'] },
    'create_integration',
    [DOMAIN, { type: 'application', name: '1234567890123' }],
    [{ attribute: 'api_scopes', new: '["a","b"]' }],
  ],
  [
    'admin.CREATE_APPLICATION_SETTING',
    {
      APPLICATION_NAME: 'Gmail',
      SETTING_NAME: 'RuleState enabled',
      NEW_VALUE: 'true',
      SETTING_METADATA: {
        messageValue: {
          parameter: [
            { name: 'rule_key', intValue: '9223372036854775807' },
            {
              name: 'inner',
              messageValue: {
                parameter: [
                  { name: 'OLD_STATE', value: 'on' },
                  { name: 'NEW_STATE', value: 'off' },
                ],
              },
            },
          ],
        },
      },
    },
    'create_integration',
    [
      { type: 'application', name: 'Gmail' },
      { type: 'setting', name: 'RuleState enabled' },
    ],
    [
      { attribute: 'RuleState enabled', new: 'true' },
      { attribute: 'setting_metadata.inner.state', old: 'on', new: 'off' },
      { attribute: 'setting_metadata.rule_key', new: '9223372036854775807' },
    ],
  ],
  [
    'admin.CHANGE_CHROME_OS_DEVICE_STATE',
    { DEVICE_SERIAL_NUMBER: 'SK7', DEVICE_PREVIOUS_STATE: 'ACTIVE', DEVICE_NEW_STATE: 'DISABLED' },
    'update_resource',
    [{ type: 'device', id: 'SK7' }],
    [{ attribute: 'device_state', old: 'ACTIVE', new: 'DISABLED' }],
  ],
  [
    'admin.SESSION_CONTROL_SETTINGS_CHANGE',
    { REAUTH_APPLICATION: 'ADMIN_CONSOLE', REAUTH_SETTING_OLD: 'NEVER', REAUTH_SETTING_NEW: 'INHERIT' },
    'update_security_configuration',
    [{ type: 'application', name: 'ADMIN_CONSOLE' }],
    [{ attribute: 'reauth_setting', old: 'NEVER', new: 'INHERIT' }],
  ],
  [
    'admin.CREATE_DATA_TRANSFER_REQUEST',
    { ...bo, DESTINATION_USER_EMAIL: 'cam@example.com', APPLICATION_NAME: 'Drive' },
    'create_resource',
    [BO, { type: 'user', email: 'cam@example.com' }, { type: 'application', name: 'Drive' }],
  ],
  [
    'groups.change_acl_permission',
    {
      group_email: 'field@example.com',
      acl_permission: 'can_view_members',
      old_value_repeated: ['managers'],
      new_value_repeated: ['managers', 'members'],
    },
    'add_permission',
    [GROUP, { type: 'permission', name: 'can_view_members' }],
    [{ attribute: 'value_repeated', old: 'managers', new: '["managers","members"]' }],
  ],
  [
    'groups_enterprise.add_info_setting',
    { group_id: 'field@example.com', info_setting: 'description', value: 'in the field' },
    'update_group',
    [GROUP],
    [{ attribute: 'description', new: 'in the field' }],
  ],
  [
    'groups_enterprise.add_member',
    { group_id: 'field@example.com', member_id: 'crew@example.com', member_type: 'GROUP', member_role: 'member' },
    'add_to_group',
    [{ type: 'group', email: 'crew@example.com' }, GROUP],
    [{ attribute: 'member_role', new: 'member' }],
  ],
];

describe('administration', () => testRows(rows));
