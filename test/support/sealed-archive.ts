import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { COLUMNS } from '../../shared/archive/columns.ts';
import {
  type Digest,
  digestBytes,
  digestKey,
  fingerprintOf,
  KEY_PREFIX,
  signatureKey,
} from '../../shared/archive/digest.ts';
import { duckDbType, openDuckDb, sqlName, sqlText } from '../../shared/archive/duckdb.ts';
import { eventDate } from '../../shared/archive/event-date.ts';
import { parseHiveType } from '../../shared/archive/hive-type.ts';
import { sha256Hex } from '../../shared/archive/row.ts';
import { publicKeyRecord } from '../../shared/archive/seal/signer.ts';
import type { ArchiveReader, Version } from '../../shared/archive/verify/reader.ts';
import { canonicalJson } from '../../shared/json.ts';

/** A versioned bucket in memory, and what somebody who got hold of it can do. */
export class MemoryBucket implements ArchiveReader {
  /** Newest version first. */
  readonly #objects = new Map<string, (Version & { bytes: Buffer })[]>();
  #count = 0;

  put(key: string, bytes: Buffer): string {
    const version = this.#nextVersion();
    const one = { key, version, size: bytes.length, deleteMarker: false, bytes };
    this.#objects.set(key, [one, ...(this.#objects.get(key) ?? [])]);
    return version;
  }

