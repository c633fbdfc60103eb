import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Call } from '../../infra/local/types.ts';
import { mapLimited } from '../../shared/retry.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { THOROUGH } from '../support/thorough.ts';

const EVENTS = THOROUGH ? 20_000 : 4_000;
const BATCH = 500;
const DAYS = 10;

let stack: TestStack;
const calls: Call[] = [];
beforeAll(async () => {
  stack = await startTestStack({ hooks: { observe: (call) => void calls.push(call) } });
});
afterAll(() => stack?.close());

/** Spread over days, sources and people, many at the same millisecond. */
function event(n: number, time: number, marker: string) {
  return {
    id: `${marker}-${n}`,
    time: new Date(time - (n % 997) * ((DAYS * 86_400_000) / 997)).toISOString(),
    source: n % 3 === 0 ? 'custom' : 'custom.sharded',
    action: `thing.${['create', 'read', 'update', 'delete'][n % 4]}`,
    actor: { email: `person${n % 50}@example.com` },
    session: marker,
  };
}

async function send(count: number, marker: string, time: number): Promise<string[]> {
  const starts = Array.from({ length: count / BATCH }, (_, index) => index * BATCH);
  const ids = await mapLimited(starts, 4, async (start) => {
    const body = Array.from({ length: BATCH }, (_, index) => event(start + index, time, marker));
    const reply = await stack.call<{ ids: string[] }>('POST', '/v1/events', { body });
    expect(reply.status).toBe(202);
    return reply.body.ids;
  });
  return ids.flat();
}

/** Partitions of events that queries asked, each once, and how many reads that took. */
function partitionsRead(): { partitions: Set<string>; queries: number } {
  const keys = calls
    .filter(({ action }) => action === 'dynamodb:Query')
    .map(
      ({ input }) =>
        (input as { ExpressionAttributeValues: Record<string, { S: string }> }).ExpressionAttributeValues[':pk']?.S ??
        '',
    )
    .filter((key) => /#custom(\.[a-z]+)?#\d{4}-\d{2}-\d{2}#\d+$/.test(key));
  return { partitions: new Set(keys), queries: keys.length };
}

it('finds each of thousands of events exactly once, by paging while others are being written, and by SQL', async () => {
  const now = Date.now();
  const stored = await send(EVENTS, 'before', now);
  expect(new Set(stored).size).toBe(EVENTS);

  let writing = true;
  const others = (async () => {
    // Times around and before those of the pages being read, so that they land where the paging is.
    for (let round = 0; writing && round < 20; round += 1) await send(BATCH, `during-${round}`, now - 3_600_000);
  })();
  const everything = await stack.page('limit=1000&fields=id,session');
  writing = false;
  await others;

  const early = everything.filter(({ session }) => session === 'before').map(({ id }) => id);
  expect(early).toEqual([...stored].sort().reverse());
  expect(new Set(everything.map(({ id }) => id)).size).toBe(everything.length);
  expect(everything.length).toBeGreaterThan(EVENTS);

  const rows = await stack.sql(`select count(*) as n, count(distinct id) as ids from events where session = 'before'`);
  expect(rows).toEqual([{ n: EVENTS, ids: EVENTS }]);
}, 120_000);

it('reads for the latest page at most two partitions a source and shard', async () => {
  calls.length = 0;
  const reply = await stack.call<{ events: unknown[] }>('GET', '/v1/events?limit=50');
  expect(reply.body.events).toHaveLength(50);
  const { partitions, queries } = partitionsRead();
  // custom has one shard a day, custom.sharded three.
  expect(partitions.size).toBeLessThanOrEqual(2 * (1 + 3));
  expect(queries).toBeLessThanOrEqual(2 * (1 + 3));
});

it("reads for one person's events no partition of a day", async () => {
  calls.length = 0;
  const reply = await stack.call<{ events: { actor: { email: string } }[] }>(
    'GET',
    '/v1/events?actor=person7@example.com&limit=20',
  );
  expect(reply.body.events).toHaveLength(20);
  expect(new Set(reply.body.events.map(({ actor }) => actor.email))).toEqual(new Set(['person7@example.com']));
  expect(partitionsRead().queries).toBe(0);
});

it('gives an event with a raw of 2 MB back whole, and has it in the archive', async () => {
  const raw = { text: 'x'.repeat(2_000_000), noise: Array.from({ length: 2_000 }, (_, n) => `${n}é`) };
  const sent = await stack.call<{ ids: string[] }>('POST', '/v1/events', {
    body: { action: 'big', actor: { id: 'u' }, time: new Date().toISOString(), session: 'big', raw },
  });
  expect(sent.status).toBe(202);
  const found = await stack.call<{ raw: unknown }>('GET', `/v1/events/${sent.body.ids[0]}`);
  expect(found.body.raw).toEqual(raw);
  const listed = await stack.call<{ events: { raw: { noise: string[] } }[] }>(
    'GET',
    '/v1/events?session=big&fields=raw.noise',
  );
  expect(listed.body.events[0]?.raw.noise).toEqual(raw.noise);
  const [row] = await stack.sql(`select id, raw, raw_size, raw_sha256 from events where session = 'big'`);
  expect(row).toMatchObject({ id: sent.body.ids[0], raw: null, raw_size: Buffer.byteLength(JSON.stringify(raw)) });
});

it('never asked for a Scan', () => {
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.filter(({ action }) => action === 'dynamodb:Scan')).toEqual([]);
});
