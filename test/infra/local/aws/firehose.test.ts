import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeDeliveryStreamCommand, PutRecordBatchCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../../../infra/local/types.ts';
import { allow } from './endpoint-support.ts';
import {
  definition,
  GRANTS,
  query,
  STREAM,
  startFirehose,
  type TestFirehose,
  type TestFirehoseOptions,
} from './firehose-support.ts';

// The day of a prefix and the times in a file must not depend on where the machine stands.
process.env['TZ'] = 'Asia/Kolkata';

const open: TestFirehose[] = [];
async function start(options?: TestFirehoseOptions): Promise<TestFirehose> {
  const test = await startFirehose(options);
  open.push(test);
  return test;
}
afterEach(async () => {
  for (const test of open.splice(0)) await test.close();
});

const ROW = {
  id: 'a',
  time: '2026-11-22T23:30:00.123Z',
  targets: [{ type: 'user', id: 'u1' }, { type: 'group' }],
  flagged: true,
  raw_size: 5,
  score: 0.5,
  count: -1,
  labels: { k: [1, 2] },
};

describe('delivery', () => {
  it('writes exactly the columns and types of the table', async () => {
    const test = await start();
    await test.put(JSON.stringify(ROW));
    await test.firehose.flush();
    const [key = ''] = await test.keys('landing/');
    const described = await query(`DESCRIBE SELECT * FROM '${test.s3.pathOf('landing', key)}'`);
    expect(described.map(({ column_name, column_type }) => `${column_name} ${column_type}`)).toEqual([
      'id VARCHAR',
      'time TIMESTAMP',
      'targets STRUCT("type" VARCHAR, id VARCHAR)[]',
      'flagged BOOLEAN',
      'raw_size BIGINT',
      'score DOUBLE',
      'count INTEGER',
      'labels MAP(VARCHAR, BIGINT[])',
      // Not in the file: DuckDB reads it from the folder's name.
      'ingest_date DATE',
    ]);
    expect(await test.rows()).toEqual([
      {
        id: 'a',
        time: '2026-11-22 23:30:00.123',
        targets: [
          { type: 'user', id: 'u1' },
          { type: 'group', id: null },
        ],
        flagged: true,
        raw_size: '5',
        score: 0.5,
        count: -1,
        labels: [{ key: 'k', value: ['1', '2'] }],
        ingest_date: expect.any(String),
      },
    ]);
  });

  it.each(['SNAPPY', 'GZIP', 'UNCOMPRESSED'] as const)('compresses with %s', async (compression) => {
    const test = await start({ stream: definition({ compression }) });
    await test.put(JSON.stringify(ROW));
    await test.firehose.flush();
    const [key = ''] = await test.keys('landing/');
    const codecs = await query(
      `SELECT DISTINCT compression FROM parquet_metadata('${test.s3.pathOf('landing', key)}')`,
    );
    expect(codecs).toEqual([{ compression }]);
  });

  it('takes several documents of a record, keys in any case, and drops unknown keys', async () => {
    const test = await start();
    await test.put('{"ID":"1"}{"iD":"2","nope":{"deep":[]}}\n{"id":"3","Targets":[{"TYPE":"x"}]}\n', ' {"id":"4"} ');
    await test.firehose.flush();
    const rows = await test.rows();
    expect(rows.map(({ id }) => id)).toEqual(['1', '2', '3', '4']);
    expect(rows[2]).toMatchObject({ targets: [{ type: 'x', id: null }] });
    expect(Object.keys(rows[0] ?? {})).toHaveLength(9);
  });

  it('names objects by the arrival of the oldest record, in UTC', async () => {
    let now = new Date('2026-11-22T23:59:58.900Z');
    const test = await start({ now: () => now });
    await test.put('{"id":"1"}');
    now = new Date('2026-11-23T00:00:01Z');
    await test.put('{"id":"2"}', 'broken');
    await test.firehose.flush();
    const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
    const name = `${STREAM}-1-2026-11-22-23-59-58-${uuid}`;
    expect(await test.keys('')).toEqual([
      expect.stringMatching(`^errors/format-conversion-failed/2026-11-22/${name}$`),
      expect.stringMatching(`^landing/ingest_date=2026-11-22/${name}\\.parquet$`),
    ]);
  });

  it('puts records that can’t be converted aside and delivers the others', async () => {
    const arrival = new Date('2026-11-22T10:00:00Z');
    const test = await start({ now: () => arrival });
    const broken = [
      '{"id":',
      '[{"id":"1"}]',
      '{"id":"5","time":"soon"}',
      '   ',
      '{"id":"6"} x',
      '{"id":"7"}{"raw_size":1.5}',
    ];
    await test.put('{"id":"good"}', ...broken, '{"id":"also good"}');
    await test.firehose.flush();
    expect((await test.rows()).map(({ id }) => id)).toEqual(['good', 'also good']);
    const errors = await test.errors();
    expect(errors.map(({ rawData }) => Buffer.from(String(rawData), 'base64').toString())).toEqual(broken);
    expect(errors.map(({ lastErrorCode }) => String(lastErrorCode).split('.')[1])).toEqual([
      'ParseError',
      'MalformedData',
      'MalformedData',
      'MalformedData',
      'ParseError',
      'MalformedData',
    ]);
    expect(errors[2]).toEqual({
      attemptsMade: 1,
      arrivalTimestamp: arrival.getTime(),
      lastErrorCode: 'DataFormatConversion.MalformedData',
      lastErrorMessage: 'time: Data does not match the schema: "soon" is no timestamp',
      attemptEndingTimestamp: arrival.getTime(),
      rawData: Buffer.from(broken[2] ?? '').toString('base64'),
      sequenceNumber: null,
      subSequenceNumber: null,
      dataCatalogTable: {
        catalogId: '123456789012',
        databaseName: 'annals',
        tableName: 'landing',
        region: 'us-east-1',
        versionId: 'LATEST',
        catalogArn: null,
      },
    });
  });

  it('comes by itself, within a second of acceptance', async () => {
    const test = await start({ flushMs: 50 });
    await test.put('{"id":"1"}');
    await vi.waitFor(async () => expect(await test.rows()).toHaveLength(1), { timeout: 10_000, interval: 20 });
    await test.put('{"id":"2"}');
    await vi.waitFor(async () => expect(await test.rows()).toHaveLength(2), { timeout: 10_000, interval: 20 });
  });

  it('works in a folder whose name has wildcards and quotes in it', async () => {
    const dir = await mkdtemp(join(tmpdir(), "annals [x] *?'"));
    const test = await start({ dir });
    await test.put('{"id":"1"}');
    await test.firehose.flush();
    expect(await test.keys('landing/')).toHaveLength(1);
    await test.firehose.close();
    await rm(dir, { recursive: true });
  });

  it('leaves nothing behind once all is delivered', async () => {
    const test = await start();
    await test.put('{"id":"1"}', 'x');
    await test.firehose.flush();
    expect(await readdir(join(test.dir, 'firehose', STREAM))).toEqual([]);
    await test.firehose.flush();
    expect(await test.keys('')).toHaveLength(2);
  });
});

