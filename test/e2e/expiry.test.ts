import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyCommand } from '../../infra/cli/verify.ts';
import { localArchiveReader } from '../../infra/local/archive-reader.ts';
import { toParquet } from '../../infra/local/aws/firehose/parquet.ts';
import { readTemplate } from '../../infra/local/template.ts';
import { synthesize } from '../../infra/synth.ts';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { type Digest, digestBytes, digestKey, signatureKey } from '../../shared/archive/digest.ts';
import { openDuckDb } from '../../shared/archive/duckdb.ts';
import { newHold, storeHold } from '../../shared/archive/hold.ts';
import { dayAfter, dueAt, newestDueDay } from '../../shared/archive/seal/days.ts';
import { s3SealStore } from '../../shared/archive/seal/s3-store.ts';
import { Seal } from '../../shared/archive/seal/seal.ts';
import { findExpired } from '../../shared/archive/verify/expired.ts';
import { ParquetReader } from '../../shared/archive/verify/parquet.ts';
import { pinnedKey } from '../../shared/archive/verify/trust.ts';
import type { Verdict } from '../../shared/archive/verify/verdict.ts';
import { verifyArchive } from '../../shared/archive/verify/verify.ts';
import { ControlTable } from '../../shared/control/table.ts';
import { eventId } from '../../shared/event/id.ts';
import { mapLimited } from '../../shared/retry.ts';
import { startS3, type TestS3 } from '../infra/local/aws/s3-support.ts';
import { memorySigner, row, sha256 } from '../shared/archive/seal/world.ts';
import { grantsOf, withoutGrant } from '../support/grants.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const DAY_MS = 86_400_000;
const outdir = mkdtempSync(join(tmpdir(), 'annals-expiry-'));
// Nobody may take a day back, but for this test, where the stack is to be kept.
const annals = { removal: 'destroy', archive: { tenants: { main: { retentionYears: 1 } } } };
const templateFile = synthesize({ outdir, context: { annals } });
const template = readTemplate(templateFile);
afterAll(() => rmSync(outdir, { recursive: true }));

const dayBefore = (day: string, days: number) => new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);

