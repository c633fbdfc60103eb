import {
  ConnectionChange,
  ConnectionRequest,
  changedConnection,
  newConnection,
  parseConnectionId,
  type StoredConnection,
  shown,
} from '../../shared/control/connections.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from '../../shared/errors.ts';
import type { Change } from '../../shared/event/schema.ts';
import { annalsAudit } from '../../shared/sources/annals.audit/source.ts';
import { SOURCES, sourceNamed } from '../../shared/sources/registry.ts';
import type { Source } from '../../shared/sources/source.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { connections, secrets } from '../services.ts';
import { readInput, record } from './input.ts';

export async function create(request: ApiRequest): Promise<Answer> {
  const input = readInput(request, ConnectionRequest);
  const source = sourceNamed(input.source);
  if (!source || source === annalsAudit) {
    const known = SOURCES.filter((one) => one !== annalsAudit).map(({ name }) => name);
    throw new InvalidRequestError('no such connection can be made', [
      { path: 'source', message: `must be one of: ${known.join(', ')}` },
    ]);
  }
  checkSecrets(source, input.secrets, true);
  const { tenant } = request.key;
  const made = newConnection(tenant, { ...input, origin: input.origin ?? source.defaultOrigin }, request.now);
  const taken = new ConflictError(`there is a connection named ${input.name} already`);
  if (await connections().get(tenant, input.name)) throw taken;
  // Acts are written down first: what nobody knows of must not come to be.
  await record(request, { action: 'connection.create', target: targetOf(made), changes: changesOf(undefined, made) });
  if (!(await connections().create(made, input.secrets, secrets()))) throw taken;
  return { status: 201, body: described(made) };
}

export async function list({ key }: ApiRequest): Promise<Answer> {
  return { status: 200, body: { connections: (await connections().list(key.tenant)).map(described) } };
}

export async function show(request: ApiRequest): Promise<Answer> {
  return { status: 200, body: described(await find(request)) };
}

export async function change(request: ApiRequest): Promise<Answer> {
  const before = await find(request);
  const input = readInput(request, ConnectionChange);
  checkSecrets(sourceOf(before), input.secrets, false);
  const after = changedConnection(before, input, request.now);
  const changes = [
    ...changesOf(before, after),
    ...Object.keys(input.secrets ?? {}).map((name) => ({ attribute: `secrets.${name}`, new: '(replaced)' })),
  ];
  await record(request, { action: 'connection.update', target: targetOf(after), changes });
  const stillThere = await connections().replace(after, input.secrets, secrets(), request.now);
  if (!stillThere) throw new NotFoundError('the connection was deleted meanwhile');
  return { status: 200, body: described(after) };
}

export async function remove(request: ApiRequest): Promise<Answer> {
  const connection = await find(request);
  await record(request, { action: 'connection.delete', target: targetOf(connection) });
  await connections().delete(connection, secrets());
  return { status: 204 };
}

/** By id (`<tenant>.<name>`) or by name alone. */
async function find({ event, key }: ApiRequest): Promise<StoredConnection> {
  const given = event.pathParameters?.['id'] ?? '';
  const parsed = parseConnectionId(given);
  const name = parsed?.tenant === key.tenant ? parsed.name : given;
  const connection = await connections().get(key.tenant, name);
  if (!connection) throw new NotFoundError('there is no connection with this id');
  return connection;
}

/** The one secret so far is that with which a vendor signs its webhooks. */
function checkSecrets(
  { name, webhook, cursor }: Source,
  given: Readonly<Record<string, string>> | undefined,
  isNew: boolean,
): void {
  const known = webhook ? ['webhook'] : [];
  const problems = Object.keys(given ?? {})
    .filter((one) => !known.includes(one))
    .map((one) => ({
      path: `secrets.${one}`,
      message: `is not a secret of ${name}: it has ${known.join(', ') || 'none'}`,
    }));
  // What only pushes is of no use without the means to prove itself.
  if (isNew && webhook && cursor === 'none' && given?.['webhook'] === undefined) {
    problems.push({ path: 'secrets.webhook', message: 'is required: the secret that the vendor signs with' });
  }
  if (problems.length > 0) throw new InvalidRequestError('the secrets do not fit the source', problems);
}

function sourceOf(connection: StoredConnection): Source {
  const source = sourceNamed(connection.source);
  if (!source) throw new NotFoundError(`source ${connection.source} of this connection is not known any more`);
  return source;
}

function described(connection: StoredConnection) {
  const takesWebhooks = sourceNamed(connection.source)?.webhook !== undefined;
  return { ...shown(connection), ...(takesWebhooks && { webhookPath: `/v1/webhooks/${connection.id}` }) };
}

function targetOf({ id, name }: StoredConnection) {
  return { type: 'connection', id, name };
}

function changesOf(before: StoredConnection | undefined, after: StoredConnection): Change[] {
  return (['source', 'origin', 'tier'] as const)
    .filter((attribute) => before?.[attribute] !== after[attribute])
    .map((attribute) => ({
      attribute,
      ...(before?.[attribute] !== undefined && { old: before[attribute] }),
      ...(after[attribute] !== undefined && { new: after[attribute] }),
    }));
}