describe('the role of the stream', () => {
  // Each action of each statement, and each of the ARNs that the table's reading takes.
  const singles = GRANTS.flatMap(({ Action, Resource }) =>
    Action.flatMap((action) =>
      (action.startsWith('glue:') ? Resource : Resource.slice(0, 1)).map((resource) => ({ action, resource })),
    ),
  );
  it.each(singles)('without $action on $resource delivers nothing, says so once, and goes on later', async (lost) => {
    const onError = vi.fn();
    const stream = definition();
    const test = await start({ stream, onError });
    stream.role.statements = GRANTS.map(({ Action, Resource }) => ({ Action, Resource })).flatMap(
      ({ Action, Resource }) =>
        Action.flatMap((action) =>
          Resource.filter((resource) => action !== lost.action || resource !== lost.resource).map((resource) =>
            allow([action], [resource]),
          ),
        ),
    );
    await test.put('{"id":"1"}');
    const action = lost.action;
    await expect(test.firehose.flush()).rejects.toThrow(new RegExp(`its role DeliveryRole lacks .*${action} on arn:`));
    await expect(test.firehose.flush()).rejects.toMatchObject({ name: 'DeliveryError', code: 'delivery_failed' });
    expect(await test.keys('')).toEqual([]);
    expect(onError).toHaveBeenCalledTimes(1);
    stream.role.statements = GRANTS;
    await test.firehose.flush();
    expect(await test.rows()).toHaveLength(1);
  });

  it('is tried again without being asked', async () => {
    const stream = definition();
    stream.role.statements = [];
    const onError = vi.fn();
    const test = await start({ stream, onError, flushMs: 1 });
    await test.put('{"id":"1"}');
    await vi.waitFor(() => expect(onError).toHaveBeenCalled(), 10_000);
    stream.role.statements = GRANTS;
    await vi.waitFor(async () => expect(await test.rows()).toHaveLength(1), { timeout: 10_000, interval: 20 });
  });
});

