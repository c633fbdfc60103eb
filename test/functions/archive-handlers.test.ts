import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamo } from '../../infra/local/aws/dynamodb.ts';
import { startEndpoint } from '../../infra/local/aws/endpoint.ts';
import { createFirehose, type Firehose } from '../../infra/local/aws/firehose.ts';
import { createKms } from '../../infra/local/aws/kms.ts';
import { createS3, type S3 } from '../../infra/local/aws/s3.ts';
import type { Principal, Statement } from '../../infra/local/types.ts';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { s3SealStore } from '../../shared/archive/seal/s3-store.ts';
import { Seal } from '../../shared/archive/seal/seal.ts';
import { kmsSigner } from '../../shared/archive/seal/signer.ts';
import { lastVerdict } from '../../shared/archive/verify/record.ts';
import { ControlTable } from '../../shared/control/table.ts';
import { prepareEvents } from '../../shared/event/prepare.ts';
import { EventStore } from '../../shared/store/event-store.ts';
import { ACCOUNT, allow, clientOf, principal, REGION, TABLES } from '../infra/local/aws/endpoint-support.ts';
import { definition, STREAM } from '../infra/local/aws/firehose-support.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const KEY_ID = '11111111-1111-1111-1111-111111111111';
const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KEY_ID}`;
const table = (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
const only = (...partitions: string[]): NonNullable<Statement['Condition']> => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
  Null: { 'dynamodb:LeadingKeys': ['false'] },
});

/** What infra/verify.ts grants, and no more. */
const VERIFY = principal('Verify', [
  allow(['s3:ListBucketVersions'], ['arn:aws:s3:::archive']),
  allow(
    ['s3:GetObjectVersion'],
    ['archive', 'digests', 'keys', 'raw'].map((one) => `arn:aws:s3:::archive/${one}/*`),
  ),
  allow(['kms:GetPublicKey'], [KEY_ARN]),
  allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [table('control')], only('verify')),
]);
const RECONCILE = principal('Reconcile', [
  allow(['s3:ListBucketVersions'], ['arn:aws:s3:::archive', 'arn:aws:s3:::landing']),
  allow(
    ['s3:GetObjectVersion'],
    ['arn:aws:s3:::archive/archive/*', 'arn:aws:s3:::archive/digests/*', 'arn:aws:s3:::landing/landing/*'],
  ),
  allow(['dynamodb:Query', 'dynamodb:BatchGetItem'], [table('events')]),
  allow(['dynamodb:Query'], [table('control')], only('connection', 'reconcile')),
  allow(['dynamodb:PutItem'], [table('control')], only('reconcile')),
  allow(['firehose:PutRecordBatch'], [definition().arn]),
]);

let dir: string;
let url: string;
let firehose: Firehose;
let s3: S3;
let control: ControlTable;
let close: () => Promise<void>;
let ids: string[];

/** Five events of four days ago that nobody delivered: reconcile sends them, and what then is due is sealed. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annals-handlers-'));
  const dynamo = await createDynamo({ backend: 'dynalite', tables: TABLES, region: REGION, accountId: ACCOUNT });
  s3 = createS3({
    dir,
    buckets: [
      { name: 'landing', versioned: true, policy: [] },
      { name: 'archive', objectLock: {}, policy: [] },
    ],
  });
  const root = {
    Effect: 'Allow' as const,
    Action: ['kms:*'],
    Resource: ['*'],
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  };
  const key = {
    id: KEY_ID,
    arn: KEY_ARN,
    spec: 'RSA_2048' as const,
    description: '',
    enabled: true,
    aliases: [],
    policy: [root],
  };
  const kms = await createKms({ dir, keys: [key], region: REGION, accountId: ACCOUNT });
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  let arrival = daysAgo(4);
  firehose = createFirehose({
    dir,
    streams: [definition({ columns: COLUMNS })],
    s3,
    flushMs: 60_000,
    now: () => arrival,
  });
  const operator = principal('operator');
  const services = [dynamo.service, s3.service, kms, firehose.service];
  const endpoint = await startEndpoint({ services, principals: [operator, VERIFY, RECONCILE] });
  url = endpoint.url;
  const client = new DynamoDBClient(clientOf(url, operator));
  const s3Client = new S3Client(clientOf(url, operator));
  const kmsClient = new KMSClient(clientOf(url, operator));
  close = async () => {
    for (const one of [client, s3Client, kmsClient]) one.destroy();
    await firehose.close();
    await endpoint.close();
    await dynamo.close();
  };
  control = new ControlTable(client, 'control');
  const store = new EventStore({ dynamo: client, table: 'events', shards: { default: 1 } });
  const receivedAt = arrival.toISOString();
  const events = prepareEvents(
    [1, 2, 3, 4, 5].map((n) => ({
      facts: {
        type: null,
        action: 'act',
        outcome: 'success',
        actor: { type: 'user', name: 'jane' },
        targets: [],
        changes: [],
      },
      vendorId: String(n),
      time: receivedAt,
      raw: { n },
    })),
    { tenant: 'main', connection: 'c', source: 'custom.app', product: 'custom', origin: 'o', tier: '365d', receivedAt },
  );
  await store.put(events, () => 20_000);
  ids = events.map(({ event }) => event.id);
  await control.replace('reconcile', 'main#other#2020-01', {
    tenant: 'main',
    source: 'other',
    month: '2020-01',
    counts: {},
  });
  await invoke(RECONCILE, 'reconcile');
  await firehose.flush();
  arrival = new Date();
  const seal = new Seal({
    landing: s3SealStore(s3Client, 'landing'),
    archive: s3SealStore(s3Client, 'archive'),
    signer: kmsSigner(kmsClient, KEY_ARN),
    lock: { mode: 'GOVERNANCE', years: 7 },
    retention: {},
    holds: async () => [],
    limits: { bytes: 1_000_000, objects: 10, files: 10 },
    partMs: 1,
    temporary: dir,
    memoryMb: 200,
    refused: () => {},
  });
  for await (const _ of seal.run(new Date(), () => Number.POSITIVE_INFINITY));
});
afterAll(async () => {
  await close?.();
  await rm(dir, { recursive: true, force: true });
});

/** The answer of a function that runs as somebody. */
async function invoke(who: Principal, name: string, event: unknown = {}) {
  const env = {
    PATH: process.env['PATH'],
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: who.accessKeyId,
    AWS_SECRET_ACCESS_KEY: who.secretAccessKey,
    EVENTS_TABLE: 'events',
    CONTROL_TABLE: 'control',
    LANDING_BUCKET: 'landing',
    ARCHIVE_BUCKET: 'archive',
    ARCHIVE_RETENTION: '{}',
    DELIVERY_STREAM: STREAM,
    SIGNING_KEY: KEY_ARN,
    TENANT: 'main',
    SHARDS: '{"default":1}',
    POWERTOOLS_SERVICE_NAME: 'annals-test',
    POWERTOOLS_METRICS_NAMESPACE: 'Annals',
  };
  const args = [
    join(ROOT, 'test/support/run-handler.ts'),
    join(ROOT, `functions/${name}/index.ts`),
    JSON.stringify(event),
  ];
  const { stdout } = await run(process.execPath, args, { env });
  const [, answer = 'null'] = /^ANSWER (.*)$/m.exec(stdout) ?? [];
  return { answer: JSON.parse(answer), stdout };
}

