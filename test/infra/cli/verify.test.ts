import { generateKeyPairSync } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyCommand } from '../../../infra/cli/verify.ts';
import { startEndpoint } from '../../../infra/local/aws/endpoint.ts';
import { toParquet } from '../../../infra/local/aws/firehose/parquet.ts';
import { createS3 } from '../../../infra/local/aws/s3.ts';
import { COLUMNS } from '../../../shared/archive/columns.ts';
import { fingerprintOf } from '../../../shared/archive/digest.ts';
import { openDuckDb } from '../../../shared/archive/duckdb.ts';
import { s3SealStore } from '../../../shared/archive/seal/s3-store.ts';
import { Seal } from '../../../shared/archive/seal/seal.ts';
import { ParquetReader } from '../../../shared/archive/verify/parquet.ts';
import { s3ArchiveReader } from '../../../shared/archive/verify/reader.ts';
import { verifyArchive } from '../../../shared/archive/verify/verify.ts';
import { eventId } from '../../../shared/event/id.ts';
import { memorySigner, row } from '../../shared/archive/seal/world.ts';
import { clientOf, principal } from '../local/aws/endpoint-support.ts';

const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });
const FINGERPRINT = fingerprintOf(KEYS.publicKey.export({ type: 'spki', format: 'der' }));
const NOW = new Date('2026-03-06T12:00:00Z');
const idAt = (time: string, tenant = 'A') => eventId(time, tenant.repeat(16));
const EARLY = idAt('2026-02-28T10:00:00.000Z');
const KEPT = idAt('2026-03-01T10:00:00.000Z');
const TOLD_TWICE = idAt('2026-03-03T10:00:00.000Z', 'B');
const landed = (id: string, time: string) => row({ id, time: time.replace('T', ' ').replace('Z', '') });

const operator = principal('operator');
let dir: string;
let endpoint: Awaited<ReturnType<typeof startEndpoint>>;
let client: S3Client;

