import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, it, vi } from 'vitest';
import { createDynamo } from '../../../infra/local/aws/dynamodb.ts';
import { startEndpoint } from '../../../infra/local/aws/endpoint.ts';
import { createS3 } from '../../../infra/local/aws/s3.ts';
import type { StreamRecord } from '../../../infra/local/event-source/record.ts';
import { startEventSource } from '../../../infra/local/event-source.ts';
import type { InvokeResult } from '../../../infra/local/lambda.ts';
import type { LocalEventSource } from '../../../infra/local/template/functions.ts';
import { createPrincipal } from '../../../infra/local/template/policies.ts';
import type { Statement } from '../../../infra/local/types.ts';
import { tempDir, writeFunction } from './template-support.ts';

const region = 'us-east-1';
const accountId = '000000000000';
const arn = `arn:aws:dynamodb:${region}:${accountId}:table/events`;
const streamArn = `${arn}/stream/2020-01-01T00:00:00.000`;
const tables = [
  {
    name: 'events',
    arn,
    streamArn,
    keySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
    attributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
  },
];
const allow = (Action: string[], Resource: string): Statement => ({ Effect: 'Allow', Action, Resource: [Resource] });
const listStreams = allow(['dynamodb:ListStreams'], '*');
const readStream = [
  allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], streamArn),
  listStreams,
];
const setAside = [
  allow(['s3:PutObject'], 'arn:aws:s3:::failures/aws/lambda/*'),
  allow(['s3:ListBucket'], 'arn:aws:s3:::failures'),
];

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A table with a stream, a bucket for failures, and a function whose answers `answer` gives. */
async function setUp() {
  const dir = tempDir();
  const target = writeFunction('', { grants: [...readStream, ...setAside] });
  const operator = createPrincipal('operator', []);
  const dynamo = await createDynamo({ backend: 'dynalite', tables, region, accountId });
  const s3 = createS3({ dir, buckets: [{ name: 'failures', policy: [] }] });
  const endpoint = await startEndpoint({ services: [dynamo.service, s3.service], principals: [target.role, operator] });
  const connection = { endpoint: endpoint.url, region, credentials: operator, forcePathStyle: true };
  const client = new DynamoDBClient(connection);
  open.push(dynamo, endpoint);

  const batches: StreamRecord[][] = [];
  const warnings: string[] = [];
  let answer: (records: readonly StreamRecord[]) => InvokeResult | Promise<InvokeResult> = () => ({ payload: null });
  const start = (given: Partial<LocalEventSource> = {}) => {
    const source = startEventSource({
      definition: {
        id: 'esm',
        functionId: 'Test',
        streamArn,
        batchSize: 100,
        batchingWindowSeconds: 0,
        filters: [],
        bisectBatchOnError: false,
        reportBatchItemFailures: true,
        retryAttempts: 1,
        maxRecordAgeSeconds: -1,
        failureBucket: 'failures',
        ...given,
      },
      function: target,
      invoke: async (_id, event) => {
        const { Records } = event as { Records: StreamRecord[] };
        batches.push(Records);
        return answer(Records);
      },
      endpointUrl: endpoint.url,
      region,
      dir,
      onWarning: (text) => warnings.push(text),
    });
    open.push(source);
    return source;
  };
  return {
    dir,
    target,
    batches,
    warnings,
    start,
    s3: new S3Client(connection),
    seen: () => batches.flat().map(keyOf),
    answerWith: (given: typeof answer) => {
      answer = given;
    },
    put: async (...keys: string[]) => {
      for (const pk of keys)
        await client.send(
          new PutItemCommand({ TableName: 'events', Item: { pk: { S: pk }, b: { B: Buffer.from([1, 2]) } } }),
        );
    },
  };
}

const keyOf = (record: StreamRecord) => (record.dynamodb['Keys'] as { pk: { S: string } }).pk.S;

