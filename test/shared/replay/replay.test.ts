import { DeleteItemCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveDocument } from '../../../shared/archive/document.ts';
import { NotFoundError, StoreUnavailableError } from '../../../shared/errors.ts';
import { type EventInput, prepareEvents } from '../../../shared/event/prepare.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { ObjectStore } from '../../../shared/objects.ts';
import { parseEntityRef } from '../../../shared/query/filter.ts';
import { type Replayed, type ReplayOptions, replayRange } from '../../../shared/replay/range.ts';
import { restore } from '../../../shared/replay/restore.ts';
import { EventReader } from '../../../shared/store/event-reader.ts';
import { EventStore } from '../../../shared/store/event-store.ts';
import { type Item, readItem } from '../../../shared/store/item.ts';
import { startTables, type TestTables } from '../../support/dynamo.ts';
import { withSqlTimes } from '../../support/landing-row.ts';
import { World } from '../archive/seal/world.ts';

const timeLeft = () => 10_000;
const DAY = 86_400;
/** When the events came, long past their tier; they have left the hot store a day later. */
const RECEIVED = '2026-03-01T10:00:00.123Z';
const RANGE = { tenant: 'acme', source: 'custom.a', from: '2019-05-05', to: '2019-05-06' };
const KEEP_UNTIL = Math.ceil(Date.now() / 1000) + 30 * DAY;
const START = { keepUntil: KEEP_UNTIL, file: '', id: '' };

let tables: TestTables;
let dynamo: DynamoDBClient;
let world: World;
let store: EventStore;
let reader: EventReader;
const objects = new Map<string, Buffer>();
const archive: ObjectStore = {
  async putIfAbsent(key, bytes) {
    const isNew = !objects.has(key);
    if (isNew) objects.set(key, Buffer.from(bytes));
    return isNew;
  },
  async read(key) {
    const bytes = objects.get(key);
    if (bytes === undefined) throw new NotFoundError(`no ${key}`);
    return bytes;
  },
};

const input = (n: number, more: Partial<EventInput> = {}): EventInput => ({
  facts: {
    type: 'account_login',
    action: `act.${n}`,
    outcome: 'failure',
    actor: { type: 'user', name: 'Jane', email: `jane${n}@example.com`, role: 'admin' },
    targets: [
      { type: 'file', id: `f${n}` },
      { type: 'group', name: 'G' },
    ],
    ip: '192.0.2.1',
    location: { country: 'DE' },
    device: {},
    mfa: { flagged: false },
    changes: [{ attribute: 'A', old: '', new: '1' }, { attribute: 'b' }],
  },
  time: `2019-05-0${5 + (n % 2)}T10:00:00.${String(n).padStart(3, '0')}Z`,
  vendorId: `n${n}`,
  raw: { n, big: 1.5, text: 'ä\u2028' },
  ...more,
});

async function put(inputs: EventInput[], more: object = {}) {
  const prepared = prepareEvents(inputs, {
    tenant: 'acme',
    connection: 'c',
    source: 'custom.a',
    product: 'a',
    origin: 'o',
    tier: '180d',
    receivedAt: RECEIVED,
    ...more,
  });
  await store.put(prepared, timeLeft);
  return prepared.map(({ event }) => event.id);
}

async function items(): Promise<Item[]> {
  const found: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName: 'events' })) found.push(...Items);
  return found;
}

/** What TTL does in the end, to the items that are chosen. */
async function expire(chosen: (item: Item) => boolean): Promise<void> {
  for (const item of (await items()).filter((one) => one['expiresAt'] && chosen(one)))
    await dynamo.send(new DeleteItemCommand({ TableName: 'events', Key: { pk: item['pk']!, sk: item['sk']! } }));
}
const isEvent = (item: Item) => item['codec'] !== undefined;

/** Lands what the stream would bring, and seals it. */
async function landAndSeal(day: string, seal: string) {
  const rows = (await items()).filter(isEvent).map((item) => JSON.parse(archiveDocument(item)) as JsonObject);
  await world.land(`${day}/${seal}`, rows.map(withSqlTimes));
  return world.seal(`${seal}T12:00:00Z`);
}

const replay = (more: Partial<ReplayOptions> = {}, range = RANGE, from = START): Promise<Replayed> =>
  replayRange(range, from, {
    archive: world.archive,
    restore: (events) => restore(events, { dynamo, table: 'events', store, now: new Date() }, timeLeft),
    timeLeft,
    temporary: world.folder,
    memoryMb: 200,
    ...more,
  });

async function shown(id: string) {
  const found = await reader.get('acme', id, timeLeft);
  return found && { event: found.event, raw: JSON.stringify(await reader.raw(found)) };
}

