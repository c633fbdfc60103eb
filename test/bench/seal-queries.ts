import { readFileSync } from 'node:fs';
import { TRINO_MACROS } from '../../infra/local/trino-macros.ts';
import { COLUMNS, LANDING_PARTITION, SEALED_PARTITION } from '../../shared/archive/columns.ts';
import { duckDbType, globLiteral, openDuckDb, sqlName, sqlText } from '../../shared/archive/duckdb.ts';
import { parseHiveType } from '../../shared/archive/hive-type.ts';
import { savedQueries, savedViews } from '../../shared/archive/saved-sql.ts';
import { withValues } from '../../shared/archive/sql-parameters.ts';
import { eventsViewSql } from '../../shared/archive/view.ts';

const COLUMN_LIST = COLUMNS.map(({ name }) => sqlName(name)).join(', ');

/** Where the rows of a query lie: folders of a landing and of an archive, either of them empty. */
export interface Placement {
  readonly landing?: string;
  readonly archive?: string;
}

export interface Read {
  readonly rows: number;
  /** That the operating system was asked for, footers of files included. */
  readonly bytes: number;
}

/**
 * Runs a statement with a DuckDB of its own, and counts what is read from the time that it begins.
 *
 * DuckDB's metric TOTAL_BYTES_READ leaves out what a Parquet reader prefetches, so this is `rchar` of /proc/self/io, which
 * has everything that the process read, be it from the page cache or not. As with Athena, the tables' columns are known
 * before, and a file's footer is read by each query whose partitions it is in.
 */
export async function bytesRead(placement: Placement, sql: string): Promise<Read> {
  const duckDb = await openDuckDb({ threads: 1 });
  try {
    const connection = await duckDb.connect();
    for (const macro of TRINO_MACROS) await connection.run(macro);
    await connection.run(`CREATE VIEW landing AS ${tableSql(placement.landing, LANDING_PARTITION)}`);
    await connection.run(`CREATE VIEW archive AS ${tableSql(placement.archive, SEALED_PARTITION)}`);
    await connection.run(`CREATE VIEW events AS ${eventsViewSql({ landing: 'landing', archive: 'archive' })}`);
    for (const view of savedViews()) await connection.run(`CREATE VIEW ${sqlName(view.name)} AS ${view.sql}`);
    const before = readSoFar();
    const reader = await connection.runAndReadAll(sql);
    return { rows: reader.currentRowCount, bytes: readSoFar() - before };
  } finally {
    duckDb.closeSync();
  }
}

function tableSql(folder: string | undefined, partition: string): string {
  if (folder !== undefined)
    return `SELECT ${COLUMN_LIST}, ${sqlName(partition)} FROM read_parquet(${sqlText(`${globLiteral(folder)}/**/*.parquet`)},
      hive_partitioning = true, hive_types = {${sqlText(partition)}: VARCHAR})`;
  const nulls = COLUMNS.map(({ name, type }) => `NULL::${duckDbType(parseHiveType(type))} AS ${sqlName(name)}`);
  return `SELECT ${nulls.join(', ')}, NULL::VARCHAR AS ${sqlName(partition)} WHERE false`;
}

function readSoFar(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

/** A statement to be measured. */
export interface Question {
  readonly name: string;
  readonly sql: string;
}

/**
 * Every saved query and every view by use, over a month where one may be named.
 *
 * @param day the last of what there is.
 * @param target something that is acted on.
 */
export function questions(day: string, target: string): Question[] {
  const from = `${day.slice(0, 7)}-01`;
  const to = `${day.slice(0, 7)}-08`;
  const actor = 'person.number42@example.com';
  const given: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'actor-activity': { actor, from, to: day },
    'target-activity': { target, from, to: day },
    'first-seen-ips': { actor },
    'logins-failed-then-succeeded': { from, to: day },
    'leaver-last-days': { actor, left_at: day },
    'dormant-admins': { at: day, days: '1' },
  };
  const now = `${day}T00:00:00.000Z`;
  const queries = savedQueries().map((query) => ({
    name: query.name,
    sql: withValues(query, given[query.name] ?? {}, now),
  }));
  const views = savedViews().map(({ name }) => ({
    name: `${name}, a week`,
    sql: `SELECT * FROM ${name} WHERE event_date >= '${from}' AND event_date < '${to}' AND ${between(name, from, to)}`,
  }));
  return [...queries, ...views];
}

function between(view: string, from: string, to: string): string {
  const column = view.startsWith('ocsf_') ? 'time_dt' : '"time"';
  return `${column} >= TIMESTAMP '${from}' AND ${column} < TIMESTAMP '${to}'`;
}

/** Every column of the events of one source and day, by the view or a table; Athena looks into every day unless one is named. */
export function sourceDay(table: string, source: string, day: string, { date = true } = {}): string {
  const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  return `SELECT * FROM ${table} WHERE ${date ? `event_date = '${day}' AND ` : ''}source = ${sqlText(source)}
    AND ${between('events', day, next)}`;
}
