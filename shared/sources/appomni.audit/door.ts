import { createHash, timingSafeEqual } from 'node:crypto';
import { InvalidRequestError } from '../../errors.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../json.ts';
import type { WebhookDelivery, WebhookDoor, WebhookRequest } from '../source.ts';

/** `Authorization: <secret>` or `Authorization: Bearer <secret>`, with any word for the scheme. */
const AUTHORIZATION = /^(?:[A-Za-z][A-Za-z0-9_-]* +)?(\S+)$/;

/**
 * How an AppOmni event sink delivers audit events to an HTTP collector. AppOmni publishes no signature for it, so a request
 * proves itself by a secret in the `Authorization` header that is set up with the sink. The body is one event, a JSON
 * array of events, or one event a line.
 */
export const door: WebhookDoor = { verify, read };

function verify({ headers }: WebhookRequest, secrets: readonly string[]): boolean {
  const claimed = AUTHORIZATION.exec((headers['authorization'] ?? '').trim())?.[1];
  if (claimed === undefined) return false;
  const claimedHash = sha256(claimed);
  let proved = false;
  for (const stored of secrets) {
    // Secrets are often stored out of a file, with its last line break.
    const secret = stored.replace(/\r?\n$/, '');
    if (secret === '') continue;
    // Hashes are of one length, whatever the texts are: that of the secret stays unknown too.
    proved = timingSafeEqual(sha256(secret), claimedHash) || proved;
  }
  return proved;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function read({ body }: WebhookRequest): WebhookDelivery {
  const text = utf8(body);
  const events = parsed(text) ?? lines(text);
  // An empty list is how collectors are commonly tried out.
  if (events.length === 0) return { kind: 'ping' };
  // An event is known by its own `log_id`, in whatever request it comes again.
  return { kind: 'events', raws: events };
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new InvalidRequestError('the body is not UTF-8', [], { cause: error });
  }
}

/** The events of a body that is one JSON value; undefined when it is none. */
function parsed(text: string): JsonObject[] | undefined {
  const value = jsonOf(text);
  if (value === undefined) return undefined;
  return (Array.isArray(value) ? value : [value]).map(event);
}

function lines(text: string): JsonObject[] {
  const found = text.split('\n').filter((line) => line.trim() !== '');
  if (found.length < 2) throw new InvalidRequestError('the body is not JSON');
  return found.map((line, index) => event(jsonOf(line), index));
}

function event(value: Json | undefined, index: number): JsonObject {
  if (isJsonObject(value)) return value;
  throw new InvalidRequestError('every event must be a JSON object', [
    { index, path: '', message: value === undefined ? 'is not JSON' : 'is not a JSON object' },
  ]);
}

/** Undefined for what is not JSON, and for nesting that exhausts the stack. */
function jsonOf(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
