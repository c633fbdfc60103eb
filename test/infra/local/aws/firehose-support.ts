import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { startEndpoint } from '../../../../infra/local/aws/endpoint.ts';
import { createFirehose, type Firehose, type FirehoseOptions } from '../../../../infra/local/aws/firehose.ts';
import { createS3, type S3 } from '../../../../infra/local/aws/s3.ts';
import type { DeliveryStreamDefinition, Hooks, Statement } from '../../../../infra/local/types.ts';
import { openDuckDb, sqlText } from '../../../../shared/archive/duckdb.ts';
import { ACCOUNT, allow, clientOf, principal, REGION } from './endpoint-support.ts';

export const STREAM = 'annals-landing';
const LOG_GROUP = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:firehose`;

/** What the template grants the stream's role, statement by statement. */
export const GRANTS: readonly Statement[] = [
  allow(
    ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
    ['arn:aws:s3:::landing/landing/*', 'arn:aws:s3:::landing/errors/*'],
  ),
  allow(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], ['arn:aws:s3:::landing']),
  allow(
    ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
    ['catalog', 'database/annals', 'table/annals/landing'].map((one) => `arn:aws:glue:${REGION}:${ACCOUNT}:${one}`),
  ),
  allow(['logs:PutLogEvents'], [`${LOG_GROUP}:log-stream:delivery`]),
];

export const COLUMNS = [
  { name: 'id', type: 'string' },
  { name: 'time', type: 'timestamp' },
  { name: 'targets', type: 'array<struct<type:string,id:string>>' },
  { name: 'flagged', type: 'boolean' },
  { name: 'raw_size', type: 'bigint' },
  { name: 'score', type: 'double' },
  { name: 'count', type: 'int' },
  { name: 'labels', type: 'map<string,array<bigint>>' },
] as const;

export function definition(more: Partial<DeliveryStreamDefinition> = {}): DeliveryStreamDefinition {
  return {
    name: STREAM,
    arn: `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/${STREAM}`,
    bucket: 'landing',
    prefix: 'landing/ingest_date=!{timestamp:yyyy-MM-dd}/',
    errorPrefix: 'errors/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/',
    fileExtension: '.parquet',
    compression: 'SNAPPY',
    columns: COLUMNS,
    glue: { region: REGION, account: ACCOUNT, database: 'annals', table: 'landing' },
    logGroupArn: `${LOG_GROUP}:*`,
    logStream: 'delivery',
    role: principal('DeliveryRole', GRANTS),
    ...more,
  };
}

export interface TestFirehose {
  readonly dir: string;
  readonly s3: S3;
  readonly firehose: Firehose;
  readonly client: FirehoseClient;
  /** Sends records, each text one. */
  put(...records: string[]): ReturnType<FirehoseClient['send']>;
  /** Keys of the bucket under a prefix. */
  keys(prefix: string): Promise<string[]>;
  /** The rows of all Parquet files under `landing/`, as JSON. */
  rows(): Promise<Record<string, unknown>[]>;
  /** The JSON lines of all objects under `errors/`. */
  errors(): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export interface TestFirehoseOptions extends Partial<FirehoseOptions> {
  readonly stream?: DeliveryStreamDefinition;
  readonly hooks?: Hooks;
}

/** Endpoint with S3 and Firehose; deliveries wait for `flush` unless `flushMs` says otherwise. */
export async function startFirehose(options: TestFirehoseOptions = {}): Promise<TestFirehose> {
  const { stream = definition(), hooks, dir: given, ...more } = options;
  const dir = given ?? (await mkdtemp(join(tmpdir(), 'annals-firehose-')));
  const s3 = createS3({ dir, buckets: [{ name: 'landing', policy: [] }] });
  const firehose = createFirehose({ dir, streams: [stream], s3, flushMs: 3_600_000, ...more });
  const operator = principal('operator');
  const services = [s3.service, firehose.service];
  const endpoint = await startEndpoint({ services, principals: [operator], ...(hooks && { hooks }) });
  const client = new FirehoseClient(clientOf(endpoint.url, operator));

  async function keys(prefix: string): Promise<string[]> {
    const found: string[] = [];
    for await (const path of glob(`${prefix}**/*`, { cwd: join(dir, 's3/landing'), withFileTypes: true }))
      if (path.isFile()) found.push(join(path.parentPath, path.name).slice(join(dir, 's3/landing/').length));
    return found.sort();
  }
  return {
    dir,
    s3,
    firehose,
    client,
    put: (...records) =>
      client.send(
        new PutRecordBatchCommand({
          DeliveryStreamName: STREAM,
          Records: records.map((text) => ({ Data: Buffer.from(text) })),
        }),
      ),
    keys,
    async rows() {
      const paths = (await keys('landing/')).map((key) => s3.pathOf('landing', key));
      return paths.length === 0 ? [] : query(`SELECT * FROM read_parquet([${paths.map(sqlText).join(', ')}])`);
    },
    async errors() {
      const texts = await Promise.all(
        (await keys('errors/')).map((key) => readFile(s3.pathOf('landing', key), 'utf8')),
      );
      return texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line));
    },
    async close() {
      client.destroy();
      await endpoint.close();
      await firehose.close();
      if (given === undefined) await rm(dir, { recursive: true });
    },
  };
}

/** Runs SQL in a DuckDB of its own. */
export async function query(sql: string): Promise<Record<string, unknown>[]> {
  const duckDb = await openDuckDb();
  try {
    return (await (await duckDb.connect()).runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    duckDb.closeSync();
  }
}
