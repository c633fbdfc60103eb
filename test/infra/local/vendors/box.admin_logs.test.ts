import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, test } from 'vitest';
import { fakeBox, fakeBoxThat } from '../../../../infra/local/vendors/box.admin_logs.ts';
import type { FakeReply } from '../../../../infra/local/vendors/fake.ts';
import { isJsonObject, type JsonObject } from '../../../../shared/json.ts';
import document from '../../../fixtures/openapi/box-events.json' with { type: 'json' };
import { MemoryWorld } from '../../../support/direct-vendor.ts';

const NOW = new Date('2026-05-04T12:00:00Z');
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  formats: {
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
    email: /^[^\s@]+@[^\s@]+$/,
    int32: true,
    int64: true,
    token: /^\S+$/,
    urn: /^urn:/,
  },
}).addSchema(document, 'box');

function schema(name: keyof typeof document.components.schemas): ValidateFunction {
  return ajv.compile({ $ref: `box#/components/schemas/${name}` });
}
const EVENTS = schema('Events');
const EVENT = schema('Event');
const ITEM = schema('EventSource');
const USER = schema('User--Mini');
const ERROR = schema('ClientError');
const TOKEN = schema('AccessToken');
const TOKEN_ERROR = schema('OAuth2Error');

/** The body as it arrives. */
function bodyOf({ body }: FakeReply): JsonObject {
  const parsed: unknown = JSON.parse(JSON.stringify(body));
  if (!isJsonObject(parsed)) throw new Error('no JSON object');
  return parsed;
}

function problemsOf(validate: ValidateFunction, value: unknown): unknown {
  return validate(value) ? [] : validate.errors;
}

async function newBox(events = 30) {
  const world = new MemoryWorld(fakeBox, { now: NOW, stream: 'admin_logs' });
  for (let n = 0; n < events; n += 1) world.add(n, new Date(NOW.getTime() - DAY + n * 60 * SECOND));
  const ask = (method: string, path: string, headers: Readonly<Record<string, string>> = {}, body = '') =>
    fakeBox.handle({ method, url: new URL(path, 'http://127.0.0.1'), headers, body }, world);
  const askToken = (form: Readonly<Record<string, string>>) => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return ask('POST', '/oauth2/token', type, new URLSearchParams(form).toString());
  };
  const { clientId = '', clientSecret = '' } = fakeBox.secrets;
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    box_subject_type: 'enterprise',
    box_subject_id: '1910967',
  };
  const token = await askToken(form);
  const authorization = `Bearer ${String(bodyOf(token)['access_token'])}`;
  const get = (query: Readonly<Record<string, string>>) =>
    ask('GET', `/2.0/events?${new URLSearchParams(query)}`, { authorization });
  return { world, ask, askToken, form, token, authorization, get };
}