  #nextVersion(): string {
    this.#count += 1;
    return `v${this.#count}`;
  }

  clone(): MemoryBucket {
    const copy = new MemoryBucket();
    for (const [key, versions] of this.#objects)
      copy.#objects.set(
        key,
        versions.map((one) => ({ ...one })),
      );
    copy.#count = this.#count;
    return copy;
  }

  /** What a DELETE without a version does. */
  hide(key: string): void {
    const marker = { key, version: this.#nextVersion(), size: 0, deleteMarker: true, bytes: Buffer.alloc(0) };
    this.#objects.set(key, [marker, ...(this.#objects.get(key) ?? [])]);
  }

  /** What no API of S3 does: the object is gone with all its versions, or has other bytes under its version. */
  remove(key: string): void {
    this.#objects.delete(key);
  }
  alter(key: string, change: (bytes: Buffer) => Buffer): void {
    const [newest] = this.#objects.get(key) ?? [];
    if (newest === undefined) throw new Error(`no ${key}`);
    newest.bytes = change(Buffer.from(newest.bytes));
  }

  bytesOf(key: string): Buffer {
    const [newest] = this.#objects.get(key) ?? [];
    if (newest === undefined) throw new Error(`no ${key}`);
    return newest.bytes;
  }
  keys(prefix = ''): string[] {
    return [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  async *versions(prefix: string) {
    for (const key of this.keys(prefix)) yield* this.#objects.get(key) ?? [];
  }
  async read(key: string, version: string) {
    const found = this.#objects.get(key)?.find((one) => one.version === version && !one.deleteMarker);
    // In two chunks, as a body comes in several.
    return (
      found &&
      ([found.bytes.subarray(0, 100), found.bytes.subarray(100)].values().toArray() as unknown as AsyncIterable<Buffer>)
    );
  }
}

export interface TestKey {
  readonly privateKey: KeyObject;
  readonly der: Buffer;
  readonly fingerprint: string;
  readonly pem: string;
}

export function testKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return {
    privateKey,
    der,
    fingerprint: fingerprintOf(der),
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** Of an event, what the tests set; the other columns are null. */
export interface Row {
  readonly id: string;
  readonly time: string;
  readonly tenant?: string;
  readonly source?: string;
  readonly raw_sha256?: string;
}

/** Writes sealed archives by the format alone, and signs what it is told to. */
export class ArchiveWriter {
  /** A test may put another in its place. */
  bucket = new MemoryBucket();
  readonly #duckDb: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly folder: string;

  private constructor(duckDb: DuckDBInstance, connection: DuckDBConnection, folder: string) {
    this.#duckDb = duckDb;
    this.connection = connection;
    this.folder = folder;
  }

  static async open(): Promise<ArchiveWriter> {
    const folder = await mkdtemp(join(tmpdir(), 'annals-sealed-'));
    const duckDb = await openDuckDb({ threads: 1, memoryMb: 200 });
    return new ArchiveWriter(duckDb, await duckDb.connect(), folder);
  }

  async close(): Promise<void> {
    this.connection.closeSync();
    this.#duckDb.closeSync();
    await rm(this.folder, { recursive: true });
  }

  async parquet(rows: readonly Row[]): Promise<Buffer> {
    const path = join(this.folder, `${crypto.randomUUID()}.parquet`);
    const columns = COLUMNS.map(({ name, type }) => `${sqlName(name)} ${duckDbType(parseHiveType(type))}`);
    await this.connection.run(`CREATE OR REPLACE TABLE rows (${columns.join(', ')})`);
    for (const { id, time, tenant = 'main', source = 'github.audit', raw_sha256 } of rows) {
      await this.connection.run(
        `INSERT INTO rows (id, time, received_at, tenant, source, raw, raw_sha256)
         VALUES ($id, $time::TIMESTAMP, $time::TIMESTAMP, $tenant, $source, $raw, $sha256)`,
        { id, time: time.replace('Z', ''), tenant, source, raw: raw_sha256 ? null : '{}', sha256: raw_sha256 ?? null },
      );
    }
    await this.connection.run(`COPY rows TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`);
    const bytes = await readFile(path);
    await rm(path);
    return bytes;
  }

  putKey(key: TestKey, from: string): void {
    this.bucket.put(`${KEY_PREFIX}${key.fingerprint}.json`, Buffer.from(canonicalJson(publicKeyRecord(key.der, from))));
  }

  /** A sealed file of rows of one tenant and day. */
  async putFile(day: string, number: number, rows: readonly Row[]): Promise<Digest['files'][number]> {
    const times = rows.map(({ time }) => time).sort();
    const [{ tenant = 'main', time } = { time: '' }] = rows;
    const date = eventDate(time);
    const raws = [...new Set(rows.flatMap(({ raw_sha256 }) => raw_sha256 ?? []))].sort();
    const bytes = await this.parquet(rows);
    const key = `archive/event_date=${date}/${tenant}/${day}-${number}.parquet`;
    return {
      key,
      version: this.bucket.put(key, bytes),
      size: bytes.length,
      sha256: sha256Hex(bytes),
      tenant,
      date,
      rows: rows.length,
      earliest: times[0] ?? '',
      latest: times.at(-1) ?? '',
      ids: createHash('sha256')
        .update(rows.map(({ id }) => `${id}\n`).join(''))
        .digest('hex'),
      ...(raws.length > 0 && { raws }),
    };
  }

  /** Plan, files, digest and signature of one day, after the digest of the day before, if there is one. */
  async sealDay(day: string, key: TestKey, files: readonly (readonly Row[])[] = []): Promise<Digest> {
    this.bucket.put(`plans/${day}.json`, Buffer.from('{}'));
    const sealed: Digest['files'] = [];
    for (const [index, rows] of files.entries()) sealed.push(await this.putFile(day, index + 1, rows));
    return this.putDigest(day, key, { files: sealed });
  }

  putDigest(day: string, key: TestKey, change: Partial<Digest> = {}): Digest {
    const digest = this.digest(day, key, change);
    this.putSigned(digest, key);
    return digest;
  }

  digest(day: string, key: TestKey, change: Partial<Digest> = {}): Digest {
    const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
    const hasBefore = this.bucket.keys(digestKey(before)).length > 0;
    const { files = [] } = change;
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    return {
      format: 1,
      day,
      previous: hasBefore ? { day: before, sha256: sha256Hex(this.bucket.bytesOf(digestKey(before))) } : null,
      plannedAt: `${day}T01:00:00.000Z`,
      key: key.fingerprint,
      landing:
        rows === 0
          ? []
          : [{ key: `landing/ingest_date=${day}/a.parquet`, version: 'v', size: 1, sha256: '0'.repeat(64), rows }],
      files,
      expired: [],
      unreadable: [],
      repeats: 0,
      archivedBefore: 0,
      ...change,
    };
  }

  putSigned(digest: Digest, key: TestKey): void {
    const bytes = digestBytes(digest);
    this.bucket.put(digestKey(digest.day), bytes);
    this.bucket.put(signatureKey(digest.day), Buffer.from(sign('sha256', bytes, key.privateKey).toString('base64')));
  }
}
