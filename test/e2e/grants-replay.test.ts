import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { toParquet } from '../../infra/local/aws/firehose/parquet.ts';
import { readTemplate } from '../../infra/local/template.ts';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { openDuckDb } from '../../shared/archive/duckdb.ts';
import { prepareEvents } from '../../shared/event/prepare.ts';
import { grantsOf, withoutGrant } from '../support/grants.ts';
import { landingRow } from '../support/landing-row.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const ROLE = 'ReplayingReplayRole';
const grants = grantsOf(readTemplate(inject('templateFile'))).filter(({ role }) => role === ROLE);
const isLogs = ({ action }: { action: string }) => action.startsWith('logs:');
const isRaw = ({ action }: { action: string }) => action.startsWith('s3:PutObject');
const DAY = new Date(Date.now() - 3 * 86_400_000).toISOString();
/** Each is replayed once: what is there already takes fewer grants. */
const SMALL = Array.from({ length: 30 }, (_, n) => `custom.small${n}`);
const LARGE = Array.from({ length: 4 }, (_, n) => `custom.large${n}`);
let stack: TestStack;
let lambda: LambdaClient;

/** One event of each source, sealed and not in the table. Those called large have a raw that fits a row and no item. */
beforeAll(async () => {
  stack = await startTestStack();
  const { url: endpoint, region, credentials } = stack.endpoint;
  lambda = new LambdaClient({ endpoint, region, credentials });
  const facts = { type: null, action: 'a', outcome: 'success', actor: { type: 'user', id: 'u' } } as const;
  const rows = [...SMALL, ...LARGE].flatMap((source) =>
    prepareEvents(
      [
        {
          facts: { ...facts, targets: [], changes: [] },
          time: DAY,
          vendorId: '1',
          raw: LARGE.includes(source) ? { blob: randomBytes(375_000).toString('base64') } : {},
        },
      ],
      { tenant: 'main', connection: 'c', source, product: 'custom', origin: 'o', tier: '365d', receivedAt: DAY },
    ).map(({ event }) => landingRow(event)),
  );
  const duckDb = await openDuckDb({ threads: 1, memoryMb: 200 });
  const Body = await toParquet(duckDb, { columns: COLUMNS, compression: 'SNAPPY' }, rows, stack.dir);
  duckDb.closeSync();
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const Key = `landing/ingest_date=${DAY.slice(0, 10)}/one.parquet`;
  await s3.send(new PutObjectCommand({ Bucket: stack.outputs['LandingBucket'], Key, Body }));
  s3.destroy();
  await stack.runSchedule('SealingSeal');
});
afterAll(async () => {
  lambda?.destroy();
  await stack?.close();
});

async function replay(source: string | undefined): Promise<void> {
  expect(source, 'more sources are needed').toBeDefined();
  const day = DAY.slice(0, 10);
  const Payload = JSON.stringify({ source, from: day, to: day, days: 1, by: 'test' });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: stack.outputs['ReplayFunction'], Payload }));
  const text = answer.Payload?.transformToString() ?? '';
  expect(answer.FunctionError, text).toBeUndefined();
  expect(JSON.parse(text).counts).toMatchObject({ stored: 1 });
  expect(await stack.page(`source=${source}`)).toHaveLength(1);
}

async function logs(): Promise<void> {
  const { id = '' } = stack.template.functions.find((one) => one.id.startsWith('ReplayingReplay')) ?? {};
  const size = () => statSync(join(stack.dir, 'logs', `${id}.log`), { throwIfNoEntry: false })?.size ?? 0;
  const before = size();
  await replay(SMALL.pop());
  await vi.waitFor(() => expect(size()).toBeGreaterThan(before), { timeout: 1_500 });
}

it.each(grants.map((grant) => [grant.text, grant] as const))(`${ROLE} needs %s`, async (_, grant) => {
  const scenario = isLogs(grant) ? logs : () => replay((isRaw(grant) ? LARGE : SMALL).pop());
  const failure = await withoutGrant(stack.principals, grant, scenario).catch((error) => error);
  expect(failure, 'does without it: drop the grant').toMatchObject({ name: 'AssertionError' });
  await scenario();
});
