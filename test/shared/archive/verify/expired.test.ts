import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Digest,
  digestBytes,
  digestKey,
  type ExpiredFile,
  signatureKey,
} from '../../../../shared/archive/digest.ts';
import { sha256Hex } from '../../../../shared/archive/row.ts';
import { dayAfter } from '../../../../shared/archive/seal/days.ts';
import { findEvent } from '../../../../shared/archive/verify/event.ts';
import { findExpired } from '../../../../shared/archive/verify/expired.ts';
import { ParquetReader } from '../../../../shared/archive/verify/parquet.ts';
import { locate } from '../../../../shared/archive/verify/proof.ts';
import type { ArchiveReader } from '../../../../shared/archive/verify/reader.ts';
import { eventId } from '../../../../shared/event/id.ts';
import { ArchiveWriter, type MemoryBucket, testKey } from '../../../support/sealed-archive.ts';
import { walk } from './support.ts';

const key = testKey();
const FIRST = '2025-11-01';
const LAST = '2026-11-04';
const NOW = new Date('2026-11-06T12:00:00Z');
const ID = eventId('2025-11-01T08:00:00.000Z', 'A'.repeat(16));
const OTHER = eventId('2025-11-01T09:00:00.000Z', 'B'.repeat(16));
let writer: ArchiveWriter;
let sealed: MemoryBucket;
let files: Digest['files'];

/** A year and some days, on the first of which three files were sealed; nothing has expired, and the last day is not sealed yet. */
beforeAll(async () => {
  writer = await ArchiveWriter.open();
  writer.putKey(key, FIRST);
  const digest = await writer.sealDay(FIRST, key, [
    [{ id: ID, time: '2025-11-01T08:00:00.000Z' }],
    [{ id: OTHER, time: '2025-11-01T09:00:00.000Z' }],
    [{ id: 'C', time: '2025-11-01T08:00:00.000Z', tenant: 'other' }],
  ]);
  files = digest.files;
  for (let day = dayAfter(FIRST); day < LAST; day = dayAfter(day)) await writer.sealDay(day, key);
  sealed = writer.bucket;
});
afterAll(() => writer.close());
beforeEach(() => {
  writer.bucket = sealed.clone();
});

const expiry = ({
  key: name,
  version,
  sha256,
  tenant,
  rows,
  earliest,
  latest,
}: Digest['files'][number]): ExpiredFile => ({
  key: name,
  version,
  sha256,
  tenant,
  rows,
  earliest,
  latest,
});
const list = (...expired: ExpiredFile[]) => {
  writer.bucket.put(`plans/${LAST}.json`, Buffer.from('{}'));
  writer.putDigest(LAST, key, { expired });
};
const pinned = (options = {}) => walk(writer, [key.fingerprint], { now: NOW, ...options });
const tools = () => ({ reader: writer.bucket, parquet: new ParquetReader(writer.connection), folder: writer.folder });

describe('a file that a later digest lists as expired', () => {
  it('may be there, hidden, or gone, marker and all', async () => {
    const [one, two, three] = files;
    list(expiry(one!), expiry(two!));
    expect((await pinned()).verdict).toMatchObject({ status: 'verified', files: 3, expired: 0, events: 3 });
    writer.bucket.hide(one!.key);
    expect((await pinned()).verdict).toMatchObject({ status: 'verified', filesRead: 3, expired: 1 });
    writer.bucket.remove(one!.key);
    writer.bucket.remove(two!.key);
    writer.bucket.hide(two!.key);
    const { verdict, results } = await pinned();
    expect(verdict).toMatchObject({ status: 'verified', files: 1, filesRead: 1, expired: 2, events: 1, findings: 0 });
    expect(verdict.line).toContain('1 file (all read), 2 expired, 1 event;');
    expect(results.at(-2)).toMatchObject({ kind: 'day', day: LAST, expired: 2 });
    writer.bucket.remove(three!.key);
    const found = await pinned();
    expect(found.verdict.line).toBe(`NOT verified: ${three!.key} is missing: its digest names it`);
    expect(found.codes).toEqual(['missing_file']);
  });

  it('may go while it is read', async () => {
    const [one] = files;
    list(expiry(one!));
    const { bucket } = writer;
    const reader: ArchiveReader = {
      versions: (prefix) => bucket.versions(prefix),
      read: async (name, version) => (name === one!.key ? undefined : bucket.read(name, version)),
    };
    expect((await pinned({ reader })).verdict).toMatchObject({
      status: 'verified',
      files: 2,
      filesRead: 2,
      expired: 1,
    });
  });

  it('may be listed twice, when something held it up', async () => {
    const [one] = files;
    list(expiry(one!));
    writer.bucket.put(`plans/${dayAfter(LAST)}.json`, Buffer.from('{}'));
    writer.putDigest(dayAfter(LAST), key, { expired: [expiry(one!)] });
    writer.bucket.remove(one!.key);
    const later = { now: new Date('2026-11-07T12:00:00Z') };
    expect((await pinned(later)).verdict).toMatchObject({ status: 'verified', expired: 1 });
  });

  it('must be as it was sealed as long as it is there', async () => {
    const [one] = files;
    list(expiry(one!));
    writer.bucket.alter(one!.key, (bytes) => Buffer.concat([bytes, bytes]));
    expect((await pinned()).codes).toEqual(['altered_file']);
    writer.bucket.put(one!.key, Buffer.from('again'));
    expect((await pinned()).codes).toEqual(['second_version', 'altered_file']);
  });
});

