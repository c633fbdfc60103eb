import { sha256Hex } from '../../shared/archive/row.ts';
import type { StoredConnection } from '../../shared/control/connections.ts';
import { parseConnectionId } from '../../shared/control/connections.ts';
import { InvalidRequestError } from '../../shared/errors.ts';
import { acceptVendorEvents } from '../../shared/sources/accept.ts';
import { sourceNamed } from '../../shared/sources/registry.ts';
import type { Source, WebhookDoor, WebhookRequest } from '../../shared/sources/source.ts';
import { type Answer, HttpError } from '../http/answer.ts';
import { apiHandler, type OpenRequest } from '../http/api.ts';
import { refuse } from '../http/authorize.ts';
import { bodyBytes } from '../http/body.ts';
import { connections, eventStore, failures, hastened, secrets } from '../services.ts';
import { count, countDrift, logger } from '../telemetry.ts';
import { noteVendorResults, provenanceOf } from '../vendor.ts';

/** The name of the secret with which a vendor proves its webhooks. */
const WEBHOOK_SECRET = 'webhook';
/** A refused signature may mean that the secret was rotated a moment ago: ask again, but not for every refused request. */
const REFRESH_MS = 5_000;

export const handler = apiHandler({
  'POST /v1/webhooks/{connection}': { scope: null, handle: receive },
  'POST /v1/webhooks/{connection}/{token}': { scope: null, handle: receive },
});

async function receive(request: OpenRequest): Promise<Answer> {
  const { connection: id = '', token } = request.event.pathParameters ?? {};
  const { connection, source, door } = await findConnection(id);
  const delivery: WebhookRequest = { headers: request.event.headers, body: bodyBytes(request.event), token };
  if (!(await isProved(delivery, connection, door, request.now))) {
    await refuse(request, connection.tenant, {
      action: 'access.unauthenticated',
      actor: { type: 'anonymous' },
      reason: `webhook ${door.tokenInPath ? 'token' : 'signature'} missing or wrong`,
      target: { type: 'connection', id: connection.id, name: connection.name },
    });
    throw new HttpError(
      401,
      'unauthorized',
      `the request is not ${door.tokenInPath ? 'sent to the address' : 'signed'} with the secret of this connection`,
    );
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
  const accepted = await orSetAside(delivery, connection, () => {
    const read = door.read(delivery);
    if (read.kind !== 'events') return read.kind;
    return acceptVendorEvents(source, read.raws, provenanceOf(connection, now), read.deliveryId);
  });
  if (accepted === 'ping') return { status: 200, body: { pong: true } };
  if (accepted === 'hint') return askForPoll(connection, now);
  countDrift(source.name, accepted.drift);
  const results = await eventStore().put(accepted.prepared, timeLeft);
  await noteVendorResults(accepted.prepared, results);
  return { status: 202, body: { ids: results.map(({ id }) => id) } };
}

/** Vendors that only hint send a hint again on 429 and on nothing else (Fleet). The next regular poll finds it anyway. */
async function askForPoll({ id }: StoredConnection, now: Date): Promise<Answer> {
  try {
    await hastened().ask(id, now);
  } catch (error) {
    logger.warn('an early poll could not be asked for', { connection: id, error: error as Error });
    throw new HttpError(429, 'too_many_requests', 'the hint could not be taken, send it again');
  }
  return { status: 202, body: { polling: true } };
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
