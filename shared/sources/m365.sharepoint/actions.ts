import { EVENT_TYPES, type EventType } from '../../taxonomy.ts';
import { guesser, type NounRules, tableLookup } from '../m365/operation.ts';
import type { ActionTable } from '../source.ts';

/** The operations of SharePoint and OneDrive (https://learn.microsoft.com/purview/audit-log-activities) by EMM type. */
const BY_TYPE: Readonly<Partial<Record<EventType | 'unmapped', readonly string[]>>> = {
  account_login: ['SignInEvent'],

  create_group: ['GroupAdded'],
  update_group: ['GroupUpdated'],
  delete_group: ['GroupRemoved'],
  add_to_group: ['AddedToGroup', 'UserAddedToGroup'],
  remove_from_group: ['RemovedFromGroup', 'UserRemovedFromGroup'],

  add_permission: [
    ...['SharingSet', 'SharedLinkCreated', 'AnonymousLinkCreated', 'AnonymousLinkUpdated', 'CompanyLinkCreated'],
    ...['SecureLinkCreated', 'AddedToSecureLink'],
    ...[
      'SharingInvitationCreated',
      'SharingInvitationAccepted',
      'SharingInvitationUpdated',
      'SharingInvitationBlocked',
    ],
    ...['AccessInvitationCreated', 'AccessInvitationAccepted'],
    ...['SiteCollectionAdminAdded', 'GeoAdminAdded', 'PermissionLevelAdded', 'PermissionLevelModified'],
    'SitePermissionsModified',
  ],
  remove_permission: [
    ...['SharingRevoked', 'SharedLinkDisabled', 'AnonymousLinkRemoved', 'CompanyLinkRemoved'],
    ...['SecureLinkDeleted', 'RemovedFromSecureLink', 'SharingInvitationRevoked', 'AccessInvitationRevoked'],
    ...['SiteCollectionAdminRemoved', 'GeoAdminDeleted', 'PermissionLevelRemoved'],
  ],

  create_security_configuration: ['AllowedDataLocationAdded'],
  update_security_configuration: [
    ...['SharingPolicyChanged', 'DeviceAccessPolicyChanged', 'NetworkAccessPolicyChanged', 'SiteIBModeChanged'],
    ...['ExemptUserAgentSet', 'CustomizeExemptUsers', 'WebMembersCanShareModified', 'WebRequestAccessModified'],
    'AllowGroupCreationSet',
  ],
  delete_security_configuration: ['AllowedDataLocationDeleted'],
  create_integration: ['SendToConnectionAdded'],
  delete_integration: ['SendToConnectionRemoved'],

  create_resource: [
    ...['FileUploaded', 'FileCopied', 'FileSyncUploadedFull', 'FolderCreated', 'FolderCopied'],
    ...['SiteCollectionCreated', 'HubSiteRegistered', 'ListCreated', 'ListColumnCreated', 'ListContentTypeCreated'],
    ...['ListItemCreated', 'SiteColumnCreated', 'SiteContentTypeCreated'],
  ],
  read_resource: [
    ...['FileAccessed', 'FileAccessedExtended', 'FilePreviewed'],
    ...['PageViewed', 'PageViewedExtended', 'PagePrefetched', 'ClientViewSignaled'],
    ...['AnonymousLinkUsed', 'CompanyLinkUsed', 'SecureLinkUsed'],
  ],
  update_resource: [
    ...['FileModified', 'FileModifiedExtended', 'FileRenamed', 'FileMoved', 'FileCheckedIn', 'FileCheckedOut'],
    ...['FileCheckOutDiscarded', 'FileRestored', 'LockRecord', 'UnlockRecord', 'ComplianceSettingChanged'],
    ...['FolderModified', 'FolderRenamed', 'FolderMoved', 'FolderRestored', 'SiteRenamed'],
    ...['SiteCollectionQuotaModified', 'HubSiteJoined', 'HubSiteUnjoined'],
    ...['PermissionLevelsInheritanceBroken', 'SharingInheritanceBroken', 'SharingInheritanceReset'],
    ...['ListUpdated', 'ListRestored', 'ListColumnUpdated', 'ListContentTypeUpdated', 'ListItemUpdated'],
    ...['ListItemRestored', 'SiteColumnUpdated', 'SiteContentTypeUpdated'],
  ],
  delete_resource: [
    ...['FileDeleted', 'FileRecycled', 'FileDeletedFirstStageRecycleBin', 'FileDeletedSecondStageRecycleBin'],
    ...['FileVersionRecycled', 'FileVersionsAllRecycled', 'FileVersionsAllMinorsRecycled', 'RecordDelete'],
    ...['FolderDeleted', 'FolderRecycled', 'FolderDeletedFirstStageRecycleBin', 'FolderDeletedSecondStageRecycleBin'],
    ...['SiteDeleted', 'HubSiteUnregistered', 'HubSiteOrphanHubDeleted', 'ListDeleted', 'ListColumnDeleted'],
    ...['ListContentTypeDeleted', 'ListItemDeleted', 'ListItemRecycled', 'SiteColumnDeleted', 'SiteContentTypeDeleted'],
  ],
  download_resource: ['FileDownloaded', 'FileSyncDownloadedFull'],
  query_resource: ['SearchQueryPerformed', 'SearchQueryInitiatedSharePoint'],

  // No act that the EMM has a word for: findings, asking for access, and which computers may synchronise
  unmapped: [
    ...['FileMalwareDetected', 'DocumentSensitivityMismatchDetected'],
    ...['AccessRequestCreated', 'AccessRequestApproved', 'AccessRequestAccepted', 'AccessRequestUpdated'],
    ...['AccessRequestRejected', 'AccessRequestDenied', 'SiteAdminChangeRequest'],
    ...['ManagedSyncClientAllowed', 'UnmanagedSyncClientBlocked'],
  ],
};

export const ACTIONS: ActionTable = Object.fromEntries(
  [...EVENT_TYPES, 'unmapped' as const].flatMap((type) =>
    (BY_TYPE[type] ?? []).map((operation) => [operation, type === 'unmapped' ? null : type] as const),
  ),
);

/** The EMM types that events of this source can have. */
export const MAPPED_TYPES: readonly EventType[] = EVENT_TYPES.filter((type) => BY_TYPE[type] !== undefined);

const NOUNS: NounRules = [
  [/hub site (un)?joined|check out/, 'update_resource'],
  [/access request|change request|detected|sync client/, null],
  [/policy|ib mode|exempt|can share|request access|data location|allow group/, 'security_configuration'],
  [/send to connection/, 'integration'],
  [/link (used|accessed)/, 'read_resource'],
  [/link disabled/, 'remove_permission'],
  [/inheritance|compliance setting/, 'resource'],
  [/sharing|link\b|invitation|permission|admin/, 'permission'],
  [/(to|from) group/, 'membership'],
  [/^group/, 'group'],
];

export const typeInTable = tableLookup(ACTIONS);
/** The EMM type of an operation that is not in the table, by its noun and verb. */
export const guessType = guesser(NOUNS, MAPPED_TYPES);
