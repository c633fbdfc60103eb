import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventInput, type Provenance, prepareEvents } from '../../../shared/event/prepare.ts';
import type { JsonObject } from '../../../shared/json.ts';
import type { ObjectStore } from '../../../shared/objects.ts';
import { type EventFilter, parseEntityRef } from '../../../shared/query/filter.ts';
import { EventReader } from '../../../shared/store/event-reader.ts';
import { EventStore } from '../../../shared/store/event-store.ts';
import type { Order } from '../../../shared/store/merge.ts';
import { BACKEND, startTables, type TestTables } from '../../support/dynamo.ts';

const timeLeft = () => 10_000;
const DAY_MS = 86_400_000;
const serial = counter();

function counter() {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}

const where = (tenant: string, more: Partial<Provenance> = {}): Provenance => ({
  tenant,
  connection: 'c',
  source: 'custom',
  product: 'custom',
  origin: 'api',
  tier: 'indefinite',
  receivedAt: new Date().toISOString(),
  ...more,
});
const input = (more: Partial<EventInput> & { actor?: string; target?: string } = {}): EventInput => ({
  facts: {
    type: null,
    action: 'a',
    outcome: 'success',
    actor: { type: 'user', id: more.actor ?? 'u' },
    targets: more.target === undefined ? [] : [{ type: 'file', name: more.target }],
    changes: [],
  },
  raw: { n: serial() },
  ...more,
});

/** Objects in memory. */
function memory(): ObjectStore & { readonly objects: Map<string, Buffer> } {
  const objects = new Map<string, Buffer>();
  return {
    objects,
    async putIfAbsent(key, bytes) {
      if (objects.has(key)) return false;
      objects.set(key, Buffer.from(bytes));
      return true;
    },
    async read(key) {
      const bytes = objects.get(key);
      if (!bytes) throw new Error(`no object ${key}`);
      return bytes;
    },
  };
}

