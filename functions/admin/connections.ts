import {
  ConnectionChange,
  ConnectionRequest,
  changedConnection,
  incarnationOf,
  isPaused,
  newConnection,
  type StoredConnection,
  shown,
} from '../../shared/control/connections.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from '../../shared/errors.ts';
import { SOURCES, sourceNamed } from '../../shared/sources/registry.ts';
import type { Source } from '../../shared/sources/source.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { findConnection, webhookPathOf } from '../http/connection.ts';
import { readInput, record } from '../http/input.ts';
import { connections, hastened, jobs, secrets } from '../services.ts';
import { changesOf, targetOf } from './connection-acts.ts';
import { checkConnection } from './connection-checks.ts';

export async function create(request: ApiRequest): Promise<Answer> {
  const input = readInput(request, ConnectionRequest);
  const source = sourceNamed(input.source);
  if (!source?.connecting) {
    const known = SOURCES.filter(({ connecting }) => connecting).map(({ name }) => name);
    throw new InvalidRequestError('no such connection can be made', [
      { path: 'source', message: `must be one of: ${known.join(', ')}` },
    ]);
  }
  const { tenant } = request.key;
  const made = newConnection(tenant, { ...input, origin: input.origin ?? originOf(source, input) }, request.now);
  checkConnection(source, made, input.secrets);
  const taken = new ConflictError(`there is a connection named ${input.name} already`);
  if (await connections().get(tenant, input.name)) throw taken;
  // Acts are written down first: what nobody knows of must not come to be.
  const changes = changesOf(undefined, made, Object.keys(input.secrets ?? {}));
  await record(request, { action: 'connection.create', target: targetOf(made), changes });
  if (!(await connections().create(made, input.secrets, secrets()))) throw taken;
  return { status: 201, body: described(made) };
}

export async function list({ key }: ApiRequest): Promise<Answer> {
  return { status: 200, body: { connections: (await connections().list(key.tenant)).map(described) } };
}

export async function show(request: ApiRequest): Promise<Answer> {
  return { status: 200, body: described(await findConnection(request)) };
}

export async function change(request: ApiRequest): Promise<Answer> {
  const before = await findConnection(request);
  const input = readInput(request, ConnectionChange);
  const after = changedConnection(before, input, request.now);
  checkConnection(sourceOf(before), after, input.secrets, before);
  const changes = changesOf(before, after, Object.keys(input.secrets ?? {}));
  await record(request, { action: 'connection.update', target: targetOf(after), changes });
  const stillThere = await connections().replace(after, input.secrets, secrets(), request.now);
  if (!stillThere) throw new NotFoundError('the connection was deleted meanwhile');
  const isNews = input.settings !== undefined || input.secrets !== undefined || input.paused === false;
  if (isNews && after.settings !== undefined && !isPaused(after)) await hastened().ask(after.id, request.now);
  return { status: 200, body: described(after) };
}

/** Cut short at any point, it can be done again: what says that there is a connection goes last. */
export async function remove(request: ApiRequest): Promise<Answer> {
  const connection = await findConnection(request);
  const { id } = connection;
  await record(request, { action: 'connection.delete', target: targetOf(connection) });
  // From here on nothing is started for it, so that its jobs are not made again.
  await connections().replace(
    changedConnection(connection, { paused: true }, request.now),
    undefined,
    secrets(),
    request.now,
  );
  await removeJobs(id);
  await hastened().forget(id);
  await connections().delete(connection, secrets());
  // A run that was under way may have made a job meanwhile.
  await removeJobs(id, incarnationOf(connection));
  return { status: 204 };
}

/** @param incarnation whose jobs; absent means all that there ever were under the name. */
async function removeJobs(connection: string, incarnation?: string): Promise<void> {
  for (const job of await jobs().list(connection)) {
    if (incarnation === undefined || job.incarnation === incarnation) await jobs().delete(job);
  }
}

/** The account or host whose events these are, as the settings say. */
function originOf({ poller, defaultOrigin }: Source, { settings }: ConnectionRequest): string {
  const isPolled = poller && settings !== undefined && poller.settings.safeParse(settings).success;
  return isPolled ? poller.connect(settings).origin : defaultOrigin;
}

function sourceOf(connection: StoredConnection): Source {
  const source = sourceNamed(connection.source);
  if (!source) throw new NotFoundError(`source ${connection.source} of this connection is not known any more`);
  return source;
}

function described(connection: StoredConnection) {
  const webhookPath = webhookPathOf(connection);
  return {
    ...shown(connection),
    ...(connection.settings !== undefined && { paused: isPaused(connection) }),
    ...(webhookPath && { webhookPath }),
  };
}
