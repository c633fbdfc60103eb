import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AppomniOptions,
  appomniInstance,
  fakeAppomniAudit,
} from '../../../../infra/local/vendors/appomni.audit.ts';
import type { FakeReply, FakeRequest } from '../../../../infra/local/vendors/fake.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import {
  CursorExpiredError,
  ForeignHostError,
  PermissionError,
  ThrottledError,
  VendorRefusedError,
  VendorUnavailableError,
} from '../../../../shared/polling/errors.ts';
import { normalize } from '../../../../shared/sources/appomni.audit/normalize.ts';
import { collectorOf, poller } from '../../../../shared/sources/appomni.audit/poller.ts';
import { directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';
import { readWindow } from '../../../support/read-window.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = new Date('2026-03-02T12:00:00Z');
const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds);
const BASE = 'https://acme.appomni.com';
const LIST = `${BASE}/api/v1/core/auditlogs/`;

interface Setup extends AppomniOptions {
  readonly baseUrl?: string;
  readonly instead?: (request: FakeRequest, number: number) => FakeReply | undefined;
}

/** A connection with a token granted by hand; refresh tokens have tests of their own. */
function setUp({ baseUrl = BASE, instead, ...options }: Setup = {}) {
  const fake = appomniInstance({ manualToken: true, ...options });
  const world = new MemoryWorld(fake, { now: NOW, stream: 'audit' });
  const slept: number[] = [];
  const collector = collectorOf({ baseUrl }, async (milliseconds) => {
    slept.push(milliseconds);
  });
  const { client, requests } = directVendor(fake, world, collector, { ...(instead && { instead }) });
  const read = (from: Date, to: Date, between?: () => void) => readWindow(collector, client, { from, to }, between);
  const failure = () =>
    read(ago(HOUR), NOW).then(
      () => undefined,
      (error: unknown) => error,
    );
  return { world, collector, client, requests, slept, read, failure };
}

const numbers = (pages: readonly JsonObject[][]) =>
  [...new Set(pages.flat().map((raw) => fakeAppomniAudit.numberOf(raw)))].sort((a, b) => a - b);

const page = (next: string | null, results: JsonObject[]): FakeReply => ({
  status: 200,
  body: { count: 1_000, next, previous: null, results },
});

const row = (n: number, at: Date) => fakeAppomniAudit.event(n, at, 'audit');

