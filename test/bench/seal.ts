/**
 * What sealing takes and gives. Run it with `node test/bench/seal.ts`.
 *
 * 1. Days of a year of a million events, 24 landing objects a day, sealed day by day: bytes per event in landing and in the
 *    archive, beside the same rows as NDJSON in gzip; time a day and peak memory.
 * 2. What the saved queries and views read of it, over the archive and over landing, and what one source and day reads.
 * 3. One day of many events, in parts: time and memory of what a Lambda of 3,008 MB would be given.
 *
 * Options: --days (61; 365 is the year), --events a year, --objects a day, --large events of the large day (0 leaves it out),
 * --folder to keep the archive in and find it again: what is there is gone on with, and not made anew.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDuckDb, sqlText } from '../../shared/archive/duckdb.ts';
import { Seal } from '../../shared/archive/seal/seal.ts';
import { PART } from '../../shared/archive/seal/settings.ts';
import { DiskStore } from './disk-store.ts';
import { eventsOfDay } from './seal-events.ts';
import { dayOfReceipt, landDay } from './seal-landing.ts';
import { bytesRead, questions, sourceDay } from './seal-queries.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '61' },
    events: { type: 'string', default: '1000000' },
    objects: { type: 'string', default: '24' },
    large: { type: 'string', default: '0' },
    folder: { type: 'string' },
  },
});
const [DAYS, EVENTS, OBJECTS, LARGE] = [values.days, values.events, values.objects, values.large].map(Number) as [
  number,
  number,
  number,
  number,
];
const FIRST = '2025-01-01';
/** Half of a function's 3,008 MB. */
const MEMORY_MB = 1_504;
const say = (line: string) => process.stdout.write(`${line}\n`);
const total = (objects: readonly { size: number }[]) => objects.reduce((sum, { size }) => sum + size, 0);
const kib = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`;

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'annals-bench-'));
mkdirSync(folder, { recursive: true });
try {
  const landing = new DiskStore(join(folder, 'landing'));
  const archive = new DiskStore(join(folder, 'archive'));
  if (DAYS > 0) {
    await year(landing, archive);
    await reads(landing, archive);
  }
  if (LARGE > 0) await largeDay();
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}

function dayAt(index: number): string {
  return new Date(Date.parse(FIRST) + index * 86_400_000).toISOString().slice(0, 10);
}

async function year(landing: DiskStore, archive: DiskStore): Promise<void> {
  const made = join(folder, 'made.json');
  if (!existsSync(made)) writeFileSync(made, JSON.stringify(await landAll(landing)));
  const { events, gzip } = JSON.parse(readFileSync(made, 'utf8')) as { events: number; gzip: number };
  const landed = landing.list('landing/');
  say(`${DAYS} days of ${EVENTS} events a year: ${events} events in ${landed.length} landing objects`);
  const { days, seconds, peak } = await sealAll(landing, archive, dayAt(DAYS + 1));
  const files = archive.list('archive/');
  const each = (bytes: number) => `${(bytes / events).toFixed(0)} bytes an event, ${(bytes / 2 ** 20).toFixed(1)} MiB`;
  say(`  NDJSON in gzip, a file a day  ${each(gzip)}`);
  say(`  landing                       ${each(total(landed))}`);
  say(`  archive, ${files.length} files            ${each(total(files))}`);
  say(`  plans, digests, signatures    ${each(total(archive.list('')) - total(files))}`);
  if (days > 0)
    say(
      `  ${days} days sealed in           ${seconds.toFixed(0)} s, ${(seconds / days).toFixed(2)} s a day; peak memory ${peak}`,
    );
}

/** An event lands on the day on which it was received, so that each day has some of the day before. */
async function landAll(landing: DiskStore): Promise<{ events: number; gzip: number }> {
  const duckDb = await openDuckDb();
  const connection = await duckDb.connect();
  let [gzip, events] = [0, 0];
  let late: Record<string, unknown>[] = [];
  for (let index = 0; index < DAYS; index += 1) {
    const day = dayAt(index);
    const count = Math.round((EVENTS * (index + 1)) / 365) - Math.round((EVENTS * index) / 365);
    const all = [...late, ...eventsOfDay(day, count, index)];
    const received = all.filter((event) => dayOfReceipt(event) <= day);
    late = all.filter((event) => dayOfReceipt(event) > day);
    gzip += await landDay(connection, landing, folder, day, received, { objects: OBJECTS });
    events += received.length;
  }
  // What it takes is not to be counted as sealing's.
  duckDb.closeSync();
  return { events, gzip };
}

async function reads(landing: DiskStore, archive: DiskStore): Promise<void> {
  const placements = {
    landing: { landing: join(landing.root, 'landing') },
    archive: { archive: join(archive.root, 'archive') },
  };
  const ask = async (sql: string) => {
    const duckDb = await openDuckDb();
    const rows = (await (await duckDb.connect()).runAndReadAll(sql)).getRowsJS();
    duckDb.closeSync();
    return rows;
  };
  const day = dayAt(Math.floor(DAYS / 2));
  const files = archive.list(`archive/event_date=${day}/`);
  const size = total(files);
  const ofDay = `read_parquet(${sqlText(join(archive.root, `archive/event_date=${day}/**`))})`;
  const [[target] = []] = await ask(`SELECT mode(targets[1].id) FROM ${ofDay}`);

  say(`${'Bytes read of'.padEnd(34)}${'landing'.padStart(12)}${'archive'.padStart(12)}   share  rows`);
  for (const { name, sql } of questions(dayAt(DAYS - 1), String(target))) {
    const [landed, sealed] = [await bytesRead(placements.landing, sql), await bytesRead(placements.archive, sql)];
    const share = `${((100 * sealed.bytes) / landed.bytes).toFixed(0)} %`;
    const rows = landed.rows === sealed.rows ? `${sealed.rows}` : `${landed.rows} and ${sealed.rows}: they differ`;
    say(
      `  ${name.padEnd(32)}${kib(landed.bytes).padStart(12)}${kib(sealed.bytes).padStart(12)}${share.padStart(8)}  ${rows}`,
    );
  }

  say(`All columns of one source and event day, ${day}; the day has ${kib(size)} in ${files.length} files`);
  const sources = (await ask(`SELECT source FROM ${ofDay} GROUP BY 1 ORDER BY count(*) DESC`)).map(([one]) =>
    String(one),
  );
  const times = async (sql: string) => (await bytesRead(placements.archive, sql)).bytes / size;
  const [largest = ''] = sources;
  for (const [how, sql] of [
    ['by events', sourceDay('events', largest, day)],
    ['by archive', sourceDay('archive', largest, day)],
    ['by events, without event_date', sourceDay('events', largest, day, { date: false })],
  ] as const)
    say(`  ${`the largest, ${largest}, ${how}`.padEnd(58)}${(await times(sql)).toFixed(2)} times the day`);
  const each: number[] = [];
  for (const source of sources) each.push(await times(sourceDay('events', source, day)));
  each.sort((a, b) => a - b);
  const [least = 0, middle = 0, most = 0] = [each[0], each[Math.floor(each.length / 2)], each.at(-1)];
  say(
    `  all ${each.length} by events: ${least.toFixed(2)} to ${most.toFixed(2)} times the day, the median ${middle.toFixed(2)}`,
  );
}

async function largeDay(): Promise<void> {
  const [landing, archive] = [new DiskStore(join(folder, 'landing-2')), new DiskStore(join(folder, 'archive-2'))];
  const duckDb = await openDuckDb();
  const connection = await duckDb.connect();
  const count = Math.ceil(LARGE / 96);
  for (let index = 0; index < 96; index += 1) {
    const events = [...eventsOfDay(FIRST, count, 1_000 + index)];
    await landDay(connection, landing, folder, FIRST, events, { objects: 1, name: `${index}-` });
  }
  duckDb.closeSync();
  const bytes = total(landing.list('landing/'));
  const { seconds, peak } = await sealAll(landing, archive, '2025-01-03');
  const files = archive.list('archive/');
  say(`A day of ${count * 96} events, ${(bytes / 2 ** 20).toFixed(0)} MiB in landing`);
  say(
    `  sealed in ${seconds.toFixed(0)} s, in ${files.length} files of ${files.map(({ size }) => (size / 2 ** 20).toFixed(0)).join(', ')} MiB; peak memory ${peak}`,
  );
}

/** The key of what was begun, or a new one. */
function signingKey() {
  const file = join(folder, 'key.pem');
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  }
  return createPrivateKey(readFileSync(file));
}

async function sealAll(landing: DiskStore, archive: DiskStore, until: string) {
  const privateKey = signingKey();
  const temporary = join(folder, 'work');
  mkdirSync(temporary, { recursive: true });
  const seal = new Seal({
    landing,
    archive,
    signer: {
      publicKey: async () => createPublicKey(privateKey).export({ format: 'der', type: 'spki' }),
      sign: async (hash) => sign('sha256', hash, privateKey),
    },
    lock: { mode: 'GOVERNANCE', years: 7 },
    retention: {},
    holds: async () => [],
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
  let days = 0;
  for await (const { day, files } of seal.run(new Date(`${until}T01:00:00Z`), () => Number.POSITIVE_INFINITY)) {
    days += 1;
    if (files.length === 0) say(`nothing in ${day}`);
  }
  clearInterval(watch);
  return { days, seconds: (performance.now() - started) / 1000, peak: `${peak} MB, of which ${base} MB before` };
}
