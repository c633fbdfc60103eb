import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventData } from '../../../../shared/sources/m365.sharepoint/details.ts';
import { m365Sharepoint } from '../../../../shared/sources/m365.sharepoint/source.ts';
import { ADA, BO, type Row, record, testRows, testSource, testTypes } from '../m365/conformance.ts';

const SITE_URL = 'https://northwind.example.com/sites/masts/';
const FILE_URL = `${SITE_URL}Shared Documents/curve.xlsx`;
const SITE = { type: 'site', id: 'site1', name: SITE_URL };
const FILE = { type: 'file', id: 'item1', name: FILE_URL };
const onFile = (operation: string, body: object = {}) =>
  record(operation, {
    UserKey: 'i:0h.f|membership|1003200000000a0a@live.com',
    ObjectId: FILE_URL,
    ItemType: 'File',
    ListItemUniqueId: 'item1',
    Site: 'site1',
    SiteUrl: SITE_URL,
    ClientIP: '2001:db8:7::15',
    UserAgent: 'Firefox/140',
    ...body,
  });
const onSite = (operation: string, body: object = {}) =>
  record(operation, { ObjectId: SITE_URL, ItemType: 'Web', Site: 'site1', SiteUrl: SITE_URL, ...body });

const rows: Row[] = [
  [
    'a file downloaded',
    onFile('FileDownloaded', {
      ApplicationDisplayName: 'Browser',
      Platform: 'Linux',
      BrowserName: 'Firefox',
      MachineId: 'd1',
    }),
    {
      type: 'download_resource',
      outcome: 'success',
      actor: { id: 'i:0h.f|membership|1003200000000a0a@live.com', email: ADA, type: 'user', role: 'Regular' },
      targets: [FILE, SITE],
      ip: '2001:db8:7::15',
      userAgent: 'Firefox/140',
      device: { id: 'd1', type: 'Firefox', os: 'Linux' },
      credential: { name: 'Browser', type: 'application' },
    },
  ],
  [
    'a file whose type is a number, by an application without an address',
    onFile('FileAccessed', {
      ItemType: 1,
      ClientIP: '',
      UserId: 'app@sharepoint',
      UserKey: 'app@sharepoint',
      UserType: 5,
    }),
    { targets: [FILE, SITE], ip: undefined, actor: { name: 'app@sharepoint', type: 'service', role: 'Application' } },
  ],
  [
    'a document library',
    onFile('ListUpdated', { ItemType: 'DocumentLibrary' }),
    { targets: [{ ...FILE, type: 'document_library' }, SITE] },
  ],
  [
    'a file moved and renamed',
    onFile('FileMoved', {
      SourceFileName: 'a.txt',
      SourceRelativeUrl: 'Docs',
      DestinationFileName: 'b.txt',
      DestinationRelativeUrl: 'Docs/Old',
    }),
    {
      changes: [
        { attribute: 'FileName', old: 'a.txt', new: 'b.txt' },
        { attribute: 'RelativeUrl', old: 'Docs', new: 'Docs/Old' },
      ],
    },
  ],
  [
    'a file shared with a guest',
    onFile('SharingSet', {
      EventData: '<Permissions granted>Read &amp; write</Permissions granted>',
      TargetUserOrGroupName: 'cy_mail.example.org#EXT#@northwind.example.com',
      TargetUserOrGroupType: 'Guest',
    }),
    {
      type: 'add_permission',
      targets: [
        { type: 'user', name: 'cy_mail.example.org#EXT#@northwind.example.com', email: 'cy@mail.example.org' },
        FILE,
        SITE,
      ],
      changes: [{ attribute: 'Permissions granted', new: 'Read & write' }],
    },
  ],
  [
    'a link taken back from a group',
    onFile('SharingRevoked', {
      TargetUserOrGroupName: 'Vanes',
      TargetUserOrGroupType: 'SecurityGroup',
      EventData: '<Type>Edit</Type>',
    }),
    {
      type: 'remove_permission',
      targets: [{ type: 'group', name: 'Vanes' }, FILE, SITE],
      changes: [{ attribute: 'Type', old: 'Edit' }],
    },
  ],
  [
    'an anonymous link used',
    onFile('AnonymousLinkUsed', { UserId: 'urn:spo:anon#7f', UserKey: 'urn:spo:anon#7f', UserType: 10 }),
    { type: 'read_resource', actor: { name: 'urn:spo:anon#7f', type: 'anonymous', role: 'Guest' } },
  ],
  [
    'a group joined',
    onSite('AddedToGroup', {
      EventData: '<Group>Masts Members</Group>',
      TargetUserOrGroupName: BO,
      TargetUserOrGroupType: 'Member',
    }),
    {
      type: 'add_to_group',
      targets: [{ type: 'user', email: BO }, { type: 'group', name: 'Masts Members' }, SITE],
      changes: [{ attribute: 'Group', new: 'Masts Members' }],
    },
  ],
  [
    'a policy changed',
    onSite('SharingPolicyChanged', { ModifiedProperties: [{ Name: 'Anyone', OldValue: 'False', NewValue: 'True' }] }),
    {
      type: 'update_security_configuration',
      changes: [{ attribute: 'Anyone', old: 'False', new: 'True' }],
      targets: [SITE],
    },
  ],
  ['an invitation blocked', onFile('SharingInvitationBlocked'), { type: 'add_permission', outcome: 'failure' }],
  ['a computer blocked', onSite('UnmanagedSyncClientBlocked'), { type: null, outcome: 'failure' }],
  ['what says how it ended', onFile('FileUploaded', { ResultStatus: 'Failed' }), { outcome: 'failure' }],
  ['what says something new', onFile('FileUploaded', { ResultStatus: 'Perhaps' }), { outcome: 'unknown' }],
  [
    'a search',
    onSite('SearchQueryPerformed', { SearchQueryText: 'mast 4' }),
    { type: 'query_resource', targets: [SITE, { type: 'query', name: 'mast 4' }] },
  ],
];

