import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Reply, startTestStack, type TestStack } from '../support/stack.ts';
import { pathsOf, problem } from './support.ts';

type Counts = {
  readonly by: string;
  readonly from: string;
  readonly to: string;
  readonly counts: readonly { start: string; source: string; type: string | null; count: number }[];
  readonly approximate: boolean;
  readonly next: string | null;
  readonly incomplete?: readonly { source: string; hotFrom: string; sql: string }[];
};

const HOUR_MS = 3_600_000;
const now = Date.now();
const hoursAgo = (hours: number) => new Date(now - hours * HOUR_MS).toISOString();

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  const events = [
    { source: 'custom.crm', type: 'account_login', actor: { id: 'jane' }, time: hoursAgo(1), outcome: 'failure' },
    { source: 'custom.crm', type: 'account_login', actor: { id: 'joe' }, time: hoursAgo(1), outcome: 'success' },
    { source: 'custom.crm', actor: { id: 'jane' }, time: hoursAgo(30) },
    { source: 'custom.sharded', type: 'create_user', actor: { id: 'jane' }, time: hoursAgo(100) },
    { source: 'custom.sharded', type: 'create_user', actor: { id: 'jane' }, time: hoursAgo(24 * 20) },
  ].map((one) => ({ action: 'a', ...one }));
  const sent = await stack.call('POST', '/v1/events', { body: events });
  expect(sent.status, sent.text).toBe(202);
});
afterAll(() => stack?.close());

const ask = (query: string, key?: string): Promise<Reply<Counts>> =>
  stack.call('GET', `/v1/counts?${query}`, key === undefined ? {} : { key });

async function counted(query: string, key?: string): Promise<Counts> {
  const reply = await ask(query, key);
  expect(reply.status, reply.text).toBe(200);
  return reply.body;
}

const total = ({ counts }: Counts) => counts.reduce((sum, { count }) => sum + count, 0);

describe('GET /v1/counts', () => {
  it('counts by hour what was there in the last 7 days, by reading it', async () => {
    const answer = await counted('source=custom.crm&source=custom.sharded');
    expect(answer).toMatchObject({ by: 'hour', approximate: false, next: null });
    expect(answer.counts).toEqual([
      { start: `${hoursAgo(100).slice(0, 13)}:00:00.000Z`, source: 'custom.sharded', type: 'create_user', count: 1 },
      { start: `${hoursAgo(30).slice(0, 13)}:00:00.000Z`, source: 'custom.crm', type: null, count: 1 },
      { start: `${hoursAgo(1).slice(0, 13)}:00:00.000Z`, source: 'custom.crm', type: 'account_login', count: 2 },
    ]);
  });

  it('counts whole days from what is noted of them', async () => {
    const answer = await counted(`by=day&from=${hoursAgo(24 * 25).slice(0, 10)}&type=create_user&type=none`);
    expect(answer).toMatchObject({ by: 'day', approximate: true, next: null });
    expect(answer.counts.map(({ source, type, count }) => [source, type, count])).toEqual([
      ['custom.sharded', 'create_user', 1],
      ['custom.sharded', 'create_user', 1],
      ['custom.crm', null, 1],
    ]);
  });

  it('counts what any filter finds', async () => {
    const filtered = await counted(`by=day&actor=jane&outcome=failure&from=${hoursAgo(24 * 25)}`);
    expect(filtered).toMatchObject({ approximate: false });
    expect(total(filtered)).toBe(1);
    expect(total(await counted(`entity=jane&from=${hoursAgo(24 * 25)}`))).toBe(4);
  });

  it('says what may have left the hot store', async () => {
    const answer = await counted('source=custom.crm&from=2020-01-01&to=2020-03-01');
    expect(answer.counts).toEqual([]);
    expect(answer.incomplete).toMatchObject([{ source: 'custom.crm', sql: expect.stringContaining('from events') }]);
  });

  it('keeps to the sources of a key', async () => {
    const key = await stack.newKey({ scopes: ['read'], sources: ['custom.crm'] });
    for (const query of ['', 'by=day', 'actor=jane', 'by=day&actor=jane']) {
      const { counts } = await counted(query, key);
      expect(new Set(counts.map(({ source }) => source)), query).toEqual(new Set(['custom.crm']));
    }
    problem(await ask('source=custom.sharded', key), 403);
  });

  it('asks for the scope read and refuses what it does not know', async () => {
    problem(await ask('', await stack.newKey({ scopes: ['ingest'] })), 403);
    expect(pathsOf(await ask('limit=5&sauce=x')).sort()).toEqual(['limit', 'sauce']);
    expect(pathsOf(await ask('cursor=x'))).toEqual(['cursor']);
  });
});

describe('GET /v1/me', () => {
  it('tells any valid key what it is', async () => {
    const expiresAt = new Date(now + HOUR_MS).toISOString();
    const keys = [
      [await stack.newKey({ tenant: 'other', scopes: ['ingest'], name: 'crm' }), 'other', ['ingest'], null, null],
      [
        await stack.newKey({ scopes: ['read'], name: 'crm', sources: ['custom.crm'], expiresAt }),
        'main',
        ['read'],
        ['custom.crm'],
        expiresAt,
      ],
    ] as const;
    for (const [key, tenant, scopes, sources, until] of keys) {
      const { status, body, text } = await stack.call('GET', '/v1/me', { key });
      expect({ status, body }, text).toEqual({
        status: 200,
        body: { tenant, key: { id: key.split('_')[2], name: 'crm', scopes, sources, expiresAt: until } },
      });
    }
  });

  it('tells nobody else', async () => {
    problem(await stack.call('GET', '/v1/me', { key: null }), 401);
    problem(await stack.call('GET', '/v1/me', { key: `${stack.key.slice(0, -1)}-` }), 401);
  });
});
