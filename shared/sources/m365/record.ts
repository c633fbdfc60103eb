import type { Change, EventFacts, Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { addressOf } from '../address.ts';
import { firstText, fitFacts, textAt, valueAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { timeInUtc } from '../time.ts';
import { actorOf, known } from './people.ts';
import { withoutSecrets } from './redact.ts';

/** What the workloads of a content type do in their own way. */
export interface Workload {
  /** The EMM type of a record. */
  typeOf(operation: string, raw: JsonObject): EventType | null;
  /** Everyone and everything that a record of this EMM type is about. */
  targetsOf(raw: JsonObject, type: EventType | null): Target[];
  changesOf(raw: JsonObject): Change[];
  /** What it means that a record says nothing of its result. */
  readonly unsaid: EventFacts['outcome'];
  /** Fields that may hold the client's address, the best first. */
  readonly addresses: readonly string[];
  /** Facts beyond, or in place of, those that all records share. */
  factsOf?(raw: JsonObject, type: EventType | null): Partial<EventFacts>;
}

/** Maps one record of the Office 365 Management Activity API; one event, identified by `Id`. */
export function mapRecord(delivered: JsonObject, workload: Workload): MappedEvent[] {
  const clean = withoutSecrets(delivered);
  const raw = clean ?? delivered;
  const operation = textAt(raw, 'Operation');
  const type = operation === undefined ? null : workload.typeOf(operation, raw);
  const facts: EventFacts = {
    type,
    action: operation ?? '',
    outcome: outcomeOf(raw, workload.unsaid),
    actor: actorOf(raw),
    targets: distinct(workload.targetsOf(raw, type)),
    ip: firstAddress(raw, workload.addresses),
    userAgent: textAt(raw, 'UserAgent'),
    session: firstText(raw, ['AppAccessContext.AADSessionId', 'SessionId']),
    device: deviceOf(raw),
    reason: textAt(raw, 'ResultStatus')?.toLowerCase() === 'partiallysucceeded' ? 'PartiallySucceeded' : undefined,
    credential: credentialOf(raw),
    changes: workload.changesOf(raw),
    ...workload.factsOf?.(raw, type),
  };
  // The schema says UTC and leaves the zone out.
  const time = timeInUtc(valueAt(raw, 'CreationTime'));
  return [{ facts: fitFacts(facts), time, vendorId: textAt(raw, 'Id'), raw, redacted: clean !== undefined }];
}

const SUCCEEDED = /^(success|succeeded|partiallysucceeded|true|pass|passed|ok|completed)$/;
const FAILED = /^(failure|failed|fail|false|error|denied|unauthorized|blocked)$/;
const FAILING = /(failed|failure|blocked)\.?$/i;

/** How it ended: Entra ID, mailboxes and Exchange's cmdlets each have words of their own, others say nothing. */
function outcomeOf(raw: JsonObject, unsaid: EventFacts['outcome']): EventFacts['outcome'] {
  if (FAILING.test(textAt(raw, 'Operation')?.trim() ?? '')) return 'failure';
  if (valueAt(raw, 'AccessDenied') === true || valueAt(raw, 'IsSuccess') === false) return 'failure';
  const status = known(textAt(raw, 'ResultStatus'))?.toLowerCase();
  if (status === undefined) return unsaid;
  return SUCCEEDED.test(status) ? 'success' : FAILED.test(status) ? 'failure' : 'unknown';
}

function firstAddress(raw: JsonObject, paths: readonly string[]): string | undefined {
  return paths.map((path) => addressOf(valueAt(raw, path))).find((address) => address !== undefined);
}

/** The access token and the client that presented it. */
function credentialOf(raw: JsonObject): EventFacts['credential'] {
  const token = textAt(raw, 'AppAccessContext.UniqueTokenId');
  const client = firstText(raw, [
    'AppAccessContext.ClientAppName',
    'ApplicationDisplayName',
    'AppAccessContext.ClientAppId',
    'ClientAppId',
    'AppId',
  ]);
  if (token === undefined && client === undefined) return undefined;
  return { id: token, name: client, type: token === undefined ? 'application' : 'access_token' };
}

function deviceOf(raw: JsonObject): EventFacts['device'] {
  const device = {
    id: textAt(raw, 'MachineId'),
    name: firstText(raw, ['DeviceDisplayName', 'ClientMachineName']),
    type: firstText(raw, ['BrowserName', 'ClientProcessName']),
    os: textAt(raw, 'Platform'),
  };
  return Object.values(device).some((value) => value !== undefined) ? device : undefined;
}

/** Named targets, each once. */
function distinct(targets: readonly Target[]): Target[] {
  const named = targets.filter(({ id, name, email }) => id || name || email);
  return [...new Map(named.map((target) => [keyOf(target), target])).values()];
}

function keyOf({ type, id, name, email }: Target): string {
  return JSON.stringify([type, id, name, email]);
}
