import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeArdexa } from '../../../../infra/local/vendors/ardexa.audit_logs.ts';
import { parseTime } from '../../../../shared/event/time.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import { CredentialError, VendorUnavailableError } from '../../../../shared/polling/errors.ts';
import type { Page } from '../../../../shared/polling/poller.ts';
import { acceptVendorEvents } from '../../../../shared/sources/accept.ts';
import { poller } from '../../../../shared/sources/ardexa.audit_logs/poller.ts';
import { ardexaAuditLogs } from '../../../../shared/sources/ardexa.audit_logs/source.ts';
import { directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';
import { readWindow } from '../../../support/read-window.ts';
import { startVendorRig } from '../../../support/vendor-rig.ts';

const NOW = new Date('2026-03-02T12:00:00Z');
const FROM = new Date('2026-03-02T10:00:00Z');
const TO = new Date('2026-03-02T11:00:00Z');
const SETTINGS = { workgroup: 'wg-4711' };
const STREAM = 'audit_logs';
const at = (milliseconds: number) => new Date(FROM.getTime() + milliseconds);
const world = () => new MemoryWorld(fakeArdexa, { now: NOW, stream: STREAM });
const numbers = (rows: readonly JsonObject[]) => rows.map(fakeArdexa.numberOf);
const json = (body: Json) => ({ status: 200, body });

function connect(history: MemoryWorld, settings: JsonObject = {}, options: Parameters<typeof directVendor>[3] = {}) {
  const collector = poller.connect({ ...SETTINGS, ...settings });
  const { client, requests } = directVendor(fakeArdexa, history, collector, options);
  const read = (window: { from: Date; to: Date; limit?: number } = { from: FROM, to: TO }) =>
    readWindow(collector, client, window);
  return { collector, client, requests, read };
}

/** Pages with what they say is missing. */
async function pagesOf(history: MemoryWorld, window = { from: FROM, to: TO }): Promise<Page[]> {
  const { collector, client } = connect(history);
  const pages: Page[] = [];
  let cursor: Json | undefined;
  do {
    const request = { stream: STREAM, ...window, done: new Set<string>(), ...(cursor !== undefined && { cursor }) };
    const page = await collector.page(request, client);
    pages.push(page);
    cursor = page.next;
  } while (cursor !== undefined);
  return pages;
}

function ids(pages: readonly (readonly JsonObject[])[]): string[] {
  const provenance = { tenant: 'acme', connection: 'ardexa', origin: 'app.ardexa.com', tier: 'indefinite' as const };
  return pages.flatMap((page) =>
    acceptVendorEvents(ardexaAuditLogs, page, { ...provenance, receivedAt: NOW.toISOString() }).prepared.map(
      ({ event }) => event.id,
    ),
  );
}

describe('a request', () => {
  test('searches the table of the workgroup between two times, oldest first', async () => {
    const { read, requests } = connect(world());
    await read();
    const [{ url, headers } = expect.fail()] = requests;
    expect(url.origin + url.pathname).toBe('https://app.ardexa.com/api/v1/tables/wg-4711/audit_logs/search');
    expect([...url.searchParams]).toEqual([
      ['sort', 'event_time'],
      ['rows', '10000'],
      ['filters', '{"field":"event_time","operator":">=","value":"2026-03-02T10:00:00.000Z"}'],
      ['filters', '{"field":"event_time","operator":"<=","value":"2026-03-02T11:00:00.000Z"}'],
    ]);
    expect(headers['authorization']).toBe(`Bearer ${fakeArdexa.secrets['token']}`);
  });

  test('goes to another host, and to an organisation by its name', async () => {
    const instead = () => json({ records: [] });
    const { collector, read, requests } = connect(
      world(),
      { baseUrl: 'https://eur1.ardexa.com/', workgroup: 'Sun & Sons/North' },
      { instead },
    );
    await read();
    expect(requests[0]?.url.href).toMatch(/^https:\/\/eur1\.ardexa\.com\/api\/v1\/tables\/Sun%20%26%20Sons%2FNorth\//);
    expect(collector.origin).toBe('eur1.ardexa.com');
  });
});

describe('rows', () => {
  test('at the end of the window belong to the next one', async () => {
    const history = world();
    history.add(1, at(0));
    history.add(2, new Date(TO.getTime() - 1));
    history.add(3, TO);
    expect((await connect(history).read()).map(numbers)).toEqual([[1, 2]]);
  });

  test('come with their columns in lower case, as an import of the same row would', async () => {
    const row = fakeArdexa.event(5, at(5), STREAM);
    const upper = Object.fromEntries(Object.entries(row).map(([column, value]) => [column.toUpperCase(), value]));
    const pages = await connect(world(), {}, { instead: () => json({ records: [upper] }) }).read();
    expect(pages).toEqual([[row]]);
    expect(ids(pages)).toEqual(ids([[upper]]));
  });

  test.each([
    ['with finer digits', '2026-03-02T10:00:00.123456Z', '2026-03-02T10:00:00.123999Z', '2026-03-02T10:00:00.124Z'],
    ['without a zone', '2026-03-02T10:00:00', '2026-03-02T10:00:00', '2026-03-02T10:00:01'],
    ['with a blank', '2026-03-02 10:00:00', '2026-03-02 10:00:00', '2026-03-02 10:00:01'],
    ['in milliseconds', 1_772_445_600_000, 1_772_445_600_000, 1_772_445_600_001],
  ])('with times %s are kept together by the millisecond', async (_, first, second, third) => {
    const row = (event_time: Json) => ({ ...fakeArdexa.event(1, at(0), STREAM), event_time });
    const records = [row(first), row(second), row(third)];
    const { collector, client } = connect(world(), {}, { instead: () => json({ records, limit: 3 }) });
    const page = await collector.page({ stream: STREAM, from: FROM, to: TO, done: new Set() }, client);
    expect(page.events).toEqual([row(first), row(second)]);
    expect(page.next).toBe(parseTime(ardexaAuditLogs.normalize(row(third))[0]?.time ?? ''));
  });
});

const histories = fc.record({
  // Few instants and few numbers, so that some rows are alike in everything.
  rows: fc.array(fc.record({ n: fc.nat(9), tick: fc.integer({ min: -2, max: 22 }) }), { maxLength: 40 }),
  pageSize: fc.integer({ min: 1, max: 12 }),
});

test('every row of the window comes once, and no instant is split; what can not be had is said', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ rows, pageSize }) => {
      const history = world();
      for (const { n, tick } of rows) history.add(n, at(tick));
      history.pageSize = pageSize;
      const window = { from: at(0), to: at(20) };
      const pages = await pagesOf(history, window);
      const inside = rows.filter(({ tick }) => tick >= 0 && tick < 20);
      const expected = inside.map(({ n, tick }) => `${n}@${at(tick).toISOString()}`).sort();
      const name = (row: JsonObject) => `${fakeArdexa.numberOf(row)}@${row['event_time']}`;
      const got = pages.flatMap(({ events }) => events.map(name)).sort();
      const instants = pages.flatMap(({ events }) => [...new Set(events.map((row) => row['event_time']))]);
      expect(new Set(instants).size).toBe(instants.length);
      const stored = ids(pages.map(({ events }) => events));
      expect(new Set(stored).size).toBe(got.length);
      if (pages.every(({ missing }) => missing === undefined)) expect(got).toEqual(expected);
      else {
        history.pageSize = 1_000;
        const all = ids((await pagesOf(history, window)).map(({ events }) => events));
        expect(all).toEqual(expect.arrayContaining(stored));
        expect(all.length).toBeGreaterThanOrEqual(stored.length);
      }
      // As many as an answer holds at one instant are always told apart.
      const crowds = Object.values(Object.groupBy(inside, ({ tick }) => tick));
      if (crowds.every((crowd) => (crowd?.length ?? 0) < Math.max(2, pageSize))) expect(got).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

describe('more rows at one instant than an answer holds', () => {
  test('are asked for by who did it and what', async () => {
    const history = world();
    for (let n = 0; n < 40; n += 1) history.add(n, at(7));
    history.add(40, at(8));
    history.pageSize = 8;
    const pages = await pagesOf(history);
    expect(pages.map(({ missing }) => missing).filter((text) => text !== undefined)).toEqual([]);
    expect(numbers(pages.flatMap(({ events }) => events)).sort((a, b) => a - b)).toEqual([...Array(41).keys()]);
  });

  test('and too alike for that are a known gap, and what follows is read', async () => {
    const history = world();
    for (let n = 0; n < 6; n += 1) history.add(3, at(7));
    history.add(4, at(8));
    history.pageSize = 4;
    const pages = await pagesOf(history);
    expect(pages.map(({ missing }) => missing)).toContainEqual(expect.stringContaining('2026-03-02T10:00:00.007Z'));
    expect(numbers(pages.flatMap(({ events }) => events))).toEqual([3, 3, 3, 3, 4]);
  });
});

describe('a server that can not be relied on', () => {
  const answering = (...rows: JsonObject[]) =>
    connect(world(), {}, { instead: () => json({ records: rows, limit: rows.length }) }).read();
  const row = (milliseconds: number) => fakeArdexa.event(1, at(milliseconds), STREAM);

  test('and ignores the filters is not read from its beginning', async () => {
    await expect(answering(row(-5_000))).rejects.toThrow(VendorUnavailableError);
  });

  test('and ignores the order is not gone on with', async () => {
    await expect(answering(row(9), row(3))).rejects.toThrow(VendorUnavailableError);
  });

  test('and answers without records fails', async () => {
    const { read } = connect(world(), {}, { instead: () => json({ rows: [] }) });
    await expect(read()).rejects.toThrow(VendorUnavailableError);
  });
});

describe('the connection test', () => {
  test('asks for little, and finds a row', async () => {
    const history = world();
    for (const n of [1, 2, 3]) history.add(n, at(n));
    const { collector, client, requests } = connect(history);
    const window = { stream: STREAM, from: FROM, to: TO, done: new Set<string>(), limit: 1 };
    expect(numbers((await collector.page(window, client)).events)).toEqual([1]);
    expect(requests[0]?.url.searchParams.get('rows')).toBe('2');
  });

  test('a token that is not good is tried again once, and explained', async () => {
    const { collector, read, requests } = connect(world(), {}, { secrets: () => ({ token: 'aaaa.bbbb.cccc' }) });
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CredentialError);
    expect(requests).toHaveLength(2);
    expect(collector.explain?.(error)).toMatch(/make a new one under Admin, Access, API/);
  });

  test.each([
    [{ workgroup: 'wg-1' }, undefined, /check "workgroup"/],
    [{}, 403, /"Search: Read"/],
    [{}, 400, /does not understand the search: .*bad filter/],
  ])('%j answered with %s', async (settings, status, words) => {
    const instead = () => (status === undefined ? undefined : { status, body: { message: 'bad filter' } });
    const { collector, read } = connect(world(), settings, { instead });
    expect(collector.explain?.(await read().catch((thrown: unknown) => thrown))).toMatch(words);
  });
});

test.each([[{}], [{ workgroup: '' }], [{ ...SETTINGS, baseUrl: 'http://app.ardexa.com' }], [{ ...SETTINGS, rows: 5 }]])(
  'settings %j are refused',
  (settings) => {
    expect(() => poller.connect(settings)).toThrow();
  },
);

test('through the engine all rows are stored, late ones by the sweep', async () => {
  const { rig, happen, close } = await startVendorRig(fakeArdexa, { pageSize: 3 });
  try {
    const begun = rig.now().getTime();
    const happened = [0, 0, 1, 900, 900, 900, 900, 4_000].map((milliseconds, n) => ({
      n,
      at: new Date(begun + milliseconds),
    }));
    happen(...happened);
    // A device that was offline tells of it hours later.
    happen({ n: 8, at: new Date(begun + 10_000), arrives: new Date(begun + 5 * 3_600_000) });
    await rig.poll(1_800, 300);
    expect(rig.numbers()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await rig.poll(7 * 3_600, 300);
    expect(rig.numbers()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  } finally {
    await close();
  }
});
