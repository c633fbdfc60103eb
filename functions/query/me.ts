import type { Answer } from '../http/answer.ts';
import type { OpenRequest } from '../http/api.ts';
import { authorize } from '../http/authorize.ts';

/** `GET /v1/me`: what the caller's key is good for. Any valid key may ask. */
export async function show(request: OpenRequest): Promise<Answer> {
  const { tenant, id, name, scopes, sources = null, expiresAt = null } = await authorize(request);
  return { status: 200, body: { tenant, key: { id, name, scopes, sources, expiresAt } } };
}
