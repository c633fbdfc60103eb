import { InvalidRequestError, type Problem } from '../../shared/errors.ts';
import { prepareEvents } from '../../shared/event/prepare.ts';
import { type ProducedEvent, readProducerEvent } from '../../shared/event/producer.ts';
import { tierOf } from '../../shared/sources/registry.ts';
import type { PutResult } from '../../shared/store/event-store.ts';
import { environment } from '../environment.ts';
import { type Answer, HttpError } from '../http/answer.ts';
import { type ApiRequest, apiHandler } from '../http/api.ts';
import { forbid } from '../http/authorize.ts';
import { readBody } from '../http/body.ts';
import { readFlags } from '../http/parameters.ts';
import { eventStore } from '../services.ts';
import { count } from '../telemetry.ts';

/** Where applications' events come from, as part of their ids: the application's own id is unique within its source. */
const ORIGIN = 'api';

export const handler = apiHandler({ 'POST /v1/events': { scope: 'ingest', handle: ingest } });

async function ingest(request: ApiRequest): Promise<Answer> {
  const { event, key, now, timeLeft } = request;
  const { partial } = readFlags(event.rawQueryString, ['partial']);
  const read = readBody(event).map((entry) =>
    'problem' in entry ? [entry.problem] : readProducerEvent(entry.value, key.tenant, now.getTime()),
  );
  const problems = read.flatMap((one, index) => (isEvent(one) ? [] : one.map((problem) => ({ ...problem, index }))));
  if (problems.length > 0 && !partial) {
    throw new InvalidRequestError(
      'nothing was stored: some events are not valid (?partial=true stores the others)',
      problems,
    );
  }
  const events = read.flatMap((one, index) => (isEvent(one) ? [{ ...one, index }] : []));
  const forbidden = key.sources && events.find(({ from }) => !key.sources?.includes(from.source));
  if (forbidden)
    throw await forbid(request, key, `this API key may not send events of source ${forbidden.from.source}`);

  const tiers = environment('TIERS');
  const prepared = prepareEvents(
    events.map((one) => ({ ...one, from: { ...one.from, tier: one.from.tier ?? tierOf(one.from.source, tiers) } })),
    {
      tenant: key.tenant,
      connection: `key_${key.id}`,
      source: 'custom',
      product: 'custom',
      origin: ORIGIN,
      tier: '365d',
      receivedAt: now.toISOString(),
    },
    (input) => (input as ProducedEvent).said,
  );
  const results = await eventStore().put(prepared, timeLeft);
  return report(
    results,
    events.map(({ index }) => index),
    read.length,
    problems,
  );
}

/** Ids in the order sent, null where an event was not valid. A conflict is an error even among events that were stored. */
function report(
  results: readonly PutResult[],
  positions: readonly number[],
  sent: number,
  problems: readonly Problem[],
): Answer {
  const ids = new Array<string | null>(sent).fill(null);
  for (const [position, { id }] of results.entries()) ids[positions[position] ?? 0] = id;
  const withStatus = (status: PutResult['status']) => results.filter((result) => result.status === status);
  const existing = withStatus('present').map(({ id }) => id);
  const stored = withStatus('stored').length;
  count('EventsStored', stored);
  count('EventsPresent', existing.length);
  count('EventsConflicting', withStatus('conflict').length);
  const conflicts = results.flatMap(({ id, status }, position) =>
    status === 'conflict' ? [{ index: positions[position], id }] : [],
  );
  const summary = { ids, stored, existing, ...(problems.length > 0 && { problems }) };
  if (conflicts.length === 0) return { status: 202, body: summary };
  throw new HttpError(
    409,
    'conflict',
    `${conflicts.length} of ${sent} events have the id of an event with other content, which stays as it is; the others are stored`,
    { extra: { ...summary, conflicts } },
  );
}

function isEvent(read: ProducedEvent | Problem[]): read is ProducedEvent {
  return !Array.isArray(read);
}