describe('reconcile, with its grants and no others', () => {
  it('sent what was missing on the way of deliver, and finds all of it in the archive afterwards', async () => {
    const { answer, stdout } = await invoke(RECONCILE, 'reconcile');
    expect(answer).toMatchObject({ sourceDays: 1, events: 5, repaired: 0, unknown: 0, differing: [] });
    expect(stdout).toContain('"ReconcileMissing":0');
  });
});

describe('verify, with its grants and no others', () => {
  it('verifies what the key of KMS signed, and stores the verdict', async () => {
    const { stdout } = await invoke(VERIFY, 'verify');
    expect(stdout).toContain('"VerifyFindings":0');
    expect(await lastVerdict(control)).toMatchObject({ status: 'verified' });
  });

  it('says where an event is sealed', async () => {
    const { answer } = await invoke(VERIFY, 'verify', { tenant: 'main', id: ids[0] });
    expect(answer).toMatchObject({
      found: true,
      source: 'custom.app',
      file: { rows: 5 },
      digest: { key: expect.stringContaining('digests/') },
    });
    expect((await invoke(VERIFY, 'verify', { tenant: 'other', id: ids[0] })).answer).toEqual({ found: false });
  });

  it('counts what is wrong, and logs it', async () => {
    const { answer } = await invoke(VERIFY, 'verify', { tenant: 'main', id: ids[0] });
    await writeFile(s3.pathOf('archive', answer.file.key), 'altered');
    const { stdout } = await invoke(VERIFY, 'verify');
    expect(stdout).toMatch(/"VerifyFindings":[12]\b/);
    expect(stdout).toContain('altered_file');
    expect(await lastVerdict(control)).toMatchObject({ status: 'failed' });
  });
});
