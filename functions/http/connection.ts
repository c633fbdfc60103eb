import { parseConnectionId, type StoredConnection } from '../../shared/control/connections.ts';
import { ConflictError, NotFoundError } from '../../shared/errors.ts';
import { type Polled, polledConnection } from '../../shared/polling/polled.ts';
import { sourceNamed } from '../../shared/sources/registry.ts';
import { connections } from '../services.ts';
import type { ApiRequest } from './api.ts';

/**
 * The connection that a path's `{id}` names: by id (`<tenant>.<name>`) or by name alone.
 *
 * @throws NotFoundError when the caller's tenant has none such, or its key is limited to other sources.
 */
export async function findConnection({ event, key }: Pick<ApiRequest, 'event' | 'key'>): Promise<StoredConnection> {
  const given = event.pathParameters?.['id'] ?? '';
  const parsed = parseConnectionId(given);
  const name = parsed?.tenant === key.tenant ? parsed.name : given;
  const connection = await connections().get(key.tenant, name);
  if (connection && (key.sources?.includes(connection.source) ?? true)) return connection;
  throw new NotFoundError('there is no connection with this id');
}

/**
 * The same, for what only makes sense where a vendor is polled.
 *
 * @throws ConflictError when it is not.
 */
export async function findPolled(request: Pick<ApiRequest, 'event' | 'key'>): Promise<Polled> {
  const connection = await findConnection(request);
  const polled = orProblem(connection);
  if (typeof polled === 'object') return polled;
  throw new ConflictError(polled ?? 'this connection is not polled: it has no settings, or its source only pushes');
}

/** What a connection is to its poller, or why its settings are not valid any more; undefined for one that is not polled. */
export function orProblem(connection: StoredConnection): Polled | string | undefined {
  try {
    return polledConnection(connection);
  } catch {
    return 'an earlier version took the settings of this connection, and this one does not: change them';
  }
}

/**
 * Where the vendor pushes to, after the API's address; undefined where the source takes no webhooks. `{secret}` stands for the
 * secret, for vendors that can prove themselves in no other way.
 */
export function webhookPathOf({ id, source }: Pick<StoredConnection, 'id' | 'source'>): string | undefined {
  const door = sourceNamed(source)?.webhook;
  return door && `/v1/webhooks/${id}${door.tokenInPath ? '/{secret}' : ''}`;
}