describe(`events on ${BACKEND}`, () => {
  let tables: TestTables;
  let dynamo: DynamoDBClient;
  const archive = memory();
  const shards = { default: 1, 'custom.busy': 4 };
  let store: EventStore;
  let reader: EventReader;
  const tenants = counter();
  const newTenant = () => `t${tenants()}`;

  beforeAll(async () => {
    tables = await startTables();
    dynamo = tables.dynamo;
    store = new EventStore({ dynamo, table: 'events', shards, archive });
    reader = new EventReader({ dynamo, table: 'events', days: store.days, archive });
  });
  afterAll(() => tables?.close());

  async function all(
    tenant: string,
    filter: EventFilter = {},
    limit = 7,
    order: Order = 'newest',
    time = timeLeft,
  ): Promise<string[]> {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await reader.page({ tenant, filter, order, limit, after }, { timeLeft: time, withRaw: false });
      expect(page.events.length).toBeLessThanOrEqual(limit);
      ids.push(...page.events.map(({ event }) => event.id));
      after = page.next;
    } while (after !== undefined);
    return ids;
  }

  it('stores an event once, and tells repeats from conflicts', async () => {
    const tenant = newTenant();
    const put = async (raw: JsonObject) =>
      (
        await store.put(
          prepareEvents([input({ time: '2026-01-01T00:00:00Z', vendorId: 'v', raw })], where(tenant)),
          timeLeft,
        )
      )[0];
    const first = await put({ a: 1 });
    expect(first?.status).toBe('stored');
    expect(await put({ a: 1 })).toEqual({ id: first?.id, status: 'present' });
    expect(await put({ a: 2 })).toEqual({ id: first?.id, status: 'conflict' });
    const stored = await reader.get(tenant, first?.id ?? '', timeLeft);
    expect(stored && (await reader.raw(stored))).toEqual({ a: 1 });
    expect(await all(tenant)).toEqual([first?.id]);
  });

  it('tells repeats and conflicts apart inside one batch', async () => {
    const tenant = newTenant();
    const one = (raw: JsonObject) => input({ time: '2026-01-01T00:00:00Z', vendorId: 'v', raw });
    const results = await store.put(
      prepareEvents([one({ a: 1 }), one({ a: 1 }), one({ a: 2 })], where(tenant)),
      timeLeft,
    );
    expect(results.map(({ status }) => status)).toEqual(['stored', 'present', 'conflict']);
  });

  it('fixes the time of an event that has none to its first receipt', async () => {
    const tenant = newTenant();
    const put = async (receivedAt: string) =>
      (
        await store.put(
          prepareEvents([input({ vendorId: 'd1', raw: { x: 1 } })], where(tenant, { receivedAt })),
          timeLeft,
        )
      )[0];
    const first = await put('2026-01-01T00:00:00.000Z');
    expect(first?.status).toBe('stored');
    expect(await put('2026-01-04T00:00:00.000Z')).toEqual({ id: first?.id, status: 'present' });
    expect((await reader.get(tenant, first?.id ?? '', timeLeft))?.event.time).toBe('2026-01-01T00:00:00.000Z');
  });

  it("refuses a producer's own id at another time, and stores nothing of it", async () => {
    const tenant = newTenant();
    const put = async (time: string) =>
      (
        await store.put(
          prepareEvents([input({ time, vendorId: 'own', insist: true, raw: {} })], where(tenant)),
          timeLeft,
        )
      )[0];
    const first = await put('2026-01-01T00:00:00Z');
    expect(await put('2026-01-02T00:00:00Z')).toEqual({ id: first?.id, status: 'conflict' });
    expect(await put('2026-01-01T00:00:00Z')).toEqual({ id: first?.id, status: 'present' });
    expect(await all(tenant)).toEqual([first?.id]);
  });

  it('takes an event that its vendor tells another way for a repeat, whether together or apart', async () => {
    const tenant = newTenant();
    const telling = (raw: JsonObject, content: string) =>
      prepareEvents([input({ time: '2026-01-01T00:00:00Z', vendorId: 'v', raw, content })], where(tenant));
    const byUser = telling({ by: 'user' }, 'c');
    const byRole = telling({ by: 'role' }, 'c');
    const [first, second] = await store.put([...byUser, ...byRole], timeLeft);
    expect(first).toMatchObject({ status: 'stored' });
    expect(second).toEqual({ id: first?.id, status: 'present', retold: true });
    expect(await store.put(byUser, timeLeft)).toEqual([{ id: first?.id, status: 'present' }]);
    expect(await store.put(byRole, timeLeft)).toEqual([second]);
    expect(await store.put(telling({ by: 'user' }, 'd'), timeLeft)).toEqual([{ id: first?.id, status: 'conflict' }]);
    expect(await all(tenant)).toEqual([first?.id]);
  });

  it('keeps tenants apart', async () => {
    const [a, b] = [newTenant(), newTenant()];
    const prepared = (tenant: string) =>
      prepareEvents([input({ time: '2026-01-01T00:00:00Z', vendorId: 'v', actor: 'x' })], where(tenant));
    const [one] = await store.put(prepared(a), timeLeft);
    await store.put(prepared(b), timeLeft);
    expect(await reader.get(b, one?.id ?? '', timeLeft)).toBeUndefined();
    expect(await all(b, { actor: parseEntityRef('x') })).toHaveLength(1);
  });

  it('keeps a large raw aside and gives it back whole', async () => {
    const tenant = newTenant();
    const raw = { noise: Array.from({ length: 120_000 }, (_, i) => (i * 2654435761) % 4294967296) } as JsonObject;
    const repetitive = { text: 'x'.repeat(2_000_000) };
    for (const big of [raw, repetitive]) {
      const [result] = await store.put(
        prepareEvents([input({ time: '2026-01-01T00:00:00Z', raw: big })], where(tenant)),
        timeLeft,
      );
      const stored = await reader.get(tenant, result?.id ?? '', timeLeft);
      expect(stored?.raw).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(stored && (await reader.raw(stored))).toEqual(big);
    }
    expect([...archive.objects.keys()].every((key) => key.startsWith('raw/'))).toBe(true);
  });

  it('does not show what has expired, and keeps for a day what arrives past its tier', async () => {
    const tenant = newTenant();
    const old = { time: '2020-01-01T00:00:00Z' };
    const [hot] = await store.put(prepareEvents([input(old)], where(tenant, { tier: '180d' })), timeLeft);
    const receivedAt = new Date(Date.now() - 2 * DAY_MS).toISOString();
    await store.put(prepareEvents([input(old)], where(tenant, { tier: '180d', receivedAt })), timeLeft);
    expect(await all(tenant)).toEqual([hot?.id]);
  });

  it('pages through any events exactly once, in order, in any direction, by any driver', async () => {
    const someone = fc.constantFrom('ann', 'bob', 'cyd');
    const event = fc.record({
      // Few instants and few days, so that times collide and lie at the edges of days.
      at: fc.integer({ min: 0, max: 40 }).map((n) => Date.parse('2026-01-30T00:00:00Z') + n * (DAY_MS / 8) + (n % 3)),
      source: fc.constantFrom('custom', 'custom.busy', 'custom.other'),
      actor: someone,
      target: fc.option(someone, { nil: undefined }),
    });
    const from = fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        from,
        async (events, limit, cut) => {
          const tenant = newTenant();
          const prepared = events.flatMap(({ at, source, actor, target }) =>
            prepareEvents(
              [input({ time: new Date(at).toISOString(), actor, ...(target !== undefined && { target }) })],
              where(tenant, { source }),
            ),
          );
          await store.put(prepared, timeLeft);
          const start =
            cut === undefined
              ? undefined
              : new Date(Date.parse('2026-01-30T00:00:00Z') + cut * (DAY_MS / 8)).toISOString();
          const range = start === undefined ? {} : { from: start };
          const expected = (keep: (one: (typeof prepared)[number]['event']) => boolean) =>
            prepared
              .flatMap(({ event: one }) => (keep(one) && (start === undefined || one.time >= start) ? [one.id] : []))
              .sort();
          expect(await all(tenant, range, limit, 'oldest')).toEqual(expected(() => true));
          // Pages that run out of time at once still come to the end.
          const noTime = () => 0;
          expect(await all(tenant, range, limit, 'oldest', noTime)).toEqual(expected(() => true));
          expect(await all(tenant, { ...range, q: 'ann' }, limit, 'newest', noTime)).toEqual(
            expected(({ actor, targets }) => actor.id === 'ann' || targets[0]?.name === 'ann').reverse(),
          );
          expect(await all(tenant, range, limit, 'newest')).toEqual(expected(() => true).reverse());
          expect(await all(tenant, { ...range, source: ['custom.busy'] }, limit, 'oldest')).toEqual(
            expected(({ source }) => source === 'custom.busy'),
          );
          expect(await all(tenant, { ...range, entity: parseEntityRef('ann') }, limit, 'oldest')).toEqual(
            expected(({ actor, targets }) => actor.id === 'ann' || targets[0]?.name === 'ann'),
          );
          expect(await all(tenant, { ...range, target: parseEntityRef('file:bob') }, limit, 'newest')).toEqual(
            expected(({ targets }) => targets[0]?.name === 'bob').reverse(),
          );
        },
      ),
      { numRuns: BACKEND === 'dynalite' ? 25 : 8 },
    );
  });
});
