import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FakeEvent, FakeReply, FakeRequest, FakeVendor } from '../../../../infra/local/vendors/fake.ts';
import { fakeFleetActivities, fleetServer } from '../../../../infra/local/vendors/fleet.activities.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import {
  CredentialError,
  CursorExpiredError,
  PermissionError,
  VendorRefusedError,
} from '../../../../shared/polling/errors.ts';
import { normalize } from '../../../../shared/sources/fleet.activities/normalize.ts';
import { poller } from '../../../../shared/sources/fleet.activities/poller.ts';
import { asReply, directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';
import { readWindow } from '../../../support/read-window.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = new Date('2026-03-02T12:00:00Z');
const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds);
const BASE = 'https://fleet.example.com';
const old = fleetServer({ ignoresDates: true, withoutMeta: true });

interface Setup {
  readonly fake?: FakeVendor;
  readonly token?: string;
  readonly baseUrl?: string;
  readonly instead?: (request: FakeRequest, number: number) => FakeReply | undefined;
}

function setUp({ fake = fakeFleetActivities, token, baseUrl = BASE, instead }: Setup = {}) {
  const world = new MemoryWorld(fake, { now: NOW, stream: 'activities' });
  const collector = poller.connect({ baseUrl });
  const secrets = () => (token === undefined ? fake.secrets : { token });
  const { client, requests } = directVendor(fake, world, collector, { secrets, ...(instead && { instead }) });
  const read = (from: Date, to: Date, between?: () => void, limit?: number) =>
    readWindow(collector, client, { from, to, ...(limit !== undefined && { limit }) }, between);
  return { world, collector, client, requests, read };
}

const numbers = (pages: readonly JsonObject[][]) =>
  [...new Set(pages.flat().map((raw) => fakeFleetActivities.numberOf(raw)))].sort((a, b) => a - b);

describe.each([
  ['a new server', fakeFleetActivities],
  ['a server that ignores the dates', fleetServer({ ignoresDates: true })],
  ['a server that ignores the dates and says nothing of further pages', old],
])('%s', (_, fake) => {
  it('gives exactly the events of the window, whatever the history and the size of pages', async () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        minutes,
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 0, max: 600 }),
        async (given, size, end) => {
          const { world, read } = setUp({ fake });
          world.pageSize = size;
          const history = given.toSorted((a, b) => b - a);
          history.forEach((age, n) => {
            world.add(n, ago(age * MINUTE));
          });
          const [from, to] = [ago((end + 60) * MINUTE), ago(end * MINUTE)];
          const expected = history.flatMap((age, n) => (age > end && age <= end + 60 ? [n] : []));
          expect(numbers(await read(from, to)).filter((n) => expected.includes(n) || history[n] !== end)).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('loses nothing when rows are added while it is read, which pushes others onto the next page', async () => {
    const { world, read } = setUp({ fake });
    world.pageSize = 3;
    for (let n = 0; n < 20; n += 1) world.add(n, ago((60 - n) * MINUTE));
    let added = 20;
    const pages = await read(ago(HOUR), NOW, () => {
      world.add(added, ago(MINUTE));
      added += 1;
    });
    expect(numbers(pages)).toEqual(expect.arrayContaining(Array.from({ length: 20 }, (__, n) => n)));
    expect(pages.flat().length).toBeGreaterThan(numbers(pages).length);
  });

  it('gives an empty window, and an empty server, as one empty page', async () => {
    const { world, read } = setUp({ fake });
    expect(await read(ago(HOUR), NOW)).toEqual([[]]);
    world.add(0, ago(5 * HOUR));
    expect((await read(ago(HOUR), NOW)).flat()).toEqual([]);
  });

  it('reads the log of a server that was rebuilt and counts its ids from 1 again', async () => {
    const { world, collector, read } = setUp({ fake });
    for (let n = 5_000; n < 5_010; n += 1) world.add(n, ago((5_020 - n) * MINUTE));
    expect(numbers(await read(ago(HOUR), NOW))).toContain(5_009);
    const rebuilt = new MemoryWorld(fake, { now: NOW, stream: 'activities' });
    for (let n = 0; n < 5; n += 1) rebuilt.add(n, ago((5 - n) * MINUTE));
    const { client } = directVendor(fake, rebuilt, collector);
    expect(numbers(await readWindow(collector, client, { from: ago(HOUR), to: NOW }))).toEqual([0, 1, 2, 3, 4]);
  });

  it('passes over nothing when the expiry job deletes the oldest rows while it is read', async () => {
    const { world, collector, client } = setUp({ fake });
    world.pageSize = 4;
    for (let n = 0; n < 20; n += 1) world.add(n, ago((60 - n) * MINUTE));
    let deleted = 0;
    const all = world.events.bind(world);
    world.events = (stream?: string): readonly FakeEvent[] => all(stream).slice(deleted);
    const pages = await readWindow(collector, client, { from: ago(2 * HOUR), to: NOW }, () => {
      deleted = 6;
    });
    expect(numbers(pages)).toEqual(Array.from({ length: 14 }, (__, n) => n + 6));
  });
});