/** Three events of the range, one with a large raw; beside them one of another day, source and tenant each. */
let ids: string[];
let before: unknown[];
beforeAll(async () => {
  tables = await startTables();
  dynamo = tables.dynamo;
  world = await World.open();
  store = new EventStore({ dynamo, table: 'events', shards: { default: 3 }, archive });
  reader = new EventReader({ dynamo, table: 'events', days: store.days, archive });
  const large = { blob: Buffer.from(Array.from({ length: 600_000 }, (_, n) => (n * n * 31) % 251)).toString('base64') };
  ids = await put([input(1), input(2, { redacted: true }), input(3, { raw: large })]);
  await put([input(4, { time: '2019-05-07T00:00:00.000Z' })]);
  await put([input(5)], { source: 'custom.b' });
  await put([input(6)], { tenant: 'other' });
  const rows = new Map((await items()).filter(isEvent).map((item) => [item['sk']?.S, item]));
  before = await Promise.all(
    ids.map(async (id) => {
      const stored = readItem(rows.get(id)!);
      return { event: stored.event, raw: JSON.stringify(await reader.raw(stored)) };
    }),
  );
  await landAndSeal('2026-03-01', '2026-03-04');
});
afterAll(async () => {
  world?.close();
  await tables?.close();
});

describe('a range of the archive', () => {
  it('waits while DynamoDB has not yet deleted what is past its time, be it but a pointer', async () => {
    expect((await replay()).counts).toEqual({ stored: 0, present: 0, waiting: 3, unreadable: 0 });
    await expire(isEvent);
    expect((await replay()).counts).toEqual({ stored: 0, present: 0, waiting: 3, unreadable: 0 });
    await expire(() => true);
    expect((await items()).every((item) => item['pk']?.S?.endsWith('#days'))).toBe(true);
  });

  it('goes on where its time ended, and puts each event once', async () => {
    const counts = { stored: 0, present: 0, waiting: 0, unreadable: 0 };
    let from = START;
    let runs = 0;
    for (; runs < 10; runs += 1) {
      let calls = 0;
      // Time for the file and one batch.
      const done = await replay({ timeLeft: () => (calls++ === 0 ? 1 : 0) }, { ...RANGE, to: '2019-05-05' }, from);
      for (const name of ['stored', 'present'] as const) counts[name] += done.counts[name];
      if (done.next === undefined) break;
      from = done.next;
    }
    expect([runs, counts]).toEqual([1, { stored: 1, present: 0, waiting: 0, unreadable: 0 }]);
  });

  it('brings back exactly what was there, and leaves alone what is', async () => {
    expect(await replay()).toMatchObject({ next: undefined, counts: { stored: 2, present: 1, waiting: 0 } });
    expect(await Promise.all(ids.map(shown))).toEqual(before);
    const { events } = await reader.page(
      { tenant: 'acme', filter: { actor: parseEntityRef('jane1@example.com') }, order: 'newest', limit: 10 },
      { timeLeft, withRaw: false },
    );
    expect(events.map(({ event }) => event.id)).toEqual([ids[0]]);
    expect(await replay()).toMatchObject({ counts: { stored: 0, present: 3, waiting: 0 } });
    const back = await items();
    expect(
      back
        .filter(isEvent)
        .map(({ sk }) => sk?.S)
        .sort(),
    ).toEqual(ids.toSorted());
    expect(new Set(back.flatMap(({ expiresAt }) => (expiresAt?.N ? [Number(expiresAt.N)] : [])))).toEqual(
      new Set([KEEP_UNTIL]),
    );
  });

  it('takes what is sent again for a repeat', async () => {
    const again = prepareEvents([input(1)], {
      ...{ tenant: 'acme', connection: 'c', source: 'custom.a', product: 'a', origin: 'o', tier: '180d' },
      receivedAt: RECEIVED,
    });
    expect(await store.put(again, timeLeft)).toEqual([{ id: ids[0], status: 'present' }]);
  });

  it('is dropped by the seal when it streams out to landing again', async () => {
    const rows = await world.archived();
    const digests = await landAndSeal('2026-03-03', '2026-03-06');
    expect(digests.map(({ day, archivedBefore, files }) => [day, archivedBefore, files])).toEqual([
      ['2026-03-03', 3, []],
      ['2026-03-04', 0, []],
    ]);
    expect(await world.archived()).toEqual(rows);
  });

  it('ends where it is when the table does not answer, and fails if it has done nothing', async () => {
    const unavailable = async () => {
      throw new StoreUnavailableError('no');
    };
    await expect(replay({ restore: unavailable }, RANGE, { ...START, file: 'archive/' })).resolves.toMatchObject({
      next: { id: '' },
    });
    const { next } = await replay({ restore: unavailable });
    expect(next?.file).toMatch(/^archive\//);
    await expect(replay({ restore: unavailable }, RANGE, next)).rejects.toThrow('no');
  });

  it('refuses a file that was altered, and passes over one that is gone', async () => {
    const [key = ''] = world.archive.keys('archive/event_date=2019-05');
    const [stored] = world.archive.objects.get(key) ?? [];
    const bytes = Buffer.from(stored!.bytes);
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    world.archive.objects.set(key, [{ ...stored!, bytes }]);
    await expect(replay()).rejects.toMatchObject({ code: 'replay', message: expect.stringContaining(key) });
    world.archive.objects.set(key, [{ ...stored!, version: 'another' }]);
    expect(await replay()).toMatchObject({ files: 1, next: undefined });
  });
});
