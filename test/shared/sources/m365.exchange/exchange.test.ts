import { describe, expect, test } from 'vitest';
import { m365Exchange } from '../../../../shared/sources/m365.exchange/source.ts';
import {
  ADA,
  ADA_ID,
  BO,
  BO_ID,
  mapped,
  type Row,
  record,
  testRows,
  testSource,
  testTypes,
} from '../m365/conformance.ts';

const PATH = 'HOST.example.net/Hosted Organizations/northwind.example.com';
const parameters = (values: Record<string, string>) => ({
  Parameters: Object.entries(values).map(([Name, Value]) => ({ Name, Value })),
});
const MAILBOX = { type: 'mailbox', id: 'm1', email: ADA };
const inbox = { Id: 'f1', Path: '\\Inbox' };
const INBOX = { type: 'folder', id: 'f1', name: '\\Inbox' };
const mailbox = (operation: string, body: object) =>
  record(operation, { RecordType: 2, ResultStatus: 'Succeeded', MailboxGuid: 'm1', MailboxOwnerUPN: ADA, ...body });

const rows: Row[] = [
  [
    'a message sent, through a service of Microsoft',
    mailbox('Send', {
      ClientIP: '2001:db8:307:44::5',
      ClientIPAddress: '198.51.100.23',
      ClientInfoString: 'Client=REST',
      SessionId: 's1',
      ClientAppId: 'app1',
      LogonType: 0,
      Item: { Id: 'i1', InternetMessageId: '<1@example.com>', Subject: 'Calibration', ParentFolder: inbox },
    }),
    {
      type: 'create_resource',
      outcome: 'success',
      actor: { id: ADA_ID, email: ADA, type: 'user', role: 'Regular' },
      targets: [MAILBOX, INBOX, { type: 'message', id: '<1@example.com>', name: 'Calibration' }],
      ip: '198.51.100.23',
      userAgent: 'Client=REST',
      session: 's1',
      credential: { name: 'app1', type: 'application' },
    },
  ],
  [
    'a message sent as somebody else, by a delegate',
    mailbox('SendAs', { LogonType: 2, SendAsUserSmtp: BO, ResultStatus: 'Failed' }),
    {
      outcome: 'failure',
      actor: { id: ADA_ID, email: ADA, type: 'user', role: 'Delegate' },
      targets: [{ type: 'user', email: BO }, MAILBOX],
    },
  ],
  [
    'messages read, in folders',
    mailbox('MailItemsAccessed', {
      ClientIPAddress: '203.0.113.9',
      Folders: [
        { ...inbox, FolderItems: [{ InternetMessageId: '<1@example.com>' }, { InternetMessageId: '<2@example.com>' }] },
      ],
    }),
    {
      type: 'read_resource',
      ip: '203.0.113.9',
      targets: [MAILBOX, INBOX, { type: 'message', id: '<1@example.com>' }, { type: 'message', id: '<2@example.com>' }],
    },
  ],
  [
    'messages moved in part',
    mailbox('MoveToDeletedItems', {
      ResultStatus: 'PartiallySucceeded',
      AffectedItems: [{ Id: 'i1', Subject: 'Storm' }],
      Folder: inbox,
      DestFolder: { Id: 'f2', Path: '\\Deleted Items' },
    }),
    {
      type: 'delete_resource',
      outcome: 'success',
      reason: 'PartiallySucceeded',
      targets: [
        MAILBOX,
        INBOX,
        { type: 'folder', id: 'f2', name: '\\Deleted Items' },
        { type: 'message', id: 'i1', name: 'Storm' },
      ],
      changes: [{ attribute: 'Folder', old: '\\Inbox', new: '\\Deleted Items' }],
    },
  ],
  [
    'properties of a message, by name only',
    mailbox('Update', { ModifiedProperties: ['MapiSubject', 'MapiStartTime'] }),
    { type: 'update_resource', changes: [{ attribute: 'MapiSubject' }, { attribute: 'MapiStartTime' }] },
  ],
  [
    'an inbox rule, from Outlook',
    mailbox('UpdateInboxRules', {
      OperationProperties: [
        { Name: 'RuleOperation', Value: 'AddMailboxRule' },
        { Name: 'RuleName', Value: 'vanes' },
        { Name: 'MailAccessType', Value: 'Bind' },
      ],
    }),
    {
      type: 'update_resource',
      targets: [MAILBOX, { type: 'inbox_rule', name: 'vanes' }],
      changes: [
        { attribute: 'RuleOperation', new: 'AddMailboxRule' },
        { attribute: 'RuleName', new: 'vanes' },
      ],
    },
  ],
  [
    'a folder opened to somebody',
    mailbox('AddFolderPermissions', {
      Item: { Id: 'i1', ParentFolder: { ...inbox, MemberUpn: BO, MemberRights: 'ReadAny, Visible' } },
    }),
    {
      type: 'add_permission',
      targets: [{ type: 'user', email: BO }, MAILBOX, INBOX],
      changes: [{ attribute: 'MemberRights', new: 'ReadAny, Visible' }],
    },
  ],
  [
    'a folder closed again',
    mailbox('RemoveFolderPermissions', {
      Item: { ParentFolder: { ...inbox, MemberUpn: BO, MemberRights: 'ReadAny' } },
    }),
    { type: 'remove_permission', changes: [{ attribute: 'MemberRights', old: 'ReadAny' }] },
  ],
  [
    'a search',
    mailbox('SearchQueryInitiatedExchange', { QueryText: 'storm' }),
    { type: 'query_resource', targets: [MAILBOX, { type: 'query', name: 'storm' }] },
  ],
  [
    'a cmdlet, with old and new values where they are told',
    record('Set-Mailbox', {
      UserType: 2,
      ResultStatus: 'True',
      ClientIP: '[2001:db8:7::15]:8259',
      ObjectId: `${PATH}/Bo Larkin`,
      AppAccessContext: { UniqueTokenId: 't1', AADSessionId: 'aad1' },
      SessionId: 's1',
      AppId: 'app1',
      ...parameters({
        Identity: BO,
        ForwardingSmtpAddress: 'smtp:x@mail.example.net',
        HiddenFromAddressListsEnabled: '',
      }),
      ModifiedProperties: [{ Name: 'ForwardingSmtpAddress', OldValue: 'old', NewValue: 'new' }],
    }),
    {
      type: 'update_user',
      outcome: 'success',
      actor: { id: ADA_ID, email: ADA, type: 'user', role: 'Admin' },
      targets: [{ type: 'user', id: `${PATH}/Bo Larkin`, name: 'Bo Larkin' }],
      changes: [
        { attribute: 'ForwardingSmtpAddress', old: 'old', new: 'new' },
        { attribute: 'HiddenFromAddressListsEnabled', new: '' },
      ],
      ip: '2001:db8:7::15',
      session: 'aad1',
      credential: { id: 't1', name: 'app1', type: 'access_token' },
    },
  ],
  [
    'a permission taken away, in vain',
    record('Remove-MailboxPermission', {
      ResultStatus: 'False',
      ClientIP: '198.51.100.23:8259',
      ObjectId: ADA,
      ...parameters({ Identity: ADA, User: BO, AccessRights: 'FullAccess', Confirm: 'False' }),
    }),
    {
      type: 'remove_permission',
      outcome: 'failure',
      ip: '198.51.100.23',
      targets: [
        { type: 'mailbox', email: ADA },
        { type: 'user', email: BO },
      ],
      changes: [
        { attribute: 'User', old: BO },
        { attribute: 'AccessRights', old: 'FullAccess' },
      ],
    },
  ],
  [
    'members of a role group, by id',
    record('New-RoleGroup', {
      ObjectId: `${PATH}/Tracers`,
      ...parameters({ Name: 'Tracers', Roles: 'Tracking;Recipients', Members: BO_ID }),
    }),
    {
      type: 'create_role',
      outcome: 'unknown',
      targets: [
        { type: 'role', id: `${PATH}/Tracers`, name: 'Tracers' },
        { type: 'role', name: 'Tracking' },
        { type: 'role', name: 'Recipients' },
        { type: 'user', id: BO_ID },
      ],
    },
  ],
  [
    'an add-in of a user, by id',
    record('Disable-App', { ObjectId: `${ADA_ID}\\${BO_ID}`, ...parameters({ Identity: BO_ID, Mailbox: BO }) }),
    {
      type: 'update_integration',
      targets: [
        { type: 'app', id: BO_ID },
        { type: 'mailbox', email: BO },
      ],
    },
  ],
  [
    "a rule, by Microsoft's own account",
    record('Set-TransportRule', {
      UserType: 3,
      UserId: 'NT AUTHORITY\\SYSTEM (x)',
      UserKey: 'NT AUTHORITY\\SYSTEM (x)',
      ObjectId: 'Stamp',
    }),
    {
      actor: { name: 'NT AUTHORITY\\SYSTEM (x)', type: 'system', role: 'DcAdmin' },
      targets: [{ type: 'transport_rule', name: 'Stamp' }],
    },
  ],
];

