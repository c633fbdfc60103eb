import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchExecuteStatementCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDynamo } from '../../../../infra/local/aws/dynamodb.ts';
import { startEndpoint } from '../../../../infra/local/aws/endpoint.ts';
import { ConfigurationError } from '../../../../shared/errors.ts';
import { ACCOUNT, clientOf, principal, REGION, TABLES, table } from './endpoint-support.ts';

const operator = principal('operator');
const where = { region: REGION, accountId: ACCOUNT };
const StreamArn = TABLES[0].streamArn;

let dir: string;
const open: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annals-dynamodb-'));
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await rm(dir, { recursive: true });
});

async function start(now: () => number = Date.now) {
  const dynamo = await createDynamo({ backend: 'dynalite', dir, tables: TABLES, now, ...where });
  const endpoint = await startEndpoint({ services: [dynamo.service], principals: [operator] });
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await endpoint.close();
    await dynamo.close();
  };
  open.push({ close });
  return { ...clients(endpoint.url), close };
}

function clients(url: string) {
  const client = new DynamoDBClient(clientOf(url, operator));
  const streams = new DynamoDBStreamsClient(clientOf(url, operator));
  return {
    client,
    put: (sk: string, note: string) =>
      client.send(
        new PutItemCommand({ TableName: 'events', Item: { pk: { S: 'a' }, sk: { S: sk }, note: { S: note } } }),
      ),
    insert: (keys: readonly string[]) =>
      client.send(
        new BatchExecuteStatementCommand({
          Statements: keys.map((sk) => ({
            Statement: `INSERT INTO "events" VALUE {'pk': ?, 'sk': ?}`,
            Parameters: [{ S: 'a' }, { S: sk }],
          })),
        }),
      ),
    async stored() {
      const keys: (string | undefined)[] = [];
      for await (const page of paginateScan({ client }, { TableName: 'events' }))
        keys.push(...(page.Items ?? []).map((item) => item['sk']?.S));
      return keys;
    },
    async records() {
      const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
      const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
      const first = new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
      let { ShardIterator } = await streams.send(first);
      const records = [];
      for (;;) {
        const page = await streams.send(new GetRecordsCommand({ ShardIterator }));
        if (page.Records?.length === 0) return records;
        records.push(...(page.Records ?? []));
        ShardIterator = page.NextShardIterator;
      }
    },
  };
}

describe('a restart on the same directory', () => {
  it('finds items and records again and goes on with the sequence', async () => {
    const first = await start();
    await first.insert(['1', '2']);
    await first.put('1', 'changed');
    const before = await first.records();
    await first.close();

    const second = await start();
    expect(await second.stored()).toEqual(['1', '2']);
    expect(await second.records()).toEqual(before);
    await second.insert(['2', '3']);
    const after = await second.records();
    expect(after.slice(0, 3)).toEqual(before);
    expect(after.map((record) => record.eventName)).toEqual(['INSERT', 'INSERT', 'MODIFY', 'INSERT']);
    const numbers = after.map((record) => record.dynamodb?.SequenceNumber ?? '');
    expect(numbers).toEqual([...new Set(numbers)].sort());
  });

  it('does not use a sequence number again after all records were trimmed', async () => {
    let now = Date.now();
    const first = await start(() => now);
    await first.insert(['1']);
    const [old] = await first.records();
    await first.close();

    now += 25 * 3_600_000;
    const second = await start(() => now);
    expect(await second.records()).toEqual([]);
    expect(await second.stored()).toEqual(['1']);
    await second.insert(['2']);
    const [young, ...others] = await second.records();
    expect(others).toEqual([]);
    expect(BigInt(young?.dynamodb?.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(old?.dynamodb?.SequenceNumber ?? 0));
  });

  it('is refused while another has it open, and for tables with other keys', async () => {
    const first = await start();
    await expect(createDynamo({ backend: 'dynalite', dir, tables: TABLES, ...where })).rejects.toThrow(
      ConfigurationError,
    );
    await first.close();
    const other = { ...table('events', true), keySchema: [{ AttributeName: 'sk', KeyType: 'HASH' as const }] };
    await expect(createDynamo({ backend: 'dynalite', dir, tables: [other], ...where })).rejects.toThrow(/other keys/);
  });
});

it('records older than 24 hours are dropped while the stream is open', async () => {
  let now = Date.now();
  const { insert, records } = await start(() => now);
  await insert(['1']);
  now += 23 * 3_600_000;
  await insert(['2']);
  expect(await records()).toHaveLength(2);
  now += 2 * 3_600_000;
  expect((await records()).map((record) => record.dynamodb?.Keys?.['sk']?.S)).toEqual(['2']);
});

it('a kill in the middle of writing loses no acknowledged item and no record', async () => {
  const script = join(import.meta.dirname, 'dynamodb-child.ts');
  const child = spawn(process.execPath, [script, dir, operator.accessKeyId], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { insert, client } = clients(line.toString().trim());

  const acknowledged: string[] = [];
  const deleted: string[] = [];
  const killed = once(child, 'exit');
  const writers = Array.from({ length: 6 }, async (_, writer) => {
    for (let batch = 0; ; batch++) {
      const keys = Array.from({ length: 20 }, (_, index) => `${writer}-${batch}-${index}`);
      await insert(keys);
      acknowledged.push(...keys);
      const [gone = ''] = keys;
      await client.send(new DeleteItemCommand({ TableName: 'events', Key: { pk: { S: 'a' }, sk: { S: gone } } }));
      deleted.push(gone);
      if (acknowledged.length > 2000) child.kill('SIGKILL');
    }
  });
  expect((await Promise.allSettled(writers)).map(({ status }) => status)).toEqual(Array(6).fill('rejected'));
  await killed;

  const { stored, records, insert: insertAfter } = await start();
  const byStream = new Set<string>();
  const seen = await records();
  for (const record of seen) {
    const sk = record.dynamodb?.Keys?.['sk']?.S ?? '';
    if (record.eventName === 'REMOVE') expect(byStream.delete(sk)).toBe(true);
    else byStream.add(sk);
  }
  const byTable = new Set(await stored());
  expect(byTable).toEqual(byStream);
  // The first key of each batch is deleted next, acknowledged or not.
  expect(acknowledged.filter((key) => !key.endsWith('-0') && !byTable.has(key))).toEqual([]);
  expect(deleted.filter((key) => byTable.has(key))).toEqual([]);
  await insertAfter([randomUUID()]);
  expect(await records()).toHaveLength(seen.length + 1);
}, 120_000);
