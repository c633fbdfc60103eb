import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toParquet } from '../../infra/local/aws/firehose/parquet.ts';
import { readTemplate } from '../../infra/local/template.ts';
import { synthesize } from '../../infra/synth.ts';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { openDuckDb } from '../../shared/archive/duckdb.ts';
import { sha256Hex } from '../../shared/archive/row.ts';
import { row } from '../shared/archive/seal/world.ts';
import { grantsOf, withoutGrant } from '../support/grants.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { event, pathsOf, problem } from './support.ts';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
const SPAN = { from: `${day(4)}T00:00:00Z`, to: `${day(3)}T00:00:00Z`, reason: 'case 4711' };
const RAW = '{"large":true}';

interface File {
  readonly key: string;
  readonly version: string;
  readonly state: string;
}
type Hold = { id: string; files: File[]; next: string | null; released?: object };

// A bucket that lets an operator pass over governance mode, so that it is the hold that keeps a file; and locks that are renewed.
const outdir = mkdtempSync(join(tmpdir(), 'annals-holds-'));
const annals = { removal: 'destroy', archive: { retentionYears: 'indefinite' } };
const templateFile = synthesize({ outdir, context: { annals } });
const grants = grantsOf(readTemplate(templateFile)).filter(({ role }) => role.startsWith('Retention'));

let stack: TestStack;
let s3: S3Client;
let Bucket: string;
let early: string;
let heldEarly: string[];

/** One file of each of two tenants, and for the first a second one of another day and a large raw, are sealed, all after a first hold was made. */
beforeAll(async () => {
  stack = await startTestStack({ templateFile });
  Bucket = stack.outputs['ArchiveBucket'] ?? '';
  const { url: endpoint, region, credentials } = stack.endpoint;
  s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket, Key: `raw/${sha256Hex(RAW)}`, Body: RAW, IfNoneMatch: '*' }));
  const large = { raw: null, raw_sha256: sha256Hex(RAW) };
  await land(4, [
    { id: 'A', tenant: 'main', time: `${day(4)} 10:00:00`, ...large },
    { id: 'B', tenant: 'other', time: `${day(4)} 10:00:00` },
  ]);
  await land(3, [{ id: 'C', tenant: 'main', time: `${day(3)} 10:00:00` }]);
  early = await make();
  await stack.runSchedule('RetentionRetain');
  expect([await held(), (await show(early)).body.files]).toEqual([[], []]);
  await stack.runSchedule('SealingSeal');
  await stack.runSchedule('RetentionRetain');
  heldEarly = await held();
  await release(early);
  await stack.runSchedule('RetentionRetain');
});
afterAll(async () => {
  s3?.destroy();
  await stack?.close();
  rmSync(outdir, { recursive: true });
});

async function land(ago: number, rows: readonly Parameters<typeof row>[0][]): Promise<void> {
  const duckDb = await openDuckDb({ threads: 1, memoryMb: 200 });
  const Body = await toParquet(duckDb, { columns: COLUMNS, compression: 'SNAPPY' }, rows.map(row), stack.dir);
  duckDb.closeSync();
  const Key = `landing/ingest_date=${day(ago)}/${randomUUID()}.parquet`;
  await s3.send(new PutObjectCommand({ Bucket: stack.outputs['LandingBucket'], Key, Body }));
}

async function objects(): Promise<{ Key: string; VersionId: string }[]> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  return Versions.map(({ Key = '', VersionId = '' }) => ({ Key, VersionId }));
}

/** Keys of what S3 has under legal hold. */
async function held(): Promise<string[]> {
  const keys: string[] = [];
  for (const one of await objects()) {
    const status = await s3.send(new GetObjectLegalHoldCommand({ Bucket, ...one })).catch(() => undefined);
    if (status?.LegalHold?.Status === 'ON') keys.push(one.Key);
  }
  return keys.sort();
}