it('hands records to the function in order and in the shape that Lambda gives them', async () => {
  const { start, put, batches, seen } = await setUp();
  const source = start();
  await put('a', 'b', 'c');
  await source.drain();
  expect(seen()).toEqual(['a', 'b', 'c']);
  expect(batches[0]?.[0]).toEqual({
    eventID: expect.any(String),
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    eventSourceARN: streamArn,
    dynamodb: {
      ApproximateCreationDateTime: expect.any(Number),
      Keys: { pk: { S: 'a' } },
      NewImage: { pk: { S: 'a' }, b: { B: 'AQI=' } },
      SequenceNumber: expect.stringMatching(/^\d+$/),
      StreamViewType: 'NEW_IMAGE',
    },
  });
});

it('filters records before the function sees them, and batches the rest', async () => {
  const { start, put, batches, seen } = await setUp();
  await put('keep-1', 'drop-1', 'keep-2', 'drop-2', 'keep-3');
  const filters = [{ dynamodb: { Keys: { pk: { S: [{ prefix: 'keep' }] } } } }];
  await start({ filters, batchSize: 2 }).drain();
  expect(seen()).toEqual(['keep-1', 'keep-2', 'keep-3']);
  expect(batches.map(({ length }) => length)).toEqual([2, 1]);
});

it('gathers records for a while, and drains without waiting for it', async () => {
  const { start, put, seen } = await setUp();
  const source = start({ batchingWindowSeconds: 300 });
  await put('a');
  await source.drain();
  expect(seen()).toEqual(['a']);
  await put('b');
  // The window of minutes is shortened to a fraction of a second.
  await vi.waitFor(() => expect(seen()).toEqual(['a', 'b']), { timeout: 5000 });
});

it('goes on after a restart where it was, and delivers what came meanwhile', async () => {
  const { start, put, seen } = await setUp();
  await put('a', 'b');
  const first = start();
  await first.drain();
  await first.close();
  await put('c');
  await start().drain();
  expect(seen()).toEqual(['a', 'b', 'c']);
});

it('does not read filtered records again after a restart', async () => {
  const { dir, start, put, seen } = await setUp();
  await put('drop-1');
  const filters = [{ dynamodb: { Keys: { pk: { S: [{ prefix: 'keep' }] } } } }];
  const first = start({ filters });
  await first.drain();
  await first.close();
  const { stream, shards } = JSON.parse(readFileSync(join(dir, 'event-source-esm.json'), 'utf8'));
  expect(stream).toBe('table/events/stream/2020-01-01T00:00:00.000');
  expect(Object.values(shards)).toEqual([expect.stringMatching(/^\d+$/)]);
  await start().drain();
  expect(seen()).toEqual([]);
});

it('delivers a batch again that was under way when it was closed', async () => {
  const { start, put, seen, answerWith } = await setUp();
  const entered = Promise.withResolvers<void>();
  const first = start();
  answerWith(() => {
    entered.resolve();
    return new Promise(() => {});
  });
  await put('a');
  await entered.promise;
  await first.close(10);
  answerWith(() => ({ payload: null }));
  await start().drain();
  expect(seen()).toEqual(['a', 'a']);
});

it('waits for the batch under way when it closes, and remembers it', async () => {
  const { start, put, seen, answerWith } = await setUp();
  const entered = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<InvokeResult>();
  const first = start();
  answerWith(() => {
    entered.resolve();
    return answered.promise;
  });
  await put('a');
  await entered.promise;
  const closed = first.close(10_000);
  answered.resolve({ payload: null });
  await closed;
  await start().drain();
  expect(seen()).toEqual(['a']);
});

it('rejects a drain that closing cuts short', async () => {
  const { start, put, answerWith } = await setUp();
  const source = start({ retryAttempts: -1 });
  answerWith(() => ({ error: { errorType: 'Error', errorMessage: 'down' } }));
  await put('a');
  const drained = expect(source.drain()).rejects.toThrow('stopped');
  await source.close();
  await drained;
});

