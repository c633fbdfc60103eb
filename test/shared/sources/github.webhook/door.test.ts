import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidRequestError } from '../../../../shared/errors.ts';
import { isJsonObject } from '../../../../shared/json.ts';
import { githubWebhook } from '../../../../shared/sources/github.webhook/source.ts';
import type { WebhookDoor, WebhookRequest } from '../../../../shared/sources/source.ts';

const { verify, read } = githubWebhook.webhook as WebhookDoor;

const sign = (secret: string, body: Buffer | string) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const signed = (signature: string | undefined, body: Buffer | string = 'Hello, World!'): WebhookRequest => ({
  headers: { 'x-hub-signature-256': signature },
  body: Buffer.from(body),
});

describe('verify', () => {
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
  const secret = "It's a Secret to Everybody";
  const vector = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

  test("accepts GitHub's published example", () => {
    expect(verify(signed(vector), [secret])).toBe(true);
  });

  test('accepts either secret while one replaces the other, in any order', () => {
    expect(verify(signed(vector), ['next', secret])).toBe(true);
    expect(verify(signed(vector), [secret, 'next'])).toBe(true);
    expect(verify(signed(vector), ['next', 'after next'])).toBe(false);
  });

  test.each(['\n', '\r\n'])('reads a secret that was stored with a line break %j', (lineBreak) => {
    expect(verify(signed(vector), [secret + lineBreak])).toBe(true);
  });

  test.each([
    ['no secret', []],
    ['an empty one', ['']],
    ['only a line break', ['\n']],
    ['empty ones', ['', '\r\n']],
  ])('never accepts anything with %s', (_, secrets) => {
    expect(verify(signed(sign('', 'Hello, World!')), secrets)).toBe(false);
  });

  test.each([
    undefined,
    '',
    'sha256=',
    vector.slice(0, -1),
    `${vector}0`,
    vector.slice('sha256='.length),
    vector.replace('sha256', 'sha1'),
    `${vector}, ${vector}`,
    ` ${vector}`,
    `sha256=${'g'.repeat(64)}`,
    `sha256=${'0'.repeat(64)}`,
  ])('refuses the header %j', (signature) => {
    expect(verify(signed(signature), [secret])).toBe(false);
  });

  test('refuses a request without headers', () => {
    expect(verify({ headers: {}, body: Buffer.from('Hello, World!') }, [secret])).toBe(false);
  });

  test('covers the exact bytes', () => {
    expect(verify(signed(vector, 'Hello, World! '), [secret])).toBe(false);
    const bytes = Buffer.from([0xff, 0x00, 0xfe, 0x7b]);
    expect(verify({ headers: { 'x-hub-signature-256': sign(secret, bytes) }, body: bytes }, [secret])).toBe(true);
  });

  test('in form mode covers the form, not the JSON in it', () => {
    const json = '{"zen":"calm"}';
    const form = new URLSearchParams({ payload: json }).toString();
    expect(verify(signed(sign(secret, form), form), [secret])).toBe(true);
    expect(verify(signed(sign(secret, json), form), [secret])).toBe(false);
  });

  test('accepts what was signed and nothing else, whatever the bytes', () => {
    const line = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !/\n$/.test(text));
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), line, line, (one, other, right, wrong) => {
        const [body, otherBody] = [Buffer.from(one), Buffer.from(other)];
        const signature = sign(right, body);
        expect(verify(signed(signature, body), [right])).toBe(true);
        expect(verify(signed(signature, otherBody), [right])).toBe(body.equals(otherBody));
        // HMAC pads keys with zeros (RFC 2104), and lone surrogates are all encoded alike.
        const key = (secret: string) =>
          Buffer.from(secret)
            .toString('hex')
            .replace(/(00)+$/, '');
        fc.pre(key(right) !== key(wrong));
        expect(verify(signed(signature, body), [wrong])).toBe(false);
      }),
    );
  });

  test('never throws, whatever the header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), fc.array(fc.string()), (signature, body, secrets) => {
        expect(verify({ headers: { 'x-hub-signature-256': signature }, body: Buffer.from(body) }, secrets)).toBe(false);
      }),
    );
  });
});