/** By the library, over S3 with a clock of its own and the lifecycle rules of the template. */
describe('the files of a tenant with a retention of one year, under a lock that is longer', () => {
  const ID = eventId('2026-03-01T10:00:00.000Z', 'A'.repeat(16));
  const FILE = 'archive/event_date=2026-03-01/main/2026-03-01-1.parquet';
  const OTHER = 'archive/event_date=2026-03-01/other/2026-03-01-1.parquet';
  let now = new Date('2026-03-03T02:00:00Z');
  let s3: TestS3;
  let duckDb: Awaited<ReturnType<typeof openDuckDb>>;
  const signer = memorySigner();

  beforeAll(async () => {
    const bucket = template.buckets.find(({ name }) => name === template.outputs['ArchiveBucket']);
    const named = [
      { name: 'landing', versioned: true, policy: [] },
      { ...bucket, name: 'archive', policy: [] },
    ];
    s3 = await startS3([], { buckets: named, clock: () => now });
    duckDb = await openDuckDb({ threads: 1, memoryMb: 200 });
    const rows = [row({ id: ID, tenant: 'main' }), row({ id: 'B', tenant: 'other' })];
    const Body = await toParquet(duckDb, { columns: COLUMNS, compression: 'SNAPPY' }, rows, s3.dir);
    const Key = 'landing/ingest_date=2026-03-01/a.parquet';
    await s3.client.send(new PutObjectCommand({ Bucket: 'landing', Key, Body }));
  });
  afterAll(async () => {
    duckDb.closeSync();
    await s3.close();
  });

  async function sealAt(time: string): Promise<Digest[]> {
    now = new Date(time);
    const [landing, archive] = [s3SealStore(s3.client, 'landing'), s3SealStore(s3.client, 'archive')];
    const digests: Digest[] = [];
    const seal = new Seal({
      ...{ landing, archive, signer, temporary: s3.dir, memoryMb: 200, partMs: 1, refused: () => {} },
      lock: { mode: 'COMPLIANCE', years: 1 },
      limits: { bytes: 1_000_000, objects: 10, files: 10 },
      retention: { main: 1 },
      holds: async () => [],
    });
    for await (const one of seal.run(now, () => Number.POSITIVE_INFINITY)) digests.push(one);
    return digests;
  }
  const reader = () => localArchiveReader(s3.dir, 'archive');
  async function verdict(): Promise<Verdict> {
    const { fingerprint } = pinnedKey(
      `-----BEGIN PUBLIC KEY-----\n${(await signer.publicKey()).toString('base64')}\n-----END PUBLIC KEY-----\n`,
    );
    const parquet = new ParquetReader(await duckDb.connect());
    const options = { reader: reader(), parquet, folder: s3.dir, pinned: [{ fingerprint }], now };
    for await (const result of verifyArchive(options)) if (result.kind === 'verdict') return result.verdict;
    throw new Error('a walk ends with a verdict');
  }
  const acts = async (time: string) => {
    now = new Date(time);
    const done = await s3.s3.expire(now);
    return done.filter(({ bucket }) => bucket === 'archive').map(({ key, action }) => [key, action]);
  };

  /** What the seal makes of days on which nothing comes, without its listings. */
  async function sealEmptyDays({ day: first, key, ...sealed }: Digest, until: string): Promise<void> {
    const archive = s3SealStore(s3.client, 'archive');
    const empty = { landing: [], files: [], expired: [], unreadable: [], repeats: 0, archivedBefore: 0 };
    const objects: [string, Buffer][] = [];
    let before = digestBytes({ day: first, key, ...sealed });
    for (let day = dayAfter(first); day <= until; day = dayAfter(day)) {
      const previous = { day: dayBefore(day, 1), sha256: sha256(before) };
      before = digestBytes({ format: 1, day, previous, plannedAt: dueAt(day).toISOString(), key, ...empty });
      const signature = await signer.sign(Buffer.from(sha256(before), 'hex'));
      objects.push([digestKey(day), before], [signatureKey(day), Buffer.from(signature.toString('base64'))]);
    }
    const lock = { mode: 'COMPLIANCE', until: new Date('2030-01-01') } as const;
    await mapLimited(objects, 8, ([name, bytes]) => archive.putIfAbsent(name, bytes, sha256(bytes), lock));
  }

  it('stay while they are locked', async () => {
    const [digest] = await sealAt('2026-03-03T02:00:00Z');
    await sealEmptyDays(digest!, '2027-03-05');
    const Retention = { Mode: 'COMPLIANCE', RetainUntilDate: new Date('2027-03-13T00:00:00Z') } as const;
    await s3.client.send(new PutObjectRetentionCommand({ Bucket: 'archive', Key: FILE, Retention }));
    const later = await sealAt('2027-03-12T01:30:00Z');
    expect(later.map(({ day, expired }) => [day, expired])).toEqual(
      ['06', '07', '08', '09', '10'].map((day) => [`2027-03-${day}`, []]),
    );
    expect(await acts('2027-03-12T01:30:00Z')).toEqual([]);
  });

  it('are listed when the lock is over, hidden, gone a week later, and the archive is whole all the time', async () => {
    const [digest] = await sealAt('2027-03-13T01:30:00Z');
    expect(digest?.expired.map(({ key, rows, tenant }) => [key, rows, tenant])).toEqual([[FILE, 1, 'main']]);
    const { TagSet } = await s3.client.send(new GetObjectTaggingCommand({ Bucket: 'archive', Key: FILE }));
    expect(TagSet).toEqual([
      { Key: 'expired', Value: 'true' },
      { Key: 'digest', Value: '2027-03-11' },
    ]);
    expect(await verdict()).toMatchObject({ status: 'verified', files: 2, expired: 0, events: 2 });
    expect(await acts('2027-03-14T00:00:00Z')).toEqual([[FILE, 'hidden']]);
    now = new Date('2027-03-14T02:00:00Z');
    expect(await verdict()).toMatchObject({ status: 'verified', files: 2, expired: 1 });
    expect(await acts('2027-03-20T23:00:00Z')).toEqual([]);
    expect(await acts('2027-03-21T00:00:00Z')).toEqual([[FILE, 'removed']]);
    expect(await acts('2027-03-22T00:00:00Z')).toEqual([[FILE, 'removed']]);
    now = new Date('2027-03-14T02:00:00Z');
    expect(await verdict()).toMatchObject({ status: 'verified', files: 1, expired: 1, events: 1 });
    expect((await findExpired(ID, reader(), 'main')).map(({ file, digest: { day } }) => [file.key, day])).toEqual([
      [FILE, '2027-03-11'],
    ]);
    // And nothing is listed twice.
    const later = await sealAt('2027-03-16T01:30:00Z');
    expect(later.map(({ day, expired }) => [day, expired])).toEqual(
      ['12', '13', '14'].map((day) => [`2027-03-${day}`, []]),
    );
    expect(await verdict()).toMatchObject({ status: 'verified', files: 1, expired: 1 });
  });

  it('and one that is removed by hand is found', async () => {
    const { Versions = [] } = await s3.client.send(new ListObjectVersionsCommand({ Bucket: 'archive', Prefix: OTHER }));
    await s3.client.send(new DeleteObjectCommand({ Bucket: 'archive', Key: OTHER, VersionId: Versions[0]?.VersionId }));
    expect((await verdict()).line).toBe(`NOT verified: ${OTHER} is missing: its digest names it`);
  });
});