/** A data directory with what two days left in landing, sealed by the seal through the local S3. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annals-verify-test-'));
  const s3 = createS3({
    dir,
    buckets: [
      { name: 'landing', versioned: true, policy: [] },
      { name: 'archive', objectLock: {}, policy: [] },
    ],
  });
  endpoint = await startEndpoint({ services: [s3.service], principals: [operator] });
  client = new S3Client(clientOf(endpoint.url, operator));
  const duckDb = await openDuckDb({ threads: 1, memoryMb: 200 });
  const land = async (key: string, rows: readonly ReturnType<typeof row>[]) => {
    const Body = await toParquet(duckDb, { columns: COLUMNS, compression: 'SNAPPY' }, rows, dir);
    await client.send(new PutObjectCommand({ Bucket: 'landing', Key: `landing/ingest_date=${key}.parquet`, Body }));
  };
  await land('2026-03-01/a', [landed(EARLY, '2026-02-28T10:00:00.000Z'), landed(KEPT, '2026-03-01T10:00:00.000Z')]);
  await land('2026-03-03/a', [
    landed(KEPT, '2026-03-01T10:00:00.000Z'),
    landed(TOLD_TWICE, '2026-03-03T10:00:00.000Z'),
  ]);
  await land('2026-03-03/b', [landed(TOLD_TWICE, '2026-03-03T10:00:00.000Z')]);
  duckDb.closeSync();
  const seal = new Seal({
    landing: s3SealStore(client, 'landing'),
    archive: s3SealStore(client, 'archive'),
    signer: memorySigner(KEYS),
    lock: { mode: 'GOVERNANCE', years: 7 },
    retention: {},
    holds: async () => [],
    limits: { bytes: 1_000_000, objects: 1, files: 10 },
    partMs: 1,
    temporary: dir,
    memoryMb: 200,
    refused: () => {},
  });
  for await (const _ of seal.run(NOW, () => Number.POSITIVE_INFINITY));
  const buckets = { landing: 'landing', archive: 'archive', failures: 'failures' };
  await writeFile(join(dir, 'stack.json'), JSON.stringify({ buckets, database: 'annals' }));
});
afterAll(async () => {
  client?.destroy();
  await endpoint?.close();
  await rm(dir, { recursive: true, force: true });
});

async function verify(...args: string[]) {
  const out = { stdout: '', stderr: '' };
  const to = (name: keyof typeof out) => ({
    write(text: string) {
      out[name] += text;
    },
  });
  const status = await verifyCommand(['--dir', dir, ...args], { stdout: to('stdout'), stderr: to('stderr') }, NOW);
  const lines = out.stdout.trimEnd().split('\n');
  return { status, lines, last: lines.at(-1) ?? '', stderr: out.stderr };
}
const pathOf = (key: string) => join(dir, 's3', 'archive', ...key.split('/'));

describe('npm run verify', () => {
  it('verifies what the seal made: a line a day, the verdict in the last, status 0', async () => {
    const { status, lines, stderr } = await verify('--key', FINGERPRINT);
    expect(stderr).toBe('');
    expect(lines.map((line) => line.replace(/[0-9a-f]{64}/, '…'))).toEqual([
      '2026-03-01  …  2 files (2 read), 2 events',
      '2026-03-02  …  0 files (0 read), 0 events',
      '2026-03-03  …  1 files (1 read), 1 events',
      '2026-03-04  …  0 files (0 read), 0 events',
      expect.stringMatching(
        /^verified: 4 days from 2026-03-01 to 2026-03-04, 3 files \(all read\), 3 events; .*signed by/,
      ),
    ]);
    expect(status).toBe(0);
  });

  it('sees the same through S3', async () => {
    const duckDb = await openDuckDb({ threads: 1, memoryMb: 200 });
    const options = {
      reader: s3ArchiveReader('archive', clientOf(endpoint.url, operator)),
      parquet: new ParquetReader(await duckDb.connect()),
      folder: dir,
      pinned: [{ fingerprint: FINGERPRINT }],
      now: NOW,
    };
    const results = [];
    for await (const result of verifyArchive(options)) results.push(result);
    expect(results.at(-1)).toMatchObject({ verdict: { status: 'verified', days: 4, filesRead: 3, events: 3 } });
    expect(await options.reader.read('archive/no', 'version')).toBeUndefined();
    duckDb.closeSync();
  });

  it('takes the key as a file, or none and says so', async () => {
    const file = join(dir, 'public.pem');
    await writeFile(file, KEYS.publicKey.export({ type: 'spki', format: 'pem' }));
    expect((await verify('--key', file)).last).toMatch(/^verified: /);
    const { status, last } = await verify();
    expect([status, last]).toEqual([0, expect.stringMatching(/^self-consistent only: .*no key was given/)]);
  });

  it('reads only the files of the days asked for, and still the whole chain', async () => {
    const { status, lines } = await verify('--key', FINGERPRINT, '--from', '2026-03-03', '--to', '2026-03-03');
    expect(lines).toEqual([
      expect.stringMatching(/^2026-03-03 .* 1 files \(1 read\), 1 events$/),
      expect.stringMatching(/^verified: 4 days .* 3 files \(1 of them read\), 3 events/),
    ]);
    expect(status).toBe(0);
  });

  it('refuses days before the first digest: they are missing', async () => {
    const { status, last } = await verify('--key', FINGERPRINT, '--from', '2026-02-01');
    expect([status, last]).toEqual([
      1,
      expect.stringContaining('digests/2026-02-01.json to digests/2026-02-28.json are missing'),
    ]);
  });

  it('shows one event, its file, its digest and the chain from there to today', async () => {
    const { status, lines } = await verify('--key', FINGERPRINT, '--event', TOLD_TWICE);
    expect(lines).toEqual([
      `event       ${TOLD_TWICE}  github.audit  2026-03-03T10:00:00.000Z  tenant acme`,
      expect.stringMatching(
        /^file {8}archive\/event_date=2026-03-03\/acme\/2026-03-03-\d\.parquet {2}version \w+ {2}SHA-256 [0-9a-f]{64} {2}1 events$/,
      ),
      expect.stringMatching(
        new RegExp(`^digest      digests/2026-03-03.json  SHA-256 [0-9a-f]{64}  signed by ${FINGERPRINT}$`),
      ),
      expect.stringMatching(/^2026-03-03 .*\(1 read\)/),
      expect.stringMatching(/^2026-03-04 /),
      expect.stringMatching(/^verified: /),
    ]);
    expect(status).toBe(0);
    expect((await verify('--key', FINGERPRINT, '--event', EARLY)).lines[1]).toContain(
      'archive/event_date=2026-02-28/acme/2026-03-01-1',
    );
  });

  it('says when no digest names an event', async () => {
    const { status, last } = await verify('--event', idAt('2026-03-03T10:00:00.000Z', 'C'));
    expect([status, last]).toEqual([1, expect.stringContaining('NOT verified: no digest names a file with event')]);
  });

  it.each([
    [['--key', 'nonsense'], 'a key is a fingerprint'],
    [['--from', 'yesterday'], '--from must be a day'],
    [['--event', 'x'], '--event must be an event id'],
    [['--unknown'], 'Unknown option'],
    [['--stack', 'Annals-prod'], 'not both'],
  ])('refuses %j in one sentence', async (args, message) => {
    const { status, stderr } = await verify(...args);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  it('says where nothing was ever started', async () => {
    const { status, stderr } = await verify('--dir', join(dir, 'nowhere'));
    expect([status, stderr]).toEqual([1, expect.stringContaining('start Annals once')]);
  });
});

describe('npm run verify after somebody was at the folder', () => {
  const KEY = 'archive/event_date=2026-03-01/acme/2026-03-01-1.parquet';
  let before: Buffer;
  beforeEach(async () => {
    before = await readFile(pathOf(KEY));
    return () => writeFile(pathOf(KEY), before);
  });
  const verdict = async (...args: string[]) => {
    const { status, last } = await verify('--key', FINGERPRINT, ...args);
    expect(status).toBe(1);
    return last;
  };

  it('finds a byte that was changed, also with --event', async () => {
    const bytes = Buffer.from(before);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    await writeFile(pathOf(KEY), bytes);
    expect(await verdict()).toContain(`${KEY} was altered`);
    expect(await verdict('--event', KEPT)).toContain(`${KEY} was altered`);
  });

  it('finds bytes that were added', async () => {
    await appendFile(pathOf(KEY), 'x');
    expect(await verdict()).toContain(`${KEY} has ${before.length + 1} bytes in place of ${before.length}`);
  });

  it('finds a file that was taken away', async () => {
    await unlink(pathOf(KEY));
    expect(await verdict()).toContain(`${KEY} is missing`);
  });

  it('finds a file that was put there', async () => {
    const added = pathOf(KEY.replace('2026-03-01-1', '2026-03-01-9'));
    await writeFile(added, before);
    expect(await verdict()).toContain('2026-03-01-9.parquet was added: no digest names it');
    await unlink(added);
  });

  it('finds what S3 itself was asked to do: another version, a delete marker', async () => {
    const Key = 'digests/2026-03-02.json';
    const was = await readFile(pathOf(Key));
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket: 'archive', Key, Body: was }));
    expect(await verdict()).toContain(`${Key} was written again`);
    await client.send(new DeleteObjectCommand({ Bucket: 'archive', Key, VersionId }));
    const marker = await client.send(new DeleteObjectCommand({ Bucket: 'archive', Key }));
    expect(await verdict()).toContain(`${Key} was deleted: a delete marker hides it`);
    await client.send(new DeleteObjectCommand({ Bucket: 'archive', Key, VersionId: marker.VersionId }));
    expect((await verify('--key', FINGERPRINT)).status).toBe(0);
  });
});