async function make(body: object = SPAN): Promise<string> {
  const made = await stack.call<Hold>('POST', '/v1/holds', { body });
  expect(made.status, made.text).toBe(201);
  return made.body.id;
}
const show = (id: string, query = '') => stack.call<Hold>('GET', `/v1/holds/${id}${query}`);
const release = (id: string) => stack.call<Hold>('DELETE', `/v1/holds/${id}`);
const fileOf = (ago: number) => `archive/event_date=${day(ago)}/main/${day(ago)}-1.parquet`;
const HELD = () => [fileOf(4), `raw/${sha256Hex(RAW)}`].sort();

describe('a hold', () => {
  it('is put in place when it is made, keeps a file from whoever may pass over its lock, and is lifted when it is released', async () => {
    const id = await make();
    await vi.waitFor(async () => expect(await held()).toEqual(HELD()), { timeout: 20_000 });
    const { body } = await show(id);
    expect(body).toMatchObject({
      id,
      tenant: 'main',
      reason: 'case 4711',
      made: { by: expect.stringMatching(/^key_/) },
    });
    expect([body.files, body.next]).toEqual([[expect.objectContaining({ key: fileOf(4), state: 'held' })], null]);
    const [{ key: Key, version: VersionId } = { key: '', version: '' }] = body.files;
    const remove = new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention: true });
    await expect(s3.send(remove)).rejects.toMatchObject({ name: 'AccessDenied' });

    const released = await release(id);
    expect([released.status, released.body]).toMatchObject([200, { id, released: { by: expect.any(String) } }]);
    await vi.waitFor(async () => expect(await held()).toEqual([]), { timeout: 20_000 });
    expect((await show(id)).body).toMatchObject({ files: [{ key: fileOf(4), state: 'not held' }] });
    expect((await release(id)).body).toEqual(released.body);
    const { body: listed } = await stack.call<{ holds: Hold[] }>('GET', '/v1/holds');
    expect(listed.holds).toContainEqual(released.body);
  });

  it('comes to files that are sealed after it was made with the next daily run', async () => {
    expect(heldEarly).toEqual(HELD());
    expect((await show(early)).body.files).toHaveLength(1);
  });

  it('leaves a file held that another one covers', async () => {
    const [one, two] = [await make(), await make({ ...SPAN, to: `${day(2)}T00:00:00Z` })];
    const all = [fileOf(3), ...HELD()].sort();
    await vi.waitFor(async () => expect(await held()).toEqual(all), { timeout: 20_000 });
    const first = await show(two, '?limit=1');
    expect(first.body.files.map(({ key }) => key)).toEqual([fileOf(4)]);
    const second = await show(two, `?limit=1&cursor=${first.body.next}`);
    expect(second.body.files.map(({ key }) => key)).toEqual([fileOf(3)]);
    await release(two);
    await stack.runSchedule('RetentionRetain');
    expect(await held()).toEqual(HELD());
    await release(one);
    await stack.runSchedule('RetentionRetain');
    expect(await held()).toEqual([]);
  });

  it('is written down when it is made and released', async () => {
    const id = await make();
    await release(id);
    const acts = (await stack.page('source=annals.audit&fields=action,type,targets,changes')).filter(({ targets }) =>
      JSON.stringify(targets).includes(id),
    );
    expect(acts.map(({ action, type }) => [action, type]).sort()).toEqual([
      ['hold.create', 'create_resource'],
      ['hold.release', 'update_resource'],
    ]);
  });

  it('is its tenant’s alone, and an administrator’s', async () => {
    const id = await make();
    const key = await stack.newKey({ tenant: 'other' });
    problem(await stack.call('GET', `/v1/holds/${id}`, { key }), 404);
    problem(await stack.call('DELETE', `/v1/holds/${id}`, { key }), 404);
    expect((await stack.call('GET', '/v1/holds', { key })).body).toEqual({ holds: [] });
    problem(await stack.call('GET', '/v1/holds', { key: await stack.newKey({ scopes: ['read'] }) }), 403);
    await release(id);
  });

  it.each([
    [{ ...SPAN, to: SPAN.from }, 'to'],
    [{ ...SPAN, reason: '' }, 'reason'],
    [{ ...SPAN, from: 'yesterday' }, 'from'],
  ])('is refused when it is %j', async (body, path) => {
    expect(pathsOf(await stack.call('POST', '/v1/holds', { body }))).toEqual([path]);
  });

  it.each(['limit=0', 'limit=501', 'limit=1.5', 'limit=1e2', 'limit=', 'cursor=x', 'page=2'])(
    'is not shown with %s',
    async (query) => {
      problem(await show(early, `?${query}`), 400);
    },
  );
});

