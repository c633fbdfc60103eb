import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { archiveRow } from '../../../shared/archive/row.ts';
import { type EventInput, type PreparedEvent, prepareEvents } from '../../../shared/event/prepare.ts';
import type { JsonObject } from '../../../shared/json.ts';
import { type DailyOptions, reconcileDaily } from '../../../shared/reconcile/daily.ts';
import type { Reconciled } from '../../../shared/reconcile/reconcile.ts';
import { Settled } from '../../../shared/reconcile/settled.ts';
import { EventIds } from '../../../shared/reconcile/table.ts';
import { EventStore } from '../../../shared/store/event-store.ts';
import { startTables, type TestTables } from '../../support/dynamo.ts';
import { MemoryControl } from '../../support/memory-control.ts';
import { World } from '../archive/seal/world.ts';

const PATIENCE = () => 20_000;
const HOUR = 3_600_000;
let tables: TestTables;
let tenant: string;
let tenants = 0;
let world: World;
let control: MemoryControl;
let store: EventStore;

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables?.close());
beforeEach(async () => {
  tenants += 1;
  tenant = `tenant-${tenants}`;
  world = await World.open();
  control = new MemoryControl();
  store = new EventStore({ dynamo: tables.dynamo, table: 'events', shards: { 'custom.sharded': 3, default: 1 } });
});
afterEach(() => world.close());

/** Stores events that happened, and were received, at these times; the table has them, and nobody else yet. */
async function happen(times: readonly string[], source = 'custom.app', receivedAt?: string): Promise<PreparedEvent[]> {
  const events = times.flatMap((time, index) =>
    prepareEvents(
      [
        {
          facts: {
            type: null,
            action: 'act',
            outcome: 'success',
            actor: { type: 'user', name: 'jane' },
            targets: [],
            changes: [],
          },
          time,
          vendorId: `${source} ${time} ${index}`,
          raw: { n: index },
        } as EventInput,
      ],
      { tenant, connection: 'c', source, product: 'custom', origin: 'o', tier: '365d', receivedAt: receivedAt ?? time },
    ),
  );
  await store.put(events, PATIENCE);
  return events;
}

function landedRow({ event }: PreparedEvent): JsonObject {
  const row = archiveRow(event, { text: null, sha256: null, size: null }) as JsonObject;
  return asLanded(row);
}
const plain = (time: unknown) => String(time).replace('T', ' ').replace('Z', '');
const asLanded = (row: JsonObject): JsonObject => ({
  ...row,
  time: plain(row['time']),
  received_at: plain(row['received_at']),
});
const land = (name: string, events: readonly PreparedEvent[]) => world.land(name, events.map(landedRow));

interface Run {
  readonly results: readonly Reconciled[];
  /** Documents that were sent to be landed. */
  readonly sent: readonly JsonObject[];
}

async function run(now: string, options: Partial<DailyOptions> = {}): Promise<Run> {
  const sent: JsonObject[] = [];
  const results: Reconciled[] = [];
  const compared = reconcileDaily({
    landing: world.landing,
    archive: world.archive,
    events: new EventIds(tables.dynamo, 'events'),
    days: store.days,
    settled: await Settled.read(control),
    tenants: [tenant],
    retention: {},
    send: async (documents) => {
      sent.push(...documents.map((one) => JSON.parse(one) as JsonObject));
      return [];
    },
    now: new Date(now),
    timeLeft: PATIENCE,
    temporary: world.folder,
    memoryMb: 200,
    ...options,
  });
  for await (const result of compared) results.push(result);
  return { results, sent };
}
const total = ({ results }: Run) => ({
  days: results.map(({ day }) => `${day.source} ${day.date}`),
  repaired: results.reduce((sum, { repaired }) => sum + repaired, 0),
  underWay: results.reduce((sum, { underWay }) => sum + underWay, 0),
  unknown: results.reduce((sum, { unknown }) => sum + unknown, 0),
});
const hours = (from: string, count: number) =>
  Array.from({ length: count }, (_, hour) => new Date(Date.parse(from) + hour * HOUR).toISOString());

