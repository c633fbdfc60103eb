import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { LANDING_PREFIX } from '../../shared/archive/columns.ts';
import { SEALED_PREFIX } from '../../shared/archive/digest.ts';
import { globLiteral, openDuckDb, sqlText } from '../../shared/archive/duckdb.ts';
import { InvalidRequestError } from '../../shared/errors.ts';
import { bucketPath } from './aws/s3/paths.ts';
import { createCatalog } from './sql-catalog.ts';
import { requireReading } from './sql-guard.ts';
import { toJsonValue } from './sql-values.ts';
import { readStackFile } from './stack/files.ts';

export interface SqlResult {
  /** `type` as DuckDB spells it. A name that occurs twice is told apart by `:1`. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Values as JSON has them: see `toJsonValue`. */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Runs one reading statement over the local archive, with DuckDB in Athena's place: the tables
 * and views of the stack, in a schema of the database's name. Nothing can be written, and no file but landed and sealed ones read.
 *
 * @param options.dir the data directory, with the `stack.json` that the start command writes.
 * @throws ConfigurationError when nothing was ever started there; InvalidRequestError, with a message of one line, when the
 *   statement is not one that reads or DuckDB can't run it.
 */
export async function runSql({ dir, sql }: { dir: string; sql: string }): Promise<SqlResult> {
  const stack = readStackFile(dir);
  const folders = {
    landing: resolve(dir, bucketPath(stack.buckets.landing), LANDING_PREFIX),
    archive: resolve(dir, bucketPath(stack.buckets.archive), SEALED_PREFIX),
  };
  const duckDb = await openDuckDb();
  try {
    const connection = await duckDb.connect();
    await createCatalog(connection, stack.database, folders);
    // The glob of a view is compared as it is written, the files that it finds by their names.
    const paths = Object.values(folders).flatMap((folder) => [folder, globLiteral(folder)]);
    const allowed = paths.map((path) => sqlText(`${path}/`));
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

// DuckDB's messages go on with an extract of the statement.
function oneLine(message: string): string {
  const [what = message] = message.split(/\n\s*\nLINE /);
  return what.replace(/\s*\n\s*/g, '; ');
}