/** The deployed function, by the grants of the template: what was sealed 400 days ago is under no lock any more. */
describe('the deployed seal', () => {
  const due = newestDueDay(new Date());
  const [old, last] = [dayBefore(due, 400), dayBefore(due, 1)];
  const names = ['free', 'held-by-s3', 'held-on-record', 'locked'];
  const times = Object.fromEntries(names.map((name, hour) => [name, `${old}T0${hour}:00:00.000Z`]));
  const keyOf = (name: string) => `archive/event_date=${old}/main/${old}-${names.indexOf(name) + 1}.parquet`;
  const grants = grantsOf(template).filter(
    ({ role, text }) =>
      role === 'SealingSealRole' &&
      (/^s3:(GetObjectRetention|GetObjectLegalHold|\w+VersionTagging) on ArchiveBucket/.test(text) ||
        /^dynamodb/.test(text)),
  );
  let stack: TestStack;
  let s3: S3Client;
  let Bucket: string;

  beforeAll(async () => {
    stack = await startTestStack({ templateFile });
    const { url: endpoint, region, credentials } = stack.endpoint;
    s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    Bucket = stack.outputs['ArchiveBucket'] ?? '';
    const soon = new Date(Date.now() + 1_500);
    const put = async (Key: string, Body: Buffer, until: Date) => {
      const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: until } as const;
      return (await s3.send(new PutObjectCommand({ Bucket, Key, Body, ...lock, IfNoneMatch: '*' }))).VersionId ?? '';
    };
    const digest = (day: string, files: Digest['files']): Digest => ({
      ...{ format: 1, day, previous: null, plannedAt: `${day}T01:00:00.000Z`, key: sha256(''), landing: [], files },
      ...{ expired: [], unreadable: [], repeats: 0, archivedBefore: 0 },
    });
    const files: Digest['files'] = [];
    for (const name of names) {
      const [key, time] = [keyOf(name), times[name] ?? ''];
      const bytes = Buffer.from(name);
      const version = await put(key, bytes, name === 'locked' ? new Date(Date.now() + DAY_MS) : soon);
      const what = { key, version, size: bytes.length, sha256: sha256(bytes), tenant: 'main', date: old };
      files.push({ ...what, rows: 1, earliest: time, latest: time, ids: sha256(name) });
    }
    await put(digestKey(old), digestBytes(digest(old, files)), soon);
    await put(digestKey(last), digestBytes(digest(last, [])), soon);
    await put(signatureKey(last), Buffer.from('signed'), soon);
    await s3.send(new PutObjectLegalHoldCommand({ Bucket, Key: keyOf('held-by-s3'), LegalHold: { Status: 'ON' } }));
    const dynamo = new DynamoDBClient({ endpoint, region, credentials });
    const from = times['held-on-record'] ?? '';
    const hold = { tenant: 'main', from, to: from.replace('00.000', '01.000'), reason: 'suit' };
    await storeHold(new ControlTable(dynamo, stack.outputs['ControlTable'] ?? ''), newHold(hold, 'jane', new Date()));
    dynamo.destroy();
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(soon.getTime()), { timeout: 5_000 });
  });
  afterAll(async () => {
    s3?.destroy();
    await stack?.close();
  });

  /** Takes the newest day back, and what was tagged with it. */
  async function takeBack(): Promise<void> {
    for (const Prefix of [`plans/${due}`, `digests/${due}`]) {
      const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
      for (const { Key, VersionId } of Versions)
        await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention: true }));
    }
    for (const name of names) await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: keyOf(name) }));
  }

  async function expiresTheFreeOne(): Promise<void> {
    await takeBack();
    await stack.runSchedule('SealingSeal');
    const store = s3SealStore(s3, Bucket);
    const [found] = await store.versions(digestKey(due));
    expect(found).toBeDefined();
    const digest = JSON.parse(String(await store.read(found!))) as Digest;
    expect(digest.expired.map(({ key }) => key)).toEqual([keyOf('free')]);
    const tags = names.map(async (name) => {
      const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: keyOf(name) }));
      return TagSet.map(({ Key, Value }) => `${Key}=${Value}`).join();
    });
    expect(await Promise.all(tags)).toEqual([`expired=true,digest=${due}`, '', '', '']);
  }

  it('lists and tags what nothing keeps', expiresTheFreeOne);

  it('has five grants for it', () => {
    expect(grants).toHaveLength(5);
  });

  it.each(grants.map((grant) => [grant.text, grant] as const))('needs %s', async (_, grant) => {
    const failure = await withoutGrant(stack.principals, grant, expiresTheFreeOne).catch((error) => error);
    expect(failure, 'does without it: drop the grant').toMatchObject({ name: 'AssertionError' });
  });

  it('GET /v1/events/{id}/proof says of an event that was in it, that it is gone', async () => {
    await expiresTheFreeOne();
    const id = eventId(times['free'] ?? '', 'A'.repeat(16));
    const later = (days: number) => new Date(Date.now() + days * DAY_MS);
    await stack.expire(later(2));
    await stack.expire(later(12));
    const { status, body } = await stack.call('GET', `/v1/events/${id}/proof`);
    expect([status, body]).toMatchObject([
      410,
      {
        title: 'Gone',
        detail: expect.stringContaining(`${keyOf('free')}, whose retention is over: ${digestKey(due)}`),
      },
    ]);
    const out: string[] = [];
    const stdout = { write: (text: string) => out.push(text) };
    expect(await verifyCommand(['--dir', stack.dir, '--event', id], { stdout, stderr: stdout })).toBe(1);
    expect(out[0]).toMatch(
      new RegExp(`^expired {5}${keyOf('free')}  1 events of its time, tenant main; listed by ${digestKey(due)} `),
    );
    const never = eventId(`${old}T12:00:00.000Z`, 'A'.repeat(16));
    expect((await stack.call('GET', `/v1/events/${never}/proof`)).status).toBe(404);
  });
});
