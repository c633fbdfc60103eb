import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DeleteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toParquet } from '../../infra/local/aws/firehose/parquet.ts';
import type { Call, Fault } from '../../infra/local/types.ts';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { openDuckDb } from '../../shared/archive/duckdb.ts';
import { deliver, githubConnection } from '../support/github.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const run = promisify(execFile);
const COMMAND = join(import.meta.dirname, '../../infra/cli/replay.ts');
const PAST_DAY = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
/** Nothing that the seal can read. */
const BAD = `landing/ingest_date=${PAST_DAY}/bad.parquet`;
let stack: TestStack;
let s3: S3Client;
let dynamo: DynamoDBClient;
let firehose: FirehoseClient;
let fault: (call: Call) => Fault | undefined = () => undefined;

beforeAll(async () => {
  stack = await startTestStack({ hooks: { fault: (call) => fault(call) } });
  const { url: endpoint, region, credentials } = stack.endpoint;
  s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  dynamo = new DynamoDBClient({ endpoint, region, credentials });
  firehose = new FirehoseClient({ endpoint, region, credentials });
});
afterAll(async () => {
  for (const client of [s3, dynamo, firehose]) client?.destroy();
  await stack?.close();
});

const replay = (...args: string[]) =>
  run(process.execPath, [COMMAND, '--dir', stack.dir, ...args]).then(
    ({ stdout, stderr }) => ({ status: 0, out: stdout, err: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      status: error.code,
      out: error.stdout,
      err: error.stderr,
    }),
  );
const bucket = (name: 'Landing' | 'Failures') => stack.outputs[`${name}Bucket`] ?? '';
const keysUnder = async (name: 'Landing' | 'Failures', Prefix: string) =>
  ((await s3.send(new ListObjectsV2Command({ Bucket: bucket(name), Prefix }))).Contents ?? []).map(
    ({ Key = '' }) => Key,
  );

const putObject = (name: 'Landing' | 'Failures', Key: string, Body: string | Uint8Array = '') =>
  s3.send(new PutObjectCommand({ Bucket: bucket(name), Key, Body }));

/** A landing object with a row of nobody. */
async function homeless(): Promise<Buffer> {
  const duckDb = await openDuckDb({ threads: 1, memoryMb: 200 });
  const rows = [{ id: 'x', time: '2026-01-01 00:00:00', tenant: 'NOBODY' }];
  const bytes = await toParquet(duckDb, { columns: COLUMNS, compression: 'SNAPPY' }, rows, stack.dir);
  duckDb.closeSync();
  return bytes;
}

async function send(source: string, events: object[]): Promise<string[]> {
  const body = events.map((one, n) => ({ action: `a.${n}`, actor: { id: 'u' }, source, ...one }));
  const reply = await stack.call<{ ids: string[] }>('POST', '/v1/events', { body });
  expect(reply.status, reply.text).toBe(202);
  return reply.body.ids;
}
const inSql = async (source: string) =>
  (await stack.sql(`select id from events where source = '${source}'`)).map(({ id }) => id).sort();

it('has nothing to do where nothing failed', async () => {
  expect(await replay('--failed')).toEqual({ status: 0, out: expect.stringMatching(/^nothing is left/), err: '' });
});

