import type { DuckDBConnection } from '@duckdb/node-api';
import { COLUMNS, LANDING_PARTITION, SEALED_PARTITION } from '../../shared/archive/columns.ts';
import { duckDbType, globLiteral, sqlName, sqlText } from '../../shared/archive/duckdb.ts';
import { parseHiveType } from '../../shared/archive/hive-type.ts';
import { savedViews } from '../../shared/archive/saved-sql.ts';
import { eventsViewSql } from '../../shared/archive/view.ts';
import { TRINO_MACROS } from './trino-macros.ts';

/** Absolute folders of Parquet files, with the partitions' folders in them. They need not exist. */
export interface CatalogFolders {
  readonly landing: string;
  readonly archive: string;
}

/**
 * Makes in DuckDB what the stack makes in Glue, in a schema of the database's name, which is the current one from then on: the
 * tables `landing` and `archive`, the view `events`, the views by use.
 */
export async function createCatalog(
  connection: DuckDBConnection,
  database: string,
  { landing, archive }: CatalogFolders,
): Promise<void> {
  const schema = sqlName(database);
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}; SET schema = ${sqlText(schema)}`);
  for (const macro of TRINO_MACROS) await connection.run(macro);
  await connection.run('SET parquet_metadata_cache = true');
  await connection.run(`CREATE VIEW landing AS ${await tableSql(connection, landing, LANDING_PARTITION)}`);
  await connection.run(`CREATE VIEW archive AS ${await tableSql(connection, archive, SEALED_PARTITION)}`);
  await connection.run(`CREATE VIEW events AS ${eventsViewSql({ landing: 'landing', archive: 'archive' })}`);
  for (const { name, sql } of savedViews()) await connection.run(`CREATE VIEW ${sqlName(name)} AS ${sql}`);
}

/** The Parquet files with the columns of today: those that a file does not have yet are null in it. */
async function tableSql(connection: DuckDBConnection, folder: string, partition: string): Promise<string> {
  const files = `${globLiteral(folder)}/**/*.parquet`;
  const wanted = [...COLUMNS, { name: partition, type: 'string' }];
  const found = await connection.runAndReadAll(`SELECT file FROM glob(${sqlText(files)}) LIMIT 1`);
  const source = `read_parquet(${sqlText(files)}, union_by_name = true, hive_partitioning = true,
    hive_types = {${sqlText(partition)}: VARCHAR})`;
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
