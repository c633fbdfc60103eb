import { randomUUID } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { duckDbType, globLiteral, sqlName, sqlText } from '../../../../shared/archive/duckdb.ts';
import { parseHiveType } from '../../../../shared/archive/hive-type.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { DeliveryStreamDefinition } from '../../types.ts';

const ROWS_A_WRITE = 1000;

/**
 * Rows as a Parquet file with exactly the stream's columns, in its codec. `rows` must fit the columns, as those of
 * `recordConverter` do; `dir` takes two temporary files.
 */
export async function toParquet(
  duckDb: DuckDBInstance,
  stream: Pick<DeliveryStreamDefinition, 'columns' | 'compression'>,
  rows: readonly JsonObject[],
  dir: string,
): Promise<Buffer> {
  const name = join(dir, randomUUID());
  const [json, parquet] = [`${name}.json`, `${name}.parquet`];
  const types = stream.columns.map(
    (column) => `${sqlText(column.name)}: ${sqlText(duckDbType(parseHiveType(column.type)))}`,
  );
  const connection = await duckDb.connect();
  try {
    await writeLines(json, rows);
    await connection.run(`
      COPY (
        SELECT ${stream.columns.map((column) => sqlName(column.name)).join(', ')}
        FROM read_json(${sqlText(globLiteral(json))}, format = 'newline_delimited', columns = {${types.join(', ')}})
      ) TO ${sqlText(parquet)} (FORMAT parquet, COMPRESSION ${stream.compression})`);
    return await readFile(parquet);
  } finally {
    connection.closeSync();
    await Promise.all([rm(json, { force: true }), rm(parquet, { force: true })]);
  }
}

async function writeLines(path: string, rows: readonly JsonObject[]): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (let at = 0; at < rows.length; at += ROWS_A_WRITE)
      await file.write(
        rows
          .slice(at, at + ROWS_A_WRITE)
          .map((row) => `${JSON.stringify(row)}\n`)
          .join(''),
      );
  } finally {
    await file.close();
  }
}
