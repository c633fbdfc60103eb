import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DiscardedBatch, deliverBatch } from '../../../infra/local/event-source/batch.ts';
import { toFailureObject } from '../../../infra/local/event-source/failure.ts';
import type { StreamRecord } from '../../../infra/local/event-source/record.ts';
import type { InvokeResult } from '../../../infra/local/lambda.ts';

const NOW = Date.parse('2026-03-04T05:06:07.890Z');

function record(sequence: number, ageSeconds = 0): StreamRecord {
  return {
    eventID: String(sequence),
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    eventSourceARN: 'stream',
    dynamodb: { SequenceNumber: String(sequence), ApproximateCreationDateTime: Math.floor(NOW / 1000) - ageSeconds },
  };
}
const records = (count: number) => Array.from({ length: count }, (_, index) => record(index));
const numbers = (batch: readonly StreamRecord[]) => batch.map(({ dynamodb }) => Number(dynamodb.SequenceNumber));

const policy = { bisectBatchOnError: false, reportBatchItemFailures: true, retryAttempts: -1, maxRecordAgeSeconds: -1 };
const failures = (...sequences: number[]): InvokeResult => ({
  payload: { batchItemFailures: sequences.map((itemIdentifier) => ({ itemIdentifier: String(itemIdentifier) })) },
});
const error: InvokeResult = { error: { errorType: 'Error', errorMessage: 'broken' } };

async function run(
  batch: readonly StreamRecord[],
  given: Partial<typeof policy>,
  answer: (sequences: number[], call: number) => InvokeResult,
) {
  const calls: number[][] = [];
  const handled: number[] = [];
  const discarded: (Omit<DiscardedBatch, 'records'> & { records: number[] })[] = [];
  let waits = 0;
  await deliverBatch(
    batch,
    { ...policy, ...given },
    {
      invoke: async (given) => {
        calls.push(numbers(given));
        return answer(numbers(given), calls.length);
      },
      handled: async ({ dynamodb }) => void handled.push(Number(dynamodb.SequenceNumber)),
      discard: async (given) => void discarded.push({ ...given, records: numbers(given.records) }),
      backOff: async () => void waits++,
      now: () => NOW,
    },
  );
  return { calls, handled, discarded, waits };
}

it('is done after one invocation that reports no failure', async () => {
  expect(await run(records(3), {}, () => failures())).toEqual({
    calls: [[0, 1, 2]],
    handled: [2],
    discarded: [],
    waits: 0,
  });
});

it.each([[null], [{}], [{ batchItemFailures: null }], [{ batchItemFailures: [] }]])(
  'takes the answer %j for success',
  async (payload) => {
    expect((await run(records(2), {}, () => ({ payload }))).calls).toHaveLength(1);
  },
);

it('goes on at the lowest sequence number reported', async () => {
  const { calls, handled } = await run(records(5), {}, (_, call) => (call === 1 ? failures(4, 2) : failures()));
  expect(calls).toEqual([
    [0, 1, 2, 3, 4],
    [2, 3, 4],
  ]);
  expect(handled).toEqual([1, 4]);
});

it.each([
  ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
  ['a bad key', { batchItemFailures: [{ id: '1' }] }],
  ['an unknown sequence number', { batchItemFailures: [{ itemIdentifier: '77' }] }],
  ['an answer of another kind', 'done'],
])('takes %s for a failure of the whole batch', async (_, payload) => {
  const { calls, handled } = await run(records(2), {}, (_sequences, call) => (call === 1 ? { payload } : failures()));
  expect(calls).toEqual([
    [0, 1],
    [0, 1],
  ]);
  expect(handled).toEqual([1]);
});

it('does not read reports that the mapping does not ask for', async () => {
  expect((await run(records(2), { reportBatchItemFailures: false }, () => failures(0))).calls).toHaveLength(1);
});

it('tries a failing batch retryAttempts times more, then discards it', async () => {
  const { calls, discarded, handled, waits } = await run(records(2), { retryAttempts: 2 }, () => error);
  expect(calls).toHaveLength(3);
  expect(waits).toBe(2);
  expect(discarded).toEqual([
    { records: [0, 1], condition: 'RetryAttemptsExhausted', invokeCount: 3, functionError: true },
  ]);
  expect(handled).toEqual([1]);
});

