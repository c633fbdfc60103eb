import { createHmac, timingSafeEqual } from 'node:crypto';
import { InvalidRequestError } from '../../errors.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../json.ts';
import type { WebhookDelivery, WebhookDoor, WebhookRequest } from '../source.ts';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;
const HEADER_TEXT = /^[\x21-\x7e]{1,128}$/;

/** The key under which the event's name, which GitHub sends as a header only, is kept in the raw event. */
export const EVENT_KEY = 'X-GitHub-Event';

/**
 * How GitHub delivers webhooks: https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers and
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export const door: WebhookDoor = { verify, read };

function verify({ headers, body }: WebhookRequest, secrets: readonly string[]): boolean {
  const hex = SIGNATURE.exec(headers['x-hub-signature-256'] ?? '')?.[1];
  if (hex === undefined) return false;
  const claimed = Buffer.from(hex, 'hex');
  let proved = false;
  for (const stored of secrets) {
    // Secrets are often stored out of a file, with its last line break; GitHub's has none.
    const secret = stored.replace(/\r?\n$/, '');
    if (secret === '') continue;
    const expected = createHmac('sha256', secret).update(body).digest();
    proved = timingSafeEqual(expected, claimed) || proved;
  }
  return proved;
}

function read(request: WebhookRequest): WebhookDelivery {
  const event = header(request, 'x-github-event');
  const deliveryId = header(request, 'x-github-delivery');
  const { [EVENT_KEY]: _, ...body } = payload(request);
  if (event === 'ping') return { kind: 'ping' };
  return { kind: 'events', deliveryId, raws: [{ [EVENT_KEY]: event, ...body }] };
}

function header({ headers }: WebhookRequest, name: string): string {
  const value = headers[name]?.trim() ?? '';
  if (HEADER_TEXT.test(value)) return value;
  throw new InvalidRequestError(`the header ${name} is missing or unreadable: send the request as GitHub sends it`);
}

function payload({ headers, body }: WebhookRequest): JsonObject {
  const value = parsed(json(headers['content-type'] ?? '', body));
  if (!isJsonObject(value)) throw new InvalidRequestError('the body must be a JSON object');
  return value;
}

function json(contentType: string, body: Buffer): string {
  switch (contentType.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'application/json':
      return utf8(body);
    case 'application/x-www-form-urlencoded':
      return formField(utf8(body));
    default:
      throw new InvalidRequestError('the content type must be application/json or application/x-www-form-urlencoded');
  }
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new InvalidRequestError('the body is not UTF-8', [], { cause: error });
  }
}

function formField(form: string): string {
  const field = new URLSearchParams(form).get('payload');
  if (field === null) throw new InvalidRequestError('the form has no field "payload"');
  return field;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    // SyntaxError, or RangeError for nesting that exhausts the stack.
    throw new InvalidRequestError('the body is not JSON', [], { cause: error });
  }
}
