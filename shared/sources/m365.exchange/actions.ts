import { EVENT_TYPES, type EventType } from '../../taxonomy.ts';
import { CMDLET_NOUNS } from '../m365/cmdlet.ts';
import { guesser, type NounRules, tableLookup } from '../m365/operation.ts';
import type { ActionTable } from '../source.ts';

/**
 * The operations of mailboxes, and the cmdlets of administrators that matter most, and their EMM types
 * (https://learn.microsoft.com/purview/audit-log-activities). Exchange has some 800 cmdlets: the others are judged by
 * verb and noun.
 */
export const ACTIONS: ActionTable = {
  // Mailboxes: signing in, reading and searching
  MailboxLogin: 'account_login',
  MailItemsAccessed: 'read_resource',
  FolderBind: 'read_resource',
  SearchQueryInitiatedExchange: 'query_resource',

  // Mailboxes: items
  Create: 'create_resource',
  Send: 'create_resource',
  SendAs: 'create_resource',
  SendOnBehalf: 'create_resource',
  Copy: 'create_resource',
  Update: 'update_resource',
  Move: 'update_resource',
  ApplyRecordLabel: 'update_resource',
  MoveToDeletedItems: 'delete_resource',
  SoftDelete: 'delete_resource',
  HardDelete: 'delete_resource',

  // Mailboxes: inbox rules
  'New-InboxRule': 'create_resource',
  'Set-InboxRule': 'update_resource',
  UpdateInboxRules: 'update_resource',
  'Remove-InboxRule': 'delete_resource',

  // Who may open mailboxes and folders
  'Add-MailboxPermission': 'add_permission',
  'Remove-MailboxPermission': 'remove_permission',
  'Add-RecipientPermission': 'add_permission',
  AddFolderPermissions: 'add_permission',
  UpdateFolderPermissions: 'add_permission',
  RemoveFolderPermissions: 'remove_permission',
  UpdateCalendarDelegation: 'add_permission',

  // Administrators' roles
  'New-RoleGroup': 'create_role',
  'Set-RoleGroup': 'update_role',
  'Remove-RoleGroup': 'delete_role',
  'Add-RoleGroupMember': 'add_to_group',
  'Remove-RoleGroupMember': 'remove_from_group',
  'New-ManagementRoleAssignment': 'add_permission',
  'Remove-ManagementRoleAssignment': 'remove_permission',

  // Groups and mailboxes
  'New-DistributionGroup': 'create_group',
  'Set-DistributionGroup': 'update_group',
  'Remove-DistributionGroup': 'delete_group',
  'Add-DistributionGroupMember': 'add_to_group',
  'Remove-DistributionGroupMember': 'remove_from_group',
  'New-Mailbox': 'create_user',
  'Set-Mailbox': 'update_user',
  'Remove-Mailbox': 'delete_user',

  // Policies and rules
  'New-HostedContentFilterPolicy': 'create_security_configuration',
  'Set-HostedContentFilterPolicy': 'update_security_configuration',
  'Remove-HostedContentFilterPolicy': 'delete_security_configuration',
  'New-TransportRule': 'create_security_configuration',
  'Set-TransportRule': 'update_security_configuration',
  'Remove-TransportRule': 'delete_security_configuration',
  'Set-AdminAuditLogConfig': 'update_security_configuration',

  // Add-ins
  'New-App': 'create_integration',
  'Enable-App': 'update_integration',
  'Disable-App': 'update_integration',
  'Set-App': 'update_integration',
  'Remove-App': 'delete_integration',
};

/** The EMM types that events of this source can have. */
export const MAPPED_TYPES: readonly EventType[] = EVENT_TYPES.filter((type) => Object.values(ACTIONS).includes(type));

const NOUNS: NounRules = [
  [/deleted items/, 'delete_resource'],
  [/inbox rules/, 'resource'],
  [/^search query/, 'query_resource'],
  [/record label/, 'resource'],
  ...CMDLET_NOUNS,
];

export const typeInTable = tableLookup(ACTIONS);
/** The EMM type of an operation that is not in the table, by its noun and verb. */
export const guessType = guesser(NOUNS, MAPPED_TYPES);
