import type { Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { cmdletTargets, isCmdlet } from '../m365/cmdlet.ts';
import { personOf } from '../m365/people.ts';
import { firstText, objectsAt, textAt } from '../read.ts';
import type { FieldType } from '../source.ts';

/** What a workload names, and the fields that have its id and name. */
const NAMED: readonly (readonly [type: string, id: readonly string[], name: readonly string[]])[] = [
  // Teams: the one id is the team's conversation, the other is that of the group in Entra ID
  ['group', ['TeamGuid'], ['TeamName']],
  ['group', ['AADGroupId'], ['TeamName', 'ItemName']],
  ['channel', ['ChannelGuid'], ['ChannelName']],
  ['chat', ['ChatThreadId'], ['ChatName']],
  ['message', ['MessageId'], []],
  ['app', ['AddOnGuid'], ['AddOnName']],
  ['shift', ['ShiftId'], []],
  ['meeting', ['MeetingDetailId'], []],
  // Viva Engage
  ['group', ['YammerGroupId', 'GroupId'], ['GroupName']],
  ['message', ['YammerMessageId'], []],
  ['file', ['FileId'], ['FileName']],
  // Forms
  ['form', ['FormId'], ['FormName']],
  // Quarantine and Defender
  ['message', ['NetworkMessageId'], ['Subject']],
  ['alert', ['AlertId'], ['AlertName']],
  ['alert_entity', ['AlertEntityId'], []],
  // eDiscovery, Copilot, search
  ['case', ['CaseId'], ['CaseName', 'Case']],
  ['query', [], ['QueryText', 'Query']],
  ['chat', ['CopilotEventData.ThreadId'], ['CopilotEventData.AppHost']],
  // Power BI, Power Automate, Power Apps
  ['workspace', ['WorkspaceId'], ['WorkspaceName', 'WorkSpaceName']],
  ['report', ['ReportId'], ['ReportName']],
  ['dataset', ['DatasetId'], ['DatasetName']],
  ['dashboard', ['DashboardId'], ['DashboardName']],
  ['flow', ['FlowId'], ['FlowDisplayName', 'FlowName']],
];

/** The fields of {@link NAMED}; workloads write ids as texts and as numbers. */
export const NAMED_FIELDS: Readonly<Record<string, FieldType>> = Object.fromEntries(
  NAMED.flatMap(([, ids, names]) => [...ids, ...names].map((path) => [path, 'scalar'] as const)),
);

/** Whom and what a record is about: people first. */
export function targetsOf(raw: JsonObject, type: EventType | null): Target[] {
  if (isCmdlet(textAt(raw, 'Operation') ?? '')) return cmdletTargets(raw, type);
  const named = NAMED.flatMap(([kind, ids, names]) => {
    const id = firstText(raw, ids);
    const isKnown = id !== undefined || (kind !== 'group' && firstText(raw, names) !== undefined);
    return isKnown ? [{ type: kind, id, name: firstText(raw, names) }] : [];
  });
  const targets = [...people(raw), ...named, ...resources(raw)];
  return targets.length > 0 ? targets : [object(raw, type)];
}

function people(raw: JsonObject): Target[] {
  const members = objectsAt(raw, 'Members').map((member) => ({
    type: 'user',
    ...personOf(textAt(member, 'UPN')),
    ...(textAt(member, 'DisplayName') && { name: textAt(member, 'DisplayName') }),
  }));
  const others = ['TargetUserId', 'UserSharedWith', 'RecipientAddress'].flatMap((path) => {
    const user = textAt(raw, path);
    return user === undefined ? [] : [{ type: 'user', ...personOf(user) }];
  });
  return [...members, ...others];
}

/** What Copilot read to answer. */
function resources(raw: JsonObject): Target[] {
  return objectsAt(raw, 'CopilotEventData.AccessedResources').map((resource) => ({
    type: 'file',
    id: firstText(resource, ['SiteUrl', 'ID', 'Id']),
    name: textAt(resource, 'Name'),
  }));
}

/** What a workload that is not known here did something to; the tenant itself where a setting of it is all there is. */
function object(raw: JsonObject, type: EventType | null): Target {
  const kind = type?.split('_').at(-1) ?? '';
  const said = firstText(raw, ['ObjectId', 'ItemName']);
  if (said === undefined && kind === 'configuration') return { type: 'tenant', id: textAt(raw, 'OrganizationId') };
  return { type: ['user', 'group'].includes(kind) ? kind : 'resource', ...personOf(said) };
}
