import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { globLiteral, sqlText } from '../duckdb.ts';
import { FIRST_EVENT_DATE } from '../event-date.ts';

/** What a sealed file holds. */
export interface Contents {
  readonly rows: number;
  /** SHA-256 over the ids in the order of the rows, each followed by a newline. */
  readonly ids: string;
  readonly tenants: readonly string[];
  /** Of the events' times, as `eventDate` has it. */
  readonly dates: readonly string[];
  /** Of the events' times, in milliseconds since 1970. */
  readonly earliest: number;
  readonly latest: number;
}

/** Reads sealed files with DuckDB, a chunk of rows at a time. */
export class ParquetReader {
  readonly #duckDb: DuckDBConnection;

  constructor(duckDb: DuckDBConnection) {
    this.#duckDb = duckDb;
  }

  async contents(path: string): Promise<Contents> {
    const hash = createHash('sha256');
    let rows = 0;
    const ids = await this.#duckDb.stream(`SELECT id FROM ${file(path)}`);
    for await (const chunk of ids.yieldRowsJs()) {
      for (const [id] of chunk) hash.update(`${id}\n`);
      rows += chunk.length;
    }
    const [about] = (
      await this.#duckDb.runAndReadAll(`SELECT
        list_sort(list(DISTINCT tenant)) AS tenants,
        list_sort(list(DISTINCT greatest(strftime(time, '%Y-%m-%d'), ${sqlText(FIRST_EVENT_DATE)}))) AS dates,
        epoch_ms(min(time))::DOUBLE AS earliest, epoch_ms(max(time))::DOUBLE AS latest
        FROM ${file(path)}`)
    ).getRowObjectsJS() as { tenants: string[] | null; dates: string[] | null; earliest: number; latest: number }[];
    const { tenants, dates, earliest = 0, latest = 0 } = about ?? { tenants: null, dates: null };
    return { rows, ids: hash.digest('hex'), tenants: tenants ?? [], dates: dates ?? [], earliest, latest };
  }

  /** SHA-256 of the raw events that were too large for their rows, in hexadecimal. */
  async *largeRaws(path: string): AsyncGenerator<string> {
    const found = await this.#duckDb.stream(
      `SELECT raw_sha256 FROM ${file(path)} WHERE raw IS NULL AND raw_sha256 IS NOT NULL`,
    );
    for await (const chunk of found.yieldRowsJs()) for (const [sha256] of chunk) yield String(sha256);
  }

  /** Whether a file holds an event; its source and time if it does. */
  async find(path: string, id: string): Promise<{ source: string; time: string } | undefined> {
    const found = await this.#duckDb.runAndReadAll(
      `SELECT source, strftime(time, '%Y-%m-%dT%H:%M:%S.%gZ') AS time FROM ${file(path)} WHERE id = $id LIMIT 1`,
      { id },
    );
    const [row] = found.getRowObjectsJS() as { source: string; time: string }[];
    return row;
  }
}

function file(path: string): string {
  return `read_parquet(${sqlText(globLiteral(path))}, hive_partitioning = false)`;
}
