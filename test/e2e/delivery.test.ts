import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Call, Fault } from '../../infra/local/types.ts';
import { deliver, githubConnection } from '../support/github.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let fault: (call: Call) => Fault | undefined = () => undefined;
beforeAll(async () => {
  stack = await startTestStack({ hooks: { fault: (call) => fault(call) } });
});
afterEach(() => {
  fault = () => undefined;
});
afterAll(() => stack?.close());

async function send(session: string, count: number, more: object = {}): Promise<string[]> {
  const body = Array.from({ length: count }, (_, n) => ({
    action: `n.${n}`,
    actor: { id: 'u' },
    time: new Date(Date.now() - n).toISOString(),
    session,
    ...more,
  }));
  const reply = await stack.call<{ ids: string[] }>('POST', '/v1/events', { body });
  expect(reply.status).toBe(202);
  return reply.body.ids;
}

const inSql = async (session: string) =>
  (await stack.sql(`select id from events where session = '${session}'`)).map(({ id }) => id).sort();

/** Makes the first calls to Firehose fail, each in its own way, then lets the rest pass. */
function failing(faults: Fault[]) {
  const rest = [...faults];
  fault = ({ action }) => (action === 'firehose:PutRecordBatch' ? rest.shift() : undefined);
  return () => rest.length;
}

describe('delivery to the archive', () => {
  it.each<[string, Fault[]]>([
    ['refuses', [{ kind: 'error', status: 503, code: 'ServiceUnavailableException' }]],
    [
      'refuses for longer than one invocation tries',
      Array.from({ length: 9 }, () => ({ kind: 'error', status: 400, code: 'InvalidArgumentException' })),
    ],
    [
      'does not take a record of a batch',
      [
        { kind: 'items', items: [0], code: 'InternalFailure' },
        { kind: 'items', items: [0], code: 'InternalFailure' },
      ],
    ],
    ['never answers', [{ kind: 'timeout', afterMs: 100 }]],
    ['takes a batch, but its answer is lost', [{ kind: 'lost answer' }, { kind: 'lost answer' }]],
  ])('loses and doubles nothing when Firehose %s', async (what, faults) => {
    const left = failing(faults);
    const ids = await send(what, 5);
    expect(await inSql(what)).toEqual(ids.sort());
    expect(left()).toBe(0);
  });

  it('brings events to the archive that were past their tier when they arrived', async () => {
    const ids = await send('old', 3, { time: '2019-05-05T05:05:05Z', tier: '180d', id: undefined });
    // Equal but for their action: three events.
    expect(await inSql('old')).toEqual(ids.sort());
    expect((await stack.page('session=old')).map(({ id }) => id).sort()).toEqual(ids);
  });

  it('sets aside whole what Firehose never takes, and goes on with what comes after', async () => {
    fault = ({ action, input }) => {
      if (action !== 'firehose:PutRecordBatch') return undefined;
      const { Records } = input as { Records: { Data: string }[] };
      const poisoned = Records.some(({ Data }) => Buffer.from(Data, 'base64').includes('"poison"'));
      return poisoned ? { kind: 'error', status: 400, code: 'InvalidArgumentException' } : undefined;
    };
    const [poison] = await send('poison', 1);
    // Lambda gives up on it in the end; until then what comes after waits.
    await stack.flush();
    const after = await send('after', 2);
    expect(await inSql('after')).toEqual(after.sort());
    expect(await inSql('poison')).toEqual([]);

    const bucket = join(stack.dir, 's3', stack.outputs['FailuresBucket'] ?? '');
    const files = readdirSync(bucket, { recursive: true, encoding: 'utf8' })
      .map((name) => join(bucket, name))
      .filter((path) => statSync(path).isFile());
    const aside = files.map(
      (path) => JSON.parse(readFileSync(path, 'utf8')) as { payload: string | { Records: unknown[] } },
    );
    const records = aside.flatMap(
      ({ payload }) =>
        (typeof payload === 'string' ? (JSON.parse(payload) as { Records: unknown[] }) : payload).Records,
    );
    expect(JSON.stringify(records)).toContain(poison);
  }, 90_000);
});

describe('a store that is throttled', () => {
  it('answers 503 with Retry-After when it lasts, and takes the same again afterwards, once', async () => {
    const connection = await githubConnection(stack);
    const webhook = {
      event: 'push',
      delivery: 'throttled-1',
      body: JSON.stringify({ ref: 'refs/heads/main', sender: { login: 'octo' } }),
    };
    // Warm, so that the time is spent on the throttled call.
    await deliver(stack, connection, { ...webhook, delivery: 'warm' });
    fault = ({ action }) =>
      action === 'dynamodb:PartiQLInsert' ? { kind: 'error', status: 400, code: 'ThrottlingException' } : undefined;
    const refused = await deliver(stack, connection, webhook);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    fault = () => undefined;
    expect((await deliver(stack, connection, webhook)).status).toBe(202);
    expect((await deliver(stack, connection, webhook)).status).toBe(202);
    expect(await stack.page('source=github.webhook')).toHaveLength(2);
  });

  it('takes everything at once when only part of a batch is throttled for a while', async () => {
    let refusals = 6;
    fault = ({ action, input }) => {
      if (action !== 'dynamodb:PartiQLInsert' || refusals === 0) return undefined;
      refusals -= 1;
      const { Statements } = input as { Statements: unknown[] };
      return { kind: 'items', items: Statements.map((_, n) => n).filter((n) => n % 2 === 0), code: 'ThrottlingError' };
    };
    const ids = await send('partly', 60);
    expect(refusals).toBe(0);
    expect((await stack.page('session=partly')).map(({ id }) => id)).toEqual([...ids].sort().reverse());
  });
});