describe("replies are as Box's OpenAPI document says", () => {
  test('tokens, and refusals of them', async () => {
    const { token, askToken, form } = await newBox();
    expect(problemsOf(TOKEN, bodyOf(token))).toEqual([]);
    for (const wrong of [
      { grant_type: 'password' },
      { client_secret: 'x' },
      { box_subject_id: '7' },
      { box_subject_type: 'user' },
    ]) {
      const refusal = await askToken({ ...form, ...wrong });
      expect(refusal.status).toBe(400);
      expect(problemsOf(TOKEN_ERROR, bodyOf(refusal))).toEqual([]);
      expect(bodyOf(refusal)).toMatchObject({ error: expect.any(String), error_description: expect.any(String) });
    }
  });

  test('pages of both logs, full, empty, and the newest position', async () => {
    const { get } = await newBox();
    for (const stream_type of ['admin_logs', 'admin_logs_streaming', 'all']) {
      for (const query of [{}, { limit: '7' }, { stream_position: 'now' }, { stream_position: '8'.repeat(19) }]) {
        const reply = await get({ stream_type, ...query });
        expect(reply.status).toBe(200);
        expect(problemsOf(EVENTS, bodyOf(reply))).toEqual([]);
        expect(Object.keys(bodyOf(reply)).sort()).toEqual(['chunk_size', 'entries', 'next_stream_position']);
      }
    }
  });

  test('every kind of event, and what it is about', () => {
    for (let n = 0; n < 10; n += 1) {
      const event = fakeBox.event(n, NOW, 'admin_logs');
      expect(problemsOf(EVENT, event)).toEqual([]);
      const { source } = event;
      if (!isJsonObject(source)) throw new Error('no source');
      expect(problemsOf('item_id' in source ? ITEM : USER, source)).toEqual([]);
    }
  });

  test('errors', async () => {
    const { ask, get, authorization } = await newBox();
    const replies = [
      await ask('GET', '/2.0/events'),
      await ask('GET', '/2.0/nothing', { authorization }),
      await get({ limit: '501' }),
      await get({ stream_type: 'admin_logs', created_after: '2026-05-01T00:00:00.000Z' }),
      await get({ stream_type: 'admin_logs', stream_position: '1.15e18' }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([401, 404, 400, 400, 400]);
    for (const reply of replies) expect(problemsOf(ERROR, bodyOf(reply))).toEqual([]);
  });

  test('but the code of too many requests, for which its guides have another word than its document', () => {
    const body = bodyOf(fakeBox.throttled(3));
    expect(ERROR.call(undefined, body)).toBe(false);
    expect(ERROR.errors?.map(({ instancePath }) => instancePath)).toEqual(['/code']);
    expect(problemsOf(ERROR, { ...body, code: 'too_many_requests' })).toEqual([]);
  });

  test('and what is not so is found', () => {
    const event = fakeBox.event(1, NOW, 'admin_logs');
    expect(problemsOf(EVENTS, { next_stream_position: 1.5, entries: [] })).not.toEqual([]);
    expect(problemsOf(EVENTS, { entries: [{ ...event, created_at: 'today' }] })).not.toEqual([]);
    expect(problemsOf(EVENT, { ...event, event_type: 'NONE' })).not.toEqual([]);
    expect(problemsOf(EVENT, { ...event, created_by: { type: 'group', id: '1' } })).not.toEqual([]);
  });
});

describe('the logs', () => {
  const numbers = (reply: FakeReply) => (bodyOf(reply)['entries'] as JsonObject[]).map(fakeBox.numberOf);

  test('the history is in the order of time, once, and later than the live feed', async () => {
    const { world, get } = await newBox(6);
    world.add(6, new Date(NOW.getTime() - 23 * HOUR), { arrives: new Date(NOW.getTime() - HOUR) });
    world.add(7, new Date(NOW.getTime() - 60 * SECOND));
    expect(numbers(await get({ stream_type: 'admin_logs' }))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    world.advance(4 * 60 * SECOND);
    expect(numbers(await get({ stream_type: 'admin_logs' }))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('the live feed is as it was processed, with repetitions, and holds back for 12 seconds', async () => {
    const { world, get } = await newBox(3);
    world.add(6, new Date(NOW.getTime() - 30 * HOUR), { arrives: new Date(NOW.getTime() - HOUR) });
    world.add(9, new Date(NOW.getTime() - 11 * SECOND));
    world.add(10, new Date(NOW.getTime() - 18 * SECOND));
    expect(numbers(await get({ stream_type: 'admin_logs_streaming' }))).toEqual([0, 0, 1, 2, 6, 10]);
    world.advance(SECOND);
    expect(numbers(await get({ stream_type: 'admin_logs_streaming' }))).toEqual([0, 0, 1, 2, 6, 10, 9]);
    world.advance(10 * SECOND);
    expect(numbers(await get({ stream_type: 'admin_logs_streaming' }))).toEqual([0, 0, 1, 2, 6, 10, 9, 10]);
  });

  test('the live feed reaches back 14 days, the history 365', async () => {
    const { world, get } = await newBox(1);
    world.add(1, new Date(NOW.getTime() - 15 * DAY));
    world.add(2, new Date(NOW.getTime() - 366 * DAY));
    expect(numbers(await get({ stream_type: 'admin_logs_streaming' }))).toEqual([0, 0]);
    expect(numbers(await get({ stream_type: 'admin_logs' }))).toEqual([1, 0]);
  });

  test('dates bound the history only, and with a position only where that is asked for', async () => {
    const { world, authorization, get } = await newBox(30);
    const created_after = new Date(NOW.getTime() - DAY + 10 * 60 * SECOND).toISOString().replace('.000Z', '-00:00');
    const created_before = new Date(NOW.getTime() - DAY + 13 * 60 * SECOND).toISOString().replace('.000Z', '-00:00');
    const query = { stream_type: 'admin_logs', created_after, created_before };
    expect(numbers(await get(query))).toEqual([11, 12]);
    expect(numbers(await get({ ...query, stream_type: 'admin_logs_streaming' })).length).toBeGreaterThan(30);
    const first = await get({ ...query, limit: '1' });
    const stream_position = String(bodyOf(first)['next_stream_position']);
    expect(numbers(await get({ ...query, stream_position }))).toContain(29);
    const honouring = fakeBoxThat({ datesWithPosition: 'honoured' });
    const url = new URL(`http://127.0.0.1/2.0/events?${new URLSearchParams({ ...query, stream_position })}`);
    const reply = await honouring.handle({ method: 'GET', url, headers: { authorization }, body: '' }, world);
    expect(numbers(reply)).toContain(12);
    expect(numbers(reply)).not.toContain(29);
  });

  test('types can be asked for, of the feeds of the enterprise', async () => {
    const { get } = await newBox(10);
    expect(numbers(await get({ stream_type: 'admin_logs', event_type: 'UPLOAD,RENAME' }))).toEqual([0, 3, 5, 8]);
    expect(numbers(await get({}))).toEqual([]);
  });

  test('positions are beyond 2^53, sent as numbers and as strings', async () => {
    const { get } = await newBox(30);
    const positions = await Promise.all(
      Array.from({ length: 30 }, (_, index) => get({ stream_type: 'admin_logs', limit: String(index + 1) })),
    );
    const kinds = positions.map((reply) => typeof bodyOf(reply)['next_stream_position']);
    expect(new Set(kinds)).toEqual(new Set(['string', 'number']));
    expect(JSON.stringify(positions[0]?.body)).toMatch(/"next_stream_position":"?\d{17,}/);
  });
});

test('tokens that nobody gave out, and old ones, are refused', async () => {
  const { world, ask, authorization, get } = await newBox();
  for (const wrong of ['Bearer 0.99999999999.x', authorization.slice(0, -2), 'Basic eDp5', '']) {
    expect((await ask('GET', '/2.0/events', { authorization: wrong })).status).toBe(401);
  }
  expect((await get({})).status).toBe(200);
  world.tokenGeneration += 1;
  expect((await get({})).status).toBe(401);
  world.tokenGeneration -= 1;
  world.advance(HOUR);
  expect((await get({})).status).toBe(401);
});

test('events are told by their numbers', () => {
  for (const n of [0, 1, 255, 100_000, 2 ** 40]) {
    expect(fakeBox.numberOf(fakeBox.event(n, NOW, 'admin_logs'))).toBe(n);
    expect(fakeBox.event(n, NOW, 'admin_logs')).toEqual(fakeBox.event(n, NOW, 'admin_logs'));
  }
  expect(fakeBox.event(1, NOW, 'admin_logs')['created_at']).toBe('2026-05-04T05:00:00-07:00');
});
