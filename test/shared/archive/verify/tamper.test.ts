import { sign } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Digest, digestBytes, digestKey, signatureKey } from '../../../../shared/archive/digest.ts';
import { sha256Hex } from '../../../../shared/archive/row.ts';
import type { ArchiveReader } from '../../../../shared/archive/verify/reader.ts';
import { ArchiveWriter, type MemoryBucket, testKey } from '../../../support/sealed-archive.ts';
import { THOROUGH } from '../../../support/thorough.ts';
import { NOW, sealFourDays, walk } from './support.ts';

const key = testKey();
const thief = testKey();
const FILE = 'archive/event_date=2026-11-03/main/2026-11-03-1.parquet';
let writer: ArchiveWriter;
let sealed: MemoryBucket;
beforeAll(async () => {
  writer = await ArchiveWriter.open();
  await sealFourDays(writer, key);
  sealed = writer.bucket;
});
afterAll(() => writer.close());
beforeEach(() => {
  writer.bucket = sealed.clone();
});

const bucket = () => writer.bucket;
const pinned = (options = {}) => walk(writer, [key.fingerprint], options);
const digestOf = (day: string) => JSON.parse(bucket().bytesOf(digestKey(day)).toString()) as Digest;
const flip = (bytes: Buffer) => {
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
};

/** Replaces a digest and signature as somebody does who can alter what is stored. */
function forge(digest: Digest, by: typeof key): void {
  const bytes = digestBytes(digest);
  bucket().alter(digestKey(digest.day), () => bytes);
  bucket().alter(signatureKey(digest.day), () => Buffer.from(sign('sha256', bytes, by.privateKey).toString('base64')));
}

describe('an archive as it was sealed', () => {
  it('is verified with the fingerprint or the PEM of its key', async () => {
    for (const pin of [key.fingerprint, key.pem, key.fingerprint.toUpperCase().replace(/..(?=.)/g, '$&:')]) {
      const { verdict, codes } = await walk(writer, [pin]);
      expect(codes).toEqual([]);
      expect(verdict).toMatchObject({
        status: 'verified',
        from: '2026-11-01',
        to: '2026-11-04',
        days: 4,
        files: 5,
        filesRead: 5,
        events: 6,
      });
      expect(verdict.line).toMatch(
        /^verified: 4 days from 2026-11-01 to 2026-11-04, 5 files \(all read\), 6 events; newest digest [0-9a-f]{16}; signed by /,
      );
    }
  });

  it('is no more than self-consistent without a key', async () => {
    const { verdict } = await walk(writer, []);
    expect(verdict.status).toBe('self-consistent');
    expect(verdict.line).toMatch(/^self-consistent only: .*no key was given/);
  });

  it('tells day by day what it saw', async () => {
    const { results } = await pinned({ reads: (_: unknown, day: string) => day === '2026-11-01' });
    expect(results.slice(0, -1)).toMatchObject([
      { kind: 'day', day: '2026-11-01', files: 3, filesRead: 3, rows: 4 },
      { kind: 'day', day: '2026-11-02', files: 0, filesRead: 0, rows: 0 },
      { kind: 'day', day: '2026-11-03', files: 1, filesRead: 0, rows: 1 },
      { kind: 'day', day: '2026-11-04', files: 1, filesRead: 0, rows: 1 },
    ]);
    expect(results.at(-1)).toMatchObject({ verdict: { status: 'verified', filesRead: 3 } });
  });
});

