import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type HiveType, spell, type TypeSpelling } from './hive-type.ts';

export interface DuckDbOptions {
  /** @default 2 */
  readonly threads?: number;
  /**
   * Megabytes of memory; what does not fit is spilled to `temporary`. Node.js itself is not counted.
   * @default 1000
   */
  readonly memoryMb?: number;
  /**
   * Folder for what is spilled; made when needed.
   * @default - a new one in the system's temporary folder
   */
  readonly temporary?: string;
  /**
   * Database file, for tables that are larger than memory.
   * @default - tables are kept in memory
   */
  readonly file?: string;
}

/** Opens a DuckDB that works in UTC and loads nothing over the network. Close it with `closeSync`. */
export async function openDuckDb(options: DuckDbOptions = {}): Promise<DuckDBInstance> {
  const { threads = 2, memoryMb = 1000, file = ':memory:' } = options;
  const instance = await DuckDBInstance.create(file, {
    threads: String(threads),
    memory_limit: `${memoryMb}MB`,
    temp_directory: options.temporary ?? join(tmpdir(), `annals-duckdb-${randomUUID()}`),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Where another file comes under the path of one that was read before, as temporary files do, it gives the one for the other
    // (1.5.5): the file can't be decoded, or filters pass over rows that are there.
    enable_external_file_cache: 'false',
  });
  const connection = await instance.connect();
  // The default is the time zone of the machine. An extension's option can't be among those of create.
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  connection.closeSync();
  return instance;
}

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A path in which DuckDB finds no wildcards, for use as part of a glob. */
export function globLiteral(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

const DUCKDB: TypeSpelling = {
  primitives: {
    string: 'VARCHAR',
    timestamp: 'TIMESTAMP',
    boolean: 'BOOLEAN',
    bigint: 'BIGINT',
    double: 'DOUBLE',
    int: 'INTEGER',
  },
  array: (element) => `${element}[]`,
  map: (key, value) => `MAP(${key}, ${value})`,
  struct: (fields) => `STRUCT(${fields.map(({ name, type }) => `${sqlName(name)} ${type}`).join(', ')})`,
};

/** A Hive type as DuckDB spells it: `array<struct<id:string>>` is `STRUCT("id" VARCHAR)[]`. */
export function duckDbType(type: HiveType): string {
  return spell(type, DUCKDB);
}
