import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { toParquet } from '../../infra/local/aws/firehose/parquet.ts';
import { readTemplate } from '../../infra/local/template.ts';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { openDuckDb } from '../../shared/archive/duckdb.ts';
import { sha256Hex } from '../../shared/archive/row.ts';
import { lastVerdict } from '../../shared/archive/verify/record.ts';
import { ControlTable } from '../../shared/control/table.ts';
import { prepareEvents } from '../../shared/event/prepare.ts';
import { EventStore } from '../../shared/store/event-store.ts';
import { row } from '../shared/archive/seal/world.ts';
import { grantsOf, withoutGrant } from '../support/grants.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const DAY_MS = 86_400_000;
const roles = Map.groupBy(grantsOf(readTemplate(inject('templateFile'))), ({ role }) => role);
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
let stack: TestStack;
let s3: S3Client;
let dynamo: DynamoDBClient;
let lambda: LambdaClient;
let store: EventStore;

/** An event, one day old, that only the table has. */
async function happen(source: string) {
  const receivedAt = daysAgo(1);
  const [prepared] = prepareEvents(
    [
      {
        facts: { type: null, action: 'a', outcome: 'success', actor: { type: 'user' }, targets: [], changes: [] },
        time: receivedAt,
        vendorId: randomUUID(),
        raw: {},
      },
    ],
    { tenant: 'main', connection: 'c', source, product: 'custom', origin: 'o', tier: '365d', receivedAt },
  );
  await store.put([prepared!], () => 20_000);
  return prepared!.event;
}

async function land(day: string, rows: readonly Parameters<typeof row>[0][]): Promise<void> {
  const duckDb = await openDuckDb({ threads: 1, memoryMb: 200 });
  const Body = await toParquet(duckDb, { columns: COLUMNS, compression: 'SNAPPY' }, rows.map(row), stack.dir);
  duckDb.closeSync();
  const Key = `landing/ingest_date=${day.slice(0, 10)}/${randomUUID()}.parquet`;
  await s3.send(new PutObjectCommand({ Bucket: stack.outputs['LandingBucket'], Key, Body }));
}
const sqlTime = (time: string) => time.replace('T', ' ').replace('Z', '');

/** One event is sealed, with a large raw beside it; one is in landing; nothing else comes to landing but what is mended. */
beforeAll(async () => {
  stack = await startTestStack();
  const { url: endpoint, region, credentials } = stack.endpoint;
  s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  dynamo = new DynamoDBClient({ endpoint, region, credentials });
  lambda = new LambdaClient({ endpoint, region, credentials });
  store = new EventStore({ dynamo, table: stack.outputs['EventsTable'] ?? '', shards: {} });
  const deliver = stack.principals.find(({ name }) => name.startsWith('FunctionsDeliverRole'))!;
  deliver.statements = deliver.statements.filter(({ Action }) => !Action.includes('firehose:PutRecordBatch'));
  const raw = '{"large":true}';
  const [Bucket, Key] = [stack.outputs['ArchiveBucket'], `raw/${sha256Hex(raw)}`];
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: raw, IfNoneMatch: '*' }));
  const sealed = await happen('custom.sealed');
  const large = { raw: null, raw_sha256: sha256Hex(raw) };
  await land(daysAgo(4), [
    { id: sealed.id, time: sqlTime(sealed.time), tenant: 'main', source: sealed.source, ...large },
  ]);
  await stack.runSchedule('SealingSeal');
  const landed = await happen('custom.landed');
  await land(daysAgo(0), [{ id: landed.id, time: sqlTime(landed.time), tenant: 'main', source: landed.source }]);
});
afterAll(async () => {
  for (const client of [s3, dynamo, lambda]) client?.destroy();
  await stack?.close();
});

async function archiveIsVerified(): Promise<void> {
  const before = Date.now();
  await stack.runSchedule('VerificationVerify');
  const verdict = await lastVerdict(new ControlTable(dynamo, stack.outputs['ControlTable'] ?? ''));
  expect(verdict).toMatchObject({ status: 'verified' });
  expect(Date.parse(verdict?.at ?? '')).toBeGreaterThanOrEqual(before);
}

async function lostEventIsMended(): Promise<void> {
  const { id } = await happen('custom.lost');
  const FunctionName = stack.outputs['ReconcileFunction'];
  const { Payload, FunctionError } = await lambda.send(new InvokeCommand({ FunctionName }));
  const text = Payload?.transformToString() ?? '';
  expect(FunctionError, text).toBeUndefined();
  const { differing, notRepaired } = JSON.parse(text);
  expect(notRepaired).toBe(0);
  expect(differing.map(({ source }: { source: string }) => source)).toEqual(['custom.lost']);
  await vi.waitFor(async () => expect(await stack.call('GET', `/v1/events/${id}`)).toMatchObject({ status: 200 }), {
    timeout: 10_000,
  });
}

async function scheduleRuns(functionName: string): Promise<void> {
  const { id = '' } = stack.template.functions.find((one) => one.id.startsWith(functionName)) ?? {};
  const size = () => statSync(join(stack.dir, 'logs', `${id}.log`), { throwIfNoEntry: false })?.size ?? 0;
  const before = size();
  await stack.runSchedule(functionName).catch(() => {});
  await vi.waitFor(() => expect(size()).toBeGreaterThan(before), { timeout: 1_500 });
}

const isLogs = ({ action }: { action: string }) => action.startsWith('logs:');
const SCENARIOS: [role: string, scenario: () => Promise<void>][] = [
  ['VerificationVerifyRole', archiveIsVerified],
  ['VerificationReconcileRole', lostEventIsMended],
];

describe.each(SCENARIOS)('%s', (role, scenario) => {
  const own = (roles.get(role) ?? []).filter((grant) => !isLogs(grant));

  it('has what it needs', scenario);

  it.each(own.map((grant) => [grant.text, grant] as const))('needs %s', async (_, grant) => {
    const failure = await withoutGrant(stack.principals, grant, scenario).catch((error) => error);
    expect(failure, 'does without it: drop the grant').toMatchObject({ name: 'AssertionError' });
    await scenario();
  });
});

describe.each(['Verify', 'Reconcile'])('the %s function', (name) => {
  const grants = [
    ...(roles.get(`Verification${name}Role`) ?? []).filter(isLogs),
    ...(roles.get(`Verification${name}ScheduleRole`) ?? []),
  ];

  it.each(grants.map((grant) => [`${grant.role} ${grant.text}`, grant] as const))(
    'is started and logs by %s',
    async (_, grant) => {
      await scheduleRuns(`Verification${name}`);
      const failure = await withoutGrant(stack.principals, grant, () => scheduleRuns(`Verification${name}`)).catch(
        (error) => error,
      );
      expect(failure).toMatchObject({ name: 'AssertionError' });
    },
  );
});
