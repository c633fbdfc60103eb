import { setTimeout as delay } from 'node:timers/promises';
import { type AuditEntry, recordRefusal } from '../../shared/audit.ts';
import { authenticate, isRefusal, type KeyRecord, type Refusal, type Scope } from '../../shared/control/keys.ts';
import type { Actor } from '../../shared/event/schema.ts';
import { environment } from '../environment.ts';
import { control, eventStore, keyUse } from '../services.ts';
import { count, logger } from '../telemetry.ts';
import { HttpError } from './answer.ts';
import type { OpenRequest } from './api.ts';

/** What callers write is cut to this, so that the record of it is always whole. */
const MAX_TEXT = 1_024;
const NOTING_MS = 500;
const CHALLENGE = { 'www-authenticate': 'Bearer realm="annals"' };

/**
 * The caller's API key, from `Authorization: Bearer annals_...`. HTTP APIs' own authorizers can't answer problem documents
 * and cache what was revoked, so every function asks for itself.
 *
 * @param scope that the key must have, or of which it must have one; absent when any valid key will do.
 * @throws HttpError 401 without a valid key, 403 when it lacks the scope; both are written down.
 */
export async function authorize(request: OpenRequest, scope?: Scope | readonly Scope[]): Promise<KeyRecord> {
  const presented = /^Bearer +(\S+)$/i.exec(request.event.headers['authorization'] ?? '')?.[1];
  if (presented === undefined) {
    await refuse(request, environment('TENANT'), {
      action: 'access.unauthenticated',
      actor: { type: 'anonymous' },
      reason: 'no API key',
    });
    throw new HttpError(401, 'unauthorized', 'send an API key as "Authorization: Bearer annals_..."', {
      headers: CHALLENGE,
    });
  }
  const result = await authenticate(control(), presented, request.now);
  if (isRefusal(result)) {
    await refuse(request, tenantOf(result), {
      action: 'access.unauthenticated',
      actor: 'record' in result ? keyActor(result.record) : { type: 'anonymous' },
      reason: `API key ${result.why}`,
    });
    throw new HttpError(401, 'unauthorized', 'the API key is not valid', { headers: CHALLENGE });
  }
  await noteUse(result, request.now);
  const scopes = [scope ?? []].flat();
  if (scopes.length > 0 && !scopes.some((one) => result.scopes.includes(one)))
    throw await forbid(request, result, `this API key lacks the scope ${scopes.join(' or ')}`);
  return result;
}

/** Nobody's request waits long for this, or fails by it. */
async function noteUse(key: KeyRecord, now: Date): Promise<void> {
  const noted = keyUse()
    .note(key, now)
    .catch((error: unknown) => logger.warn('the use of an API key could not be noted', { error: error as Error }));
  await Promise.race([noted, delay(NOTING_MS, undefined, { ref: false })]);
}

/** Writes down that a valid key asked for what it may not do; the 403 to throw. */
export async function forbid(request: OpenRequest, key: KeyRecord, reason: string): Promise<HttpError> {
  await refuse(request, key.tenant, { action: 'access.forbidden', actor: keyActor(key), reason });
  return new HttpError(403, 'forbidden', reason);
}

/** Writes a refused attempt down. A store that is down must not turn a refusal into anything else, so that only logs. */
export async function refuse(
  { event, now, timeLeft }: OpenRequest,
  tenant: string,
  entry: Pick<AuditEntry, 'action' | 'actor' | 'reason' | 'target'>,
): Promise<void> {
  const { http } = event.requestContext;
  count('RequestsRefused');
  logger.warn('request refused', { tenant, action: entry.action, reason: entry.reason, ip: http.sourceIp });
  const target = entry.target ?? { type: 'route', id: event.routeKey };
  const userAgent = http.userAgent.slice(0, MAX_TEXT);
  const full = {
    ...entry,
    reason: entry.reason?.slice(0, MAX_TEXT),
    target: { ...target, id: target.id?.slice(0, MAX_TEXT) },
    outcome: 'failure' as const,
    ip: http.sourceIp,
    ...(userAgent !== '' && { userAgent }),
  };
  await recordRefusal(eventStore(), tenant, full, now, timeLeft).catch((error: unknown) => {
    logger.error('a refused request could not be written down', { error: error as Error });
  });
}

/** How a key appears as the actor of an audit event. */
export function keyActor({ id, name }: KeyRecord): Actor {
  return { type: 'service', id: `key_${id}`, name, role: 'api key' };
}

function tenantOf(refusal: Refusal): string {
  return 'record' in refusal ? refusal.record.tenant : environment('TENANT');
}