describe('requests', () => {
  it('always say page and size, and ask for whole seconds with the token', async () => {
    const { requests, read } = setUp();
    await read(new Date('2026-03-02T10:00:00Z'), new Date('2026-03-02T11:00:00Z'));
    expect(requests.map(({ url, headers }) => [url.href, headers['authorization']])).toEqual([
      [
        `${BASE}/api/v1/fleet/activities?page=0&per_page=500&order_key=id&order_direction=desc&start_created_at=2026-03-02T10%3A00%3A00Z&end_created_at=2026-03-02T11%3A00%3A00Z`,
        'Bearer fleet-api-only-user-token-0001',
      ],
    ]);
  });

  it('never ask for more rows than fit, and go on at the right row when fewer are asked for', async () => {
    const { world, requests, read } = setUp();
    for (let n = 0; n < 7; n += 1) world.add(n, ago((30 - n) * MINUTE));
    expect((await read(ago(HOUR), NOW, undefined, 3)).map((page) => page.length)).toEqual([3, 3, 1]);
    await read(ago(HOUR), NOW, undefined, 20_000);
    expect(requests.map(({ url }) => url.searchParams.get('per_page'))).toEqual(['3', '3', '3', '500']);
  });

  it('go on before the row where a page of another size would begin', async () => {
    const { world, collector, client } = setUp();
    for (let n = 0; n < 12; n += 1) world.add(n, ago((30 - n) * MINUTE));
    const request = { stream: 'activities', from: ago(HOUR), to: NOW, done: new Set<string>() };
    const first = await collector.page({ ...request, limit: 5 }, client);
    const second = await collector.page(
      { ...request, limit: 4, ...(first.next !== undefined && { cursor: first.next }) },
      client,
    );
    expect(numbers([[...first.events], [...second.events]])).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('keep the path of a server with a URL prefix', async () => {
    const asked: string[] = [];
    const { read } = setUp({
      baseUrl: 'https://example.com/fleet/',
      instead: ({ url }) => {
        asked.push(url.pathname);
        return {
          status: 200,
          body: { activities: null, meta: { has_next_results: false, has_previous_results: false } },
        };
      },
    });
    await read(ago(HOUR), NOW);
    expect(asked).toEqual(['/fleet/api/v1/fleet/activities']);
  });

  it('stop after one page of a server that ignores the dates when everything on it is old', async () => {
    const { world, requests, read } = setUp({ fake: old });
    for (let n = 0; n < 1_200; n += 1) world.add(n, ago((1_320 - n) * MINUTE));
    await read(ago(HOUR), NOW);
    expect(requests).toHaveLength(1);
  });
});

describe('a cursor', () => {
  it('that this version did not write begins the window anew', async () => {
    const { collector, client } = setUp();
    const request = { stream: 'activities', from: ago(HOUR), to: NOW, done: new Set<string>() };
    for (const cursor of ['3', 3, null, {}, { offset: 0 }, { offset: -1 }, { page: 2 }, { offset: 5, course: {} }]) {
      await expect(collector.page({ ...request, cursor }, client)).rejects.toBeInstanceOf(CursorExpiredError);
    }
  });
});

describe('a connection', () => {
  it('belongs to one server', () => {
    expect(poller.connect({ baseUrl: `${BASE}/` })).toMatchObject({ origin: 'fleet.example.com', hosts: [BASE] });
    expect(poller.connect({ baseUrl: 'https://example.com:8080/fleet' })).toMatchObject({
      origin: 'example.com:8080/fleet',
      hosts: ['https://example.com:8080'],
    });
  });

  it('knows how long the server keeps activities if it is told', () => {
    const [forGood] = poller.connect({ baseUrl: BASE }).streams;
    expect(forGood).not.toHaveProperty('keepsSeconds');
    const [month] = poller.connect({ baseUrl: BASE, activityExpiryDays: 30 }).streams;
    expect(month).toMatchObject({ keepsSeconds: 30 * 86_400, historySeconds: 30 * 86_400 });
  });

  it.each([
    [{}, 'baseUrl'],
    [{ baseUrl: 'http://fleet.example.com' }, 'https'],
    [{ baseUrl: BASE, activityExpiryDays: 0 }, 'activityExpiryDays'],
    [{ baseUrl: BASE, token: 'x' }, 'token'],
  ])('with the settings %j is refused', (settings, said) => {
    expect(() => poller.connect(settings)).toThrow(said);
  });
});

describe('what goes wrong', () => {
  const window = [ago(HOUR), NOW] as const;

  async function explained(setup: Setup) {
    const { read, collector } = setUp(setup);
    const error = await read(...window).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return { error, text: collector.explain?.(error) };
  }

  it('a bad token is tried twice, without logging in for another', async () => {
    const { requests, read, collector } = setUp({ token: 'wrong' });
    const error = await read(...window).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CredentialError);
    expect(collector.explain?.(error)).toContain('fleetctl user create --api-only');
    expect(requests.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual(
      Array.from({ length: 2 }, () => 'GET /api/v1/fleet/activities'),
    );
  });

  it('a token that was replaced is read again', async () => {
    const world = new MemoryWorld(fakeFleetActivities, { now: NOW, stream: 'activities' });
    world.add(0, ago(MINUTE));
    world.secrets = { token: 'the-new-token' };
    const collector = poller.connect({ baseUrl: BASE });
    const { client } = directVendor(fakeFleetActivities, world, collector, {
      secrets: (fresh) => ({ token: fresh ? 'the-new-token' : 'the-old-token' }),
    });
    expect(numbers(await readWindow(collector, client, { from: ago(HOUR), to: NOW }))).toEqual([0]);
  });

  it('a user without a global role', async () => {
    const { error, text } = await explained({ fake: fleetServer({ withoutRole: true }) });
    expect(error).toBeInstanceOf(PermissionError);
    expect(text).toContain('global role');
  });

  it('a wrong address', async () => {
    const { error, text } = await explained({ baseUrl: `${BASE}/api` });
    expect(error).toBeInstanceOf(VendorRefusedError);
    expect(text).toContain('baseUrl');
  });

  it('something else that answers', async () => {
    const { text } = await explained({ instead: () => ({ status: 200, body: '<html>Log in</html>' }) });
    expect(text).toContain('proxy');
    const { text: otherJson } = await explained({ instead: () => ({ status: 200, body: { hello: 'world' } }) });
    expect(otherJson).toContain('proxy');
  });

  it('a refusal of the request is told as the server says it', async () => {
    const body = { message: 'Bad request', errors: [{ name: 'base', reason: 'unknown order_direction: desc' }] };
    const { text } = await explained({ instead: () => ({ status: 400, body }) });
    expect(text).toContain('unknown order_direction');
  });

  it('is left as it is when it is none of the vendor', () => {
    expect(poller.connect({ baseUrl: BASE }).explain?.(new Error('out of memory'))).toBeUndefined();
  });
});

describe('an activity', () => {
  it('keeps large integers and is known by id and time', async () => {
    const body =
      '{"activities":[{"id":1,"created_at":"2026-03-02T11:59:00Z","type":"x","details":{"n":12345678901234567890}}]}';
    const { read } = setUp({
      instead: (_, n) => (n === 0 ? { status: 200, body } : { status: 200, body: { activities: [] } }),
    });
    const [raw] = (await read(ago(HOUR), NOW)).flat();
    expect(JSON.stringify(raw)).toContain('12345678901234567890');
    expect(normalize(raw!)[0]).toMatchObject({ vendorId: '1', time: '2026-03-02T11:59:00Z' });
  });

  it('comes back to its number', () => {
    fc.assert(
      fc.property(fc.nat(), (n) => {
        expect(fakeFleetActivities.numberOf(fakeFleetActivities.event(n, NOW, 'activities'))).toBe(n);
      }),
    );
  });
});

describe('the fake server', () => {
  const ask = (query: string, fake = fakeFleetActivities) => {
    const world = new MemoryWorld(fake, { now: NOW, stream: 'activities' });
    for (let n = 0; n < 30; n += 1) world.add(n, ago((30 - n) * MINUTE));
    const url = new URL(`${BASE}/api/latest/fleet/activities${query}`);
    const headers = { authorization: 'Bearer fleet-api-only-user-token-0001' };
    const reply = fake.handle({ method: 'GET', url, headers, body: '' }, world) as FakeReply;
    return {
      status: reply.status,
      body: asReply(url, reply, NOW).json() as { activities: JsonObject[]; errors: JsonObject[] },
    };
  };

  it('gives everything without page and size, 20 with a page, newest first', () => {
    expect(ask('').body.activities).toHaveLength(30);
    expect(ask('?page=0').body.activities).toHaveLength(20);
    expect(ask('?page=1').body.activities).toHaveLength(10);
    expect(ask('').body.activities[0]).toMatchObject({ id: 30 });
    expect(ask('?order_key=id').body.activities[0]).toMatchObject({ id: 1 });
  });

  it.each([
    ['?page=-1', 'negative page value'],
    ['?page=x', 'non-int page value'],
    ['?per_page=0', 'invalid per_page value'],
    ['?per_page=x', 'non-int per_page value'],
    ['?order_direction=desc', 'order_key must be specified with order_direction'],
    ['?order_key=id&order_direction=up', 'unknown order_direction: up'],
  ])('refuses %s', (query, reason) => {
    const { status, body } = ask(query);
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ name: 'base', reason }]);
  });

  it('includes both ends of the window, unless it is an old one', () => {
    const query = '?start_created_at=2026-03-02T11:40:00Z&end_created_at=2026-03-02T11:45:00Z&per_page=100';
    expect(ask(query).body.activities).toHaveLength(6);
    expect(ask(query, old).body.activities).toHaveLength(30);
  });
});
