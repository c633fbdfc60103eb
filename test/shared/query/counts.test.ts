import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareEvents } from '../../../shared/event/prepare.ts';
import { type Count, countDays, countEvents, isOfWholeDays, UNITS, type Unit } from '../../../shared/query/counts.ts';
import { type EventFilter, NO_TYPE, parseEntityRef } from '../../../shared/query/filter.ts';
import { EventReader } from '../../../shared/store/event-reader.ts';
import { EventStore } from '../../../shared/store/event-store.ts';
import { categoryOf, type EventType } from '../../../shared/taxonomy.ts';
import { BACKEND, startTables, type TestTables } from '../../support/dynamo.ts';

const HOUR_MS = 3_600_000;
const FIRST = Date.parse('2026-01-30T00:00:00Z');
const NAMES = ['ann', 'bob'];
const SOURCES = ['custom', 'custom.busy'];
const TYPES: readonly (EventType | null)[] = ['account_login', 'create_user', null];
const archive = { putIfAbsent: async () => true, read: async () => Buffer.alloc(0) };
const timeLeft = () => 10_000;

let tables: TestTables;
let store: EventStore;
let reader: EventReader;
let tenants = 0;
beforeAll(async () => {
  tables = await startTables();
  const { dynamo } = tables;
  store = new EventStore({ dynamo, table: 'events', shards: { default: 1, 'custom.busy': 3 }, archive });
  reader = new EventReader({ dynamo, table: 'events', days: store.days, archive });
});
afterAll(() => tables?.close());

interface Happening {
  readonly at: number;
  readonly source: string;
  readonly actor: string;
  readonly type: EventType | null;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  at: fc.nat({ max: 80 }).map((n) => FIRST + n * HOUR_MS - (n % 3)),
  source: fc.constantFrom(...SOURCES),
  actor: fc.constantFrom(...NAMES),
  type: fc.constantFrom(...TYPES),
});

const some = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const filters: fc.Arbitrary<EventFilter> = fc
  .record(
    {
      source: some(...SOURCES),
      type: some('account_login', 'create_user', NO_TYPE),
      category: some('authentication', 'authorization', NO_TYPE),
      actor: fc.constantFrom(...NAMES.map(parseEntityRef)),
      q: fc.constantFrom('ann', 'nothing of the kind'),
      outcome: some('success', 'failure'),
      from: fc.nat({ max: 80 }).map((n) => new Date(FIRST + n * HOUR_MS).toISOString()),
      to: fc.nat({ max: 80 }).map((n) => new Date(FIRST + (n + 1) * HOUR_MS).toISOString()),
    },
    { requiredKeys: [] },
  )
  .filter(({ from, to }) => from === undefined || to === undefined || from < to);

async function kept(happenings: readonly Happening[]): Promise<string> {
  tenants += 1;
  const tenant = `t${tenants}`;
  const prepared = happenings.flatMap(({ at, source, actor, type }, index) =>
    prepareEvents(
      [
        {
          time: new Date(at).toISOString(),
          vendorId: String(index),
          raw: {},
          facts: {
            type,
            action: 'a',
            outcome: 'success',
            actor: { type: 'user', id: actor },
            targets: [],
            changes: [],
          },
        },
      ],
      {
        tenant,
        connection: 'c',
        source,
        product: 'custom',
        origin: 'api',
        tier: 'indefinite',
        receivedAt: new Date().toISOString(),
      },
    ),
  );
  await store.put(prepared, timeLeft);
  return tenant;
}

async function listed(tenant: string, filter: EventFilter, by: Unit): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let after: string | undefined;
  do {
    const page = await reader.page({ tenant, filter, order: 'newest', limit: 11, after }, { timeLeft, withRaw: false });
    for (const { event } of page.events) {
      const start = new Date(Date.parse(event.time));
      start.setUTCMinutes(0, 0, 0);
      if (by === 'day') start.setUTCHours(0);
      const key = `${start.toISOString()} ${event.source} ${event.type}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    after = page.next;
  } while (after !== undefined);
  return counts;
}

function added(answers: readonly (readonly Count[])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { start, source, type, count } of answers.flat()) {
    const key = `${start} ${source} ${type}`;
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return sums;
}

it('counts, answer added to answer, are those of the events that are listed, whatever the filter and the time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { maxLength: 60 }),
      fc.array(filters, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...UNITS),
      fc.array(fc.boolean(), { minLength: 1 }),
      async (happenings, wanted, by, patience) => {
        const tenant = await kept(happenings);
        for (const filter of wanted) {
          const answers: Count[][] = [];
          let after: string | undefined;
          let asked = 0;
          do {
            const tired = () => (patience[asked++ % patience.length] ? 1_000 : 0);
            const { counts, next } = await countEvents(reader, { tenant, filter, after }, by, tired);
            answers.push(counts);
            after = next;
          } while (after !== undefined);
          expect(added(answers)).toEqual(await listed(tenant, filter, by));
        }
      },
    ),
    { numRuns: BACKEND === 'dynalite' ? 12 : 5 },
  );
});

it('day rows count whole days as reading does, where nothing was lost', async () => {
  const day = (n: number) => new Date(FIRST + n * 24 * HOUR_MS).toISOString();
  const wanted = fc.record(
    {
      source: some(...SOURCES),
      type: some('account_login', 'create_user', NO_TYPE),
      category: some(categoryOf('account_login') ?? '', 'authorization', NO_TYPE),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { maxLength: 40 }),
      wanted,
      fc.nat({ max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      async (happenings, more, from, days) => {
        const tenant = await kept(happenings);
        const filter: EventFilter = { ...more, from: day(from), to: day(from + days) };
        expect(isOfWholeDays(filter, 'day')).toBe(true);
        const counts = countDays(await store.days.list(tenant), filter);
        expect(counts).toEqual((await countEvents(reader, { tenant, filter }, 'day', timeLeft)).counts);
      },
    ),
    { numRuns: BACKEND === 'dynalite' ? 8 : 5 },
  );
});

it.each([
  ['hours', {}, 'hour'],
  ['a day that is not whole', { to: '2026-01-02T00:00:00.001Z' }, 'day'],
  ['no end', { to: undefined }, 'day'],
  ['another filter', { ip: ['::1'] }, 'day'],
] as const)('day rows do not tell %s', (_, more, by) => {
  const filter = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z', source: ['custom'] };
  expect(isOfWholeDays(filter, 'day')).toBe(true);
  expect(isOfWholeDays({ ...filter, ...(more as EventFilter) }, by)).toBe(false);
});