describe('npm run replay -- --from --to --source', () => {
  const RANGE = ['--from', '2019-05-05', '--to', '2019-05-06', '--source', 'custom.old'];

  /** What TTL does in the end. */
  async function expire(ids: readonly string[]): Promise<void> {
    const TableName = stack.outputs['EventsTable'];
    for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName }))
      for (const { pk, sk } of Items)
        if (pk !== undefined && sk?.S !== undefined && ids.includes(sk.S))
          await dynamo.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
  }

  it('brings events back as they were before they left, and writes down who asked', async () => {
    const raw = { nested: { big: [1.5, null, 'ä'] }, blob: 'x'.repeat(900_000) };
    const old = { tier: '180d', outcome: 'failure', ip: '192.0.2.1', location: { country: 'DE' } };
    const ids = await send('custom.old', [
      { ...old, time: '2019-05-05T05:05:05.005Z', raw: { n: 1 } },
      { ...old, time: '2019-05-06T05:05:05Z', targets: [{ type: 'file', name: 'F' }], raw },
      { ...old, time: '2019-05-06T06:05:05Z', changes: [{ attribute: 'A', old: '', new: 'b' }], device: {} },
    ]);
    const shown = () => Promise.all(ids.map(async (id) => (await stack.call('GET', `/v1/events/${id}`)).body));
    const before = await shown();
    expect(before.map((event) => event['id'])).toEqual(ids);
    await stack.flush();
    for (const key of await keysUnder('Landing', 'landing/')) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket('Landing'), Key: key }));
      await putObject(
        'Landing',
        `landing/ingest_date=${PAST_DAY}/${key.split('/').at(-1)}`,
        await Body?.transformToByteArray(),
      );
    }
    await putObject('Landing', BAD, await homeless());
    await stack.runSchedule('SealingSeal');
    expect(await replay(...RANGE)).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^replayed: 0 events .*; 3 were there/),
    });

    await expire(ids);
    expect((await shown()).map(({ status }) => status)).toEqual([404, 404, 404]);
    const back = await replay(...RANGE, '--days', '7');
    expect(back).toEqual({
      status: 0,
      out: expect.stringMatching(/^replayed: 3 events of custom\.old \(tenant main\)/),
      err: '',
    });
    expect(await shown()).toEqual(before);
    expect((await stack.page('source=custom.old&target=F')).map(({ id }) => id)).toEqual([ids[1]]);
    expect(await stack.sql(`select count(*) as n from events where source = 'custom.old'`)).toEqual([{ n: 3 }]);
    const acts = await stack.page('source=annals.audit&action=archive.replay');
    expect(acts).toHaveLength(2);
    expect(acts[0]).toMatchObject({
      actor: { type: 'user', name: userInfo().username, role: 'deployer' },
      targets: [{ type: 'source', id: 'custom.old' }],
      changes: [
        { attribute: 'from', new: '2019-05-05' },
        { attribute: 'to', new: '2019-05-06' },
        { attribute: 'days', new: '7' },
      ],
    });
    expect(await replay(...RANGE, '--tenant', 'nobody')).toMatchObject({
      status: 0,
      out: expect.stringContaining('replayed: 0'),
    });
  });

  it('says what is wrong with what it is asked for', async () => {
    for (const args of [
      ['--from', '2019-05-05'],
      [...RANGE, '--days', '0'],
      [...RANGE, '--list'],
      ['--failed', '--source', 'x'],
    ])
      expect(await replay(...args)).toMatchObject({ status: 1, out: '', err: expect.stringContaining('usage: ') });
    expect(await replay('--help')).toEqual({ status: 0, out: expect.stringContaining('usage: '), err: '' });
  });
});