describe('with the pinned key it finds', () => {
  it('a change of one byte in an archive file', async () => {
    bucket().alter(FILE, flip);
    const { verdict } = await pinned();
    expect(verdict.line).toBe(`NOT verified: ${FILE} was altered: its SHA-256 is not that of its digest`);
    expect(verdict.first?.code).toBe('altered_file');
  });

  it('a change of any byte in any file and any digest', async () => {
    const keys = [
      ...bucket().keys('archive/'),
      ...bucket()
        .keys('digests/')
        .filter((name) => name.endsWith('.json')),
    ];
    const change = fc.record({ key: fc.constantFrom(...keys), at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(change, async ({ key: one, at, bits }) => {
        const flipAt = (bytes: Buffer) => {
          const index = at % bytes.length;
          bytes[index] = (bytes[index] ?? 0) ^ bits;
          return bytes;
        };
        bucket().alter(one, flipAt);
        try {
          expect((await pinned()).verdict.status).toBe('failed');
        } finally {
          bucket().alter(one, flipAt);
        }
      }),
      { numRuns: THOROUGH ? 100 : 8 },
    );
    expect((await pinned()).verdict.status).toBe('verified');
  });

  it('a removed file, hidden or gone', async () => {
    bucket().hide(FILE);
    expect((await pinned()).verdict.line).toBe(`NOT verified: ${FILE} was deleted: a delete marker hides it`);
    bucket().remove(FILE);
    expect((await pinned()).codes).toEqual(['missing_file']);
  });

  it('a removed digest', async () => {
    bucket().remove(digestKey('2026-11-02'));
    bucket().remove(signatureKey('2026-11-02'));
    const { verdict, codes } = await pinned();
    expect(codes).toEqual(['missing_digest']);
    expect(verdict.line).toContain('digests/2026-11-02.json is missing');
  });

  it('the oldest digests removed', async () => {
    for (const day of ['2026-11-01', '2026-11-02'])
      for (const one of [digestKey(day), signatureKey(day), `plans/${day}.json`]) bucket().remove(one);
    for (const one of bucket()
      .keys('archive/')
      .filter((name) => name.includes('2026-11-01-')))
      bucket().remove(one);
    expect((await pinned()).codes).toEqual(['missing_digest']);
  });

  it('the newest digests cut off, with all that they name', async () => {
    for (const day of ['2026-11-03', '2026-11-04']) {
      for (const one of [digestKey(day), signatureKey(day), `plans/${day}.json`]) bucket().remove(one);
      bucket().remove(`archive/event_date=${day}/main/${day}-1.parquet`);
    }
    // The digest of the 3rd had to be there by 13:00 on the 5th, that of the 4th a day later.
    const at = (now: string) => pinned({ now: new Date(now) });
    expect((await at('2026-11-05T12:59:59Z')).verdict.status).toBe('verified');
    expect((await at('2026-11-05T13:00:00Z')).verdict.line).toContain('digests/2026-11-03.json is missing');
    const { codes, verdict } = await at('2026-11-06T13:00:00Z');
    expect(codes).toEqual(['missing_digest']);
    expect(verdict.line).toContain('digests/2026-11-03.json to digests/2026-11-04.json are missing');
  });

  it('an added row, under the old hash or a new one', async () => {
    const rows = [
      { id: 'A4', time: '2026-11-03T10:00:00.000Z' },
      { id: 'X', time: '2026-11-03T11:00:00.000Z' },
    ];
    const forged = await writer.parquet(rows);
    bucket().alter(FILE, () => forged);
    expect((await pinned()).codes).toEqual(['altered_file']);
    const digest = digestOf('2026-11-03');
    const [file] = digest.files;
    bucket().alter(digestKey('2026-11-03'), () =>
      digestBytes({ ...digest, files: [{ ...file!, size: forged.length, sha256: sha256Hex(forged), rows: 2 }] }),
    );
    expect((await pinned()).codes).toEqual(['bad_signature', 'broken_chain']);
  });

  it('an added file', async () => {
    bucket().put('archive/event_date=2026-11-03/main/2026-11-03-2.parquet', await writer.parquet([]));
    const { verdict } = await pinned();
    expect(verdict.line).toContain('2026-11-03-2.parquet was added: no digest names it');
  });

  it.each([
    FILE,
    digestKey('2026-11-03'),
    signatureKey('2026-11-03'),
    'plans/2026-11-03.json',
    `keys/${key.fingerprint}.json`,
  ])('a second version put on %s', async (one) => {
    bucket().put(one, bucket().bytesOf(one));
    const { codes, verdict } = await pinned();
    expect(codes).toEqual(['second_version']);
    expect(verdict.line).toContain(`${one} was written again`);
  });

  it('two swapped digests, with their signatures or without', async () => {
    const swap = (nameOf: (day: string) => string) => {
      const [a, b] = [nameOf('2026-11-02'), nameOf('2026-11-03')];
      const [first, second] = [bucket().bytesOf(a), bucket().bytesOf(b)];
      bucket().alter(a, () => second);
      bucket().alter(b, () => first);
    };
    swap(digestKey);
    expect((await pinned()).verdict.line).toContain('digests/2026-11-02.json is the digest of another day, 2026-11-03');
    swap(signatureKey);
    expect((await pinned()).verdict.line).toContain('digests/2026-11-02.json is the digest of another day, 2026-11-03');
  });

  it('a digest signed by another key', async () => {
    writer.putKey(thief, '2026-11-01');
    forge({ ...digestOf('2026-11-04'), key: thief.fingerprint }, thief);
    const { codes, verdict } = await pinned();
    expect(codes).toEqual(['other_key']);
    expect(verdict.line).toContain('digests/2026-11-04.json is signed with another key');
  });

  it('a digest that names the pinned key and is signed by another', async () => {
    forge(digestOf('2026-11-04'), thief);
    expect((await pinned()).codes).toEqual(['bad_signature']);
  });

  it('the whole chain signed anew, which without a key looks right', async () => {
    const files = new Map(['01', '02', '03', '04'].map((day) => [`2026-11-${day}`, digestOf(`2026-11-${day}`).files]));
    const forged = await ArchiveWriter.open();
    try {
      forged.putKey(thief, '2026-11-01');
      const copied = (file: Digest['files'][number]) => ({
        ...file,
        version: forged.bucket.put(file.key, bucket().bytesOf(file.key)),
      });
      for (const [day, some] of files) forged.putDigest(day, thief, { files: some.map(copied) });
      expect((await walk(forged, [])).verdict.status).toBe('self-consistent');
      const { verdict, codes } = await walk(forged, [key.fingerprint]);
      expect(codes[0]).toBe('other_key');
      expect(verdict.status).toBe('failed');
      // A key in PEM is one's own; only the archive's copy of it is missing.
      expect((await walk(forged, [key.pem])).codes[0]).toBe('other_key');
    } finally {
      await forged.close();
    }
  });

  it('history made anew by whoever has the right key, if a digest of it was seen before', async () => {
    const seen = { day: '2026-11-04', sha256: sha256Hex(bucket().bytesOf(digestKey('2026-11-04'))) };
    expect((await pinned({ seen })).verdict.status).toBe('verified');
    forge({ ...digestOf('2026-11-04'), repeats: 0, files: [], landing: [] }, key);
    bucket().remove('archive/event_date=2026-11-04/main/2026-11-04-1.parquet');
    expect((await pinned()).verdict.status).toBe('verified');
    expect((await pinned({ seen })).codes).toEqual(['changed_history']);
  });

  it('everything gone, if a digest was seen before or a first day is asked for', async () => {
    for (const one of bucket().keys()) bucket().remove(one);
    expect((await pinned()).verdict).toMatchObject({ status: 'nothing sealed' });
    expect((await pinned({ seen: { day: '2026-11-04', sha256: '0' } })).codes).toEqual(['missing_digest']);
    expect((await pinned({ from: '2026-11-01' })).codes).toEqual(['missing_digest']);
  });

  it('an old key that signs after another came in its place, and a new one that signs before', async () => {
    writer.putKey(thief, '2026-11-03');
    const { codes, verdict } = await pinned();
    expect(codes).toEqual(['key_not_valid', 'key_not_valid']);
    expect(verdict.line).toContain('digests/2026-11-03.json is signed with key');
    forge({ ...digestOf('2026-11-04'), key: thief.fingerprint }, thief);
    forge({ ...digestOf('2026-11-02'), key: thief.fingerprint }, thief);
    expect((await walk(writer, [key.fingerprint, thief.fingerprint])).codes).toEqual([
      'key_not_valid',
      'broken_chain',
      'key_not_valid',
    ]);
  });

  it('a key record that is another key, or gone', async () => {
    const record = `keys/${key.fingerprint}.json`;
    bucket().alter(record, (bytes) => Buffer.from(bytes.toString().replace(key.fingerprint, thief.fingerprint)));
    expect((await pinned()).codes[0]).toBe('bad_key_record');
    bucket().remove(record);
    expect((await pinned()).codes).toEqual(Array(4).fill('bad_key_record'));
  });

  it('a signature taken away, once the seal must be over', async () => {
    bucket().remove(signatureKey('2026-11-04'));
    expect((await pinned({ now: NOW })).verdict).toMatchObject({ status: 'verified', to: '2026-11-03' });
    expect((await pinned({ now: new Date('2026-11-06T13:00:00Z') })).codes).toEqual(['bad_signature']);
  });
});

describe('what a wrong seal would leave is found too', () => {
  const resign = async (
    change: (file: Digest['files'][number]) => Partial<Digest['files'][number]>,
    rest: Partial<Digest> = {},
  ) => {
    const digest = digestOf('2026-11-04');
    forge({ ...digest, files: digest.files.map((file) => ({ ...file, ...change(file) })), ...rest }, key);
    return pinned();
  };

  it.each([
    ['rows', { rows: 2 }],
    ['ids', { ids: '0'.repeat(64) }],
    ['the earliest time', { earliest: '2026-11-04T09:59:59.999Z' }],
    ['the latest time', { latest: '2026-11-04T10:00:00.001Z' }],
  ])('other %s than the file has', async (_, change) => {
    expect((await resign(() => change)).codes.at(-1)).toBe('other_rows');
  });

  it('another version than is there, another size, a key of another tenant', async () => {
    expect((await resign(() => ({ version: 'v999' }))).codes[0]).toBe('other_version');
    expect((await resign((file) => ({ version: bucket().put(file.key, Buffer.alloc(1)) }))).codes[0]).toBe(
      'second_version',
    );
    expect((await resign(() => ({ tenant: 'other' }))).codes).toContain('bad_digest');
  });

  it('rows that do not add up', async () => {
    expect((await resign(() => ({}), { repeats: 3 })).codes).toEqual(['other_rows']);
  });

  it('a large raw that is missing, or not what its name says', async () => {
    const raw = Buffer.from('{"large":true}');
    const name = `raw/${sha256Hex(raw)}`;
    bucket().put(name, raw);
    await writer.sealDay('2026-11-05', key, [
      [{ id: 'L', time: '2026-11-05T00:00:00.000Z', raw_sha256: sha256Hex(raw) }],
    ]);
    expect((await pinned()).verdict.status).toBe('verified');
    bucket().alter(name, flip);
    expect((await pinned()).verdict.line).toContain(`${name} was altered`);
    bucket().remove(name);
    expect((await pinned()).verdict.line).toContain(`${name} is missing`);
  });

  it('a landing file that was edited before it was sealed, if both versions were there', async () => {
    const version = (version: string, sha256: string, rows: number) => ({
      key: 'landing/ingest_date=2026-11-04/a.parquet',
      version,
      size: 1,
      sha256: sha256.repeat(64),
      rows,
    });
    const unreadable = { ...version('v3', '2', 0), reason: "it can't be read" };
    const { rows: _none, ...other } = unreadable;
    for (const edited of [{ landing: [version('v1', '0', 1), version('v2', '1', 0)] }, { unreadable: [other] }]) {
      const { codes, verdict } = await resign(
        () => ({}),
        edited.landing ? edited : { landing: [version('v1', '0', 1)], ...edited },
      );
      expect(codes).toEqual(['edited_landing']);
      expect(verdict.line).toContain(
        'landing/ingest_date=2026-11-04/a.parquet was written over with other contents before 2026-11-04 was sealed',
      );
    }
    // Firehose may put the same twice, and rows that have no place are of the same version.
    const again = { landing: [version('v1', '0', 1), version('v2', '0', 0)], unreadable: [] };
    expect((await resign(() => ({}), again)).codes).toEqual([]);
    const [{ rows: _rows, ...part }] = [version('v1', '0', 1)];
    const odd = { landing: [version('v1', '0', 1)], unreadable: [{ ...part, reason: 'odd rows' }] };
    expect((await resign(() => ({}), odd)).codes).toEqual([]);
  });

  it('large raws that a digest names and no row does', async () => {
    expect((await resign(() => ({ raws: ['a'.repeat(64)] }))).codes).toEqual(['other_rows']);
  });
});

describe('a seal under way', () => {
  it('is no finding until it is overdue: its plan, and files without a digest', async () => {
    bucket().put('plans/2026-11-05.json', Buffer.from('{}'));
    bucket().put('plans/2026-11-05-1.json', Buffer.from('{}'));
    await writer.putFile('2026-11-05', 1, [{ id: 'A6', time: '2026-11-05T10:00:00.000Z' }]);
    expect((await pinned()).verdict.status).toBe('verified');
    expect((await pinned({ now: new Date('2026-11-07T13:00:00Z') })).codes).toEqual([
      'missing_digest',
      'unnamed_object',
    ]);
  });

  it('sees files that are written after the listing began', async () => {
    const reader = listedBefore(writer);
    await writer.sealDay('2026-11-05', key, [[{ id: 'A6', time: '2026-11-05T10:00:00.000Z' }]]);
    expect((await pinned({ reader })).verdict).toMatchObject({ status: 'verified', to: '2026-11-05' });
  });
});

/** A reader whose listing of archive/ is older than everything else it reads. */
function listedBefore({ bucket: now }: ArchiveWriter) {
  const before = now.clone();
  const reader: ArchiveReader = {
    read: (key, version) => now.read(key, version),
    versions: (prefix) => (prefix === 'archive/' ? before : now).versions(prefix),
  };
  return reader;
}