it('locks a large raw when it is put', async () => {
  const raw = { text: 'x'.repeat(750_000) };
  const sent = await stack.call('POST', '/v1/events', { body: event({ raw }) });
  expect(sent.status, sent.text).toBe(202);
  const one = (await objects()).find(({ Key }) => Key.startsWith('raw/') && !Key.endsWith(sha256Hex(RAW)));
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: one?.Key }));
  expect(head.ObjectLockMode).toBe('GOVERNANCE');
  expect(head.ObjectLockRetainUntilDate?.getTime()).toBeGreaterThan(Date.now() + 7 * YEAR_MS + 30 * DAY_MS);
});

/** Everything of the archive is locked for a day only; a hold is made, and released. */
async function holdsAndLocksAreKept(): Promise<void> {
  // Digests last: by their locks a run that is still under way sees what is to be renewed.
  const isDigest = ({ Key }: { Key: string }) => Number(/^digests\/.*json$/.test(Key));
  const before = (await objects()).sort((a, b) => isDigest(a) - isDigest(b));
  const Retention = { Mode: 'GOVERNANCE', RetainUntilDate: new Date(Date.now() + DAY_MS) } as const;
  for (const one of before)
    await s3.send(new PutObjectRetentionCommand({ Bucket, ...one, Retention, BypassGovernanceRetention: true }));
  const { holds } = (await stack.call<{ holds: Hold[] }>('GET', '/v1/holds')).body;
  for (const one of holds.filter(({ released }) => released === undefined)) await release(one.id);
  const id = await make();
  await stack.runSchedule('RetentionRetain').catch(() => {});
  expect(await held()).toEqual(HELD());
  const named = before.filter(({ Key }) => !Key.startsWith('raw/') || Key.endsWith(sha256Hex(RAW)));
  for (const one of named) {
    const { Retention: now } = await s3.send(new GetObjectRetentionCommand({ Bucket, ...one }));
    expect(now?.RetainUntilDate?.getTime(), one.Key).toBeGreaterThan(Date.now() + 6 * YEAR_MS);
  }
  await release(id);
  await stack.runSchedule('RetentionRetain').catch(() => {});
  expect(await held()).toEqual([]);
}

async function scheduleRuns(): Promise<void> {
  const { id = '' } = stack.template.functions.find((one) => one.id.startsWith('RetentionRetain')) ?? {};
  const size = () => statSync(join(stack.dir, 'logs', `${id}.log`), { throwIfNoEntry: false })?.size ?? 0;
  // Runs that holds and releases started may still be writing.
  let before = -1;
  await vi.waitFor(
    () => {
      const last = before;
      before = size();
      expect(before).toBe(last);
    },
    { interval: 500, timeout: 30_000 },
  );
  await stack.runSchedule('RetentionRetain').catch(() => {});
  await vi.waitFor(() => expect(size()).toBeGreaterThan(before), { timeout: 1_500 });
}

describe('the retain function', () => {
  const isForStart = ({ role, action }: (typeof grants)[number]) =>
    role !== 'RetentionRetainRole' || action.startsWith('logs:');
  const named = (some: typeof grants) => some.map((grant) => [`${grant.role} ${grant.text}`, grant] as const);

  it('puts holds in place, lifts them and renews locks', holdsAndLocksAreKept);

  it.each(named(grants.filter((one) => !isForStart(one))))('needs %s', async (_, grant) => {
    const failure = await withoutGrant(stack.principals, grant, holdsAndLocksAreKept).catch((error) => error);
    expect(failure, 'does without it: drop the grant').toMatchObject({ name: 'AssertionError' });
    await holdsAndLocksAreKept();
  });

  it.each(named(grants.filter(isForStart)))('is started and logs by %s', async (_, grant) => {
    await scheduleRuns();
    const failure = await withoutGrant(stack.principals, grant, scheduleRuns).catch((error) => error);
    expect(failure).toMatchObject({ name: 'AssertionError' });
  });
});
