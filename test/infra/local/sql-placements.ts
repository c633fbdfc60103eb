import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { createCatalog } from '../../../infra/local/sql-catalog.ts';
import { toJsonValue } from '../../../infra/local/sql-values.ts';
import { COLUMNS } from '../../../shared/archive/columns.ts';
import { openDuckDb, sqlText } from '../../../shared/archive/duckdb.ts';
import { eventDate } from '../../../shared/archive/event-date.ts';
import { SQL_FIXTURE } from '../../support/sql-fixture.ts';
import { createArchive, type TestArchive } from './sql-support.ts';

/** A data directory that holds the fixture, open for queries. */
export interface Placement {
  readonly dir: string;
  rows(sql: string, values?: readonly string[]): Promise<Record<string, unknown>[]>;
  connection: DuckDBConnection;
  close(): Promise<void>;
}

type Row = Record<string, unknown>;
const number = ({ id }: Row) => Number(id);

/** Which rows are sealed, and which lie in landing; one may be both, as it is for a week. */
const PLACEMENTS = {
  'landing only': { sealed: () => false, landed: () => true },
  'archive only': { sealed: () => true, landed: () => false },
  'half and half, with repeats and an overlap': {
    sealed: (row: Row) => number(row) % 2 === 0,
    landed: (row: Row) => number(row) % 2 === 1 || number(row) % 3 === 0,
  },
} as const;
export type PlacementName = keyof typeof PLACEMENTS;
export const PLACEMENT_NAMES = Object.keys(PLACEMENTS) as readonly PlacementName[];

/** Lays out the fixture: landing through the local Firehose, the archive as sealing leaves it, one file a day and tenant. */
export async function place(name: PlacementName): Promise<Placement> {
  const { sealed, landed } = PLACEMENTS[name];
  const archive = await createArchive();
  const instance = await openDuckDb();
  const connection = await instance.connect();
  await seal(archive, connection, SQL_FIXTURE.filter(sealed));
  const landing = SQL_FIXTURE.filter(landed);
  if (landing.length > 0) {
    await archive.land('2026-11-22T00:00:00Z', ...landing);
    await archive.land('2026-11-23T00:00:00Z', ...landing.slice(0, 5));
  }
  const folders = {
    landing: join(archive.dir, 's3/landing/landing'),
    archive: join(archive.dir, 's3/archive/archive'),
  };
  await createCatalog(connection, 'annals_dev', folders);
  return { dir: archive.dir, connection, ...access(connection, instance, archive) };
}

function access(connection: DuckDBConnection, instance: DuckDBInstance, archive: TestArchive) {
  return {
    async rows(sql: string, values: readonly string[] = []) {
      const reader = await connection.runAndReadAll(sql, [...values]);
      const names = reader.columnNames();
      return reader
        .convertRows(toJsonValue)
        .map((row) => Object.fromEntries(row.map((value, at) => [names[at], value])));
    },
    async close() {
      instance.closeSync();
      await archive.remove();
    },
  };
}

async function seal(archive: TestArchive, connection: DuckDBConnection, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  // Through Firehose first, so that both have the same columns and types.
  const scratch = await createArchive();
  await scratch.land('2026-11-22T00:00:00Z', ...rows);
  const landed = `read_parquet(${sqlText(join(scratch.dir, 's3/landing/landing/**/*.parquet'))}, hive_partitioning = false)`;
  const columns = COLUMNS.map((column) => `"${column.name}"`).join(', ');
  for (const key of new Set(rows.map(({ time, tenant }) => `${eventDate(String(time))} ${tenant}`))) {
    const [date = '', tenant = ''] = key.split(' ');
    const folder = join(archive.dir, 's3/archive/archive', `event_date=${date}`, tenant);
    await mkdir(folder, { recursive: true });
    await connection.run(
      `COPY (SELECT ${columns} FROM ${landed} WHERE tenant = ${sqlText(tenant)} AND strftime("time", '%Y-%m-%d') = ${sqlText(date)}
         ORDER BY tenant, source, "time", id)
       TO ${sqlText(join(folder, '2026-11-20-0.parquet'))} (FORMAT parquet, COMPRESSION zstd)`,
    );
  }
  await scratch.remove();
}
