import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DIGEST_PREFIX } from '../archive/digest.ts';
import { openDuckDb } from '../archive/duckdb.ts';
import { eventDate } from '../archive/event-date.ts';
import { dayAfter } from '../archive/seal/days.ts';
import { sha256OfFile } from '../archive/seal/landing.ts';
import { firstVersions } from '../archive/seal/once.ts';
import { parquetFiles } from '../archive/seal/readable.ts';
import { type SealedFile, SealedFiles } from '../archive/seal/sealed-files.ts';
import type { ObjectVersion, SealStore } from '../archive/seal/store.ts';
import { NotFoundError, StoreUnavailableError } from '../errors.ts';
import type { PreparedEvent } from '../event/prepare.ts';
import { mapLimited, type TimeLeft } from '../retry.ts';
import type { Position } from './cursor.ts';
import { ReplayError } from './errors.ts';
import type { Restored } from './restore.ts';
import { eventOfRow, type Row } from './row.ts';

/** Events of a tenant and source that happened on UTC days, first and last included. */
export interface Range {
  readonly tenant: string;
  readonly source: string;
  readonly from: string;
  readonly to: string;
}

export interface ReplayOptions {
  readonly archive: SealStore;
  readonly restore: (events: readonly PreparedEvent[]) => Promise<readonly Restored[]>;
  /** Nothing more is begun when it is over. */
  readonly timeLeft: TimeLeft;
  /** Existing folder of the local disk. */
  readonly temporary: string;
  /** What DuckDB may take. */
  readonly memoryMb: number;
}

/** What a run has done: events by what became of them, and where the next one goes on. */
export interface Replayed {
  readonly files: number;
  readonly counts: Readonly<Record<Restored | 'unreadable', number>>;
  /** Undefined at the end. */
  readonly next: Position | undefined;
}

const ALL_DAYS = '9999-12-31';
const LISTINGS_AT_ONCE = 16;
const DIGEST_DAY = new RegExp(`^${DIGEST_PREFIX}(\\d{4}-\\d{2}-\\d{2})\\.json$`);
/** A batch ends at whichever comes first. */
const BATCH = { events: 250, bytes: 4 * 1024 * 1024 };

/**
 * Puts what the archive has of a range into the hot store again, file by file in the order of their keys, as far as time
 * allows.
 *
 * @throws ReplayError when a file is not the one that its digest names; StoreUnavailableError when a store fails before
 *   anything was done. After that the run ends where it is.
 */
export async function replayRange(range: Range, from: Position, options: ReplayOptions): Promise<Replayed> {
  const counts = { stored: 0, present: 0, waiting: 0, unreadable: 0 };
  let files = 0;
  let position = from;
  try {
    for (const file of await filesOf(range, options.archive)) {
      if (file.key < from.file) continue;
      if (file.key !== position.file) position = { ...position, file: file.key, id: '' };
      if (options.timeLeft() <= 0) return { files, counts, next: position };
      const path = await fetchFile(file, options);
      if (path === undefined) continue;
      for await (const rows of rowsOf(path, range, position.id, options)) {
        const events = rows.map((row) => eventOfRow(row, from.keepUntil));
        const readable = events.filter((event) => event !== undefined);
        counts.unreadable += events.length - readable.length;
        for (const became of await options.restore(readable)) counts[became] += 1;
        position = { ...position, id: String(rows.at(-1)?.['id']) };
        if (options.timeLeft() <= 0) return { files, counts, next: position };
      }
      files += 1;
    }
    return { files, counts, next: undefined };
  } catch (error) {
    if (!(error instanceof StoreUnavailableError) || (position.file === from.file && position.id === from.id))
      throw error;
    return { files, counts, next: position };
  }
}

/** The sealed files that may hold events of a range, by key. */
async function filesOf({ tenant, from, to }: Range, archive: SealStore): Promise<SealedFile[]> {
  const digests = new Map<string, ObjectVersion>();
  for (const [key, object] of await firstVersions(archive, DIGEST_PREFIX)) {
    const [, day] = DIGEST_DAY.exec(key) ?? [];
    if (day !== undefined) digests.set(day, object);
  }
  const sealed = new SealedFiles(archive, digests);
  const found = await mapLimited(datesOf(from, to), LISTINGS_AT_ONCE, (date) =>
    sealed.before(ALL_DAYS, { tenant, date }),
  );
  return found
    .flat()
    .filter(({ earliest, latest }) => earliest < dayAfter(to) && latest >= from)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The archive's partitions of the days from one to another. No event is of a time after tomorrow. */
export function datesOf(from: string, to: string, now = new Date()): string[] {
  const tomorrow = dayAfter(now.toISOString().slice(0, 10));
  const last = eventDate(to < tomorrow ? to : tomorrow);
  const dates: string[] = [];
  for (let date = eventDate(from); date <= last; date = dayAfter(date)) dates.push(date);
  return dates;
}

/** Undefined when it has expired since it was listed. */
async function fetchFile(file: SealedFile, { archive, temporary }: ReplayOptions): Promise<string | undefined> {
  const path = join(temporary, 'sealed.parquet');
  try {
    await archive.download(file, path);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
  // Before DuckDB sees it: a forged file is nothing to feed a parser with, and nothing to put into the hot store.
  if ((await sha256OfFile(path)) === file.sha256) return path;
  throw new ReplayError(`${file.key} was altered since it was sealed: run npm run verify`);
}

async function* rowsOf(
  path: string,
  range: Range,
  after: string,
  { temporary, memoryMb }: ReplayOptions,
): AsyncGenerator<Row[]> {
  const duckDb = await openDuckDb({ threads: 1, memoryMb, temporary: join(temporary, 'spill') });
  try {
    yield* batches(await duckDb.connect(), path, range, after);
  } finally {
    duckDb.closeSync();
    await rm(path, { force: true });
  }
}

async function* batches(
  connection: DuckDBConnection,
  path: string,
  range: Range,
  after: string,
): AsyncGenerator<Row[]> {
  const { tenant, source, from, to } = range;
  const iso = (name: string) => `strftime(${name}, '%Y-%m-%dT%H:%M:%S.%gZ') AS ${name}`;
  const found = await connection.stream(
    `SELECT * REPLACE (${iso('time')}, ${iso('received_at')}) FROM ${parquetFiles([path])} AS sealed
     WHERE tenant = $tenant AND source = $source AND id > $after
     AND sealed.time >= $from::TIMESTAMP AND sealed.time < $until::TIMESTAMP ORDER BY id`,
    { tenant, source, after, from, until: dayAfter(to) },
  );
  let batch: Row[] = [];
  let bytes = 0;
  for await (const rows of found.yieldRowObjectJs()) {
    for (const row of rows) {
      batch.push(row);
      bytes += typeof row['raw'] === 'string' ? row['raw'].length : 0;
      if (batch.length < BATCH.events && bytes < BATCH.bytes) continue;
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
}