describe('npm run replay -- --failed', () => {
  it('gives deliver again what it did not take, and marks it once it does', async () => {
    fault = ({ action }) =>
      action === 'firehose:PutRecordBatch'
        ? { kind: 'error', status: 400, code: 'InvalidArgumentException' }
        : undefined;
    const time = new Date().toISOString();
    const ids = await send('custom.lost', [{ time }, { time }, { time }]);
    await stack.flush();
    const listed = await replay('--failed', '--list');
    expect([listed.status, listed.err]).toEqual([1, '']);
    expect(listed.out).toMatch(/batch +\d records? +left +s3:\/\/\S+aws\/lambda\/[\s\S]+can be replayed/);
    // While the cause lasts, it stays.
    expect(await replay('--failed')).toMatchObject({
      status: 1,
      out: expect.stringMatching(/: 0 of \d sent again; deliver/),
    });
    fault = () => undefined;
    expect(await inSql('custom.lost')).toEqual([]);

    expect(await replay('--failed')).toMatchObject({ out: expect.stringMatching(/batch .*: (\d) of \1 sent again/) });
    expect(await inSql('custom.lost')).toEqual(ids.sort());
    const again = await replay('--failed', '--list');
    expect(again.out).toMatch(/batch .* done 20/);
    expect(again.out).not.toMatch(/batch .* left/);
    expect(await keysUnder('Failures', 'aws/lambda/')).not.toEqual([]);
    expect(await inSql('custom.lost')).toEqual(ids);
  });

  it('sends to Firehose again what fits the columns now, and names what does not', async () => {
    const time = new Date().toISOString();
    const [id = ''] = await send('custom.fits', [{ time }]);
    const good = JSON.stringify({
      id: `${id.slice(0, -1)}X`,
      time,
      tenant: 'main',
      source: 'custom.fitted',
      received_at: time,
    });
    const Data = Buffer.from(`${good}\n{"id":"b","raw_size":"much"}\n`);
    await firehose.send(
      new PutRecordBatchCommand({ DeliveryStreamName: stack.outputs['DeliveryStream'], Records: [{ Data }] }),
    );
    await stack.flush();
    expect(await inSql('custom.fitted')).toEqual([]);
    const first = await replay('--failed');
    expect(first).toMatchObject({ status: 1, out: expect.stringMatching(/records .*: 0 of 1 sent again; .*raw_size/) });
    expect(first.out).toMatch(/LEFT: 2 of/);
    // What shared the record with it has got through.
    expect(await inSql('custom.fitted')).toHaveLength(1);

    const [key = ''] = await keysUnder('Landing', 'errors/');
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket('Landing'), Key: key }));
    const line = JSON.parse((await Body?.transformToString()) ?? '');
    const rawData = Buffer.from(`${good.replace('custom.fitted', 'custom.mended')}\n`).toString('base64');
    await putObject('Landing', 'errors/format-conversion-failed/mended', JSON.stringify({ ...line, rawData }));
    expect(await replay('--failed', '--done', key)).toMatchObject({
      status: 0,
      out: expect.stringContaining('marked as done'),
    });
    expect(await replay('--failed')).toMatchObject({ out: expect.stringContaining('mended: 1 of 1 sent again') });
    expect(await inSql('custom.mended')).toHaveLength(1);
  });

  it('shows rejects, conflicts and what the seal could not read, and says what to do', async () => {
    const connection = await githubConnection(stack);
    await deliver(stack, connection, { event: 'push', body: 'no JSON' });
    const push = (ref: string) => ({
      event: 'push',
      delivery: 'twice',
      body: JSON.stringify({ ref, sender: { login: 'o' } }),
    });
    await deliver(stack, connection, push('a'));
    await deliver(stack, connection, push('b'));
    await putObject('Failures', 'aws/lambda/x', '{}');

    const { status, out } = await replay('--failed');
    expect(status).toBe(1);
    expect(out).toMatch(/reject +1 record +left .*\n.*events\?connection=octo of tenant main/);
    expect(out).toMatch(/unreadable +1 record +left .*bad\.parquet\n.*no usable id.*runbook\.md#sealunreadable/);
    expect(out).toMatch(/unknown +1 record +left .*aws\/lambda\/x/);
    expect(out).toMatch(/LEFT: 3 of \d+ objects, 1 of them conflicts/);
    expect((await replay('--failed', '--list')).out).toMatch(/conflict +1 record +kept /);
    const today = new Date().toISOString().slice(0, 10);
    expect((await replay('--failed', '--list', '--to', '2020-01-01')).out).toMatch(/^nothing is left: 0 objects/);
    expect((await replay('--failed', '--list', '--from', today, '--to', today)).out).toContain('bad.parquet');

    const [reject = ''] = await keysUnder('Failures', 'rejects/');
    const done = await replay('--failed', '--done', reject, '--done', BAD, '--done', 'aws/lambda/x');
    expect(done.status).toBe(0);
    expect(await replay('--failed')).toMatchObject({ status: 0 });
    expect(await replay('--failed', '--done', 'none')).toMatchObject({
      status: 1,
      err: expect.stringContaining('key none'),
    });
  });
});
