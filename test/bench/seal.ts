/**
 * What sealing takes and gives. Run it with `node test/bench/seal.ts`.
 *
 * 1. A year of a million events, 24 landing objects a day, sealed day by day: bytes per event in landing and in the archive,
 *    beside the same rows as NDJSON in gzip; what the archive's row groups are; time a day and peak memory.
 * 2. One day of many events, in parts: time and memory of what a Lambda of 3,008 MB would be given.
 *
 * Other numbers may be given: events of the year (0 leaves it out), landing objects a day, events of the large day.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DuckDBInstance } from '@duckdb/node-api';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { duckDbType, openDuckDb, sqlName, sqlText } from '../../shared/archive/duckdb.ts';
import { parseHiveType } from '../../shared/archive/hive-type.ts';
import { dayAfter } from '../../shared/archive/seal/days.ts';
import { Seal } from '../../shared/archive/seal/seal.ts';
import { PART } from '../../shared/archive/seal/settings.ts';
import { DiskStore } from './disk-store.ts';
import { eventsOfDay } from './seal-events.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const [EVENTS = 1_000_000, OBJECTS = 24, LARGE = 1_000_000] = process.argv.slice(2).map(Number);
const FIRST = '2025-01-01';
/** Half of a function's 3,008 MB. */
const MEMORY_MB = 1_504;
const TYPES = COLUMNS.map(({ name, type }) => `${sqlText(name)}: ${sqlText(duckDbType(parseHiveType(type)))}`).join(
  ', ',
);

const folder = mkdtempSync(join(tmpdir(), 'annals-bench-'));
try {
  if (EVENTS > 0) await year();
  await largeDay();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function year(): Promise<void> {
  const [landing, archive] = [new DiskStore(join(folder, 'landing')), new DiskStore(join(folder, 'archive'))];
  const days = Array.from({ length: 365 }, (_, index) =>
    new Date(Date.parse(FIRST) + index * 86_400_000).toISOString().slice(0, 10),
  );
  const duckDb = await openDuckDb();
  let gzip = 0;
  let events = 0;
  for (const [index, day] of days.entries()) {
    const count = Math.round((EVENTS * (index + 1)) / 365) - events;
    gzip += await land(duckDb, landing, day, count, OBJECTS, index);
    events += count;
  }
  // What it takes is not to be counted as sealing's.
  duckDb.closeSync();
  const total = (objects: readonly { size: number }[]) => objects.reduce((sum, { size }) => sum + size, 0);
  const landed = landing.list('landing/');
  say(`A year: ${events} events in ${landed.length} landing objects`);
  const { seconds, peak } = await sealAll(landing, archive, dayAfter(dayAfter(dayAfter(days.at(-1) ?? ''))));
  const files = archive.list('archive/');
  const each = (bytes: number) => `${(bytes / events).toFixed(0)} bytes an event, ${(bytes / 2 ** 20).toFixed(1)} MiB`;
  say(`  NDJSON in gzip, a file a day  ${each(gzip)}`);
  say(`  landing                       ${each(total(landed))}`);
  say(`  archive, ${files.length} files            ${each(total(files))}`);
  say(`  plans, digests, signatures    ${each(total(archive.list('')) - total(files))}`);
  say(
    `  sealed in                     ${seconds.toFixed(0)} s, ${(seconds / 365).toFixed(2)} s a day; peak memory ${peak}`,
  );
}

async function largeDay(): Promise<void> {
  const [landing, archive] = [new DiskStore(join(folder, 'landing-2')), new DiskStore(join(folder, 'archive-2'))];
  const duckDb = await openDuckDb();
  const count = Math.ceil(LARGE / 96);
  for (let index = 0; index < 96; index += 1) await land(duckDb, landing, FIRST, count, 1, 1_000 + index, `${index}-`);
  duckDb.closeSync();
  const bytes = landing.list('landing/').reduce((sum, { size }) => sum + size, 0);
  const { seconds, peak } = await sealAll(landing, archive, '2025-01-03');
  const files = archive.list('archive/');
  say(`A day of ${count * 96} events, ${(bytes / 2 ** 20).toFixed(0)} MiB in landing`);
  say(
    `  sealed in ${seconds.toFixed(0)} s, in ${files.length} files of ${files.map(({ size }) => (size / 2 ** 20).toFixed(0)).join(', ')} MiB; peak memory ${peak}`,
  );
}

async function sealAll(landing: DiskStore, archive: DiskStore, until: string) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const temporary = join(folder, 'work');
  mkdirSync(temporary, { recursive: true });
  const seal = new Seal({
    landing,
    archive,
    signer: {
      publicKey: async () => publicKey.export({ format: 'der', type: 'spki' }),
      sign: async (hash) => sign('sha256', hash, privateKey),
    },
    lock: { mode: 'GOVERNANCE', years: 7 },
    limits: PART.limits,
    partMs: 0,
    temporary,
    memoryMb: MEMORY_MB,
    refused: (key, problem) => say(`${key}: ${problem.reason}`),
  });
  const base = Math.round(process.memoryUsage.rss() / 2 ** 20);
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, Math.round(process.memoryUsage.rss() / 2 ** 20));
  }, 20);
  const started = performance.now();
  for await (const { day, files } of seal.run(new Date(`${until}T01:00:00Z`), () => Number.POSITIVE_INFINITY))
    if (files.length === 0) say(`nothing in ${day}`);
  clearInterval(watch);
  return { seconds: (performance.now() - started) / 1000, peak: `${peak} MB, of which ${base} MB before` };
}

/** Writes a day's events as Firehose does; the bytes of the same rows as NDJSON in gzip. */
async function land(
  duckDb: DuckDBInstance,
  store: DiskStore,
  day: string,
  count: number,
  objects: number,
  seed: number,
  name = '',
): Promise<number> {
  const ndjson = join(folder, 'day.ndjson');
  const file = openSync(ndjson, 'w');
  for (const event of eventsOfDay(day, count, seed)) writeSync(file, `${JSON.stringify(event)}\n`);
  closeSync(file);
  const gzip = gzipSync(readFileSync(ndjson)).length;
  const connection = await duckDb.connect();
  await connection.run(`CREATE OR REPLACE TABLE day AS SELECT *, row_number() OVER () AS number
    FROM read_json(${sqlText(ndjson)}, format = 'newline_delimited', columns = {${TYPES}})`);
  for (let index = 0; index < objects; index += 1) {
    const path = store.path(`landing/ingest_date=${day}/${name}${String(index).padStart(3, '0')}.parquet`);
    await connection.run(`COPY (SELECT ${COLUMNS.map((column) => sqlName(column.name)).join(', ')} FROM day
      WHERE number > ${Math.floor((count * index) / objects)} AND number <= ${Math.floor((count * (index + 1)) / objects)})
      TO ${sqlText(path)} (FORMAT parquet, COMPRESSION snappy)`);
  }
  connection.closeSync();
  return gzip;
}
