import type { z } from 'zod';
import type { AuditEntry } from '../../shared/audit.ts';
import { recordAct } from '../../shared/audit.ts';
import { InvalidRequestError } from '../../shared/errors.ts';
import { toProblems } from '../../shared/problems.ts';
import { eventStore } from '../services.ts';
import type { ApiRequest } from './api.ts';
import { keyActor } from './authorize.ts';
import { bodyBytes } from './body.ts';

/**
 * The JSON object of a request's body, checked.
 *
 * @throws InvalidRequestError naming everything that is wrong.
 */
export function readInput<T>({ event }: ApiRequest, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(bodyBytes(event).toString('utf8'));
  } catch (cause) {
    throw new InvalidRequestError('the body must be a JSON object', [], { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidRequestError('the body is not valid', parsed.error.issues.flatMap(toProblems));
}

/** Writes down what the caller has done. */
export async function record(
  request: ApiRequest,
  entry: Pick<AuditEntry, 'action' | 'target' | 'changes'>,
): Promise<void> {
  const { key, event, now, timeLeft } = request;
  const { sourceIp, userAgent } = event.requestContext.http;
  const act: AuditEntry = {
    ...entry,
    outcome: 'success',
    actor: keyActor(key),
    ip: sourceIp,
    ...(userAgent !== '' && { userAgent: userAgent.slice(0, 1024) }),
  };
  await recordAct(eventStore(), key.tenant, act, now, timeLeft);
}
