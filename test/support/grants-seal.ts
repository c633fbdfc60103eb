import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectTaggingCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, vi } from 'vitest';
import { toParquet } from '../../infra/local/aws/firehose/parquet.ts';
import { createCustomResources } from '../../infra/local/custom-resources.ts';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { Digest } from '../../shared/archive/digest.ts';
import { openDuckDb } from '../../shared/archive/duckdb.ts';
import { newestDueDay } from '../../shared/archive/seal/days.ts';
import { type Plan, planBytes, planKey } from '../../shared/archive/seal/plan.ts';
import { s3SealStore } from '../../shared/archive/seal/s3-store.ts';
import { row } from '../shared/archive/seal/world.ts';
import { startTestStack, type TestStack } from './stack.ts';

const DAY_MS = 86_400_000;
/** Two days that are due: the second meets what the first has left. */
const SECOND = newestDueDay(new Date());
const FIRST = new Date(Date.parse(SECOND) - DAY_MS).toISOString().slice(0, 10);
const GONE = { key: `landing/ingest_date=${FIRST}/gone.parquet`, version: 'gone', size: 10 };

/** A stack in which two days are to be sealed, and the operator's eyes on it. */
export interface SealWorld {
  readonly stack: TestStack;
  readonly s3: S3Client;
  /** What is in landing, by day. */
  readonly landed: readonly string[];
  close(): Promise<void>;
}

/**
 * The first day has a plan already, which names an object that is gone; the second has an event anew that the first has.
 * So one run reads and writes all that a seal may have to.
 */
export async function startSealWorld(): Promise<SealWorld> {
  const stack = await startTestStack();
  const { url: endpoint, region, credentials } = stack.endpoint;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const [landing = '', archive = ''] = [stack.outputs['LandingBucket'], stack.outputs['ArchiveBucket']];
  const duckDb = await openDuckDb({ threads: 1, memoryMb: 200 });
  const land = async (day: string, ids: readonly string[]): Promise<string> => {
    const rows = ids.map((id) => row({ id, time: `${FIRST} 10:00:00`, tenant: 'main' }));
    const Body = await toParquet(duckDb, { columns: COLUMNS, compression: 'SNAPPY' }, rows, stack.dir);
    const Key = `landing/ingest_date=${day}/${randomUUID()}.parquet`;
    await s3.send(new PutObjectCommand({ Bucket: landing, Key, Body }));
    return Key;
  };
  const landed = [await land(FIRST, ['A', 'B']), await land(SECOND, ['A', 'C'])];
  duckDb.closeSync();
  const first = await s3SealStore(s3, landing).versions(landed[0] ?? '');
  const plan: Plan = {
    format: 1,
    day: FIRST,
    plannedAt: new Date().toISOString(),
    parts: [[...first, GONE]],
    expired: [],
  };
  const Body = planBytes(plan);
  await s3.send(new PutObjectCommand({ Bucket: archive, Key: planKey(FIRST), Body, IfNoneMatch: '*' }));
  return {
    stack,
    s3,
    landed,
    async close() {
      s3.destroy();
      await stack.close();
    },
  };
}

/** The seal runs, and both days are sealed. */
export async function daysAreSealed({ stack, s3, landed }: SealWorld): Promise<void> {
  await stack.runSchedule('SealingSeal').catch(() => {});
  const store = s3SealStore(s3, stack.outputs['ArchiveBucket'] ?? '');
  const stored = await store.versions('');
  const names = stored.map(({ key }) => key);
  const files = [FIRST, SECOND].map((day) => `archive/event_date=${FIRST}/main/${day}-1.parquet`);
  const digests = [FIRST, SECOND].flatMap((day) => [`digests/${day}.json`, `digests/${day}.sig`]);
  expect(names).toEqual(expect.arrayContaining([...files, ...digests]));
  const read = async (key: string) => {
    const object = stored.find((one) => one.key === key);
    return Digest.parse(JSON.parse(String(object && (await store.read(object)))));
  };
  expect((await read(`digests/${FIRST}.json`)).unreadable).toMatchObject([{ key: GONE.key }]);
  expect(await read(`digests/${SECOND}.json`)).toMatchObject({ archivedBefore: 1, files: [{ rows: 1 }] });
  for (const Key of landed) {
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: stack.outputs['LandingBucket'], Key }));
    expect(TagSet).toContainEqual({ Key: 'sealed', Value: 'true' });
  }
}

/** The seal runs when its schedule ticks, and writes its log. */
export function sealIsStarted(world: SealWorld): Promise<void> {
  return logGrows(world, 'SealingSeal', () => world.stack.runSchedule('SealingSeal'));
}

/** CloudFormation is told the fingerprint of a key, by its ARN. */
export async function fingerprintIsTold({ stack }: SealWorld, Key: string): Promise<void> {
  const { url: endpoint, region, credentials } = stack.endpoint;
  const lambda = new LambdaClient({ endpoint, region, credentials });
  const { id = '', name = '' } = stack.template.functions.find((one) => one.id.startsWith('Fingerprints')) ?? {};
  try {
    const made = await createCustomResources(
      [{ id: 'Told', type: 'Custom::Told', functionId: id, properties: { Key } }],
      {
        stackId: 'stack',
        async invoke(_functionId, event) {
          await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }));
          return { payload: null };
        },
      },
    ).catch(() => new Map());
    expect(made.get('Told')).toEqual({ Ref: Key, Fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
  } finally {
    lambda.destroy();
  }
}

/** What is told about a key is in the log of the function that tells it. */
export function fingerprintIsLogged(world: SealWorld): Promise<void> {
  return logGrows(world, 'Fingerprints', () => fingerprintIsTold(world, 'no key'));
}

async function logGrows({ stack }: SealWorld, functionName: string, run: () => Promise<void>): Promise<void> {
  const { id = '' } = stack.template.functions.find((one) => one.id.startsWith(functionName)) ?? {};
  const size = () => statSync(join(stack.dir, 'logs', `${id}.log`), { throwIfNoEntry: false })?.size ?? 0;
  const before = size();
  await run().catch(() => {});
  await vi.waitFor(() => expect(size()).toBeGreaterThan(before), { timeout: 1_500 });
}
