import { EVENT_TYPES, type EventType } from '../../taxonomy.ts';
import { CMDLET_NOUNS, isCmdlet } from '../m365/cmdlet.ts';
import { guesser, type NounRules, tableLookup } from '../m365/operation.ts';
import type { ActionTable } from '../source.ts';

/**
 * The operations of Teams, Viva Engage, Forms, quarantine and others that share `Audit.General`, and their EMM types
 * (https://learn.microsoft.com/purview/audit-log-activities). Some 100 workloads log here: the rest is judged by verb
 * and noun.
 */
export const ACTIONS: ActionTable = {
  // Teams: teams and who is in them
  TeamCreated: 'create_group',
  TeamSettingChanged: 'update_group',
  TeamDeleted: 'delete_group',
  MemberAdded: 'add_to_group',
  MemberRemoved: 'remove_from_group',
  MemberRoleChanged: 'add_permission',
  TeamsSessionStarted: 'account_login',
  TeamsTenantSettingChanged: 'update_security_configuration',

  // Teams: apps
  AppInstalled: 'create_integration',
  BotAddedToTeam: 'create_integration',
  ConnectorAdded: 'create_integration',
  TabAdded: 'create_integration',
  AppUpgraded: 'update_integration',
  ConnectorUpdated: 'update_integration',
  TabUpdated: 'update_integration',
  AppUninstalled: 'delete_integration',
  AppDeleted: 'delete_integration',
  BotRemovedFromTeam: 'delete_integration',
  ConnectorRemoved: 'delete_integration',
  TabRemoved: 'delete_integration',

  // Teams: channels, messages, shifts
  ChannelAdded: 'create_resource',
  ChannelSettingChanged: 'update_resource',
  ChannelDeleted: 'delete_resource',
  MessageSent: 'create_resource',
  MessageRead: 'read_resource',
  ChatRetrieved: 'read_resource',
  MessageUpdated: 'update_resource',
  MessageDeleted: 'delete_resource',
  ShiftAdded: 'create_resource',
  ShiftEdited: 'update_resource',
  ShiftDeleted: 'delete_resource',

  // Viva Engage
  GroupCreation: 'create_group',
  GroupDeletion: 'delete_group',
  UserSuspension: 'update_user',
  NetworkUserSuspended: 'update_user',
  NetworkConfigurationUpdated: 'update_security_configuration',
  NetworkSecurityConfigurationUpdated: 'update_security_configuration',
  SoftDeleteSettingsUpdated: 'update_security_configuration',
  SupervisorAdminToggled: 'update_security_configuration',
  FileCreated: 'create_resource',
  FileVisited: 'read_resource',
  FileUpdateName: 'update_resource',
  FileUpdateDescription: 'update_resource',
  FileDownloaded: 'download_resource',
  FileShared: 'add_permission',
  DataExport: 'download_resource',
  MessageCreated: 'create_resource',
  MessageViewed: 'read_resource',
  CommunityAccessFailure: 'read_resource',
  FileAccessFailure: 'read_resource',
  MessageAccessFailure: 'read_resource',

  // Forms
  CreateForm: 'create_resource',
  ViewForm: 'read_resource',
  PreviewForm: 'read_resource',
  EditForm: 'update_resource',
  MoveForm: 'update_resource',
  DeleteForm: 'delete_resource',
  ExportForm: 'download_resource',
  ListForms: 'read_resource',
  AddFormCoauthor: 'add_permission',
  RemoveFormCoauthor: 'remove_permission',
  CreateResponse: 'create_resource',
  SubmitResponse: 'create_resource',
  ViewResponses: 'read_resource',
  UpdateResponse: 'update_resource',
  DeleteResponse: 'delete_resource',
  UpdateFormSetting: 'update_resource',

  // Quarantined messages
  QuarantinePreview: 'read_resource',
  QuarantineViewHeader: 'read_resource',
  QuarantineRelease: 'update_resource',
  QuarantineDelete: 'delete_resource',
  QuarantineExport: 'download_resource',

  // Asking: Copilot, eDiscovery
  CopilotInteraction: 'query_resource',
  SearchStarted: 'query_resource',

  // Findings of Defender and Purview, which are nobody's act, and requests
  AlertTriggered: null,
  AlertUpdated: null,
  AlertEntityGenerated: null,
  DlpRuleMatch: null,
  DlpRuleUndo: null,
  DlpInfo: null,
  QuarantineReleaseRequest: null,
};

/** The EMM types that events of this source can have; cmdlets of Purview and Defender have some of their own. */
export const MAPPED_TYPES: readonly EventType[] = EVENT_TYPES.filter(
  (type) =>
    Object.values(ACTIONS).includes(type) ||
    ['create_security_configuration', 'delete_security_configuration'].includes(type),
);

const NOUNS: NounRules = [
  [/alert|dlp|release request|detection/, null],
  [/session started/, 'account_login'],
  [/tenant setting|policy|configuration|supervisor|delete settings|audit/, 'security_configuration'],
  [/access failure/, 'read_resource'],
  [/user susp/, 'user'],
  [/role changed|coauthor|shared|permission/, 'permission'],
  [/^member|(to|from) group/, 'membership'],
  [/^(channel|message|chat|shift|schedule|file|form|flow|report|dataset|dashboard)/, 'resource'],
  [/\b(app|apps|bot|connector|tab)\b/, 'integration'],
  [/^(team|group)\b/, 'group'],
];

export const typeInTable = tableLookup(ACTIONS);
const guessName = guesser(NOUNS, MAPPED_TYPES);
const guessCmdlet = guesser(CMDLET_NOUNS, MAPPED_TYPES);

/** The EMM type of an operation that is not in the table, by its noun and verb. */
export function guessType(operation: string): EventType | null {
  return isCmdlet(operation) ? guessCmdlet(operation) : guessName(operation);
}
