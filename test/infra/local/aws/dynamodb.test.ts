import {
  BatchExecuteStatementCommand,
  type BatchExecuteStatementCommandInput,
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type ShardIteratorType,
} from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { javaVersion } from '../../../../infra/local/aws/dynamodb/dynamodb-local.ts';
import { createDynamo, type DynamoBackend } from '../../../../infra/local/aws/dynamodb.ts';
import { startEndpoint } from '../../../../infra/local/aws/endpoint.ts';
import type { Call, Fault } from '../../../../infra/local/types.ts';
import { ACCOUNT, allow, clientOf, principal, REGION, TABLES } from './endpoint-support.ts';

const [EVENTS, CONTROL] = TABLES;
const STREAM = EVENTS.streamArn ?? '';
const java = await javaVersion();
const runnable: Record<DynamoBackend, boolean> = { dynalite: true, 'dynamodb-local': java !== undefined && java >= 17 };
if (!runnable['dynamodb-local'])
  process.stdout.write(`skipped: the tests over DynamoDB Local need Java 17, on the path is ${java ?? 'none'}\n`);

/** Keys of one test, which shares its tables with the others. */
let tests = 0;
let pk = '';
beforeEach(() => {
  pk = `tenant#${tests++}`;
});

const statement = (name = 'events') => `INSERT INTO "${name}" VALUE {'pk': ?, 'sk': ?, 'note': ?}`;
const insertOf = (sk: string, note = 'x', partition = pk, name?: string) => ({
  Statement: statement(name),
  Parameters: [{ S: partition }, { S: sk }, { S: note }],
});