describe('PutRecordBatch and PutRecord', () => {
  it('refuse what AWS refuses, and then take nothing', async () => {
    const test = await start();
    const put = (...Records: { Data: Buffer }[]) =>
      test.client.send(new PutRecordBatchCommand({ DeliveryStreamName: STREAM, Records }));
    const small = { Data: Buffer.from('{}') };
    await expect(put(...Array.from({ length: 501 }, () => small))).rejects.toMatchObject({
      name: 'ValidationException',
      message: /less than or equal to 500/,
    });
    await expect(put()).rejects.toMatchObject({ name: 'ValidationException' });
    const large = { Data: Buffer.alloc(1_024_000, ' ') };
    await expect(put(small, { Data: Buffer.alloc(1_024_001) })).rejects.toMatchObject({
      name: 'ValidationException',
      message: /'records.2.member.data'/,
    });
    const rest = { Data: Buffer.alloc(4 * 1024 * 1024 - 4 * 1_024_000) };
    await expect(put(large, large, large, large, rest, { Data: Buffer.from('x') })).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
    await test.firehose.flush();
    expect(await test.keys('')).toEqual([]);
    expect(await put(large, large, large, large, rest)).toMatchObject({ FailedPutCount: 0 });
    const DeliveryStreamName = 'other';
    await expect(test.client.send(new PutRecordCommand({ DeliveryStreamName, Record: small }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('take one record', async () => {
    const test = await start();
    const Record = { Data: Buffer.from('{"id":"one"}') };
    const answer = await test.client.send(new PutRecordCommand({ DeliveryStreamName: STREAM, Record }));
    expect(answer.RecordId).toMatch(/./);
    await test.firehose.flush();
    expect((await test.rows()).map(({ id }) => id)).toEqual(['one']);
  });

  it('fail single records of a batch where a fault says so, and take the others', async () => {
    let fault: Fault | undefined = { kind: 'items', items: [1, 3], code: 'ServiceUnavailableException' };
    const test = await start({ hooks: { fault: () => fault } });
    const answer = await test.put('{"id":"0"}', '{"id":"1"}', '{"id":"2"}', '{"id":"3"}');
    expect(answer).toMatchObject({
      FailedPutCount: 2,
      RequestResponses: [
        { RecordId: expect.any(String) },
        { ErrorCode: 'ServiceUnavailableException', ErrorMessage: expect.any(String) },
        { RecordId: expect.any(String) },
        { ErrorCode: 'ServiceUnavailableException' },
      ],
    });
    fault = { kind: 'items', items: [0], code: 'ServiceUnavailableException' };
    const Record = { Data: Buffer.from('{"id":"4"}') };
    await expect(test.client.send(new PutRecordCommand({ DeliveryStreamName: STREAM, Record }))).rejects.toMatchObject({
      name: 'ServiceUnavailableException',
    });
    await test.firehose.flush();
    expect((await test.rows()).map(({ id }) => id)).toEqual(['0', '2']);
  });

  it('are described', async () => {
    const test = await start();
    const { DeliveryStreamDescription } = await test.client.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: STREAM }),
    );
    expect(DeliveryStreamDescription).toMatchObject({
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamType: 'DirectPut',
      Destinations: [{ ExtendedS3DestinationDescription: { BucketARN: 'arn:aws:s3:::landing' } }],
    });
  });
});

describe('createFirehose', () => {
  it.each([
    [{ prefix: 'a/!{timestamp:EEE}/' }, /EEE/],
    [{ prefix: 'a/!{partitionKeyFromQuery:k}/' }, /partitionKeyFromQuery/],
    [{ columns: [{ name: 'a', type: 'decimal(10,2)' }] }, /decimal/],
  ])('refuses a stream with %j', async (more, message) => {
    const dir = await mkdtemp(join(tmpdir(), 'annals-refused-'));
    await expect(startFirehose({ dir, stream: definition(more) })).rejects.toThrow(message);
    await rm(dir, { recursive: true });
  });
});
