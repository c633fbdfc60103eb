import { listKeys, NewKeyRequest, newApiKey, revokeKey, storeApiKey } from '../../shared/control/keys.ts';
import { NotFoundError } from '../../shared/errors.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { readInput, record } from '../http/input.ts';
import { control, keyUse } from '../services.ts';

/** `POST /v1/keys`: the answer is the only time that the key is shown. */
export async function create(request: ApiRequest): Promise<Answer> {
  const input = readInput(request, NewKeyRequest);
  const made = newApiKey({ ...input, tenant: request.key.tenant }, request.now);
  const { id, name, scopes, sources, expiresAt } = made.record;
  // Written down first: a key that nobody knows of must not come to be.
  await record(request, {
    action: 'key.create',
    target: { type: 'api_key', id: `key_${id}`, name },
    changes: [
      { attribute: 'scopes', new: scopes.join(' ') },
      ...(sources ? [{ attribute: 'sources', new: sources.join(' ') }] : []),
      ...(expiresAt === undefined ? [] : [{ attribute: 'expiresAt', new: expiresAt }]),
    ],
  });
  await storeApiKey(control(), made);
  return { status: 201, body: { ...made.record, lastUsedAt: null, key: made.text } };
}

/** `GET /v1/keys`: with when each was last used, to the hour. */
export async function list({ key }: ApiRequest): Promise<Answer> {
  const [keys, used] = await Promise.all([listKeys(control(), key.tenant), keyUse().list(key.tenant)]);
  return { status: 200, body: { keys: keys.map((one) => ({ ...one, lastUsedAt: used.get(one.id) ?? null })) } };
}

export async function revoke(request: ApiRequest): Promise<Answer> {
  const id = request.event.pathParameters?.['id'] ?? '';
  const revoked = await revokeKey(control(), request.key.tenant, id, request.now);
  if (!revoked) throw new NotFoundError('there is no key with this id');
  await record(request, { action: 'key.revoke', target: { type: 'api_key', id: `key_${id}`, name: revoked.name } });
  return { status: 204 };
}
