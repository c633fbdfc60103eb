import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toParquet } from '../../infra/local/aws/firehose/parquet.ts';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { openDuckDb } from '../../shared/archive/duckdb.ts';
import { s3SealStore } from '../../shared/archive/seal/s3-store.ts';
import { row, sha256 } from '../shared/archive/seal/world.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const DAY = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
const lines: string[] = [];
let stack: TestStack;
let s3: S3Client;

beforeAll(async () => {
  stack = await startTestStack({ log: (line) => lines.push(line) });
  const { url: endpoint, region, credentials } = stack.endpoint;
  s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
});
afterAll(async () => {
  s3.destroy();
  await stack.close();
});

async function land(name: string, ids: readonly string[]): Promise<string> {
  const duckDb = await openDuckDb({ threads: 1 });
  const rows = ids.map((id) => row({ id, time: `${DAY} 10:00:00`, tenant: 'main' }));
  const Body = await toParquet(duckDb, { columns: COLUMNS, compression: 'SNAPPY' }, rows, stack.dir);
  duckDb.closeSync();
  const Key = `landing/ingest_date=${DAY}/${name}.parquet`;
  await s3.send(new PutObjectCommand({ Bucket: stack.outputs['LandingBucket'], Key, Body }));
  return Key;
}

it('seals with the deployed bundle, by the grants of the template, and what is sealed expires', async () => {
  const [landing = '', archive = ''] = [stack.outputs['LandingBucket'], stack.outputs['ArchiveBucket']];
  const key = await land('a', ['A', 'B', 'A']);
  await s3.send(new PutObjectCommand({ Bucket: landing, Key: `landing/ingest_date=${DAY}/bad.parquet`, Body: 'no' }));
  await stack.runSchedule('SealingSeal');
  const stored = await s3SealStore(s3, archive).versions('');
  const names = stored.map((one) => one.key);
  expect(names).toEqual(
    expect.arrayContaining([
      `archive/event_date=${DAY}/main/${DAY}-1.parquet`,
      `digests/${DAY}.json`,
      `digests/${DAY}.sig`,
    ]),
  );
  for (const { key: Key, version } of stored) {
    const head = await s3.send(
      new HeadObjectCommand({ Bucket: archive, Key, VersionId: version, ChecksumMode: 'ENABLED' }),
    );
    expect(head.ObjectLockMode).toBe('GOVERNANCE');
    expect(head.ObjectLockRetainUntilDate?.getUTCFullYear()).toBe(new Date().getUTCFullYear() + 7);
    expect(head.ChecksumSHA256).toBeDefined();
  }
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: landing, Key: key }));
  expect(TagSet).toContainEqual({ Key: 'sealed', Value: 'true' });
  expect(lines.filter((line) => /denied|not allowed/i.test(line))).toEqual([]);
  // What the alarm SealUnreadable counts, and what its page in the runbook reads.
  const { id = '' } = stack.template.functions.find((one) => one.id.startsWith('SealingSeal')) ?? {};
  const log = readFileSync(join(stack.dir, 'logs', `${id}.log`), 'utf8');
  expect(log).toMatch(/"SealUnreadable":1\b/);
  expect(log).toMatch(/"a landing object was set aside".*bad\.parquet/);

  // Nothing is due: another tick changes nothing.
  await stack.runSchedule('SealingSeal');
  expect(await s3SealStore(s3, archive).versions('')).toEqual(stored);

  const later = (days: number) => new Date(Date.now() + days * 86_400_000);
  expect((await stack.expire(later(9))).map((one) => [one.key, one.action])).toEqual([[key, 'hidden']]);
  expect((await stack.expire(later(12))).map((one) => [one.key, one.action])).toContainEqual([key, 'removed']);
  await stack.expire(later(13));
  const { Versions = [], DeleteMarkers } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: landing, Prefix: 'landing/' }),
  );
  expect([Versions.map(({ Key }) => Key), DeleteMarkers]).toEqual([
    [`landing/ingest_date=${DAY}/bad.parquet`],
    undefined,
  ]);
});

it('the S3 store puts once, names the version, and refuses bytes that are not what they should be', async () => {
  const store = s3SealStore(s3, stack.outputs['ArchiveBucket'] ?? '');
  const lock = { mode: 'GOVERNANCE', until: new Date(Date.now() + 86_400_000) } as const;
  const bytes = Buffer.from('one');
  const version = await store.putIfAbsent('plans/once', bytes, sha256(bytes), lock);
  expect(await store.versions('plans/once')).toEqual([{ key: 'plans/once', version, size: 3 }]);
  expect(await store.putIfAbsent('plans/once', Buffer.from('two'), sha256('two'), lock)).toBeUndefined();
  await expect(store.putIfAbsent('plans/other', bytes, sha256('two'), lock)).rejects.toMatchObject({
    name: 'BadDigest',
  });
  await expect(store.read({ key: 'plans/once', version: 'none' })).rejects.toMatchObject({ code: 'not_found' });
  await store.tag({ key: 'plans/none', version: 'none' }, { a: 'b' });
  const path = `${stack.dir}/once`;
  await store.download({ key: 'plans/once', version: version ?? '', size: 3 }, path);
  expect(readFileSync(path, 'utf8')).toBe('one');
});
