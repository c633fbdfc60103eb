import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openDuckDb, sqlText } from '../archive/duckdb.ts';
import { PLACEABLE, parquetFiles } from '../archive/seal/readable.ts';
import type { SourceDay } from './source-day.ts';

/** The most ids that are given at a time. */
const CHUNK = 100;

/**
 * Compares the ids that landing and archive keep with those of the table, in a database on disk: memory does not grow with
 * the number of events.
 */
export class Kept {
  readonly #duckDb: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(duckDb: DuckDBInstance, connection: DuckDBConnection) {
    this.#duckDb = duckDb;
    this.#connection = connection;
  }

  static async open(options: { file: string; memoryMb: number; temporary: string }): Promise<Kept> {
    const duckDb = await openDuckDb({ ...options, threads: 1 });
    const connection = await duckDb.connect();
    for (const table of ['landed', 'sealed'])
      await connection.run(`CREATE TABLE ${table} (tenant VARCHAR, source VARCHAR, day VARCHAR, id VARCHAR)`);
    await connection.run('CREATE TABLE hot (id VARCHAR)');
    return new Kept(duckDb, connection);
  }

  close(): void {
    this.#connection.closeSync();
    this.#duckDb.closeSync();
  }

  /** Takes in the ids of a landed file. @param select how its columns are had, as `ObjectChecker` tells. */
  async takeLanded(path: string, select: string): Promise<void> {
    await this.#take('landed', `(SELECT ${select} FROM ${parquetFiles([path])})`);
  }

  /** Whose events landed files have. */
  async landedTenants(): Promise<string[]> {
    const rows = (
      await this.#connection.runAndReadAll('SELECT DISTINCT tenant FROM landed ORDER BY tenant')
    ).getRowsJS();
    return rows.map(([tenant]) => String(tenant));
  }

  /** Takes in the ids of a sealed file. */
  async takeSealed(path: string): Promise<void> {
    await this.#take('sealed', parquetFiles([path]));
  }

  /** Forgets the sealed files that were taken in. */
  async forgetSealed(): Promise<void> {
    await this.#connection.run('DELETE FROM sealed');
  }

  /** Takes in the ids that the table has of a source-day, in place of those before. */
  async takeHot(ids: AsyncIterable<string>): Promise<number> {
    await this.#connection.run('DELETE FROM hot');
    const appender = await this.#connection.createAppender('hot');
    let count = 0;
    for await (const id of ids) {
      appender.appendVarchar(id);
      appender.endRow();
      count += 1;
      if (count % 10_000 === 0) appender.flushSync();
    }
    appender.closeSync();
    return count;
  }

  /** Ids that the table has and neither landing nor archive, some at a time. Nothing else may be asked meanwhile. */
  async *missing(day: SourceDay): AsyncGenerator<string[]> {
    yield* this.#chunks(`SELECT DISTINCT id FROM hot WHERE id NOT IN (${keptOf(day)}) ORDER BY id`);
  }

  /** Ids that landing or archive have and the table not, some at a time. */
  async *unknown(day: SourceDay): AsyncGenerator<string[]> {
    yield* this.#chunks(`SELECT DISTINCT id FROM (${keptOf(day)}) WHERE id NOT IN (FROM hot) ORDER BY id`);
  }

  async #take(table: string, rows: string): Promise<void> {
    await this.#connection.run(
      `INSERT INTO ${table} SELECT tenant, source, strftime(time, '%Y-%m-%d'), id FROM ${rows} WHERE ${PLACEABLE}`,
    );
  }

  async *#chunks(sql: string): AsyncGenerator<string[]> {
    const result = await this.#connection.stream(sql);
    for await (const rows of result.yieldRowsJs()) {
      const ids = rows.map(([id]) => String(id));
      for (let at = 0; at < ids.length; at += CHUNK) yield ids.slice(at, at + CHUNK);
    }
  }
}

function keptOf({ tenant, source, date }: SourceDay): string {
  const condition = `tenant = ${sqlText(tenant)} AND source = ${sqlText(source)} AND day = ${sqlText(date)}`;
  return ['landed', 'sealed'].map((table) => `SELECT id FROM ${table} WHERE ${condition}`).join(' UNION ALL ');
}