it('discards only what comes after the last record handled', async () => {
  const { discarded, handled } = await run(records(4), { retryAttempts: 1 }, () => failures(2));
  expect(discarded).toEqual([
    { records: [2, 3], condition: 'RetryAttemptsExhausted', invokeCount: 2, functionError: false },
  ]);
  expect(handled).toEqual([1, 3]);
});

it('halves a batch that fails whole, at no cost of attempts, until the bad record stands alone', async () => {
  const { calls, discarded, handled } = await run(
    records(4),
    { bisectBatchOnError: true, retryAttempts: 1 },
    (sequences) => (sequences.includes(2) ? error : failures()),
  );
  expect(calls).toEqual([[0, 1, 2, 3], [0, 1], [2, 3], [2], [2], [3]]);
  expect(discarded).toEqual([
    { records: [2], condition: 'RetryAttemptsExhausted', invokeCount: 2, functionError: true },
  ]);
  expect(handled).toEqual([1, 2, 3]);
});

it('discards what is older than the mapping allows, without an invocation', async () => {
  const batch = [record(0, 100), record(1, 61), record(2, 10)];
  const { calls, discarded } = await run(batch, { maxRecordAgeSeconds: 60 }, () => failures());
  expect(calls).toEqual([[2]]);
  expect(discarded).toEqual([
    { records: [0, 1], condition: 'MaximumRecordAgeExceeded', invokeCount: 0, functionError: false },
  ]);
});

it('stops where waiting is cut short, and counts nothing as handled', async () => {
  const handled: unknown[] = [];
  const stopped = deliverBatch(records(2), policy, {
    invoke: async () => error,
    handled: async (one) => void handled.push(one),
    discard: async () => {},
    backOff: () => Promise.reject(new Error('stopped')),
    now: () => NOW,
  });
  await expect(stopped).rejects.toThrow('stopped');
  expect(handled).toEqual([]);
});

it('handles every record in order, or discards it, whatever the function answers', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 3 }),
      fc.infiniteStream(fc.option(fc.array(fc.nat({ max: 12 }), { maxLength: 3 }))),
      async (count, bisectBatchOnError, retryAttempts, answers) => {
        const delivered = new Set<number>();
        const { handled, discarded } = await run(records(count), { bisectBatchOnError, retryAttempts }, (sequences) => {
          const failed: number[] | null = answers.next().value;
          if (failed === null) return error;
          const known = failed.filter((one) => sequences.includes(one));
          for (const one of sequences) if (!known.includes(one)) delivered.add(one);
          return failures(...known);
        });
        const gone = discarded.flatMap(({ records }) => records);
        const all = Array.from({ length: count }, (_, index) => index);
        expect([...new Set([...delivered, ...gone])].sort((a, b) => a - b)).toEqual(all);
        expect(handled).toEqual([...handled].sort((a, b) => a - b));
        expect(handled.at(-1)).toBe(count - 1);
      },
    ),
  );
});

it('sets a batch aside as Lambda does: metadata, and the whole event as text', () => {
  const { key, body } = toFailureObject(
    { records: [record(7, 60), record(8)], condition: 'RetryAttemptsExhausted', invokeCount: 3, functionError: true },
    { mappingId: 'esm', functionArn: 'fn', streamArn: 'stream', shardId: 'shard-1', now: NOW },
  );
  expect(key).toMatch(/^aws\/lambda\/esm\/shard-1\/2026\/03\/04\/2026-03-04T05\.06\.07-[0-9a-f-]{36}$/);
  const { payload, ...rest } = JSON.parse(body) as { payload: string };
  expect(JSON.parse(payload)).toEqual({ Records: [record(7, 60), record(8)] });
  expect(rest).toEqual({
    requestContext: {
      requestId: expect.any(String),
      functionArn: 'fn',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-03-04T05:06:07.890Z',
    DDBStreamBatchInfo: {
      shardId: 'shard-1',
      startSequenceNumber: '7',
      endSequenceNumber: '8',
      approximateArrivalOfFirstRecord: '2026-03-04T05:05:07Z',
      approximateArrivalOfLastRecord: '2026-03-04T05:06:07Z',
      batchSize: 2,
      streamArn: 'stream',
    },
  });
});
