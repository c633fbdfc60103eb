import { createHash, generateKeyPairSync, privateEncrypt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { toParquet } from '../../../../infra/local/aws/firehose/parquet.ts';
import { COLUMNS } from '../../../../shared/archive/columns.ts';
import { Digest, digestKey } from '../../../../shared/archive/digest.ts';
import { openDuckDb } from '../../../../shared/archive/duckdb.ts';
import type { UnreadableObject } from '../../../../shared/archive/seal/readable.ts';
import { Seal, type SealOptions } from '../../../../shared/archive/seal/seal.ts';
import type { Signer } from '../../../../shared/archive/seal/signer.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { MemoryStore } from './memory-store.ts';

export const HOURS = 3_600_000;
const ENDLESS = () => Number.POSITIVE_INFINITY;
const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A signer whose key lies in this process. */
export function memorySigner({ publicKey, privateKey } = KEYS): Signer {
  return {
    publicKey: async () => publicKey.export({ format: 'der', type: 'spki' }),
    // DigestInfo of SHA-256 (RFC 8017, section 9.2), as the digest comes ready made.
    sign: async (hash) =>
      privateEncrypt(privateKey, Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), hash])),
  };
}

/** A row of landing with what is given, and something in every other column that sealing looks at. */
export function row(given: JsonObject & { id: string }): JsonObject {
  return {
    time: '2026-03-01 10:00:00',
    received_at: '2026-03-01 10:00:05',
    tenant: 'acme',
    source: 'github.audit',
    action: 'repo.create',
    actor_email: 'jane@example.com',
    targets: [{ type: 'repository', id: '7', name: 'box', email: null }],
    entities: ['jane@example.com', '7', 'box'],
    raw: `{"id":"${given.id}"}`,
    ...given,
  };
}

/** Landing, archive and signer in memory, and a folder to work in. */
export class World {
  readonly landing = new MemoryStore();
  readonly archive = new MemoryStore();
  readonly folder = mkdtempSync(join(tmpdir(), 'annals-seal-test-'));
  readonly refused: [string, UnreadableObject][] = [];
  readonly duckDb: DuckDBInstance;
  signer: Signer = memorySigner();

  private constructor(duckDb: DuckDBInstance) {
    this.duckDb = duckDb;
  }

  static async open(): Promise<World> {
    return new World(await openDuckDb({ threads: 1, memoryMb: 200 }));
  }

  close(): void {
    this.duckDb.closeSync();
    rmSync(this.folder, { recursive: true, force: true });
  }

  options(given: Partial<SealOptions> = {}): SealOptions {
    return {
      landing: this.landing,
      archive: this.archive,
      signer: this.signer,
      lock: { mode: 'GOVERNANCE', years: 7 },
      retention: {},
      holds: async () => [],
      limits: { bytes: 1_000_000, objects: 100, files: 100 },
      partMs: 1,
      temporary: this.folder,
      memoryMb: 200,
      refused: (key, problem) => this.refused.push([key, problem]),
      ...given,
    };
  }

  /** Seals all that is due at a time; the digests of the days that were. */
  async seal(now: string, given: Partial<SealOptions> = {}): Promise<Digest[]> {
    const digests: Digest[] = [];
    for await (const digest of new Seal(this.options(given)).run(new Date(now), ENDLESS)) digests.push(digest);
    return digests;
  }

  /** Puts an object into landing with these rows. */
  async land(name: string, rows: readonly JsonObject[], columns = COLUMNS): Promise<string> {
    const key = landingKey(name);
    const bytes = await toParquet(this.duckDb, { columns, compression: 'SNAPPY' }, rows, this.folder);
    this.landing.put(key, bytes);
    return key;
  }

  digest(day: string): Digest {
    return Digest.parse(JSON.parse(String(this.archive.bytes(digestKey(day)))));
  }

  /** Every row of the archive, file by file. */
  async archived(columns = 'id'): Promise<unknown[][]> {
    return this.query(
      this.archive.keys('archive/').map((key) => this.archive.bytes(key)),
      columns,
    );
  }

  /** Rows of Parquet files, in order. */
  async query(files: readonly Buffer[], columns: string): Promise<unknown[][]> {
    const connection = await this.duckDb.connect();
    const rows: unknown[][] = [];
    for (const [index, bytes] of files.entries()) {
      const path = join(this.folder, `query-${index}.parquet`);
      writeFileSync(path, bytes);
      rows.push(...(await connection.runAndReadAll(`SELECT ${columns} FROM read_parquet('${path}')`)).getRowsJson());
      rmSync(path);
    }
    connection.closeSync();
    return rows;
  }
}

/** `2026-03-01/a` is an object in the partition of that day. */
export function landingKey(name: string): string {
  const [day, rest] = name.split('/');
  return `landing/ingest_date=${day}/${rest}.parquet`;
}

export function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