describe.each(['dynalite', 'dynamodb-local'] as const)('DynamoDB over %s', (backend) => {
  describe.runIf(runnable[backend])('with a role of its own', () => {
    const operator = principal('operator');
    const caller = principal('Role');
    let calls: [Call, boolean][] = [];
    let fault: (call: Call) => Fault | undefined = () => undefined;
    let client: DynamoDBClient;
    let asOperator: DynamoDBClient;
    let streams: DynamoDBStreamsClient;
    let streamsAsCaller: DynamoDBStreamsClient;
    let close: () => Promise<void>;

    beforeAll(async () => {
      const dynamo = await createDynamo({ backend, tables: TABLES, region: REGION, accountId: ACCOUNT });
      const endpoint = await startEndpoint({
        services: [dynamo.service],
        principals: [operator, caller],
        hooks: { observe: (...seen) => calls.push(seen), fault: (call) => fault(call) },
      });
      client = new DynamoDBClient(clientOf(endpoint.url, caller));
      asOperator = new DynamoDBClient(clientOf(endpoint.url, operator));
      streams = new DynamoDBStreamsClient(clientOf(endpoint.url, operator));
      streamsAsCaller = new DynamoDBStreamsClient(clientOf(endpoint.url, caller));
      close = async () => {
        await endpoint.close();
        await dynamo.close();
      };
    });
    afterAll(() => close());
    beforeEach(() => {
      calls = [];
      fault = () => undefined;
      caller.statements = [allow(['dynamodb:*'], ['*'])];
    });

    const insert = async (...Statements: NonNullable<BatchExecuteStatementCommandInput['Statements']>) =>
      (await client.send(new BatchExecuteStatementCommand({ Statements }))).Responses?.map(
        (response) => response.Error?.Code ?? 'written',
      );
    const put = (sk: string, note: string, by = client) =>
      by.send(new PutItemCommand({ TableName: 'events', Item: { pk: { S: pk }, sk: { S: sk }, note: { S: note } } }));
    const query = async (rest: Partial<QueryCommandInput> = {}) =>
      client.send(
        new QueryCommand({
          TableName: 'events',
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
          ...rest,
        }),
      );
    const stored = async () => (await query()).Items?.map((item) => [item['sk']?.S, item['note']?.S]);

    async function iterator(ShardIteratorType: ShardIteratorType, SequenceNumber?: string) {
      const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: STREAM }));
      const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
      const input = { StreamArn: STREAM, ShardId, ShardIteratorType, SequenceNumber };
      return (await streams.send(new GetShardIteratorCommand(input))).ShardIterator;
    }

    async function recordsFrom(start: string | undefined, Limit?: number) {
      const records = [];
      let ShardIterator = start;
      for (;;) {
        const page = await streams.send(new GetRecordsCommand({ ShardIterator, Limit }));
        if (page.Records === undefined || page.Records.length === 0) return records;
        if (Limit !== undefined) expect(page.Records.length).toBeLessThanOrEqual(Limit);
        records.push(...page.Records);
        ShardIterator = page.NextShardIterator;
      }
    }

    describe('inserts', () => {
      it('are written, and refused one by one where the key exists', async () => {
        expect(await insert(insertOf('1', 'first'))).toEqual(['written']);
        expect(await insert(insertOf('1', 'second'), insertOf('2', 'second'))).toEqual(['DuplicateItem', 'written']);
        expect(await stored()).toEqual([
          ['1', 'first'],
          ['2', 'second'],
        ]);
      });

      it('name the table in every answer', async () => {
        await insert(insertOf('1'));
        const output = await client.send(
          new BatchExecuteStatementCommand({ Statements: [insertOf('1'), insertOf('2')] }),
        );
        expect(output.Responses).toEqual([
          {
            TableName: 'events',
            Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' },
          },
          { TableName: 'events' },
        ]);
      });

      it('may go to several tables at once', async () => {
        expect(await insert(insertOf('1'), insertOf('1', 'x', pk, 'control'))).toEqual(['written', 'written']);
        const key = { pk: { S: pk }, sk: { S: '1' } };
        for (const TableName of ['events', 'control'])
          expect((await client.send(new GetItemCommand({ TableName, Key: key }))).Item).toMatchObject(key);
      });

      it('keep every type of value', async () => {
        const values = {
          n: { N: '12.5' },
          b: { B: new Uint8Array([0, 1, 255]) },
          t: { BOOL: true },
          l: { L: [{ S: 'a' }, { NULL: true as const }] },
          m: { M: { x: { N: '1' } } },
          ss: { SS: ['a', 'b'] },
          "it's": { S: 'ü€😀' },
        };
        const names = ['pk', 'sk', ...Object.keys(values)].map((name) => `'${name.replaceAll("'", "''")}': ?`);
        const Statement = `insert into events value {${names.join(' , ')}}`;
        expect(await insert({ Statement, Parameters: [{ S: pk }, { S: '1' }, ...Object.values(values)] })).toEqual([
          'written',
        ]);
        const [item] = (await query()).Items ?? [];
        expect(item).toEqual({ pk: { S: pk }, sk: { S: '1' }, ...values });
      });

      it('fail alone when the item can not be stored', async () => {
        expect(
          await insert(
            insertOf('1', 'x'.repeat(409_600)),
            insertOf(''),
            { Statement: statement(), Parameters: [{ S: pk }, { N: '1' }, { S: 'x' }] },
            { Statement: `INSERT INTO "events" VALUE {'pk': ?}`, Parameters: [{ S: pk }] },
            { Statement: statement(), Parameters: [{ S: pk }] },
            insertOf('1', 'x', pk, 'nowhere'),
            insertOf('2'),
          ),
        ).toEqual([
          'ValidationError',
          'ValidationError',
          'ValidationError',
          'ValidationError',
          'ValidationError',
          'ResourceNotFound',
          'written',
        ]);
        expect(await stored()).toEqual([['2', 'x']]);
      });

      it('are refused together when a key comes twice', async () => {
        await expect(insert(insertOf('1', 'a'), insertOf('2'), insertOf('1', 'b'))).rejects.toMatchObject({
          name: 'ValidationException',
          message: 'Provided list of item keys contains duplicates',
        });
        expect(await stored()).toEqual([]);
      });

      it.each([
        ['none', []],
        ['26', Array.from({ length: 26 }, (_, index) => insertOf(`${index}`))],
        ['a SELECT', [{ Statement: `SELECT * FROM "events" WHERE pk = 'a'` }]],
        ['an UPDATE among them', [insertOf('1'), { Statement: `UPDATE "events" SET a = 1 WHERE pk = 'a'` }]],
        ['a literal', [{ Statement: `INSERT INTO "events" VALUE {'pk': 'a', 'sk': 'b'}` }]],
        ['a field that is not known', [{ ...insertOf('1'), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }]],
        ['an attribute twice', [{ Statement: `INSERT INTO "events" VALUE {'pk': ?, 'pk': ?}` }]],
      ])('are refused together: %s', async (_, statements) => {
        await expect(insert(...statements)).rejects.toMatchObject({ name: 'ValidationException' });
        expect(await stored()).toEqual([]);
      });

      it('let exactly one of many at once win', async () => {
        const results = await Promise.all(
          Array.from({ length: 12 }, (_, writer) =>
            insert(...Array.from({ length: 5 }, (_, key) => insertOf(`${(key + writer) % 8}`, `writer ${writer}`))),
          ),
        );
        expect(results.flat().filter((one) => one === 'written')).toHaveLength(8);
        expect(await stored()).toHaveLength(8);
      });
    });

    describe('other operations', () => {
      it('put on a condition, update, and delete', async () => {
        await put('1', 'a');
        const conditional = new PutItemCommand({
          TableName: 'events',
          Item: { pk: { S: pk }, sk: { S: '1' } },
          ConditionExpression: 'attribute_not_exists(pk)',
        });
        await expect(client.send(conditional)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
        const key = { TableName: 'events', Key: { pk: { S: pk }, sk: { S: '1' } } };
        const { Attributes } = await client.send(
          new UpdateItemCommand({
            ...key,
            UpdateExpression: 'SET note = :new ADD seen :one',
            ConditionExpression: 'note = :old',
            ExpressionAttributeValues: { ':new': { S: 'b' }, ':old': { S: 'a' }, ':one': { N: '1' } },
            ReturnValues: 'ALL_NEW',
          }),
        );
        expect(Attributes).toMatchObject({ note: { S: 'b' }, seen: { N: '1' } });
        await client.send(new DeleteItemCommand(key));
        expect((await client.send(new GetItemCommand({ ...key, ConsistentRead: true }))).Item).toBeUndefined();
      });

      it('query newest first, in pages', async () => {
        await insert(...Array.from({ length: 7 }, (_, index) => insertOf(`${index}`)));
        const seen: (string | undefined)[] = [];
        let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
        do {
          const page = await query({ Limit: 3, ScanIndexForward: false, ExclusiveStartKey });
          seen.push(...(page.Items ?? []).map((item) => item['sk']?.S));
          ExclusiveStartKey = page.LastEvaluatedKey;
        } while (ExclusiveStartKey !== undefined);
        expect(seen).toEqual(['6', '5', '4', '3', '2', '1', '0']);
      });

      it('query a range of the sort key', async () => {
        await insert(...['a', 'ab', 'b', 'é', 'z'].map((sk) => insertOf(sk)));
        const range = async (condition: string, values: Record<string, string>) => {
          const entries = Object.entries({ ':pk': pk, ...values }).map(([key, S]) => [key, { S }]);
          const { Items = [] } = await query({
            KeyConditionExpression: `pk = :pk AND ${condition}`,
            ExpressionAttributeValues: Object.fromEntries(entries),
          });
          return Items.map((item) => item['sk']?.S);
        };
        expect(await range('begins_with(sk, :a)', { ':a': 'a' })).toEqual(['a', 'ab']);
        expect(await range('sk BETWEEN :a AND :b', { ':a': 'ab', ':b': 'z' })).toEqual(['ab', 'b', 'z']);
        expect(await range('sk > :a', { ':a': 'b' })).toEqual(['z', 'é']);
        expect(await range('sk <= :a', { ':a': 'ab' })).toEqual(['a', 'ab']);
      });

      it('read and write batches', async () => {
        const write = async (requests: NonNullable<BatchWriteItemCommandInput['RequestItems']>[string]) =>
          client.send(new BatchWriteItemCommand({ RequestItems: { events: requests } }));
        const key = (sk: string) => ({ pk: { S: pk }, sk: { S: sk } });
        await write([{ PutRequest: { Item: key('1') } }, { PutRequest: { Item: key('2') } }]);
        await write([{ DeleteRequest: { Key: key('1') } }]);
        const Keys = ['1', '2'].map(key);
        const output = await client.send(new BatchGetItemCommand({ RequestItems: { events: { Keys } } }));
        expect(output.Responses).toEqual({ events: [key('2')] });
      });

      it('leave over what is too large for one batch, to be asked for as before', async () => {
        const names = Array.from({ length: 12 }, (_, index) => `${index}`);
        for (let from = 0; from < 12; from += 6)
          await insert(...names.slice(from, from + 6).map((sk) => insertOf(sk, 'x'.repeat(300_000))));
        let RequestItems: BatchGetItemCommandInput['RequestItems'] = {
          events: {
            Keys: names.map((sk) => ({ pk: { S: pk }, sk: { S: sk } })),
            ProjectionExpression: '#s, note',
            ExpressionAttributeNames: { '#s': 'sk' },
          },
        };
        const seen: (string | undefined)[] = [];
        let calls = 0;
        while (RequestItems?.['events'] !== undefined) {
          const output: BatchGetItemCommandOutput = await client.send(new BatchGetItemCommand({ RequestItems }));
          for (const item of output.Responses?.['events'] ?? []) {
            expect(Object.keys(item).sort()).toEqual(['note', 'sk']);
            seen.push(item['sk']?.S);
          }
          RequestItems = output.UnprocessedKeys;
          calls++;
        }
        // dynalite's limit is about 1.4 MB, DynamoDB's 16 MB.
        expect(calls > 1).toBe(backend === 'dynalite');
        expect(seen.sort()).toEqual(names.sort());
      });

      it('describe and list tables by the names and ARNs of the template', async () => {
        const { Table } = await client.send(new DescribeTableCommand({ TableName: 'events' }));
        expect(Table).toMatchObject({ TableArn: EVENTS.arn, LatestStreamArn: STREAM, TableStatus: 'ACTIVE' });
        const { Table: control } = await client.send(new DescribeTableCommand({ TableName: 'control' }));
        expect(control).toMatchObject({ TableArn: CONTROL.arn, KeySchema: CONTROL.keySchema });
        expect(control?.LatestStreamArn).toBeUndefined();
        expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(['control', 'events']);
      });

      it('know no other table', async () => {
        await expect(
          client.send(new GetItemCommand({ TableName: 'nowhere', Key: { pk: { S: 'a' }, sk: { S: 'b' } } })),
        ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
      });
    });

    describe('streams', () => {
      it('are listed and described by the ARN of the template', async () => {
        const { Streams } = await streams.send(new ListStreamsCommand({ TableName: 'events' }));
        expect(Streams).toEqual([{ StreamArn: STREAM, TableName: 'events', StreamLabel: '2026-01-01T00:00:00.000' }]);
        expect((await streams.send(new ListStreamsCommand({ TableName: 'control' }))).Streams).toEqual([]);
        const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: STREAM }));
        expect(StreamDescription).toMatchObject({
          StreamArn: STREAM,
          StreamStatus: 'ENABLED',
          StreamViewType: 'NEW_IMAGE',
          TableName: 'events',
          KeySchema: EVENTS.keySchema,
        });
        await expect(streams.send(new DescribeStreamCommand({ StreamArn: `${STREAM}x` }))).rejects.toMatchObject({
          name: 'ResourceNotFoundException',
        });
      });

      it('tell every change of an item, and nothing else', async () => {
        const start = await iterator('LATEST');
        await insert(insertOf('1', 'a'));
        await insert(insertOf('1', 'b'));
        await put('1', 'a');
        await put('1', 'c');
        await client.send(
          new UpdateItemCommand({
            TableName: 'events',
            Key: { pk: { S: pk }, sk: { S: '1' } },
            UpdateExpression: 'SET note = :c',
            ExpressionAttributeValues: { ':c': { S: 'c' } },
          }),
        );
        await client.send(new PutItemCommand({ TableName: 'control', Item: { pk: { S: pk }, sk: { S: '1' } } }));
        for (const sk of ['1', '2'])
          await client.send(new DeleteItemCommand({ TableName: 'events', Key: { pk: { S: pk }, sk: { S: sk } } }));
        await put('1', 'd');

        const records = await recordsFrom(start);
        expect(records.map((record) => [record.eventName, record.dynamodb?.NewImage?.['note']?.S])).toEqual([
          ['INSERT', 'a'],
          ['MODIFY', 'c'],
          ['REMOVE', undefined],
          ['INSERT', 'd'],
        ]);
        expect(records[0]).toMatchObject({
          eventID: expect.stringMatching(/^[0-9a-f-]{32,36}$/),
          eventSource: 'aws:dynamodb',
          awsRegion: REGION,
          dynamodb: {
            Keys: { pk: { S: pk }, sk: { S: '1' } },
            NewImage: { pk: { S: pk }, sk: { S: '1' }, note: { S: 'a' } },
            SequenceNumber: expect.stringMatching(/^\d{21,}$/),
            StreamViewType: 'NEW_IMAGE',
          },
        });
        const age = Date.now() - (records[0]?.dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0);
        expect(age).toBeLessThan(120_000);
        const numbers = records.map((record) => BigInt(record.dynamodb?.SequenceNumber ?? 0));
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => (a < b ? -1 : 1)));
      });

      it('start where they are asked to', async () => {
        const latest = await iterator('LATEST');
        await insert(...Array.from({ length: 5 }, (_, index) => insertOf(`${index}`)));
        const records = await recordsFrom(latest, 2);
        expect(records).toHaveLength(5);
        const second = records[1]?.dynamodb?.SequenceNumber;
        const numbers = async (type: ShardIteratorType, from?: string) =>
          (await recordsFrom(await iterator(type, from))).map((record) => record.dynamodb?.SequenceNumber);
        const all = records.map((record) => record.dynamodb?.SequenceNumber);
        expect(await numbers('AT_SEQUENCE_NUMBER', second)).toEqual(all.slice(1));
        expect(await numbers('AFTER_SEQUENCE_NUMBER', second)).toEqual(all.slice(2));
        expect((await numbers('TRIM_HORIZON')).slice(-5)).toEqual(all);
        expect(await numbers('LATEST')).toEqual([]);
      });

      it('lose nothing to a reader who reads while many write', async () => {
        const from = await iterator('LATEST');
        let writing = true;
        const read = async () => {
          const seen: (string | undefined)[] = [];
          let ShardIterator = from;
          for (let last = false; ; last = !writing) {
            const page = await streams.send(new GetRecordsCommand({ ShardIterator, Limit: 7 }));
            seen.push(...(page.Records ?? []).map((record) => record.dynamodb?.NewImage?.['sk']?.S));
            ShardIterator = page.NextShardIterator;
            if (last && page.Records?.length === 0) return seen;
          }
        };
        const reading = read();
        await Promise.all(
          Array.from({ length: 8 }, async (_, writer) => {
            for (let batch = 0; batch < 5; batch++)
              await insert(...Array.from({ length: 10 }, (_, index) => insertOf(`${writer}-${batch}-${index}`)));
          }),
        );
        writing = false;
        const seen = await reading;
        expect(new Set(seen).size).toBe(400);
        expect(seen).toHaveLength(400);
      });

      it('refuse an iterator that is none', async () => {
        await expect(streams.send(new GetRecordsCommand({ ShardIterator: 'nonsense' }))).rejects.toMatchObject({
          name: 'ValidationException',
        });
      });
    });

    describe('roles', () => {
      const leading = (...pattern: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': pattern } });
      const key = (partition: string) => ({ pk: { S: partition }, sk: { S: '1' } });
      const denied = { name: 'AccessDeniedException' };

      it('may insert and still not put, update or delete', async () => {
        caller.statements = [allow(['dynamodb:PartiQLInsert'], [EVENTS.arn])];
        expect(await insert(insertOf('1'))).toEqual(['written']);
        const input = { TableName: 'events', Key: key(pk) };
        await expect(put('1', 'x')).rejects.toMatchObject(denied);
        await expect(client.send(new UpdateItemCommand(input))).rejects.toMatchObject(denied);
        await expect(client.send(new DeleteItemCommand(input))).rejects.toMatchObject(denied);
        await expect(client.send(new ScanCommand({ TableName: 'events' }))).rejects.toMatchObject(denied);
        await expect(insert(insertOf('2'), insertOf('2', 'x', pk, 'control'))).rejects.toMatchObject(denied);
      });

      it('are held to their leading keys by every operation that names a key', async () => {
        caller.statements = [allow(['dynamodb:*'], [EVENTS.arn], leading('tenant#*'))];
        const asks = (partition: string) => [
          () => client.send(new GetItemCommand({ TableName: 'events', Key: key(partition) })),
          () => client.send(new PutItemCommand({ TableName: 'events', Item: key(partition) })),
          () => client.send(new UpdateItemCommand({ TableName: 'events', Key: key(partition) })),
          () => client.send(new DeleteItemCommand({ TableName: 'events', Key: key(partition) })),
          () => client.send(new BatchGetItemCommand({ RequestItems: { events: { Keys: [key(pk), key(partition)] } } })),
          () =>
            client.send(
              new BatchWriteItemCommand({
                RequestItems: {
                  events: [{ PutRequest: { Item: key(`${pk}a`) } }, { DeleteRequest: { Key: key(partition) } }],
                },
              }),
            ),
          () => query({ ExpressionAttributeValues: { ':pk': { S: partition } } }),
          () =>
            query({
              KeyConditionExpression: 'begins_with(sk, :sk) AND :pk=#k',
              ExpressionAttributeNames: { '#k': 'pk' },
              ExpressionAttributeValues: { ':pk': { S: partition }, ':sk': { S: '1' } },
            }),
          () => insert(insertOf('1', 'x', pk), insertOf('1', 'x', partition)),
        ];
        for (const ask of asks(`${pk}b`)) await ask();
        for (const ask of asks('other')) await expect(ask()).rejects.toMatchObject(denied);
        expect((await query()).Items).toHaveLength(1);
      });

      it('need every table of a batch', async () => {
        caller.statements = [allow(['dynamodb:BatchGetItem'], [EVENTS.arn])];
        const RequestItems = { events: { Keys: [key(pk)] }, control: { Keys: [key(pk)] } };
        await expect(client.send(new BatchGetItemCommand({ RequestItems }))).rejects.toMatchObject(denied);
        caller.statements = [allow(['dynamodb:BatchGetItem'], [EVENTS.arn, CONTROL.arn])];
        await client.send(new BatchGetItemCommand({ RequestItems }));
      });

      it('read a stream by its own ARN', async () => {
        const ShardIterator = await iterator('LATEST');
        const read = () => streamsAsCaller.send(new GetRecordsCommand({ ShardIterator }));
        caller.statements = [allow(['dynamodb:*'], [EVENTS.arn])];
        await expect(read()).rejects.toMatchObject(denied);
        await expect(streamsAsCaller.send(new ListStreamsCommand({}))).rejects.toMatchObject(denied);
        caller.statements = [allow(['dynamodb:GetRecords'], [STREAM])];
        await read();
      });

      it('show in what was observed, with the input', async () => {
        caller.statements = [];
        await expect(insert(insertOf('1'))).rejects.toMatchObject(denied);
        await put('1', 'x', asOperator);
        expect(calls).toEqual([
          [
            {
              principal: 'Role',
              action: 'dynamodb:PartiQLInsert',
              resource: EVENTS.arn,
              input: { Statements: [expect.objectContaining({ Statement: statement() })] },
            },
            false,
          ],
          [expect.objectContaining({ principal: 'operator', action: 'dynamodb:PutItem' }), true],
        ]);
      });
    });

    describe('faults', () => {
      it('strike single inserts', async () => {
        fault = ({ action }) =>
          action === 'dynamodb:PartiQLInsert'
            ? { kind: 'items', items: [0, 2], code: 'ProvisionedThroughputExceeded' }
            : undefined;
        const code = 'ProvisionedThroughputExceeded';
        expect(await insert(insertOf('1'), insertOf('2'), insertOf('3'))).toEqual([code, 'written', code]);
        expect(await insert(insertOf('4'))).toEqual([code]);
        expect(await stored()).toEqual([['2', 'x']]);
      });

      it('strike single keys of a batch, counted over its tables', async () => {
        const key = (sk: string) => ({ pk: { S: pk }, sk: { S: sk } });
        await insert(insertOf('1'), insertOf('2'), insertOf('1', 'x', pk, 'control'));
        fault = ({ action }) =>
          action === 'dynamodb:BatchGetItem' ? { kind: 'items', items: [1, 2], code: 'Throttled' } : undefined;
        const { Responses, UnprocessedKeys } = await client.send(
          new BatchGetItemCommand({
            RequestItems: {
              events: { Keys: [key('1'), key('2')], ProjectionExpression: 'sk' },
              control: { Keys: [key('1')] },
            },
          }),
        );
        expect(Responses).toEqual({ events: [{ sk: { S: '1' } }] });
        expect(UnprocessedKeys).toEqual({
          events: { Keys: [key('2')], ProjectionExpression: 'sk' },
          control: { Keys: [key('1')] },
        });
      });

      it('strike whole calls before anything is written', async () => {
        fault = () => ({ kind: 'error', status: 500, code: 'InternalServerError' });
        await expect(insert(insertOf('1'))).rejects.toMatchObject({ name: 'InternalServerError' });
        fault = () => undefined;
        expect(await stored()).toEqual([]);
      });
    });
  });
});
