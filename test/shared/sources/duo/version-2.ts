import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FakeReply, FakeVendor } from '../../../../infra/local/vendors/fake.ts';
import type { Json } from '../../../../shared/json.ts';
import { CursorExpiredError, VendorRefusedError, VendorUnavailableError } from '../../../../shared/polling/errors.ts';
import type { Source } from '../../../../shared/sources/source.ts';
import { directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';
import { DAY, eventsOf, MINUTE, pagesIn } from './window.ts';

const NOW = new Date('2024-06-03T08:00:00Z');
const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds);
const HOUR = { from: ago(60 * MINUTE), to: ago(3 * MINUTE) };

/** Tests how a log of version 2 is read; `rows` is where its rows are in the response. */
export function testVersion2(source: Source, fake: FakeVendor, rows: 'authlogs' | 'items'): void {
  const poller = source.poller!;
  const collector = poller.connect({ baseUrl: 'https://api-00000000.duosecurity.com' });
  const [stream] = collector.streams;

  function setUp({
    pageSize,
    instead,
  }: {
    pageSize?: number;
    instead?: (number: number) => FakeReply | undefined;
  } = {}) {
    const world = new MemoryWorld(fake, { now: NOW, stream: stream!.name });
    if (pageSize !== undefined) world.pageSize = pageSize;
    const vendor = directVendor(fake, world, collector, { instead: (_, number) => instead?.(number) });
    return { world, ...vendor };
  }

  const ok = (response: Json, more: { [key: string]: Json } = {}): FakeReply => ({
    status: 200,
    body: { response, stat: 'OK', ...more },
  });

  describe('windows', () => {
    test('nothing happened', async () => {
      const { client, requests } = setUp();
      expect(await pagesIn(collector, client, HOUR)).toEqual([{ events: [] }]);
      expect(requests).toHaveLength(1);
    });

    test('one page asks for as much as Duo gives, oldest first, in milliseconds', async () => {
      const { client, world, requests } = setUp();
      for (let n = 0; n < 9; n += 1) world.add(n, ago(20 * MINUTE - n * 1_000));
      expect(eventsOf(await pagesIn(collector, client, HOUR)).map(fake.numberOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      expect(requests.map(({ url }) => Object.fromEntries(url.searchParams))).toEqual([
        { mintime: '1717398000000', maxtime: '1717401420000', limit: '1000', sort: 'ts:asc' },
      ]);
    });

    test('pages go on at the offset with all else as it was, also within one millisecond', async () => {
      const { client, world, requests } = setUp({ pageSize: 3 });
      for (let n = 0; n < 10; n += 1) world.add(n, ago(20 * MINUTE));
      const events = eventsOf(await pagesIn(collector, client, HOUR)).map(fake.numberOf);
      expect(events.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      const queries = requests.map(({ url }) => Object.fromEntries(url.searchParams));
      expect(queries).toHaveLength(4);
      const [first, ...others] = queries;
      for (const { next_offset, ...query } of others) {
        expect(query).toEqual(first);
        expect(next_offset).toMatch(/^1717400400000,[0-9a-f-]{36}$/);
      }
    });

    test('both bounds are included, so that windows that meet miss nothing', async () => {
      const { client, world } = setUp();
      const middle = ago(30 * MINUTE);
      [middle.getTime() - 1, middle.getTime(), middle.getTime() + 1].forEach((time, n) => {
        world.add(n, new Date(time));
      });
      const read = async (window: { from: Date; to: Date }) =>
        eventsOf(await pagesIn(collector, client, window)).map(fake.numberOf);
      expect(await read({ from: HOUR.from, to: middle })).toEqual([0, 1]);
      expect(await read({ from: middle, to: HOUR.to })).toEqual([1, 2]);
    });

    test('a smaller page can be asked for', async () => {
      const { client, world } = setUp();
      for (let n = 0; n < 3; n += 1) world.add(n, ago(20 * MINUTE));
      const page = await collector.page({ stream: stream!.name, ...HOUR, limit: 1, done: new Set() }, client);
      expect(page.events).toHaveLength(1);
      expect(page.next).toMatch(/^\d{13},/);
    });

    test('whatever happened when, and however large pages are, every event comes once', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 40 }),
          fc.integer({ min: 1, max: 12 }),
          async (times, pageSize) => {
            const { client, world } = setUp({ pageSize });
            times.forEach((time, n) => {
              world.add(n, new Date(HOUR.from.getTime() + time));
            });
            const pages = await pagesIn(collector, client, HOUR);
            const numbers = eventsOf(pages).map(fake.numberOf);
            expect(numbers.toSorted((a, b) => a - b)).toEqual(times.map((_, n) => n));
            const told = numbers.map((n) => times[n]!);
            expect(told).toEqual(told.toSorted((a, b) => a - b));
            expect(pages).toHaveLength(Math.max(1, Math.ceil(times.length / pageSize)));
          },
        ),
        { numRuns: 50 },
      );
    });
  });

  describe('limits', () => {
    test('a window ends before what Duo still withholds', async () => {
      const { client, world } = setUp();
      world.add(1, ago(119_000));
      world.add(2, ago(131_000));
      const to = ago(stream!.settleSeconds * 1_000);
      expect(eventsOf(await pagesIn(collector, client, { from: HOUR.from, to: NOW })).map(fake.numberOf)).toEqual([2]);
      world.advance(2 * MINUTE);
      const next = { from: to, to: NOW };
      expect(eventsOf(await pagesIn(collector, client, next)).map(fake.numberOf)).toEqual([1]);
    });

    test('windows overlap by five minutes at least, and reach no further back than 180 days', () => {
      expect(stream!.overlapSeconds).toBeGreaterThanOrEqual(300);
      expect(stream!.keepsSeconds).toBe(180 * 86_400);
      expect(stream!.historySeconds).toBe(180 * 86_400);
    });

    test('what is older is refused', async () => {
      const { client } = setUp();
      const error = await pagesIn(collector, client, { from: ago(180 * DAY + 1_000), to: ago(DAY) }).catch((e) => e);
      expect(error).toBeInstanceOf(VendorRefusedError);
      expect(error).toMatchObject({ status: 400, body: expect.stringContaining('within the past 180 days') });
    });

    test('a window that grows too old while it is read is begun anew', async () => {
      const { client, world } = setUp({ pageSize: 1 });
      const window = { from: ago(180 * DAY - 5 * MINUTE), to: ago(DAY) };
      for (let n = 0; n < 3; n += 1) world.add(n, ago(20 * DAY - n));
      const request = { stream: stream!.name, ...window, done: new Set<string>() };
      const { next } = await collector.page(request, client);
      world.advance(4 * MINUTE);
      const second = await collector.page({ ...request, cursor: next! }, client);
      expect(second.events.map(fake.numberOf)).toEqual([1]);
      world.advance(2 * MINUTE);
      await expect(collector.page({ ...request, cursor: second.next! }, client)).rejects.toThrow(CursorExpiredError);
    });
  });

  describe('answers', () => {
    const row = fake.event(1, ago(20 * MINUTE), stream!.name);

    test.each<[string, Json]>([
      ['a list', ['1717400400000', 'some-id']],
      ['a list with a number', [1717400400000, 'some-id']],
      ['a text', '1717400400000,some-id'],
    ])('an offset may be %s, within the response or beside it', async (_, next_offset) => {
      const metadata = { next_offset };
      for (const reply of [ok({ [rows]: [row], metadata }), ok({ [rows]: [row] }, { metadata })]) {
        const { client } = setUp({ instead: () => reply });
        const page = await collector.page({ stream: stream!.name, ...HOUR, done: new Set() }, client);
        expect(page).toEqual({ events: [row], next: '1717400400000,some-id' });
      }
    });

    test.each<[string, Json]>([
      ['no metadata', { [rows]: [row] }],
      ['empty metadata', { [rows]: [row], metadata: {} }],
      ['no offset', { [rows]: [row], metadata: { next_offset: null } }],
      ['an empty offset', { [rows]: [row], metadata: { next_offset: [] } }],
      ['no rows', { [rows]: [], metadata: { next_offset: ['1717400400000', 'some-id'] } }],
    ])('a page with %s is the last', async (_, response) => {
      const { client } = setUp({ instead: () => ok(response) });
      expect(await pagesIn(collector, client, HOUR)).toHaveLength(1);
    });

    test.each<[string, FakeReply]>([
      ['no rows at all', ok({ metadata: {} })],
      ['rows that are no objects', ok({ [rows]: ['row'] })],
      ['another state', { status: 200, body: { stat: 'FAIL', response: { [rows]: [] } } }],
      ['another shape', ok([])],
    ])('%s is no answer', async (_, reply) => {
      const { client } = setUp({ instead: () => reply });
      await expect(pagesIn(collector, client, HOUR)).rejects.toThrow(VendorUnavailableError);
    });

    test('an event is kept as it came', async () => {
      const large = `{"stat":"OK","response":{"${rows}":[{"a":12345678901234567890,"b":null}],"metadata":{}}}`;
      const { client } = setUp({ instead: () => ({ status: 200, body: large }) });
      expect(JSON.stringify(eventsOf(await pagesIn(collector, client, HOUR)))).toBe(
        '[{"a":12345678901234567890,"b":null}]',
      );
    });
  });

  test("the stand-in's events have the source's own id and time", () => {
    const at = new Date('2024-06-03T07:00:00.250Z');
    const raw = fake.event(4711, at, stream!.name);
    const [event] = source.normalize(raw);
    expect(new Date(event!.time!)).toEqual(at);
    expect(event?.vendorId).toBeDefined();
    expect(fake.numberOf(raw)).toBe(4711);
    expect(fake.event(4711, at, stream!.name)).toEqual(raw);
  });
}