describe('facts', () => testRows(m365Sharepoint, rows));

describe('types', () =>
  testTypes(m365Sharepoint, {
    account_login: 'SignInEvent',
    add_to_group: 'AddedToGroup, UserAddedToGroup',
    remove_from_group: 'RemovedFromGroup, UserRemovedFromGroup',
    create_group: 'GroupAdded',
    update_group: 'GroupUpdated',
    delete_group: 'GroupRemoved',
    add_permission:
      'SiteCollectionAdminAdded, SharingSet, SharedLinkCreated, SecureLinkCreated, AddedToSecureLink, SharingInvitationCreated, SharingInvitationAccepted, AccessInvitationCreated, AccessInvitationAccepted, PermissionLevelAdded, AnonymousLinkCreated, CompanyLinkCreated',
    remove_permission:
      'SiteCollectionAdminRemoved, SharingRevoked, SharedLinkDisabled, AccessInvitationRevoked, PermissionLevelRemoved, SecureLinkDeleted',
    update_security_configuration:
      'SharingPolicyChanged, DeviceAccessPolicyChanged, NetworkAccessPolicyChanged, SiteIBModeChanged, ExemptUserAgentSet, WebMembersCanShareModified',
    create_resource:
      'FileUploaded, FileCopied, FolderCreated, SiteCollectionCreated, FileSyncUploadedFull, FileSyncUploadedPartial',
    read_resource:
      'FileAccessed, FileAccessedExtended, FilePreviewed, PageViewed, PageViewedExtended, PagePrefetched, ClientViewSignaled',
    update_resource:
      'FileModified, FileModifiedExtended, FileRenamed, FileMoved, FileCheckedIn, FileCheckedOut, FileRestored, FolderModified, FolderRenamed, FolderMoved, SiteRenamed, ComplianceSettingChanged',
    delete_resource:
      'FileDeleted, FileRecycled, FileDeletedFirstStageRecycleBin, FileDeletedSecondStageRecycleBin, FolderDeleted, FolderRecycled, SiteDeleted, FileVersionRecycled, FileVersionsAllRecycled, FileVersionsAllMinorsRecycled, RecordDelete',
    download_resource: 'FileDownloaded, FileSyncDownloadedFull, FileSyncDownloadedPartial',
    query_resource: 'SearchQueryInitiatedSharePoint, SearchQueryPerformed',
    unmapped:
      'FileMalwareDetected, ManagedSyncClientAllowed, UnmanagedSyncClientBlocked, AccessRequestCreated, AccessRequestApproved, AccessRequestRejected',
  }));

describe('EventData', () => {
  test.each([
    ['<Permissions granted>Read</Permissions granted>', [{ name: 'Permissions granted', value: 'Read' }]],
    [
      '<a>1</a><b>&lt;2&gt; &amp;amp;</b>',
      [
        { name: 'a', value: '1' },
        { name: 'b', value: '<2> &amp;' },
      ],
    ],
    ['<outer><inner>x</inner></outer>', [{ name: 'inner', value: 'x' }]],
    ['no elements', []],
    ['<open>x', []],
    [7, []],
  ])('%j', (EventData, elements) => {
    expect(eventData({ EventData })).toEqual(elements);
  });

  test('gives back what was put in', () => {
    const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    fc.assert(
      fc.property(fc.array(fc.string().map((text) => text.trim())), (values) => {
        const EventData = values.map((value, index) => `<e ${index}>${escaped(value)}</e ${index}>`).join('');
        expect(eventData({ EventData })).toEqual(values.map((value, index) => ({ name: `e ${index}`, value })));
      }),
    );
  });

  test('of great length takes no time', () => {
    expect(eventData({ EventData: '<a'.repeat(50_000) })).toEqual([]);
    expect(eventData({ EventData: '<a>'.repeat(50_000) })).toEqual([]);
  });
});

describe('the source', () => testSource(m365Sharepoint, ['<a>1</a>', 7, [{}]]));
