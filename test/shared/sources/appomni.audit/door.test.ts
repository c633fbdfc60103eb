import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidRequestError } from '../../../../shared/errors.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { appomniAudit } from '../../../../shared/sources/appomni.audit/source.ts';
import type { WebhookDoor, WebhookRequest } from '../../../../shared/sources/source.ts';

const { verify, read } = appomniAudit.webhook as WebhookDoor;
const secret = 'k4Yt-0aPq8.Zw3~nE7u_Rb2m/Xs9+Lc6=';
const request = (body: string | Buffer, authorization?: string): WebhookRequest => ({
  headers: { authorization },
  body: Buffer.from(body),
});
const event = (id: string): JsonObject => ({ log_id: id, action_type: 'user_logout', user_id: 412 });

describe('verify', () => {
  test.each([`Bearer ${secret}`, `bearer  ${secret}`, `Token ${secret}`, secret, ` ${secret} `])(
    'accepts %j',
    (value) => {
      expect(verify(request('{}', value), [secret])).toBe(true);
      expect(verify(request('{}', value), ['another', `${secret}\n`])).toBe(true);
    },
  );

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${secret}x`,
    `Bearer ${secret.slice(1)}`,
    `Bearer x ${secret}`,
    `Bearer ${secret.toUpperCase()}`,
  ])('refuses %j', (value) => {
    expect(verify(request('{}', value), [secret])).toBe(false);
  });

  test.each([[[]], [['']], [['\n', '\r\n']]])('never accepts anything with the secrets %j', (secrets) => {
    for (const value of ['', 'Bearer ', 'Bearer \n', undefined])
      expect(verify(request('{}', value), secrets)).toBe(false);
  });

  test('accepts the secret and nothing else', () => {
    const word = fc.stringMatching(/^[\x21-\x7e]{1,60}$/);
    fc.assert(
      fc.property(word, word, (right, other) => {
        expect(verify(request('{}', `Bearer ${right}`), [right])).toBe(true);
        expect(verify(request('{}', `Bearer ${other}`), [right])).toBe(right === other);
      }),
    );
  });

  test('never throws, whatever the header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(verify(request('{}', value), [secret])).toBe(false);
      }),
    );
  });
});

describe('read', () => {
  const ids = (body: string) => {
    const delivery = read(request(body));
    return delivery.kind !== 'events'
      ? delivery.kind
      : delivery.raws.flatMap((raw) => appomniAudit.normalize(raw)).map(({ vendorId }) => vendorId);
  };
  const [one, two] = [JSON.stringify(event('a')), JSON.stringify(event('b'))];

  test('takes one event, a list, and one a line', () => {
    expect(ids(one)).toEqual(['a']);
    expect(ids(`[${one},${two}]`)).toEqual(['a', 'b']);
    expect(ids(`${one}\n${two}\n`)).toEqual(['a', 'b']);
    expect(ids(`${one}\r\n\r\n${two}`)).toEqual(['a', 'b']);
  });

  test('an empty list is a ping', () => {
    expect(ids('[]')).toBe('ping');
  });

  test('an event has the same identity in whatever request it comes', () => {
    expect(read(request(one))).not.toHaveProperty('deliveryId');
    expect(ids(`[${two},${one}]`)).toContain('a');
  });

  test('each event of a request has its own raw and facts', () => {
    const delivery = read(request(`[${one},${two}]`));
    const events = delivery.kind === 'events' ? delivery.raws.flatMap((raw) => appomniAudit.normalize(raw)) : [];
    expect(events.map(({ raw }) => raw)).toEqual([event('a'), event('b')]);
    expect(events.map(({ facts }) => facts.type)).toEqual(['account_logout', 'account_logout']);
  });

  test('rounds no number', () => {
    const delivery = read(request('{"user_id":9007199254740993123}'));
    expect(JSON.stringify(delivery)).toContain('9007199254740993123');
  });

  test.each<[string, string | Buffer, RegExp]>([
    ['nothing', '', /not JSON/],
    ['half an event', one.slice(0, -1), /not JSON/],
    ['a number', '7', /must be a JSON object/],
    ['null', 'null', /must be a JSON object/],
    ['a list with something else in it', `[${one},7]`, /must be a JSON object/],
    ['a line that is not JSON', `${one}\nnope`, /must be a JSON object/],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), /not UTF-8/],
    ['nesting without end', `{"a":1234567890123456789,"b":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, /not JSON/],
  ])('refuses %s in plain words', (_, body, message) => {
    expect(() => read(request(body))).toThrow(InvalidRequestError);
    expect(() => read(request(body))).toThrow(message);
  });

  test('gives events or throws InvalidRequestError, whatever the body', () => {
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc.array(fc.json()).map((lines) => lines.join('\n')),
    );
    fc.assert(
      fc.property(body, (text) => {
        try {
          const delivery = read(request(text));
          if (delivery.kind === 'events') expect(delivery.raws.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRequestError);
        }
      }),
    );
  });
});
