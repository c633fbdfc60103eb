import { describe, expect, test } from 'vitest';
import type { EventFacts } from '../../../../shared/event/schema.ts';
import { type JsonObject, parseJson } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/box.admin_logs/normalize.ts';
import {
  ada,
  BO,
  bo,
  event,
  FILE,
  FOLDER,
  factsOf,
  file,
  GROUP,
  group,
  parent,
  type Row,
  testRows,
  unknown,
} from './events.ts';

const FAILED = { outcome: 'failure' } as const;
const CY = { type: 'user', id: '9003', name: 'Cy Venn', email: 'cy@example.org' };
const cy = { type: 'user', id: '9003', name: 'Cy Venn', login: 'cy@example.org' };
const inFolder = [FILE, FOLDER, BO];
const shielded = { type: 'file', id: 8001, name: 'barometer.xlsx', size: 3 };

const rows: readonly Row[] = [
  ['LOGIN', { source: bo, ip_address: '192.0.2.1' }, 'account_login', [BO], [], { ip: '192.0.2.1' }],
  [
    'FAILED_LOGIN',
    { source: bo, created_by: unknown },
    'account_login',
    [BO],
    [],
    { ...FAILED, actor: { type: 'anonymous' } },
  ],
  ['ADMIN_LOGIN', { source: bo, session_id: 's1' }, 'account_login', [BO], [], { session: 's1' }],
  ['REMOVE_LOGIN_ACTIVITY_DEVICE', { source: bo }, 'account_logout', [BO]],
  [
    'MULTI_FACTOR_AUTH_ENABLE',
    { source: bo, ip_address: 'Unknown IP' },
    'add_enrollment',
    [BO],
    [],
    { mfa: { enrollment: 'multi_factor' } },
  ],
  ['ENABLE_TWO_FACTOR_AUTH', { source: bo }, 'add_enrollment', [BO], [], { mfa: { enrollment: 'two_factor' } }],
  ['DISABLE_MULTI_FACTOR_AUTH', { source: bo }, 'remove_enrollment', [BO], [], { mfa: { enrollment: 'multi_factor' } }],

  ['NEW_USER', { source: bo }, 'create_user', [BO]],
  ['EDIT_USER', { source: bo, action_by: cy }, 'update_user', [BO, CY]],
  ['DELETE_USER', { source: bo }, 'delete_user', [BO]],
  ['GROUP_CREATION', { source: group }, 'create_group', [GROUP]],
  ['GROUP_EDITED', { source: group }, 'update_group', [GROUP]],
  ['GROUP_DELETION', { source: { type: 'group', id: '5001', name: 'Engineers' } }, 'delete_group', [GROUP]],
  ['GROUP_ADD_USER', { source: bo, additional_details: group }, 'add_to_group', [BO, GROUP]],
  ['GROUP_REMOVE_USER', { source: bo, additional_details: group }, 'remove_from_group', [BO, GROUP]],
  [
    'CHANGE_ADMIN_ROLE',
    { source: bo, additional_details: { role: 'coadmin' } },
    'add_permission',
    [BO],
    [{ attribute: 'role', new: 'coadmin' }],
  ],

  [
    'COLLABORATION_INVITE',
    {
      source: { folder_id: '7002', folder_name: 'Plans', user_id: '9003', user_name: 'Cy Venn', parent, owned_by: bo },
      accessible_by: cy,
      additional_details: { collab_id: '4001', role: 'Editor', is_performed_by_admin: true },
    },
    'add_permission',
    [CY, { type: 'folder', id: '7002', name: 'Plans' }, { type: 'collaboration', id: '4001' }, FOLDER, BO],
    [{ attribute: 'role', new: 'Editor' }],
    { actor: { id: '9001', name: 'Ada Quill', email: 'ada@example.com', type: 'user', role: 'admin' } },
  ],
  [
    'COLLABORATION_REMOVE',
    {
      source: { file_id: '8001', file_name: 'barometer.xlsx', user_email: 'cy@example.org', parent },
      additional_details: { role: 'Viewer' },
    },
    'remove_permission',
    [{ type: 'user', email: 'cy@example.org' }, FILE, FOLDER],
    [{ attribute: 'role', old: 'Viewer' }],
  ],
  [
    'COLLABORATION_ROLE_CHANGE',
    { accessible_by: { type: 'group', id: '5001', name: 'Engineers' }, additional_details: { role: 'Owner' } },
    'add_permission',
    [GROUP],
    [{ attribute: 'role', new: 'Owner' }],
  ],
  ['SHARE', { source: file }, 'add_permission', inFolder],
  ['UNSHARE', { source: file }, 'remove_permission', inFolder],

  [
    'APPLICATION_CREATED',
    { source: { type: 'application', id: '2001', name: 'Mast Viewer' } },
    'create_integration',
    [{ type: 'application', id: '2001', name: 'Mast Viewer' }],
  ],
  ['APPLICATION_PUBLIC_KEY_DELETED', {}, 'update_integration', []],
  [
    'LEGAL_HOLD_POLICY_CREATE',
    { source: { type: 'legal_hold_policy', id: 3, name: 'Collapse' } },
    'create_security_configuration',
    [{ type: 'legal_hold_policy', id: '3', name: 'Collapse' }],
  ],
  ['SHIELD_INFORMATION_BARRIER_DISABLED', {}, 'update_security_configuration', []],
  ['DATA_RETENTION_REMOVE_RETENTION', { source: file }, 'delete_security_configuration', inFolder],

  [
    'UPLOAD',
    { source: file, additional_details: { size: 3, service_id: '254429', service_name: 'Box Drive' } },
    'create_resource',
    inFolder,
    [],
    { device: { type: 'Box Drive' } },
  ],
  [
    'CONTENT_ACCESS',
    { source: file, additional_details: { access_token_identifier: 'a4' } },
    'read_resource',
    inFolder,
    [],
    { credential: { id: 'a4', type: 'access_token' } },
  ],
  ['DOWNLOAD', { source: file }, 'download_resource', inFolder],
  ['RENAME', { source: file }, 'update_resource', inFolder, [{ attribute: 'name', new: 'barometer.xlsx' }]],
  ['MOVE', { source: file }, 'update_resource', inFolder, [{ attribute: 'parent', new: 'Masts' }]],
  [
    'DELETE',
    { source: { type: 'folder', id: '7002', name: 'Plans', parent } },
    'delete_resource',
    [{ type: 'folder', id: '7002', name: 'Plans' }, FOLDER],
  ],
  [
    'METADATA_INSTANCE_UPDATE',
    { source: file, additional_details: { metadata: { type: 'properties' } } },
    'update_resource',
    inFolder,
    [{ attribute: 'metadata', new: '{"type":"properties"}' }],
  ],
  [
    'METADATA_INSTANCE_DELETE',
    { additional_details: { metadata: { type: 'properties' } } },
    'delete_resource',
    [],
    [{ attribute: 'metadata', old: '{"type":"properties"}' }],
  ],
  [
    'TASK_CREATE',
    { source: { type: 'task', id: '6001', item: { type: 'file', id: '8001', name: 'barometer.xlsx' } } },
    'create_resource',
    [{ type: 'task', id: '6001' }, FILE],
  ],
  [
    'ITEM_ASSOCIATION_CREATED',
    { source: { id: '6002', type: 'app_item', app_item_type: 'Hubs' } },
    'create_resource',
    [{ type: 'hubs', id: '6002' }],
  ],
  ['SIGN_DOCUMENT_DECLINED', { source: file }, 'update_resource', inFolder],
  ['BOX_AI_USER_REQUEST', { source: file }, 'query_resource', inFolder],
  ['BOX_AI_USER_FAILED_REQUEST', {}, 'query_resource', [], [], FAILED],

  [
    'SHIELD_ALERT',
    {
      source: null,
      created_by: unknown,
      additional_details: {
        shield_alert: {
          rule_name: 'Suspicious Session',
          alert_id: 500,
          user: { id: 9002, name: 'Bo Larkin', email: 'bo@example.com' },
          alert_summary: { description: 'too fast' },
        },
      },
    },
    null,
    [BO, { type: 'alert', id: '500', name: 'Suspicious Session' }],
    [],
    { actor: { type: 'system' }, reason: 'Suspicious Session: too fast' },
  ],
  [
    'SHIELD_ALERT',
    {
      created_by: null,
      additional_details: {
        shield_alert: {
          rule_name: 'Malware',
          malware_info: { file_id: 8001, file_name: 'barometer.xlsx', description: 'bad' },
        },
      },
    },
    null,
    [{ type: 'alert', name: 'Malware' }, FILE],
    [],
    { actor: { type: 'system' }, reason: 'Malware: bad' },
  ],
  [
    'SHIELD_DOWNLOAD_BLOCKED',
    {
      additional_details: {
        shield_download_enforcement: {
          item: shielded,
          access_user: bo,
          additional_info: 'print',
          controlMode: 'enforced',
        },
      },
    },
    null,
    [BO, FILE],
    [],
    { ...FAILED, reason: 'print' },
  ],
  [
    'SHIELD_EXTERNAL_COLLAB_INVITE_BLOCKED_MISSING_JUSTIFICATION',
    {
      additional_details: {
        shield_external_collab_enforcement: {
          item: shielded,
          invitee: cy,
          inviter: bo,
          justification: null,
          controlMode: 'monitoring',
        },
      },
    },
    null,
    [CY, BO, FILE],
    [],
    { outcome: 'unknown' },
  ],
  [
    'SHIELD_EXTERNAL_COLLAB_INVITE_JUSTIFIED',
    {
      additional_details: {
        shield_external_collab_enforcement: {
          item: shielded,
          invitee: cy,
          justification: { title: 'Approved', description: 'partner' },
        },
      },
    },
    null,
    [CY, FILE],
    [],
    { reason: 'Approved: partner' },
  ],
  ['CONTENT_WORKFLOW_UPLOAD_POLICY_VIOLATION', { source: file }, null, inFolder, [], { outcome: 'unknown' }],
  ['DEVICE_TRUST_CHECK_FAILED', { source: bo }, null, [BO], [], FAILED],
  ['TERMS_OF_SERVICE_REJECT', {}, null, []],
];

