import { describe } from 'vitest';
import { m365General } from '../../../../shared/sources/m365.general/source.ts';
import { ADA, ADA_ID, BO, type Row, record, TENANT, testRows, testSource, testTypes } from '../m365/conformance.ts';

const team = { TeamGuid: '19:team@thread.example', TeamName: 'Masts' };
const TEAM = { type: 'group', id: '19:team@thread.example', name: 'Masts' };
const member = (Role: number) => ({ UPN: BO, DisplayName: 'Bo Larkin', Role });
const BO_TARGET = { type: 'user', email: BO, name: 'Bo Larkin' };

const rows: Row[] = [
  [
    'a member added',
    record('MemberAdded', { ...team, AADGroupId: 'g1', Members: [member(1)] }),
    {
      type: 'add_to_group',
      outcome: 'success',
      actor: { id: ADA_ID, email: ADA, type: 'user', role: 'Regular' },
      targets: [BO_TARGET, TEAM, { type: 'group', id: 'g1', name: 'Masts' }],
      changes: [{ attribute: 'Role', new: 'Owner' }],
    },
  ],
  [
    'members removed',
    record('MemberRemoved', { ...team, Members: [member(0), { UPN: ADA, Role: 2 }, { Role: 9 }, 'x'] }),
    {
      type: 'remove_from_group',
      targets: [BO_TARGET, { type: 'user', email: ADA }, TEAM],
      changes: [
        { attribute: 'Role', old: 'Member' },
        { attribute: 'Role', old: 'Guest' },
        { attribute: 'Role', old: '9' },
      ],
    },
  ],
  [
    'a setting changed',
    record('TeamSettingChanged', { ...team, Name: 'Team name', OldValue: 'Vanes', NewValue: 'Masts' }),
    { type: 'update_group', changes: [{ attribute: 'Team name', old: 'Vanes', new: 'Masts' }], targets: [TEAM] },
  ],
  [
    'a setting of the tenant',
    record('TeamsTenantSettingChanged', { Name: 'AllowGuests', OldValue: false, NewValue: true }),
    {
      type: 'update_security_configuration',
      targets: [{ type: 'tenant', id: TENANT }],
      changes: [{ attribute: 'AllowGuests', old: 'false', new: 'true' }],
    },
  ],
  [
    'an app in a team',
    record('AppInstalled', { ...team, AddOnGuid: 'a1', AddOnName: 'Barometer' }),
    { type: 'create_integration', targets: [TEAM, { type: 'app', id: 'a1', name: 'Barometer' }] },
  ],
  [
    'a message in a channel',
    record('MessageDeleted', { ...team, ChannelGuid: 'c1', ChannelName: 'Storms', MessageId: '1998000000001' }),
    {
      type: 'delete_resource',
      targets: [TEAM, { type: 'channel', id: 'c1', name: 'Storms' }, { type: 'message', id: '1998000000001' }],
    },
  ],
  [
    'a form that was denied',
    record('ViewForm', { FormId: 'f1', FormName: 'Survey', AccessDenied: true, ClientIP: '198.51.100.23:443' }),
    {
      type: 'read_resource',
      outcome: 'failure',
      ip: '198.51.100.23',
      targets: [{ type: 'form', id: 'f1', name: 'Survey' }],
    },
  ],
  [
    'what Viva Engage says has failed',
    record('MessageAccessFailure', { ResultStatus: 'TRUE', YammerMessageId: 'm1' }),
    { type: 'read_resource', outcome: 'failure', targets: [{ type: 'message', id: 'm1' }] },
  ],
  ['what Power BI says has failed', record('ViewReport', { IsSuccess: false, ReportId: 'r1' }), { outcome: 'failure' }],
  [
    'a question to Copilot',
    record('CopilotInteraction', {
      CopilotEventData: {
        AppHost: 'Word',
        ThreadId: 't1',
        AccessedResources: [{ Name: 'curve.xlsx', SiteUrl: 'https://northwind.example.com/curve.xlsx' }],
      },
    }),
    {
      type: 'query_resource',
      targets: [
        { type: 'chat', id: 't1', name: 'Word' },
        { type: 'file', id: 'https://northwind.example.com/curve.xlsx', name: 'curve.xlsx' },
      ],
    },
  ],
  [
    'a cmdlet of Purview, whose parameters are one text',
    record('Set-RetentionCompliancePolicy', {
      UserType: 2,
      ObjectId: 'Keep',
      Parameters: '-Identity "Keep" -Enabled "False" -Comment:\'for now\' -Force',
    }),
    {
      type: 'update_security_configuration',
      targets: [{ type: 'retention_compliance_policy', name: 'Keep' }],
      changes: [
        { attribute: 'Enabled', new: 'False' },
        { attribute: 'Comment', new: 'for now' },
      ],
    },
  ],
  [
    'an alert, which nobody did',
    record('AlertTriggered', {
      UserType: 4,
      UserId: 'SecurityComplianceAlerts',
      UserKey: 'SecurityComplianceAlerts',
      AlertId: 'a1',
    }),
    {
      type: null,
      actor: { name: 'SecurityComplianceAlerts', type: 'system', role: 'System' },
      targets: [{ type: 'alert', id: 'a1' }],
    },
  ],
  [
    'a match of a rule against data loss, with why it was overridden',
    record('DlpRuleMatch', {
      UserKey: 'DlpAgent',
      ExceptionInfo: { Justification: 'asked for' },
      ObjectId: 'https://example.com/a',
    }),
    { type: null, reason: 'asked for', targets: [{ type: 'resource', name: 'https://example.com/a' }] },
  ],
];

describe('facts', () => testRows(m365General, rows));

describe('types', () =>
  testTypes(m365General, {
    create_group: 'TeamCreated',
    update_group: 'TeamSettingChanged',
    delete_group: 'TeamDeleted',
    add_to_group: 'MemberAdded',
    remove_from_group: 'MemberRemoved',
    add_permission: 'MemberRoleChanged',
    create_integration: 'AppInstalled, BotAddedToTeam, ConnectorAdded, TabAdded',
    update_integration: 'AppUpgraded, ConnectorUpdated, TabUpdated',
    delete_integration: 'AppUninstalled, AppDeleted, BotRemovedFromTeam, ConnectorRemoved, TabRemoved',
    create_resource: 'ChannelAdded, MessageSent, ShiftAdded, CreateForm, CreateReport',
    update_resource: 'ChannelSettingChanged, MessageUpdated, ShiftEdited, EditForm, QuarantineRelease, EditFlow',
    delete_resource: 'ChannelDeleted, MessageDeleted, ShiftDeleted, DeleteForm, QuarantineDelete, DeleteFlow',
    read_resource: 'MessageRead, ChatRetrieved, ViewForm, QuarantinePreview, QuarantineViewHeader, ViewReport',
    download_resource: 'QuarantineExport, ExportForm, ExportReport',
    account_login: 'TeamsSessionStarted',
    create_security_configuration: 'New-RetentionCompliancePolicy, New-DlpComplianceRule',
    update_security_configuration: 'TeamsTenantSettingChanged, NetworkSecurityConfigurationUpdated, Set-Label',
    delete_security_configuration: 'Remove-RetentionCompliancePolicy',
    update_user: 'UserSuspension',
    query_resource: 'CopilotInteraction, SearchStarted',
    unmapped: 'AlertTriggered, AlertUpdated, AlertEntityGenerated, DlpRuleMatch, DlpRuleUndo, DlpInfo',
  }));

describe('the source', () => testSource(m365General, ['-Identity "x" -Force', [{ Name: 7 }, 'x', null]]));
