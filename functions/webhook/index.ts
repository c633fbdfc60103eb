import { sha256Hex } from '../../shared/archive/row.ts';
import type { StoredConnection } from '../../shared/control/connections.ts';
import { parseConnectionId } from '../../shared/control/connections.ts';
import { InvalidRequestError } from '../../shared/errors.ts';
import { type EventInput, type PreparedEvent, prepareEvents } from '../../shared/event/prepare.ts';
import { sourceNamed, tierOf } from '../../shared/sources/registry.ts';
import type { Source, WebhookDoor, WebhookRequest } from '../../shared/sources/source.ts';
import { environment } from '../environment.ts';
import { type Answer, HttpError } from '../http/answer.ts';
import { apiHandler, type OpenRequest } from '../http/api.ts';
import { refuse } from '../http/authorize.ts';
import { bodyBytes } from '../http/body.ts';
import { connections, eventStore, failures, secrets } from '../services.ts';
import { count, logger } from '../telemetry.ts';

/** The name of the secret with which a vendor proves its webhooks. */
const WEBHOOK_SECRET = 'webhook';
/** A refused signature may mean that the secret was rotated a moment ago: ask again, but not for every refused request. */
const REFRESH_MS = 5_000;

export const handler = apiHandler({ 'POST /v1/webhooks/{connection}': { scope: null, handle: receive } });

async function receive(request: OpenRequest): Promise<Answer> {
  const { connection, source, door } = await findConnection(request.event.pathParameters?.['connection'] ?? '');
  const delivery: WebhookRequest = { headers: request.event.headers, body: bodyBytes(request.event) };
  if (!(await isProved(delivery, connection, door, request.now))) {
    await refuse(request, connection.tenant, {
      action: 'access.unauthenticated',
      actor: { type: 'anonymous' },
      reason: 'webhook signature missing or wrong',
      target: { type: 'connection', id: connection.id, name: connection.name },
    });
    throw new HttpError(401, 'unauthorized', 'the request is not signed with the secret of this connection');
  }
  return store(delivery, connection, source, door, request);
}

async function store(
  delivery: WebhookRequest,
  connection: StoredConnection,
  source: Source,
  door: WebhookDoor,
  { now, timeLeft }: OpenRequest,
): Promise<Answer> {
  const { tenant } = connection;
  const prepared = await orSetAside(delivery, connection, () => prepare(delivery, connection, source, door, now));
  if (prepared === 'ping') return { status: 200, body: { pong: true } };
  const results = await eventStore().put(prepared, timeLeft);
  for (const [index, { id, status }] of results.entries()) {
    if (status === 'stored') {
      count('EventsStored');
      if (prepared[index]?.event.type === null) count('EventsUnmapped');
    } else if (status === 'present') count('EventsPresent');
    else {
      count('EventsConflicting');
      logger.warn('an event came again with other content, which is kept aside', { id, connection: connection.id });
      const text = JSON.stringify(prepared[index]?.event.raw);
      await failures().putIfAbsent(
        `conflicts/${tenant}/${source.name}/${id}/${sha256Hex(text)}`,
        Buffer.from(text),
        'application/json',
      );
    }
  }
  return { status: 202, body: { ids: results.map(({ id }) => id) } };
}

function prepare(
  delivery: WebhookRequest,
  { tenant, name, origin, tier }: StoredConnection,
  source: Source,
  door: WebhookDoor,
  now: Date,
): PreparedEvent[] | 'ping' {
  const read = door.read(delivery);
  if (read.kind === 'ping') return 'ping';
  const inputs = source.normalize(read.raw).map((mapped): EventInput => {
    // Several events of one delivery are told apart by what the mapping calls them.
    const vendorId = mapped.vendorId === undefined ? read.deliveryId : `${read.deliveryId}/${mapped.vendorId}`;
    return { ...mapped, vendorId };
  });
  return prepareEvents(inputs, {
    tenant,
    connection: name,
    source: source.name,
    product: source.product,
    origin,
    tier: tier ?? tierOf(source.name, environment('TIERS')),
    receivedAt: now.toISOString(),
  });
}

/** A proved request that can't be read is the vendor's or ours to mend: its bytes are kept. */
async function orSetAside<T>(delivery: WebhookRequest, { tenant, name }: StoredConnection, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      count('EventsRejected');
      const type = delivery.headers['content-type'] ?? 'application/octet-stream';
      await failures().putIfAbsent(`rejects/${tenant}/${name}/${sha256Hex(delivery.body)}`, delivery.body, type);
    }
    throw error;
  }
}

async function findConnection(
  id: string,
): Promise<{ connection: StoredConnection; source: Source; door: WebhookDoor }> {
  const parsed = parseConnectionId(id);
  const connection = parsed && (await connections().get(parsed.tenant, parsed.name));
  const source = connection && sourceNamed(connection.source);
  if (!connection || !source?.webhook) {
    throw new HttpError(404, 'not_found', 'there is no connection here that takes webhooks');
  }
  return { connection, source, door: source.webhook };
}

async function isProved(
  delivery: WebhookRequest,
  { secretReference }: StoredConnection,
  door: WebhookDoor,
  now: Date,
): Promise<boolean> {
  const known = await secrets().values(secretReference, WEBHOOK_SECRET, now);
  if (door.verify(delivery, known)) return true;
  const current = await secrets().values(secretReference, WEBHOOK_SECRET, now, now.getTime() - REFRESH_MS);
  return current.join() !== known.join() && door.verify(delivery, current);
}