it('sets aside what can not be delivered, whole, as the function', async () => {
  const { start, put, answerWith, s3, warnings, seen } = await setUp();
  answerWith((records) => ({
    payload: {
      batchItemFailures: records
        .filter((one) => keyOf(one) === 'bad')
        .map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })),
    },
  }));
  await put('a', 'bad');
  await start().drain();
  expect(seen()).toEqual(['a', 'bad', 'bad']);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'failures' }));
  expect(Contents.map(({ Key }) => Key)).toEqual([
    expect.stringMatching(/^aws\/lambda\/esm\/shardId-[^/]+\/\d{4}\/\d\d\/\d\d\//),
  ]);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'failures', Key: Contents[0]?.Key ?? '' }));
  const { payload, requestContext } = JSON.parse((await Body?.transformToString()) ?? '');
  expect(requestContext.condition).toBe('RetryAttemptsExhausted');
  expect(JSON.parse(payload).Records.map(keyOf)).toEqual(['bad']);
  expect(warnings).toEqual([expect.stringMatching(/gave up on 1 records; they are in failures\/aws\/lambda\/esm/)]);
});

it('stops at a read that is denied, says so once, and goes on when it is allowed', async () => {
  const { start, put, target, seen, warnings } = await setUp();
  target.role.statements = [allow(['dynamodb:DescribeStream', 'dynamodb:GetShardIterator'], streamArn), listStreams];
  const source = start();
  await put('a');
  await vi.waitFor(() => expect(warnings).toHaveLength(1), { timeout: 5000 });
  expect(warnings[0]).toMatch(/Test can't read its stream: .*dynamodb:GetRecords/);
  expect(seen()).toEqual([]);
  target.role.statements = readStream;
  await source.drain();
  expect(seen()).toEqual(['a']);
  expect(warnings).toHaveLength(1);
});

it('says that the stream can not be found, and goes on when it can', async () => {
  const { start, put, target, seen, warnings } = await setUp();
  target.role.statements = [];
  const source = start();
  await put('a');
  await vi.waitFor(() => expect(warnings[0]).toMatch(/can't read its stream: .*dynamodb:DescribeStream/), {
    timeout: 5000,
  });
  const drained = source.drain();
  target.role.statements = readStream;
  await drained;
  expect(seen()).toEqual(['a']);
});

it('holds records that it may not set aside until it may', async () => {
  const { start, put, target, answerWith, warnings, seen, s3 } = await setUp();
  target.role.statements = readStream;
  answerWith((records) =>
    records.some((one) => keyOf(one) === 'bad') ? { error: { errorType: 'E', errorMessage: '' } } : { payload: null },
  );
  await put('bad');
  const source = start({ retryAttempts: 0 });
  await vi.waitFor(() => expect(warnings.join('\n')).toMatch(/can't set records aside in failures: .*s3:/), {
    timeout: 5000,
  });
  await put('next');
  expect(seen()).toEqual(['bad']);
  target.role.statements = [...readStream, ...setAside];
  await source.drain();
  expect(seen()).toEqual(['bad', 'next']);
  const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket: 'failures' }));
  expect(KeyCount).toBe(1);
});

it('says why the function fails, once, and tries on', async () => {
  const { start, put, answerWith, warnings } = await setUp();
  let failures = 3;
  answerWith(() => (failures-- > 0 ? { error: { errorType: 'OddError', errorMessage: 'no' } } : { payload: null }));
  await put('a');
  await start({ retryAttempts: -1 }).drain();
  expect(warnings).toEqual(['Test fails: OddError: no']);
});

it('refuses a checkpoint file with another content', async () => {
  const { dir, start } = await setUp();
  writeFileSync(join(dir, 'event-source-esm.json'), '{"odd":1}');
  expect(() => start()).toThrow(/event-source-esm\.json does not hold a stream position/);
});