describe('no other absence is accepted', () => {
  it.each([
    ['of another file', () => expiry(files[1]!)],
    ['of another version', () => ({ ...expiry(files[0]!), version: 'x' })],
    ['of other bytes', () => ({ ...expiry(files[0]!), sha256: '0'.repeat(64) })],
    ['of other rows', () => ({ ...expiry(files[0]!), rows: 2 })],
  ])('where the list is %s', async (_, listed) => {
    list(listed());
    writer.bucket.remove(files[0]!.key);
    expect((await pinned()).codes).toEqual(['missing_file']);
    writer.bucket.hide(files[0]!.key);
    expect((await pinned()).codes).toEqual(['delete_marker', 'missing_file']);
  });

  it('where the list is not signed', async () => {
    list();
    const digest = JSON.parse(writer.bucket.bytesOf(digestKey(LAST)).toString()) as Digest;
    writer.bucket.alter(digestKey(LAST), () => digestBytes({ ...digest, expired: [expiry(files[0]!)] }));
    writer.bucket.remove(files[0]!.key);
    expect((await pinned()).codes).toEqual(['bad_signature', 'missing_file']);
  });

  it('where the list is of the same day, an earlier one, or within a year', async () => {
    const day = '2026-11-04';
    for (const listing of [day, dayAfter(day)]) {
      writer.bucket = sealed.clone();
      const file = await writer.putFile(day, 1, [{ id: 'D', time: `${day}T00:00:00.000Z` }]);
      for (const one of [day, dayAfter(day)]) {
        writer.bucket.put(`plans/${one}.json`, Buffer.from('{}'));
        writer.putDigest(one, key, {
          files: one === day ? [file] : [],
          expired: one === listing ? [expiry(file)] : [],
        });
      }
      writer.bucket.remove(file.key);
      const { codes, verdict } = await pinned({ now: new Date('2026-11-07T12:00:00Z') });
      expect(codes[0]).toBe('bad_digest');
      expect(verdict.line).toContain('lists archive/event_date=2026-11-04/main/2026-11-04-1.parquet as expired');
    }
  });

  it('of a digest or a key', async () => {
    const [one] = files;
    for (const name of [digestKey(FIRST), signatureKey(FIRST)]) {
      writer.bucket = sealed.clone();
      list({ ...expiry(one!), key: name });
      writer.bucket.hide(name);
      expect((await pinned()).codes).toEqual(['delete_marker', 'bad_digest']);
    }
  });
});

describe('an event of an expired file', () => {
  const where = () => ({ ...tools(), retention: { main: 1 }, now: NOW });

  it('is told of by the file that held it, and the digest that says so', async () => {
    const [one, two] = files;
    list(expiry(one!));
    expect(await locate('main', ID, where())).toMatchObject({ found: true });
    writer.bucket.remove(one!.key);
    const { version, sha256, rows } = one!;
    const digest = { day: LAST, key: digestKey(LAST), sha256: sha256Hex(writer.bucket.bytesOf(digestKey(LAST))) };
    expect(await locate('main', ID, where())).toEqual({
      found: false,
      expired: { file: { key: one!.key, version, sha256, rows }, digest: { ...digest, signedBy: key.fingerprint } },
    });
    expect(await locate('main', OTHER, where())).toMatchObject({ found: true, file: { key: two!.key } });
    // Nothing of it is another tenant's business, and without a retention nobody looks.
    expect(await locate('other', ID, { ...where(), retention: { other: 1 } })).toEqual({ found: false });
    expect(await locate('main', ID, { ...where(), retention: {} })).toEqual({ found: false });
  });

  it('is found as expired also when all files of its day are gone', async () => {
    list(...files.map(expiry));
    for (const file of files) writer.bucket.remove(file.key);
    expect(await findEvent(ID, tools())).toBeUndefined();
    expect((await findExpired(ID, writer.bucket)).map(({ file }) => file.key).sort()).toEqual(
      [files[0]!.key, files[2]!.key].sort(),
    );
    expect(await locate('main', ID, where())).toMatchObject({ expired: { file: { key: files[0]!.key } } });
  });

  it('is a finding when no digest lists the file', async () => {
    list(expiry(files[1]!));
    writer.bucket.remove(files[0]!.key);
    expect(await locate('main', ID, where())).toEqual({
      found: null,
      problem: `${files[0]!.key} is missing: its digest names it`,
    });
  });
});
