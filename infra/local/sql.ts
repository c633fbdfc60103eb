import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { COLUMNS, LANDING_PARTITION, LANDING_PREFIX } from '../../shared/archive/columns.ts';
import { parseHiveType } from '../../shared/archive/hive-type.ts';
import { eventsViewSql } from '../../shared/archive/view.ts';
import { ConfigurationError, InvalidRequestError } from '../../shared/errors.ts';
import { bucketPath } from './aws/s3/paths.ts';
import { duckDbType, globLiteral, openDuckDb, sqlName, sqlText } from './duckdb.ts';
import { requireReading } from './sql-guard.ts';
import { toJsonValue } from './sql-values.ts';

const Stack = z.object({ buckets: z.object({ landing: z.string() }), database: z.string() });

export interface SqlResult {
  /** `type` as DuckDB spells it. A name that occurs twice is told apart by `:1`. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values as JSON has them: see `toJsonValue`. */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Runs one reading statement over the local archive, with DuckDB in Athena's place: the view `events` and the table
 * `landing`, in a schema of the database's name. Nothing can be written, and no file but landed ones read.
 *
 * @param options.dir the data directory, with the `stack.json` that the start command writes.
 * @throws ConfigurationError when nothing was ever started there; InvalidRequestError, with a message of one line, when the
 *   statement is not one that reads or DuckDB can't run it.
 */
export async function runSql({ dir, sql }: { dir: string; sql: string }): Promise<SqlResult> {
  const stack = await readStack(dir);
  const landing = resolve(dir, bucketPath(stack.buckets.landing), LANDING_PREFIX);
  const duckDb = await openDuckDb();
  try {
    const connection = await duckDb.connect();
    await createViews(connection, stack.database, landing);
    // The glob of the view is compared as it is written, the files that it finds by their names.
    const allowed = [landing, globLiteral(landing)].map((path) => sqlText(`${path}/`));
    await connection.run(`SET allowed_directories = [${allowed.join(', ')}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    return await runReading(connection, sql);
  } finally {
    duckDb.closeSync();
  }
}

async function runReading(connection: DuckDBConnection, sql: string): Promise<SqlResult> {
  try {
    await requireReading(connection, sql);
    const reader = await connection.runAndReadAll(sql);
    const types = reader.columnTypes();
    return {
      columns: reader.deduplicatedColumnNames().map((name, index) => ({ name, type: String(types[index]) })),
      rows: reader.convertRows(toJsonValue),
    };
  } catch (error) {
    if (error instanceof InvalidRequestError || !(error instanceof Error)) throw error;
    throw new InvalidRequestError(oneLine(error.message), [], { cause: error });
  }
}

async function createViews(connection: DuckDBConnection, database: string, landing: string): Promise<void> {
  const schema = sqlName(database);
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}; SET schema = ${sqlText(schema)}`);
  // Trino's name for what DuckDB does by a cast.
  await connection.run('CREATE MACRO json_format(value) AS CAST(value AS VARCHAR)');
  await connection.run('SET parquet_metadata_cache = true');
  await connection.run(
    `CREATE VIEW landing AS ${await landingSql(connection, `${globLiteral(landing)}/**/*.parquet`)}`,
  );
  await connection.run(`CREATE VIEW events AS ${eventsViewSql('landing')}`);
}

/** The landed files with the columns of today: those that a file does not have yet are null in it. */
async function landingSql(connection: DuckDBConnection, files: string): Promise<string> {
  const wanted = [...COLUMNS, { name: LANDING_PARTITION, type: 'string' }];
  const found = await connection.runAndReadAll(`SELECT file FROM glob(${sqlText(files)}) LIMIT 1`);
  const source = `read_parquet(${sqlText(files)}, union_by_name = true, hive_partitioning = true,
    hive_types = {${sqlText(LANDING_PARTITION)}: VARCHAR})`;
  const stored = found.currentRowCount === 0 ? new Set() : await columnsOf(connection, source);
  const columns = wanted.map(({ name, type }) => {
    const value = stored.has(name) ? sqlName(name) : 'NULL';
    return `CAST(${value} AS ${duckDbType(parseHiveType(type))}) AS ${sqlName(name)}`;
  });
  const list = `SELECT ${columns.join(', ')}`;
  return found.currentRowCount === 0 ? `${list} WHERE false` : `${list} FROM ${source}`;
}

async function columnsOf(connection: DuckDBConnection, source: string): Promise<Set<string>> {
  return new Set((await connection.runAndReadAll(`SELECT * FROM ${source} LIMIT 0`)).columnNames());
}

async function readStack(dir: string): Promise<z.infer<typeof Stack>> {
  const path = join(dir, 'stack.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(
      `there is no ${path}: start Annals once with npm start, or name its folder with --dir`,
      {
        cause,
      },
    );
  }
  try {
    return Stack.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConfigurationError(`${path} can't be read; npm start writes it anew`, { cause });
  }
}

// DuckDB's messages go on with an extract of the statement.
function oneLine(message: string): string {
  const [what = message] = message.split(/\n\s*\nLINE /);
  return what.replace(/\s*\n\s*/g, '; ');
}
