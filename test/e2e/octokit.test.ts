import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapLimited } from '../../shared/retry.ts';
import { deliver, githubConnection, octokitExamples } from '../support/github.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const deliveries = octokitExamples().map((example, index) => ({
  event: example.event,
  body: JSON.stringify(example.payload),
  delivery: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
}));
const events = deliveries.filter(({ event }) => event !== 'ping');

describe('every webhook body of octokit', () => {
  let stack: TestStack;
  let connection: string;
  beforeAll(async () => {
    stack = await startTestStack();
    connection = await githubConnection(stack);
  });
  afterAll(() => stack?.close());

  const sendAll = async () =>
    (await mapLimited(deliveries, 4, (one) => deliver(stack, connection, one))).map(({ status, body }, index) => ({
      status,
      ids: (body as { ids?: string[] }).ids,
      ping: deliveries[index]?.event === 'ping',
    }));
  const counts = async () => {
    const [row] = await stack.sql(
      `select count(*) as n, count(distinct id) as ids from events where source = 'github.webhook'`,
    );
    const paged = await stack.page('source=github.webhook&limit=150');
    return { sql: row, paged: paged.length, distinct: new Set(paged.map(({ id }) => id)).size };
  };

  it('is accepted, and found as often by query as by SQL; a second delivery changes nothing', async () => {
    const first = await sendAll();
    for (const { status, ping } of first) expect(status).toBe(ping ? 200 : 202);
    const ids = first.flatMap(({ ids: own = [] }) => own);
    // One delivery is one event, but for wiki edits: one for each page.
    expect(ids.length).toBeGreaterThanOrEqual(events.length);
    expect(new Set(ids).size).toBe(ids.length);
    const expected = { sql: { n: ids.length, ids: ids.length }, paged: ids.length, distinct: ids.length };
    expect(await counts()).toEqual(expected);
    const before = await stack.page('source=github.webhook&fields=id,time,receivedAt,type,raw');

    expect(await sendAll()).toEqual(first);
    expect(await counts()).toEqual(expected);
    expect(await stack.page('source=github.webhook&fields=id,time,receivedAt,type,raw')).toEqual(before);
  });

  it('is refused with a wrong signature or none, and nothing is stored', async () => {
    const before = await counts();
    const [sample] = events;
    if (!sample) throw new Error('no examples');
    for (const secret of ['another secret', null]) {
      const reply = await deliver(stack, connection, { ...sample, delivery: 'never-seen', secret });
      expect(reply.status).toBe(401);
      expect(reply.headers.get('content-type')).toBe('application/problem+json');
    }
    const tampered = await deliver(stack, connection, {
      ...sample,
      delivery: 'never-seen',
      headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
    });
    expect(tampered.status).toBe(401);
    expect(await counts()).toEqual(before);
  });
});
