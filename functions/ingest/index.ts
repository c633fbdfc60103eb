import { prepareEvents } from '../../shared/event/prepare.ts';
import { CUSTOM_SOURCE, type ProducedEvent, readProducerEvent } from '../../shared/event/producer.ts';
import { tierOf } from '../../shared/sources/registry.ts';
import type { PutResult } from '../../shared/store/event-store.ts';
import { environment } from '../environment.ts';
import type { Answer } from '../http/answer.ts';
import { type ApiRequest, apiHandler } from '../http/api.ts';
import { forbid } from '../http/authorize.ts';
import { EVENT_BODIES, readBody } from '../http/body.ts';
import { readParameters } from '../http/parameters.ts';
import { eventStore } from '../services.ts';
import { count } from '../telemetry.ts';
import { ingestRaw } from './raw.ts';
import { report, sift } from './report.ts';

/** Where applications' events come from, as part of their ids: the application's own id is unique within its source. */
const ORIGIN = 'api';

export const handler = apiHandler({ 'POST /v1/events': { scope: 'ingest', handle: ingest } });

async function ingest(request: ApiRequest): Promise<Answer> {
  const { partial, connection } = readParameters(request.event.rawQueryString, { partial: 'flag', connection: 'text' });
  return connection === undefined ? ingestProduced(request, partial) : ingestRaw(request, connection, partial);
}

/** Events of applications, in canonical form. */
async function ingestProduced(request: ApiRequest, partial: boolean): Promise<Answer> {
  const { event, key, now, timeLeft } = request;
  const { accepted, problems, sent } = sift(
    readBody(event, EVENT_BODIES).map((entry) =>
      'problem' in entry ? [entry.problem] : readProducerEvent(entry.value, key.tenant, now.getTime()),
    ),
    partial,
  );
  const forbidden = key.sources && accepted.find(({ from }) => !key.sources?.includes(from.source));
  if (forbidden)
    throw await forbid(request, key, `this API key may not send events of source ${forbidden.from.source}`);

  const tiers = environment('TIERS');
  const prepared = prepareEvents(
    accepted.map((one) => ({ ...one, from: { ...one.from, tier: one.from.tier ?? tierOf(one.from.source, tiers) } })),
    {
      tenant: key.tenant,
      connection: `key_${key.id}`,
      source: CUSTOM_SOURCE,
      product: CUSTOM_SOURCE,
      origin: ORIGIN,
      tier: tierOf(CUSTOM_SOURCE, tiers),
      receivedAt: now.toISOString(),
    },
    (input) => (input as ProducedEvent).said,
  );
  const results = await eventStore().put(prepared, timeLeft);
  const withStatus = (status: PutResult['status']) => results.filter((result) => result.status === status).length;
  count('EventsStored', withStatus('stored'));
  count('EventsPresent', withStatus('present'));
  count('EventsConflicting', withStatus('conflict'));
  return report(
    results,
    accepted.map(({ index }) => index),
    sent,
    problems,
  );
}