describe('reconcile', () => {
  it('finds and mends 30 hours of a lost stream, over seal and landing, and is then quiet', async () => {
    const events = await happen(hours('2026-03-01T00:00:00.000Z', 96));
    const isLost = (index: number) => index >= 30 && index < 60;
    const delivered = events.filter((_, index) => !isLost(index));
    for (const [date, some] of Map.groupBy(delivered, ({ event }) => event.time.slice(0, 10)))
      await land(`${date}/a`, some);
    // The first two days are sealed, the others in landing.
    expect((await world.seal('2026-03-04T02:00:00Z')).map(({ day }) => day)).toEqual(['2026-03-01', '2026-03-02']);

    const first = await run('2026-03-06T00:00:00Z');
    expect(total(first)).toEqual({
      days: ['custom.app 2026-03-04', 'custom.app 2026-03-03', 'custom.app 2026-03-02', 'custom.app 2026-03-01'],
      repaired: 30,
      underWay: 0,
      unknown: 0,
    });
    const lost = events.filter((_, index) => isLost(index)).map(({ event }) => event.id);
    expect(first.sent.map(({ id }) => id).sort()).toEqual([...lost].sort());
    expect(first.sent[0]).toMatchObject({
      tenant,
      source: 'custom.app',
      action: 'act',
      raw: expect.stringContaining('"n":'),
    });

    await world.land('2026-03-06/mended', first.sent.map(asLanded));
    expect(total(await run('2026-03-06T01:00:00Z'))).toMatchObject({ repaired: 0, unknown: 0 });
    await world.seal('2026-03-08T02:00:00Z');
    expect((await world.archived()).flat().sort()).toEqual(events.map(({ event }) => event.id).sort());
    expect(total(await run('2026-03-08T03:00:00Z'))).toMatchObject({ repaired: 0, unknown: 0 });
  });

  it('looks into every shard, and at each source and tenant by itself', async () => {
    const sharded = await happen(hours('2026-03-01T00:00:00.000Z', 12), 'custom.sharded');
    const other = await happen(hours('2026-03-01T00:00:00.000Z', 2), 'custom.other');
    await land('2026-03-01/a', [...sharded.slice(0, 5), ...other]);
    const { results } = await run('2026-03-03T00:00:00Z');
    expect(results.map(({ day, hot, repaired }) => [day.source, hot, repaired])).toEqual([
      ['custom.other', 2, 0],
      ['custom.sharded', 12, 7],
    ]);
  });

  it('leaves alone what is on its way still, and looks again', async () => {
    await happen(['2026-03-01T10:00:00.000Z'], 'custom.app', '2026-03-03T10:00:00.000Z');
    const early = await run('2026-03-03T15:59:59Z');
    expect([total(early), early.sent]).toEqual([
      { days: ['custom.app 2026-03-01'], repaired: 0, underWay: 1, unknown: 0 },
      [],
    ]);
    expect(total(await run('2026-03-03T16:00:01Z'))).toMatchObject({ repaired: 1, underWay: 0 });
  });

  it('does not send again what may have expired in the archive', async () => {
    const [old] = await happen(['2026-03-01T10:00:00.000Z']);
    const [late] = await happen(['2026-03-01T11:00:00.000Z'], 'custom.app', '2026-03-09T11:00:00.000Z');
    const two = await run('2027-03-05T00:00:00Z', { retention: { [tenant]: 1 } });
    expect(two.sent.map(({ id }) => id)).toEqual([late!.event.id]);
    expect(two.results).toMatchObject([{ hot: 2, repaired: 1, expired: 1, notRepaired: 0 }]);
    const other = await run('2027-03-05T00:00:00Z', { retention: { other: 1 } });
    expect(other.sent.map(({ id }) => id).sort()).toEqual([old!.event.id, late!.event.id].sort());
  });

  it('does not take for mended what could not be sent', async () => {
    await happen(['2026-03-01T10:00:00.000Z', '2026-03-01T11:00:00.000Z']);
    const { results } = await run('2026-03-03T00:00:00Z', { send: async () => [1] });
    expect(results).toMatchObject([
      { repaired: 1, notRepaired: 1, examples: [expect.any(String), expect.any(String)] },
    ]);
  });

  it('says which events the archive has and the table has not, as long as the table must have them', async () => {
    const [event] = await happen(['2026-03-01T10:00:00.000Z']);
    const forged = { ...landedRow(event!), id: '01KJKE5FG0ZZZZZZZZZZZZZZZZ' };
    await world.land('2026-03-01/a', [landedRow(event!), forged]);
    const { results, sent } = await run('2026-03-03T00:00:00Z');
    expect([results.map(({ unknown, examples }) => [unknown, examples]), sent]).toEqual([[[1, [forged.id]]], []]);
    // A year later they have left the table, as the tier wants it.
    expect(total(await run('2027-03-03T00:00:00Z', { range: { from: '2026-03-01', to: '2026-03-01' } }))).toMatchObject(
      { unknown: 0 },
    );
  });

  it('comes back to an old day only when something came for it, or when it is asked to', async () => {
    await land('2026-01-01/a', await happen(['2026-01-01T10:00:00.000Z']));
    expect(total(await run('2026-03-01T00:00:00Z')).days).toEqual(['custom.app 2026-01-01']);
    expect(total(await run('2026-03-02T00:00:00Z')).days).toEqual([]);
    expect(total(await run('2026-03-02T00:00:00Z', { range: { from: '2025-12-01', to: '2026-01-01' } })).days).toEqual([
      'custom.app 2026-01-01',
    ]);
    await happen(['2026-01-01T11:00:00.000Z'], 'custom.app', '2026-03-02T10:00:00.000Z');
    expect(total(await run('2026-03-03T00:00:00Z'))).toMatchObject({ days: ['custom.app 2026-01-01'], repaired: 1 });
  });

  it('finds tenants that nobody told it of: in landing, and from before', async () => {
    const events = await happen(['2026-03-01T10:00:00.000Z', '2026-03-01T11:00:00.000Z']);
    expect(total(await run('2026-03-03T00:00:00Z', { tenants: [] })).days).toEqual([]);
    await land('2026-03-01/a', events);
    expect(total(await run('2026-03-03T00:00:00Z', { tenants: [] })).days).toEqual(['custom.app 2026-03-01']);
    world.landing.objects.clear();
    expect(total(await run('2026-03-03T00:00:00Z', { tenants: [] }))).toMatchObject({ repaired: 2 });
  });

  it('takes a file that can not be read for one that keeps nothing', async () => {
    await happen(['2026-03-01T10:00:00.000Z']);
    world.landing.put('landing/ingest_date=2026-03-01/bad.parquet', Buffer.from('not Parquet'));
    expect(total(await run('2026-03-03T00:00:00Z'))).toMatchObject({ repaired: 1 });
  });

  it('stops when time is short, and has the newest days done', async () => {
    await land('2026-03-01/a', await happen(hours('2026-03-01T00:00:00.000Z', 48)));
    let left = 1;
    const { results } = await run('2026-03-05T00:00:00Z', {
      timeLeft: () => {
        left -= 1;
        return left + 1;
      },
    });
    expect(results.map(({ day }) => day.date)).toEqual(['2026-03-02']);
  });
});