describe('events', () => testRows(rows));

describe('actor', () => {
  test.each<[string, JsonObject, EventFacts['actor']]>([
    [
      'an application',
      { created_by: { type: 'user', id: '1', name: 'Viewer', login: 'AutomationUser_1_x@boxdevedition.com' } },
      { id: '1', name: 'Viewer', email: 'AutomationUser_1_x@boxdevedition.com', type: 'service' },
    ],
    [
      'one whose login and name are swapped',
      { created_by: { id: '1', login: 'Ada Quill', name: 'ada@example.com' } },
      { id: '1', name: 'Ada Quill', email: 'ada@example.com', type: 'user' },
    ],
    [
      'one of whom only the address is known',
      { created_by: { login: 'ada@example.com' } },
      { email: 'ada@example.com', type: 'user' },
    ],
    ['nobody who is logged in', { created_by: unknown }, { type: 'anonymous' }],
    ['nobody any more', { created_by: null }, { type: 'unknown' }],
  ])('%s', (_, fields, actor) => expect(factsOf('DOWNLOAD', fields).actor).toEqual(actor));
});

describe('time and id', () => {
  test('are those of Box', () => {
    expect(normalize(event('LOGIN'))[0]).toMatchObject({ time: '2026-03-02T09:05:00-07:00', vendorId: 'e1' });
    expect(normalize({ recorded_at: '2026-03-02T09:05:00Z' })[0]).toMatchObject({ time: '2026-03-02T09:05:00Z' });
    expect(normalize({})[0]).toMatchObject({ time: undefined, vendorId: undefined });
  });

  test('ids beyond 2^53 are kept digit by digit', () => {
    const raw = parseJson(
      '{"event_type":"UPLOAD","source":{"item_type":"file","item_id":9007199254740993001}}',
    ) as JsonObject;
    expect(normalize(raw)[0]?.facts.targets).toEqual([{ type: 'file', id: '9007199254740993001' }]);
  });
});

test.each([
  ['198.51.100.7', '198.51.100.7'],
  ['2001:db8::7', '2001:db8::7'],
  ['198.51.100.7:443', '198.51.100.7'],
  ['Unknown IP', undefined],
  ['', undefined],
])('the address %s', (ip_address, ip) => expect(factsOf('LOGIN', { ip_address }).ip).toBe(ip));

test('the event is kept as it came', () => {
  const raw = event('DELETE', { source: file, created_by: ada });
  expect(normalize(raw)[0]?.raw).toBe(raw);
});

test('an event without a type is kept', () => {
  expect(normalize({})[0]?.facts).toMatchObject({ type: null, action: 'unknown', actor: { type: 'unknown' } });
});