describe('read', () => {
  const json = '{"action":"created","repository":{"id":9007199254740993123,"full_name":"northwind-labs/barometer"}}';
  const request = (body: Buffer | string, headers: WebhookRequest['headers'] = {}): WebhookRequest => ({
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'repository',
      'x-github-delivery': '0b989ba4-242f-11e5-81e1-c7b6966d2516',
      ...headers,
    },
    body: Buffer.from(body),
  });

  test('puts the event name before the body and rounds no number', () => {
    const delivery = read(request(json));
    expect(delivery).toMatchObject({ kind: 'events', deliveryId: '0b989ba4-242f-11e5-81e1-c7b6966d2516' });
    expect(JSON.stringify(delivery.kind === 'events' && delivery.raws[0])).toBe(
      `{"X-GitHub-Event":"repository",${json.slice(1)}`,
    );
  });

  test.each(['application/json; charset=utf-8', 'Application/JSON', 'application/json ;x=y'])('takes %s', (type) => {
    expect(read(request(json, { 'content-type': type }))).toMatchObject({ kind: 'events' });
  });

  test('takes a form', () => {
    const form = new URLSearchParams({ payload: json }).toString();
    const delivery = read(request(form, { 'content-type': 'application/x-www-form-urlencoded' }));
    expect(delivery).toEqual(read(request(json)));
  });

  test('the header, not a key of the body, names the event', () => {
    const delivery = read(request('{"a":1,"X-GitHub-Event":"star"}'));
    expect(JSON.stringify(delivery.kind === 'events' && delivery.raws[0])).toBe(
      '{"X-GitHub-Event":"repository","a":1}',
    );
  });

  test('keeps a key called __proto__', () => {
    const delivery = read(request('{"__proto__":{"a":1}}'));
    expect(JSON.stringify(delivery.kind === 'events' && delivery.raws[0])).toBe(
      '{"X-GitHub-Event":"repository","__proto__":{"a":1}}',
    );
  });

  test('knows a ping', () => {
    expect(read(request('{"zen":"calm","hook_id":1}', { 'x-github-event': 'ping' }))).toEqual({ kind: 'ping' });
  });

  test.each<[string, WebhookRequest, RegExp]>([
    ['no delivery id', request(json, { 'x-github-delivery': undefined }), /x-github-delivery is missing/],
    ['an unreadable delivery id', request(json, { 'x-github-delivery': 'a b' }), /x-github-delivery/],
    ['an endless delivery id', request(json, { 'x-github-delivery': 'a'.repeat(129) }), /x-github-delivery/],
    ['no event name', request(json, { 'x-github-event': ' ' }), /x-github-event is missing/],
    ['no content type', request(json, { 'content-type': undefined }), /content type must be/],
    ['another content type', request(json, { 'content-type': 'text/json' }), /content type must be/],
    ['no body', request(''), /not JSON/],
    ['half a body', request(json.slice(0, -1)), /not JSON/],
    ['a list', request('[{}]'), /must be a JSON object/],
    ['null', request('null'), /must be a JSON object/],
    ['a large integer', request('12345678901234567890'), /must be a JSON object/],
    ['bytes that are not UTF-8', request(Buffer.from([0x7b, 0xff, 0x7d])), /not UTF-8/],
    ['a form without a payload', request('a=b', { 'content-type': 'application/x-www-form-urlencoded' }), /"payload"/],
    ['a ping that is not JSON', request('zen', { 'x-github-event': 'ping' }), /not JSON/],
    [
      'nesting without end',
      request(`{"a":1234567890123456789,"b":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
      /not JSON/,
    ],
  ])('refuses %s in plain words', (_, refused, message) => {
    expect(() => read(refused)).toThrow(InvalidRequestError);
    expect(() => read(refused)).toThrow(message);
  });

  test('throws nothing but InvalidRequestError', () => {
    const header = fc.option(fc.string(), { nil: undefined });
    const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain', undefined);
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc.json().map((text) => `payload=${encodeURIComponent(text)}`),
    );
    fc.assert(
      fc.property(header, header, type, body, (event, delivery, contentType, text) => {
        try {
          const read_ = read(
            request(text, { 'x-github-event': event, 'x-github-delivery': delivery, 'content-type': contentType }),
          );
          expect(read_.kind !== 'events' ? read_.kind : read_.raws.every(isJsonObject)).toBe(
            read_.kind === 'events' || 'ping',
          );
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRequestError);
        }
      }),
    );
  });
});
