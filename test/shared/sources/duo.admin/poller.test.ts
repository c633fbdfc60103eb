import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeDuoAdmin as fake } from '../../../../infra/local/vendors/duo.ts';
import type { FakeReply } from '../../../../infra/local/vendors/fake.ts';
import { prepareEvents } from '../../../../shared/event/prepare.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import { VendorUnavailableError } from '../../../../shared/polling/errors.ts';
import type { Page } from '../../../../shared/polling/poller.ts';
import { duoAdmin } from '../../../../shared/sources/duo.admin/source.ts';
import { directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';
import { eventsOf, pagesIn } from '../duo/window.ts';

const collector = duoAdmin.poller!.connect({ baseUrl: 'https://api-00000000.duosecurity.com' });
const START = Date.parse('2024-06-03T07:00:00Z');
const second = (seconds: number, milliseconds = 0) => new Date(START + seconds * 1_000 + milliseconds);
const WINDOW = { from: second(0), to: second(100) };

function setUp({ pageSize, instead }: { pageSize?: number; instead?: FakeReply } = {}) {
  const world = new MemoryWorld(fake, { now: second(3_600), stream: 'administrator' });
  if (pageSize !== undefined) world.pageSize = pageSize;
  return { world, ...directVendor(fake, world, collector, { instead: () => instead }) };
}

/** Rows in the given seconds, numbered from 0. */
function history(seconds: readonly number[], options: Parameters<typeof setUp>[0] = {}) {
  const made = setUp(options);
  seconds.forEach((at, n) => {
    made.world.add(n, second(at, (n * 37) % 1_000));
  });
  return made;
}

const numbers = (pages: readonly Page[]) => eventsOf(pages).map(fake.numberOf);
const sorted = (list: readonly number[]) => list.toSorted((a, b) => a - b);
const gapsOf = (pages: readonly Page[]) => pages.flatMap(({ missing }) => missing ?? []);
const secondsOf = ({ events }: Page) => new Set(events.map((event) => event['timestamp'] as number));

describe('windows', () => {
  test('nothing happened', async () => {
    const { client, requests } = setUp();
    expect(await pagesIn(collector, client, WINDOW)).toEqual([{ events: [] }]);
    expect(requests).toHaveLength(1);
  });

  test('mintime is all that is asked for, in seconds', async () => {
    const { client, requests } = history([3, 3, 8], { pageSize: 2 });
    await pagesIn(collector, client, { from: second(2, 999), to: WINDOW.to });
    expect(requests[0]?.url.href).toBe(
      'https://api-00000000.duosecurity.com/admin/v1/logs/administrator?mintime=1717398002',
    );
    for (const { url } of requests) expect(url.search).toMatch(/^\?mintime=\d{10}$/);
  });

  test('where something happened after the window, one request is enough', async () => {
    const { client, requests } = history([3, 8, 8, 99, 100, 101]);
    expect(numbers(await pagesIn(collector, client, WINDOW))).toEqual([0, 1, 2, 3]);
    expect(requests).toHaveLength(1);
  });

  test('a second that a page was cut in is read again as a whole', async () => {
    const { client } = history([3, 8, 8, 20, 30], { pageSize: 3 });
    const pages = await pagesIn(collector, client, WINDOW);
    expect(pages.map((page) => page.events.map(fake.numberOf))).toEqual([[0], [1, 2], [3, 4]]);
    expect(gapsOf(pages)).toEqual([]);
  });

  test('whatever happened when, every row comes once, the rows of a second on one page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -3, max: 25 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 22 }),
        async (seconds, pageSize, end) => {
          const { client } = history(seconds, { pageSize });
          const pages = await pagesIn(collector, client, { from: second(0), to: second(end) });
          const wanted = seconds.flatMap((at, n) => (at >= 0 && at < end ? [n] : []));
          const perSecond = Map.groupBy(wanted, (n) => seconds[n]!);
          const full = [...perSecond].filter(([, rows]) => rows.length >= pageSize).map(([at]) => at);
          const lost = wanted.length - numbers(pages).length;
          const overflow = [...perSecond.values()].map((rows) => Math.max(0, rows.length - pageSize));
          expect(lost).toBe(overflow.reduce((sum, rows) => sum + rows, 0));
          expect(new Set(numbers(pages)).size).toBe(numbers(pages).length);
          if (lost === 0) expect(sorted(numbers(pages))).toEqual(wanted);

          const seen = pages.flatMap((page) => [...secondsOf(page)]);
          expect(new Set(seen).size).toBe(seen.length);

          // A second that fills a page is told where something of the window came after it.
          const latest = Math.max(...perSecond.keys());
          const told = full.filter((at) => at < latest).map((at) => second(at).toISOString().replace('.000', ''));
          expect(gapsOf(pages).map((reason) => reason.split(' ')[0])).toEqual(told.toSorted());
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('rows without ids', () => {
  const idsOf = (pages: readonly Page[]) =>
    pages.flatMap((page) =>
      prepareEvents(page.events.flatMap(duoAdmin.normalize), {
        tenant: 'acme',
        connection: 'duo',
        source: 'duo.admin',
        product: 'duo',
        origin: collector.origin,
        tier: '365d',
        receivedAt: second(3_600).toISOString(),
      }).map(({ event }) => event.id),
    );

  test('equal rows are as many events, the same ones however they are read', async () => {
    const read = async (pageSize: number, from: Date, to: Date) => {
      const { client, world } = setUp({ pageSize });
      // Number and second are what a row tells.
      for (const [n, at] of [
        [1, 3],
        [2, 8],
        [2, 8],
        [2, 8],
        [3, 8],
        [2, 9],
        [4, 50],
        [4, 50],
      ] as const) {
        world.add(n, second(at));
      }
      return idsOf(await pagesIn(collector, client, { from, to }));
    };
    const all = await read(1_000, WINDOW.from, WINDOW.to);
    expect(new Set(all).size).toBe(8);
    for (const pageSize of [5, 6, 7])
      expect((await read(pageSize, WINDOW.from, WINDOW.to)).toSorted()).toEqual(all.toSorted());
    const parts = [
      await read(5, second(0), second(8)),
      await read(6, second(7), second(9)),
      await read(7, second(8), second(100)),
    ];
    expect([...new Set(parts.flat())].toSorted()).toEqual(all.toSorted());
  });
});

describe('limits', () => {
  test('over 1,000 rows of one second are a known gap, and all after them is read', async () => {
    const { client } = history([2, ...Array.from({ length: 1_200 }, () => 5), 9]);
    const pages = await pagesIn(collector, client, WINDOW);
    expect(numbers(pages)).toHaveLength(1_002);
    expect(numbers(pages)).toContain(1_201);
    expect(new Set(gapsOf(pages))).toEqual(
      new Set([
        "2024-06-03T07:00:05Z may have more than the 1000 rows that Duo gives at once; the others can't be asked for",
      ]),
    );
  });

  test('so they are where nothing came after them', async () => {
    for (const to of [second(6), second(100)]) {
      const { client } = history(Array.from({ length: 1_001 }, () => 5));
      const pages = await pagesIn(collector, client, { from: second(0), to });
      expect(numbers(pages)).toHaveLength(1_000);
      expect(gapsOf(pages)).toHaveLength(1);
    }
  });

  test('999 of one second are not', async () => {
    const { client } = history([...Array.from({ length: 999 }, () => 5), 6]);
    const pages = await pagesIn(collector, client, WINDOW);
    expect(numbers(pages)).toHaveLength(1_000);
    expect(gapsOf(pages)).toEqual([]);
  });

  test('a window ends when its last second is over', () => {
    const [stream] = collector.streams;
    expect(stream!.settleSeconds).toBeGreaterThan(1);
    expect(stream!.keepsSeconds).toBeUndefined();
    expect(duoAdmin.poller!.pauseMs).toBeGreaterThanOrEqual(30_000);
  });
});

describe('answers', () => {
  const ok = (response: Json): FakeReply => ({ status: 200, body: { stat: 'OK', response } });
  const row = (at: number, more: JsonObject = {}): JsonObject => ({ ...fake.event(at, second(at), ''), ...more });

  test('rows need not be sorted, and their time may be told in words only', async () => {
    const rows = [row(120), row(7, { timestamp: null }), row(3)];
    const { client } = setUp({ instead: ok(rows) });
    expect(numbers(await pagesIn(collector, client, WINDOW))).toEqual([7, 3]);
  });

  test('a row without a time comes with the others and leads nowhere', async () => {
    const { client } = setUp({ instead: ok([row(7, { timestamp: null, isotimestamp: 'soon' })]) });
    expect(numbers(await pagesIn(collector, client, WINDOW))).toEqual([7]);
  });

  test('rows from before the time asked for would never end', async () => {
    const { client } = setUp({ instead: ok([row(-5), row(-4)]) });
    await expect(pagesIn(collector, client, WINDOW)).rejects.toThrow(/from before the time/);
  });

  test.each<[string, Json]>([
    ['another state', { stat: 'FAIL', response: [] }],
    ['no list', { stat: 'OK', response: {} }],
    ['rows that are no objects', { stat: 'OK', response: [1] }],
  ])('%s is no answer', async (_, body) => {
    const { client } = setUp({ instead: { status: 200, body } });
    await expect(pagesIn(collector, client, WINDOW)).rejects.toThrow(VendorUnavailableError);
  });

  test('a cursor that is none of its own is refused', async () => {
    const { client } = setUp();
    const request = { stream: 'administrator', ...WINDOW, done: new Set<string>() };
    for (const cursor of ['1717398002', { mintime: '1717398002', most: 1 }, { mintime: 1, most: 1, page: 2 }]) {
      await expect(collector.page({ ...request, cursor }, client)).rejects.toThrow();
    }
  });
});

test("the stand-in's events have the source's own time", () => {
  const raw = fake.event(4711, second(5, 250), 'administrator');
  expect(new Date(duoAdmin.normalize(raw)[0]!.time!)).toEqual(second(5));
  expect(fake.numberOf(raw)).toBe(4711);
});
