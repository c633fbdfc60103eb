import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { duckDbType, sqlName, sqlText } from '../../shared/archive/duckdb.ts';
import { parseHiveType } from '../../shared/archive/hive-type.ts';
import type { DiskStore } from './disk-store.ts';

type Event = Readonly<Record<string, unknown>>;

const NAMES = COLUMNS.map(({ name }) => sqlName(name)).join(', ');
const TYPES = COLUMNS.map(({ name, type }) => `${sqlText(name)}: ${sqlText(duckDbType(parseHiveType(type)))}`).join(
  ', ',
);

/** The UTC day on which an event was received. */
export function dayOfReceipt({ received_at }: Event): string {
  return String(received_at).slice(0, 10);
}

/**
 * Writes a day's events as Firehose does, in so many objects, in order of receipt.
 *
 * @returns bytes of the same rows as NDJSON in gzip.
 */
export async function landDay(
  connection: DuckDBConnection,
  store: DiskStore,
  folder: string,
  day: string,
  events: readonly Event[],
  { objects, name = '' }: { objects: number; name?: string },
): Promise<number> {
  const ndjson = join(folder, 'day.ndjson');
  const file = openSync(ndjson, 'w');
  const received = events.toSorted((a, b) => (String(a['received_at']) < String(b['received_at']) ? -1 : 1));
  for (const event of received) writeSync(file, `${JSON.stringify(event)}\n`);
  closeSync(file);
  await connection.run(`CREATE OR REPLACE TABLE day AS SELECT *, row_number() OVER () AS number
    FROM read_json(${sqlText(ndjson)}, format = 'newline_delimited', columns = {${TYPES}})`);
  const cut = (index: number) => Math.floor((events.length * index) / objects);
  for (let index = 0; index < objects; index += 1) {
    const path = store.path(`landing/ingest_date=${day}/${name}${String(index).padStart(3, '0')}.parquet`);
    await connection.run(`COPY (SELECT ${NAMES} FROM day WHERE number > ${cut(index)} AND number <= ${cut(index + 1)})
      TO ${sqlText(path)} (FORMAT parquet, COMPRESSION snappy)`);
  }
  return gzipSync(readFileSync(ndjson)).length;
}
