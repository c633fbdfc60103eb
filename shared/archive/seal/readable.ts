import {
  type DuckDBConnection,
  type DuckDBInstance,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
} from '@duckdb/node-api';
import { COLUMNS } from '../columns.ts';
import { duckDbType, openDuckDb, sqlName, sqlText } from '../duckdb.ts';
import { type HiveType, parseHiveType } from '../hive-type.ts';

/** A landing object cannot be taken into the archive as it is. `reason` holds nothing of its contents. */
export class UnreadableObject {
  readonly reason: string;
  /** What DuckDB said; may hold contents. */
  readonly detail: string | undefined;

  constructor(reason: string, detail?: string) {
    this.reason = reason;
    this.detail = detail;
  }
}

/** A landing object that can be read from its first byte to its last. */
export interface ReadableObject {
  /** How the columns of {@link COLUMNS} are had from it, as a list for SELECT. Equal for objects of equal schema. */
  readonly select: string;
  readonly rows: number;
  /** Rows that say which event they are, and whose. */
  readonly placeable: number;
}

const COLUMN_TYPES = new Map(COLUMNS.map(({ name, type }) => [name, parseHiveType(type)]));
const REQUIRED = ['id', 'time', 'tenant'];
/** TenantName, as DuckDB's regular expressions have it. */
const TENANT_PATTERN = '[a-z0-9][a-z0-9-]{0,31}';

/** Holds for rows that say which event they are, when it was and whose: they have a place in the archive. */
export const PLACEABLE = `(id IS NOT NULL AND time >= TIMESTAMP '1970-01-01' AND time < TIMESTAMP '9999-12-31'
  AND regexp_full_match(tenant, ${sqlText(TENANT_PATTERN)}))`;

/** The source of a SELECT that reads one Parquet file, or several of the same schema. */
export function parquetFiles(paths: readonly string[], ...options: string[]): string {
  const list = paths.map((path) => sqlText(path)).join(', ');
  return `read_parquet(${['['.concat(list, ']'), 'hive_partitioning = false', ...options].join(', ')})`;
}

/**
 * Reads landing objects in full before anything is made of them. In a DuckDB of its own, as some errors that damaged
 * files bring about make an instance useless.
 */
export class ObjectChecker {
  readonly #memoryMb: number;
  readonly #temporary: string;
  #duckDb: DuckDBInstance | undefined;

  constructor(memoryMb: number, temporary: string) {
    this.#memoryMb = memoryMb;
    this.#temporary = temporary;
  }

  close(): void {
    this.#duckDb?.closeSync();
    this.#duckDb = undefined;
  }

  /** @throws Error when DuckDB has too little memory to tell. */
  async check(path: string): Promise<ReadableObject | UnreadableObject> {
    this.#duckDb ??= await openDuckDb({ threads: 1, memoryMb: this.#memoryMb, temporary: this.#temporary });
    const connection = await this.#duckDb.connect();
    try {
      return await readThrough(connection, path);
    } catch (error) {
      if (!(error instanceof Error) || error.message.startsWith('Out of Memory')) throw error;
      this.close();
      const [kind = 'Error'] = /^[A-Z][A-Za-z ]*Error/.exec(error.message) ?? [];
      return new UnreadableObject(`it can't be read as Parquet with the columns of landing (${kind})`, error.message);
    } finally {
      if (this.#duckDb) connection.closeSync();
    }
  }
}

async function readThrough(connection: DuckDBConnection, path: string): Promise<ReadableObject | UnreadableObject> {
  const source = parquetFiles([path]);
  const head = await connection.runAndReadAll(`SELECT * FROM ${source} LIMIT 0`);
  const types = head.columnTypes();
  const stored = new Map(head.columnNames().map((name, index) => [name.toLowerCase(), types[index]]));
  const missing = REQUIRED.filter((name) => !stored.has(name));
  if (missing.length > 0) return new UnreadableObject(`it has no column ${missing.join(', ')}`);
  // What is not known would be lost without a word.
  const unknown = [...stored].filter(([name, type]) => !fits(COLUMN_TYPES.get(name), type)).map(([name]) => name);
  if (unknown.length > 0)
    return new UnreadableObject(`it has columns that this version does not know: ${unknown.join(', ')}`);
  const select = [...COLUMN_TYPES]
    .map(
      ([name, type]) => `CAST(${stored.has(name) ? sqlName(name) : 'NULL'} AS ${duckDbType(type)}) AS ${sqlName(name)}`,
    )
    .join(', ');
  const all = COLUMNS.map(({ name }) => sqlName(name)).join(', ');
  const counted = await connection.runAndReadAll(
    // The hash is there so that every value is decoded.
    `SELECT count(*)::DOUBLE, count(*) FILTER (WHERE ${PLACEABLE})::DOUBLE, max(hash(${all})) FROM (SELECT ${select} FROM ${source})`,
  );
  const [[rows, placeable] = []] = counted.getRowsJS() as number[][];
  return { select, rows: rows ?? 0, placeable: placeable ?? 0 };
}

/** Whether all that a stored type can hold has a place in the wanted one. Whether each value has, the cast tells. */
function fits(wanted: HiveType | undefined, stored: DuckDBType | undefined): boolean {
  if (stored instanceof DuckDBListType) return wanted?.kind === 'array' && fits(wanted.element, stored.valueType);
  if (stored instanceof DuckDBStructType)
    return (
      wanted?.kind === 'struct' &&
      stored.entryNames.every((name, index) =>
        fits(wanted.fields.find((field) => field.name === name.toLowerCase())?.type, stored.entryTypes[index]),
      )
    );
  return wanted?.kind === 'primitive' && !(stored instanceof DuckDBMapType);
}