describe('facts', () => testRows(m365Exchange, rows));

test('a password among the parameters is not kept', () => {
  const event = mapped(m365Exchange, record('New-Mailbox', parameters({ Name: 'Bo', Password: 'correct horse' })));
  expect(event.redacted).toBe(true);
  expect(JSON.stringify(event)).not.toContain('correct horse');
});

describe('types', () =>
  testTypes(m365Exchange, {
    account_login: 'MailboxLogin',
    create_resource: 'Create, Send, SendAs, SendOnBehalf, Copy, New-InboxRule, New-MailContact',
    read_resource: 'MailItemsAccessed, FolderBind, MessageBind',
    update_resource: 'Update, Move, ApplyRecordLabel, Set-InboxRule, UpdateInboxRules, Set-CASMailboxPlan',
    delete_resource: 'MoveToDeletedItems, SoftDelete, HardDelete, Remove-InboxRule',
    query_resource: 'SearchQueryInitiatedExchange',
    create_group: 'New-DistributionGroup, New-UnifiedGroup',
    update_group: 'Set-DistributionGroup, Set-DynamicDistributionGroup',
    delete_group: 'Remove-DistributionGroup',
    add_to_group: 'Add-DistributionGroupMember, Add-RoleGroupMember',
    remove_from_group: 'Remove-DistributionGroupMember, Remove-RoleGroupMember',
    create_role: 'New-RoleGroup, New-ManagementRole',
    update_role: 'Set-RoleGroup',
    delete_role: 'Remove-RoleGroup',
    add_permission:
      'New-ManagementRoleAssignment, Add-MailboxPermission, Add-RecipientPermission, AddFolderPermissions, UpdateFolderPermissions, UpdateCalendarDelegation, Add-MailboxFolderPermission',
    remove_permission:
      'Remove-ManagementRoleAssignment, Remove-MailboxPermission, RemoveFolderPermissions, Remove-RecipientPermission',
    create_security_configuration:
      'New-HostedContentFilterPolicy, New-TransportRule, New-SafeLinksPolicy, New-InboundConnector',
    update_security_configuration:
      'Set-HostedContentFilterPolicy, Set-TransportRule, Set-AdminAuditLogConfig, Enable-SafeAttachmentRule, Set-OrganizationConfig',
    delete_security_configuration: 'Remove-HostedContentFilterPolicy, Remove-TransportRule, Remove-DlpPolicy',
    create_integration: 'New-App',
    update_integration: 'Enable-App, Disable-App, Set-App',
    delete_integration: 'Remove-App',
    create_user: 'New-Mailbox, New-MailUser',
    update_user: 'Set-Mailbox, Enable-Mailbox',
    delete_user: 'Remove-Mailbox',
    unmapped: 'SomethingElse',
  }));

describe('the source', () => testSource(m365Exchange, ['-Identity "x" -Force', [{ Name: {}, Value: [] }, 'x', null]]));
