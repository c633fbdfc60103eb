import { describe, expect, test } from 'vitest';
import type { Target } from '../../../../shared/event/schema.ts';
import { activity, BO, event, factsOf, type Given, type Row, testRows } from './activities.ts';

const doc = {
  primary_event: true,
  owner: 'ada.quill@example.com',
  doc_id: '1tide',
  doc_type: 'spreadsheet',
  doc_title: 'Tides',
};
const DOC: Target = { type: 'file', id: '1tide', name: 'Tides' };
const ADA: Target = { type: 'user', email: 'ada.quill@example.com' };
const bo = { target_user: 'bo.larkin@example.com' };
const CALENDAR: Target = { type: 'calendar', id: 'ada.quill@example.com' };
const event0 = { event_id: 'e0', event_title: 'Spring tide', calendar_id: 'ada.quill@example.com' };
const EVENT: Target = { type: 'calendar_event', id: 'e0', name: 'Spring tide' };

const rows: readonly Row[] = [
  ['drive.view', doc, 'read_resource', [DOC, ADA]],
  [
    'drive.delete',
    { ...doc, deletion_reason: 'empty_trash' },
    'delete_resource',
    [DOC, ADA],
    [],
    { reason: 'empty_trash' },
  ],
  [
    'drive.rename',
    { ...doc, old_value: ['Tide'], new_value: ['Tides'] },
    'update_resource',
    [DOC, ADA],
    [{ attribute: 'rename', old: 'Tide', new: 'Tides' }],
  ],
  [
    'drive.move',
    {
      ...doc,
      source_folder_id: ['f1'],
      source_folder_title: ['Old charts'],
      destination_folder_id: ['f2'],
      destination_folder_title: ['Charts'],
    },
    'update_resource',
    [DOC, { type: 'folder', id: 'f2', name: 'Charts' }, { type: 'folder', id: 'f1', name: 'Old charts' }, ADA],
  ],
  [
    'drive.change_user_access',
    {
      ...doc,
      ...bo,
      old_value: ['none'],
      new_value: ['can_edit'],
      old_visibility: 'private',
      visibility: 'shared_internally',
    },
    'add_permission',
    [BO, DOC, ADA],
    [
      { attribute: 'user_access', old: 'none', new: 'can_edit' },
      { attribute: 'visibility', old: 'private', new: 'shared_internally' },
    ],
  ],
  [
    'drive.shared_drive_membership_change',
    {
      doc_id: 'sd1',
      doc_type: 'shared_drive',
      doc_title: 'Harbour',
      shared_drive_id: 'sd1',
      owner: 'Harbour',
      owner_is_shared_drive: true,
      target: 'bo.larkin@example.com',
      membership_change_type: 'remove_from_shared_drive',
      removed_role: 'organizer',
      added_role: 'none',
    },
    'remove_permission',
    [{ type: 'shared_drive', id: 'sd1', name: 'Harbour' }, BO],
    [
      { attribute: 'role', old: 'organizer', new: 'none' },
      { attribute: 'membership_change_type', old: 'remove_from_shared_drive' },
    ],
  ],
  [
    'drive.shared_drive_settings_change',
    {
      doc_title: 'Harbour',
      doc_type: 'shared_drive',
      old_settings_state: 'unrestricted',
      new_settings_state: 'restricted',
    },
    'update_security_configuration',
    [{ type: 'shared_drive', name: 'Harbour' }],
    [{ attribute: 'settings_state', old: 'unrestricted', new: 'restricted' }],
  ],
  [
    'calendar.create_event',
    { ...event0, start_time: 64_071_518_400, end_time: { intValue: 64_071_522_000 }, user_agent: 'Mozilla/5.0' },
    'create_resource',
    [EVENT, CALENDAR],
    [
      { attribute: 'start_time', new: '2031-05-07T12:00:00.000Z' },
      { attribute: 'end_time', new: '2031-05-07T13:00:00.000Z' },
    ],
    { userAgent: 'Mozilla/5.0' },
  ],
  [
    'calendar.change_event_title',
    { ...event0, old_event_title: 'Tide', start_time: 'later' },
    'update_resource',
    [EVENT, CALENDAR],
    [
      { attribute: 'event_title', old: 'Tide', new: 'Spring tide' },
      { attribute: 'start_time', new: 'later' },
    ],
  ],
  [
    'calendar.change_calendar_acls',
    { calendar_id: 'ada.quill@example.com', grantee_email: 'bo.larkin@example.com', access_level: 'read' },
    'add_permission',
    [BO, CALENDAR],
    [{ attribute: 'access_level', new: 'read' }],
  ],
  [
    'calendar.change_calendar_acls',
    { calendar_id: 'ada.quill@example.com', grantee_email: 'bo.larkin@example.com', access_level: 'none' },
    'remove_permission',
    [BO, CALENDAR],
    [{ attribute: 'access_level', old: 'none' }],
  ],
  ['calendar.interop_freebusy_lookup_outbound_unsuccessful', {}, null, [], [], { outcome: 'failure' }],
  [
    'data_studio.CHANGE_USER_ACCESS',
    {
      ASSET_ID: 'r1',
      ASSET_NAME: 'Moorings',
      ASSET_TYPE: 'REPORT',
      OWNER_EMAIL: 'ada.quill@example.com',
      TARGET_USER_EMAIL: 'bo.larkin@example.com',
      PREVIOUS_VALUE: 'Can Edit',
      CURRENT_VALUE: 'None',
      OLD_VALUE: 'CAN_EDIT',
      NEW_VALUE: 'NONE',
      PRIOR_VISIBILITY: 'SHARED_EXPLICITLY',
      VISIBILITY: 'PRIVATE',
    },
    'remove_permission',
    [BO, { type: 'report', id: 'r1', name: 'Moorings' }, ADA],
    [
      { attribute: 'user_access', old: 'CAN_EDIT', new: 'NONE' },
      { attribute: 'visibility', old: 'SHARED_EXPLICITLY', new: 'PRIVATE' },
    ],
  ],
  [
    'keep.uploaded_attachment',
    { owner_email: 'ada.quill@example.com', note_name: 'notes/n1', attachment_name: 'notes/n1/attachments/a1' },
    'create_resource',
    [{ type: 'note', id: 'notes/n1' }, { type: 'attachment', name: 'notes/n1/attachments/a1' }, ADA],
  ],
  [
    'chat.role_updated',
    {
      room_id: 's1',
      room_name: 'Pier',
      target_users: ['bo.larkin@example.com', 'cam@example.com'],
      target_user_role: 'SPACE_MANAGER',
    },
    'update_resource',
    [BO, { type: 'user', email: 'cam@example.com' }, { type: 'space', id: 's1', name: 'Pier' }],
    [{ attribute: 'target_user_role', new: 'SPACE_MANAGER' }],
  ],
  [
    'access_transparency.ACCESS',
    {
      GSUITE_PRODUCT_NAME: 'CALENDAR',
      JUSTIFICATIONS: ['Support case 7'],
      OWNER_EMAIL: 'bo.larkin@example.com',
      RESOURCE_NAME: ['cal/7'],
    },
    'read_resource',
    [{ type: 'product', name: 'CALENDAR' }, { type: 'resource', name: 'cal/7' }, BO],
    [],
    { reason: 'Support case 7' },
  ],
  [
    'rules.rule_match',
    { rule_name: ['managers', 'cards'], rule_id: { multiIntValue: ['9223372036854775807', '12'] }, has_alert: true },
    null,
    [
      { type: 'rule', id: '9223372036854775807', name: 'managers' },
      { type: 'rule', id: '12', name: 'cards' },
    ],
  ],
  ['rules.sharing_blocked', {}, null, [], [], { outcome: 'failure' }],
  [
    'mobile.DEVICE_REGISTER_UNREGISTER_EVENT',
    {
      USER_EMAIL: 'bo.larkin@example.com',
      DEVICE_ID: 'd1',
      DEVICE_MODEL: 'Skiff 7',
      DEVICE_TYPE: 'ANDROID',
      ACCOUNT_STATE: 'UNREGISTERED',
    },
    'delete_resource',
    [BO, { type: 'device', id: 'd1' }],
    [{ attribute: 'account_state', old: 'UNREGISTERED' }],
    { device: { id: 'd1', name: 'Skiff 7', type: 'ANDROID' } },
  ],
  [
    'mobile.DEVICE_ACTION_EVENT',
    { DEVICE_ID: 'd1', ACTION_TYPE: 'DEVICE_WIPE', ACTION_EXECUTION_STATUS: 'ACTION_REJECTED_BY_USER' },
    'update_resource',
    [{ type: 'device', id: 'd1' }],
    [],
    { outcome: 'failure', device: { id: 'd1' } },
  ],
  [
    'chrome.CONTENT_TRANSFER',
    { EVENT_RESULT: 'BLOCKED', EVENT_REASON: 'CONTENT_MATCHED', DEVICE_USER: 'bo.larkin@example.com' },
    null,
    [BO],
    [],
    { outcome: 'failure', reason: 'CONTENT_MATCHED: BLOCKED' },
  ],
  ['vault.view_investigation', { matter_id: 'm1' }, 'read_resource', [{ type: 'matter', id: 'm1' }]],
  ['gcp.IMPORT_SSH_PUBLIC_KEY', { USER_EMAIL: 'bo.larkin@example.com' }, 'create_resource', [BO]],
];