describe.each<[string, AppomniOptions]>([
  ['since and before are known', {}],
  ['since and before are known, and rows come oldest first', { order: 'oldest first' }],
  ['since and before are ignored', { ignoresWindow: true, end: null }],
  [
    'since, before and ordering are ignored, and rows come oldest first',
    { ignoresWindow: true, order: 'oldest first' },
  ],
])('where %s', (_, options) => {
  it('gives exactly the events of the window, whatever the history and the size of pages', async () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(
        minutes,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 600 }),
        async (given, size, end) => {
          const { world, read } = setUp(options);
          world.pageSize = size;
          given.forEach((age, n) => {
            world.add(n, ago(age * MINUTE));
          });
          const expected = given.flatMap((age, n) => (age > end && age <= end + 60 ? [n] : []));
          expect(numbers(await read(ago((end + 60) * MINUTE), ago(end * MINUTE)))).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('gives an empty log, and an empty window, as an empty page', async () => {
    const { world, read } = setUp(options);
    expect(await read(ago(HOUR), NOW)).toEqual([[]]);
    world.add(0, ago(5 * HOUR));
    expect(await read(ago(HOUR), NOW)).toEqual([[]]);
  });

  it('loses nothing when late rows push others onto the next page', async () => {
    const { world, read } = setUp(options);
    world.pageSize = 3;
    for (let n = 0; n < 20; n += 1) world.add(n, ago((60 - n) * MINUTE));
    let added = 20;
    const pages = await read(ago(HOUR), NOW, () => {
      if (added < 26) world.add(added, ago(MINUTE));
      added += 1;
    });
    expect(numbers(pages)).toEqual(expect.arrayContaining(Array.from({ length: 20 }, (__, n) => n)));
  });
});

it('a list in no order at all is read to its end', async () => {
  const { world, requests, read } = setUp({ ignoresWindow: true, order: 'none' });
  for (let n = 0; n < 200; n += 1) world.add(n, ago(n * 30 * MINUTE));
  expect(numbers(await read(ago(10 * HOUR), ago(5 * HOUR)))).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  expect(requests).toHaveLength(4);
});

it('a list whose window is ignored is read until the window is behind, and no further', async () => {
  const { world, requests, read } = setUp({ ignoresWindow: true });
  for (let n = 0; n < 1_000; n += 1) world.add(n, ago(n * MINUTE));
  expect(numbers(await read(ago(65 * MINUTE), NOW))).toHaveLength(65);
  expect(requests).toHaveLength(3);
});

describe('requests', () => {
  it('ask for closed windows, 50 rows a page, newest first, with the slashes of the path', async () => {
    const { requests, read } = setUp();
    await read(new Date('2026-03-02T10:00:00Z'), new Date('2026-03-02T11:00:00Z'));
    const [request] = requests;
    expect(request?.url.href.split('?')[0]).toBe(LIST);
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({
      limit: '50',
      since: '2026-03-02T09:59:59.000Z',
      before: '2026-03-02T11:00:00.000Z',
      ordering: '-action_at',
    });
    expect(request?.headers['authorization']).toBe('Bearer manual-access-token-0001');
  });

  it('are at least two minutes behind, so that windows are closed', () => {
    expect(poller.connect({ baseUrl: BASE }).streams).toMatchObject([
      { settleSeconds: 120, overlapSeconds: 900, windowSeconds: 86_400, keepsSeconds: 180 * 86_400 },
    ]);
  });

  it('keep to the window also where the address of the next page forgets it', async () => {
    const { requests, read } = setUp({
      instead: (_, n) => page(n === 0 ? `${LIST}?limit=50&offset=50` : 'null', [row(n, ago(MINUTE))]),
    });
    await read(ago(HOUR), NOW);
    const [, second] = requests;
    expect(Object.fromEntries(second?.url.searchParams ?? [])).toMatchObject({
      offset: '50',
      since: ago(HOUR + 1_000).toISOString(),
      before: NOW.toISOString(),
    });
  });

  it.each([null, 'null', 'None', ''])('end where next is %j', async (next) => {
    const { requests, read } = setUp({ instead: () => page(next, [row(1, ago(MINUTE))]) });
    expect(numbers(await read(ago(HOUR), NOW))).toEqual([1]);
    expect(requests).toHaveLength(1);
  });

  it('end where next is missing, and where a page is empty though it names another', async () => {
    const { requests, read } = setUp({
      instead: (_, n) =>
        n === 0 ? { status: 200, body: { results: [row(1, ago(MINUTE))] } } : page(`${LIST}?offset=9`, []),
    });
    await read(ago(HOUR), NOW);
    await read(ago(HOUR), NOW);
    expect(requests).toHaveLength(2);
  });

  it('stay at the base URL when a proxy makes http of the next address', async () => {
    const next = `${LIST}?limit=50&offset=50`.replace('https:', 'http:');
    const { requests, read } = setUp({ instead: (_, n) => page(n === 0 ? next : null, [row(n, ago(MINUTE))]) });
    await read(ago(HOUR), NOW);
    expect(requests.map(({ url }) => url.origin)).toEqual([BASE, BASE]);
  });

  it.each([
    'https://evil.example.com/?offset=50',
    '//evil.example.com/?offset=50',
    `${BASE}.evil.example.com/?offset=50`,
  ])('do not go to %s', async (next) => {
    const { requests, failure } = setUp({ instead: () => page(next, [row(1, ago(MINUTE))]) });
    expect(await failure()).toBeInstanceOf(ForeignHostError);
    expect(requests).toHaveLength(1);
  });

  it('do not begin anew where the next address has no query', async () => {
    const { failure } = setUp({ instead: () => page(LIST, [row(1, ago(MINUTE))]) });
    expect(await failure()).toBeInstanceOf(VendorUnavailableError);
  });
});

describe('a cursor', () => {
  it('that this version did not write begins the window anew', async () => {
    const { collector, client } = setUp();
    const request = { stream: 'audit', from: ago(HOUR), to: NOW, done: new Set<string>() };
    for (const cursor of ['x', 3, null, {}, { query: 'offset=1' }, { query: '?offset=1', course: 1 }]) {
      await expect(collector.page({ ...request, cursor }, client)).rejects.toBeInstanceOf(CursorExpiredError);
    }
  });
});

describe('the rate limit', () => {
  it.each([
    [0, 0],
    [1_800, 0],
    [1_900, 2_500],
    [2_000, 5_000],
    [2_400, 5_000],
  ])('of which %i of 2000 are used makes it wait %i ms between pages', async (used, milliseconds) => {
    const { world, slept, read } = setUp({ used });
    for (let n = 0; n < 60; n += 1) world.add(n, ago(MINUTE));
    await read(ago(HOUR), NOW);
    expect(slept).toEqual(milliseconds === 0 ? [] : [milliseconds]);
  });

  it.each(['', 'x', '5', '5/0', '-1/2000', '1/2000/3'])('in a header of %j says nothing', async (header) => {
    const { slept, read } = setUp({
      instead: (_, n) => ({
        ...page(n === 0 ? `${LIST}?offset=50` : null, [row(n, ago(MINUTE))]),
        headers: { 'X-RateLimit': header },
      }),
    });
    await read(ago(HOUR), NOW);
    expect(slept).toEqual([]);
  });

  it('when it is used up is no failure of the connection', async () => {
    const { failure } = setUp({ instead: () => fakeAppomniAudit.throttled() });
    expect(await failure()).toBeInstanceOf(ThrottledError);
  });
});

describe('a connection', () => {
  it('belongs to one instance', () => {
    expect(poller.connect({ baseUrl: `${BASE}/` })).toMatchObject({ origin: 'acme.appomni.com', hosts: [BASE] });
    expect(poller.connect({ baseUrl: BASE, tokenUrl: 'https://login.example.com/oauth/token/' }).hosts).toEqual([
      BASE,
      'https://login.example.com',
    ]);
  });

  it.each([
    [{}, 'baseUrl'],
    [{ baseUrl: 'http://acme.appomni.com' }, 'https'],
    [{ baseUrl: BASE, clientId: '' }, 'clientId'],
    [{ baseUrl: BASE, clientSecret: 'x' }, 'clientSecret'],
  ])('with the settings %j is refused', (settings, said) => {
    expect(() => poller.connect(settings)).toThrow(said);
  });
});

describe('what goes wrong', () => {
  const explained = async (setup: Setup) => {
    const { failure, collector } = setUp(setup);
    const error = await failure();
    return { error, text: collector.explain?.(error) };
  };

  it('a role that may not read the log', async () => {
    const { error, text } = await explained({ withoutRole: true });
    expect(error).toBeInstanceOf(PermissionError);
    expect(text).toContain('administrators');
  });

  it('a wrong address', async () => {
    const { error, text } = await explained({ baseUrl: `${BASE}/app` });
    expect(error).toBeInstanceOf(VendorRefusedError);
    expect(text).toContain('baseUrl');
  });

  it('a filter that is refused', async () => {
    const { text } = await explained({
      instead: () => ({ status: 400, body: { since: ['Enter a valid date/time.'] } }),
    });
    expect(text).toContain('Enter a valid date/time.');
  });

  it('something else that answers', async () => {
    const { text } = await explained({ instead: () => ({ status: 200, body: '<html>' }) });
    expect(text).toContain('Something else');
  });

  it('is left as it is when it is none of the vendor', () => {
    expect(poller.connect({ baseUrl: BASE }).explain?.(new Error('out of memory'))).toBeUndefined();
  });
});

describe('an event', () => {
  it('comes as it is, to the microsecond, and is known by its identifier', async () => {
    const { world, read } = setUp();
    world.add(7, ago(MINUTE));
    const [raw] = (await read(ago(HOUR), NOW)).flat();
    expect(raw).toEqual(row(7, ago(MINUTE)));
    expect(raw).toMatchObject({ action_at: '2026-03-02T11:59:00.000007Z' });
    expect(normalize(raw!)[0]?.vendorId).toBe('3f0c9a1e-7704-4b52-9d10-000000000007');
  });

  it('comes back to its number', () => {
    fc.assert(
      fc.property(fc.nat(), (n) => {
        expect(fakeAppomniAudit.numberOf(row(n, NOW))).toBe(n);
      }),
    );
  });
});

describe('the fake instance', () => {
  it('refuses more rows than a page has, and a path without its last slash', async () => {
    const ask = (path: string) => {
      const fake = appomniInstance({ manualToken: true });
      const world = new MemoryWorld(fake, { now: NOW, stream: 'audit' });
      const headers = { authorization: 'Bearer manual-access-token-0001' };
      return fake.handle({ method: 'GET', url: new URL(path, BASE), headers, body: '' }, world);
    };
    expect(await ask('/api/v1/core/auditlogs/?limit=101')).toMatchObject({ status: 400 });
    expect(await ask('/api/v1/core/auditlogs/?since=yesterday')).toMatchObject({ status: 400 });
    expect(await ask('/api/v1/core/auditlogs')).toMatchObject({ status: 404 });
    expect(await ask('/api/v1/core/auditlogs/')).toMatchObject({ status: 200, body: { next: 'null', count: 0 } });
  });
});