describe('files, calendars, notes and devices', () => testRows(rows));

describe('access is given or taken away', () => {
  const cases: readonly (readonly [string, Given, 'add_permission' | 'remove_permission'])[] = [
    ['change_user_access', { old_value: ['can_edit'], new_value: ['can_view'] }, 'remove_permission'],
    ['change_user_access', { old_value: ['can_view'], new_value: ['can_comment'] }, 'add_permission'],
    ['change_user_access', { old_value: ['can_view'], new_value: ['sorcerer'] }, 'add_permission'],
    ['change_user_access', { new_value: ['none'] }, 'remove_permission'],
    ['change_user_access', { new_value: 'can_edit' }, 'add_permission'],
    ['change_document_visibility', { old_value: ['people_with_link'], new_value: ['private'] }, 'remove_permission'],
    ['change_document_visibility', { old_value: ['private'], new_value: ['public_on_the_web'] }, 'add_permission'],
    [
      'change_document_visibility',
      { old_value: ['public_on_the_web'], new_value: ['people_with_link'] },
      'remove_permission',
    ],
    ['change_acl_editors', { old_value: ['writers'], new_value: ['owner'] }, 'remove_permission'],
    ['change_acl_editors', { old_value: ['owner'], new_value: ['writers'] }, 'add_permission'],
    ['change_owner', { new_owner: 'bo.larkin@example.com', old_value: 'owner', new_value: 'none' }, 'add_permission'],
    [
      'shared_drive_membership_change',
      { membership_change_type: 'add_to_shared_drive', added_role: 'reader', removed_role: 'none' },
      'add_permission',
    ],
    ['shared_drive_membership_change', { added_role: 'reader', removed_role: 'organizer' }, 'remove_permission'],
    ['sheets_import_range_access_change', {}, 'add_permission'],
  ];
  test.each(cases)('%s %j', (name, given, type) => {
    expect(factsOf(activity('drive', [event(name, given)])).type).toBe(type);
  });
});

describe('resources of the activity', () => {
  const resourceDetails = [
    { id: '1tide', title: 'Tides', type: 'DRIVE_ITEM', relation: 'DRIVE_PRIMARY' },
    { id: '2wave', title: 'Waves', type: 'DRIVE_ITEM' },
    { type: 'DRIVE_ITEM' },
  ];
  const WAVES = { type: 'file', id: '2wave', name: 'Waves' };

  test('are targets, each once', () => {
    expect(factsOf(activity('drive', [event('view', doc)], { resourceDetails })).targets).toEqual([DOC, ADA, WAVES]);
  });

  test('are only those that the event names', () => {
    const raw = activity('drive', [event('view', {}, { resourceIds: ['2wave'] })], { resourceDetails });
    expect(factsOf(raw).targets).toEqual([WAVES]);
  });
});
