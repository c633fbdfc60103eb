import { createHash } from 'node:crypto';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { COLUMNS } from '../columns.ts';
import { openDuckDb, sqlName, sqlText } from '../duckdb.ts';
import { FIRST_EVENT_DATE } from '../event-date.ts';
import type { LandedFile } from './landing.ts';
import { PLACEABLE, parquetFiles } from './readable.ts';

/** Events of one tenant and day, as one file of the archive holds them. */
export interface Group {
  readonly tenant: string;
  /** Of the events' times, as `eventDate` has it. */
  readonly date: string;
}

/** What is in a group, or in a file. Times are ISO-8601, in whole milliseconds. */
export interface Summary {
  readonly rows: number;
  readonly earliest: string;
  readonly latest: string;
  /** SHA-256 over the ids in order, each followed by a newline. */
  readonly ids: string;
}

const NAMES = COLUMNS.map(({ name }) => sqlName(name)).join(', ');
const NAMES_OF_A = COLUMNS.map(({ name }) => `a.${sqlName(name)}`).join(', ');
/** A group, and what a file of it must hold. */
export interface Contents {
  readonly group: Group;
  readonly summary: Summary;
  /** SHA-256 of the raws that were too large for their rows, each once, in order. */
  readonly raws: readonly string[];
}

/** What the id determines; copies of an event agree in it, as they do in the view `events`. */
const IDENTITY = 'tenant, source, time, id';
/** As `eventDate` has it. A date and not a text, as statistics of a table leave the end of a text out. */
const EVENT_DATE = `greatest(time::DATE, DATE ${sqlText(FIRST_EVENT_DATE)})`;
const SAME_EVENT = ['tenant', 'source', 'time', 'id']
  .map((name) => `a.${name} IS NOT DISTINCT FROM b.${name}`)
  .join(' AND ');

/**
 * A row group is what a reader skips or reads: 16,384 rows, sorted by source and time, are little enough to be worth skipping
 * and enough for ZSTD to work with; level 9 makes 5 % less of them than level 3. Columns of up to 2,048 values get a dictionary,
 * and with it a Bloom filter, which is what a search for an actor or an address goes by; ids and raw events are better off without.
 */
const PARQUET =
  'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 9, ROW_GROUP_SIZE 16384, DICTIONARY_SIZE_LIMIT 2048';

/**
 * The database in which a part is put together: on disk, so that a part may be larger than memory. Whatever the number of
 * threads and the size of memory, the same rows come out in the same order.
 */
export class Workbench {
  readonly #duckDb: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(duckDb: DuckDBInstance, connection: DuckDBConnection) {
    this.#duckDb = duckDb;
    this.#connection = connection;
  }

  static async open(options: { file: string; memoryMb: number; temporary: string }): Promise<Workbench> {
    const duckDb = await openDuckDb(options);
    return new Workbench(duckDb, await duckDb.connect());
  }

  close(): void {
    this.#connection.closeSync();
    this.#duckDb.closeSync();
  }

  /**
   * Takes in landed files and chooses, of the copies of each event, the one that was received first.
   *
   * @returns how many rows were copies of another.
   */
  async takeIn(files: readonly LandedFile[]): Promise<number> {
    const bySchema = [...Map.groupBy(files, ({ select }) => select)].map(([select, some]) => {
      const paths = some.map(({ path }) => path);
      const origin = `CAST(parse_filename(filename, true) AS INTEGER) AS "object", file_row_number AS "row"`;
      return `SELECT ${select}, ${origin} FROM ${parquetFiles(paths, 'filename = true', 'file_row_number = true')}`;
    });
    const none = `SELECT ${COLUMNS.map(({ name }) => `NULL AS ${sqlName(name)}`).join(', ')}, 0 AS "object", 0 AS "row" WHERE false`;
    await this.#run(
      `CREATE TEMP VIEW landed AS SELECT * FROM (${bySchema.join(' UNION ALL ') || none}) WHERE ${PLACEABLE}`,
    );
    await this.#run(`CREATE TABLE chosen AS
      SELECT ${IDENTITY}, "object", "row", ${EVENT_DATE} AS event_date, false AS archived FROM (
        SELECT *, row_number() OVER (
          PARTITION BY ${IDENTITY} ORDER BY received_at NULLS LAST, "object", "row"
        ) AS copy FROM (SELECT ${IDENTITY}, received_at, "object", "row" FROM landed)
      ) WHERE copy = 1`);
    const [landed, chosen] = [await this.#count('landed'), await this.#count('chosen')];
    return landed - chosen;
  }

  /** The tenants and days that there are new events of, in order. */
  async groups(): Promise<Group[]> {
    const rows = await this.#rows(
      `SELECT DISTINCT event_date, event_date::VARCHAR, tenant FROM chosen WHERE NOT archived ORDER BY event_date, tenant`,
    );
    return rows.map(([, date, tenant]) => ({ date: String(date), tenant: String(tenant) }));
  }

  /** Whether any event of the group happened between two instants, both included. */
  async overlaps(group: Group, earliest: string, latest: string): Promise<boolean> {
    const [[found] = []] = await this.#rows(`SELECT count(*) > 0 FROM chosen
      WHERE ${isOf(group)} AND epoch_ms(time) BETWEEN ${Date.parse(earliest)} AND ${Date.parse(latest)}`);
    return found === true;
  }

  /** Marks the events of a group that an archive file has already. */
  async markArchived(group: Group, path: string): Promise<void> {
    await this.#run(`UPDATE chosen AS a SET archived = true FROM ${parquetFiles([path])} AS b
      WHERE ${isOf(group, 'a.')} AND ${SAME_EVENT}`);
  }

  /** How many of the events were marked. */
  async archivedBefore(): Promise<number> {
    return this.#count('chosen WHERE archived');
  }

  /** Sorts what is new, so that the events of each group lie together, by source, time and id. */
  async arrange(): Promise<void> {
    await this.#run(`CREATE TABLE arranged AS SELECT ${NAMES_OF_A}, b.event_date
      FROM landed AS a JOIN chosen AS b ON a."object" = b."object" AND a."row" = b."row"
      WHERE NOT b.archived ORDER BY b.event_date, a.tenant, a.source NULLS FIRST, a.time, a.id`);
    // Several threads cut row groups as it happens.
    await this.#run('SET threads = 1');
  }

  /** The groups that were arranged, in order, and what a file of each must hold. */
  async contents(): Promise<Contents[]> {
    const raws = await this.#largeRaws();
    const found: { group: Group; tally: Tally }[] = [];
    for await (const [id, time, date, tenant] of this.#stream(
      'SELECT id, epoch_ms(time)::DOUBLE, event_date::VARCHAR, tenant FROM arranged',
    )) {
      const last = found.at(-1);
      if (last?.group.date === date && last?.group.tenant === tenant) last?.tally.add(id, time);
      else {
        const tally = new Tally();
        tally.add(id, time);
        found.push({ group: { date: String(date), tenant: String(tenant) }, tally });
      }
    }
    return found.map(({ group, tally }) => ({ group, summary: tally.summary(), raws: raws.get(nameOf(group)) ?? [] }));
  }

  /** By group, SHA-256 of the raws that were too large for their rows, each once, in order. */
  async #largeRaws(): Promise<Map<string, string[]>> {
    // Asked of the table: in a file it would mean unpacking the largest column to see what it lacks.
    const rows = await this.#rows(`SELECT DISTINCT event_date::VARCHAR, tenant, raw_sha256 FROM arranged
      WHERE raw IS NULL AND raw_sha256 IS NOT NULL ORDER BY raw_sha256`);
    const found = new Map<string, string[]>();
    for (const [date, tenant, sha256] of rows) {
      const key = nameOf({ date: String(date), tenant: String(tenant) });
      found.set(key, [...(found.get(key) ?? []), String(sha256)]);
    }
    return found;
  }

  /** Writes the events of a group to a file: equal events give equal bytes, with one version of DuckDB. */
  async write(group: Group, path: string): Promise<void> {
    await this.#run(`COPY (SELECT ${NAMES} FROM arranged WHERE ${isOf(group)}) TO ${sqlText(path)} (${PARQUET})`);
  }

  /** What a file holds, read from the file. */
  async summaryOfFile(path: string): Promise<Summary> {
    const tally = new Tally();
    for await (const [id, time] of this.#stream(`SELECT id, epoch_ms(time)::DOUBLE FROM ${parquetFiles([path])}`))
      tally.add(id, time);
    return tally.summary();
  }

  /** Whether two files hold the same rows with the same values. */
  async sameRows(path: string, other: string): Promise<boolean> {
    const [one, two] = [path, other].map((each) => `SELECT ${NAMES} FROM ${parquetFiles([each])}`);
    const [[differing] = []] = await this.#rows(`SELECT count(*)::DOUBLE FROM (
      (${one} EXCEPT ALL ${two}) UNION ALL (${two} EXCEPT ALL ${one}))`);
    return differing === 0;
  }

  /**
   * Reads the ids of the landing objects and of the files anew, and sees whether every event of the ones is in the others
   * or was in the archive before, once, and nothing else is.
   *
   * @param first of the groups that the files are of; those before it, in order, another run wrote and saw to.
   */
  async isComplete(paths: readonly string[], first: Group | undefined): Promise<boolean> {
    await this.#run('RESET threads');
    const before = first
      ? `event_date < DATE ${sqlText(first.date)} OR (event_date = DATE ${sqlText(first.date)} AND tenant < ${sqlText(first.tenant)})`
      : 'true';
    const written = paths.length === 0 ? 'chosen WHERE false' : parquetFiles(paths);
    const [[differing, copies] = []] = await this.#rows(`
      WITH landing_ids AS (SELECT DISTINCT ${IDENTITY} FROM landed),
        written_ids AS (SELECT ${IDENTITY} FROM ${written}),
        before_ids AS (SELECT ${IDENTITY} FROM arranged WHERE ${before}),
        kept_ids AS (SELECT * FROM written_ids UNION ALL SELECT * FROM before_ids UNION ALL SELECT ${IDENTITY} FROM chosen WHERE archived)
      SELECT
        (SELECT count(*) FROM ((FROM landing_ids EXCEPT FROM kept_ids) UNION ALL (FROM kept_ids EXCEPT FROM landing_ids)))::DOUBLE,
        ((SELECT count(*) FROM kept_ids) - (SELECT count(*) FROM landing_ids))::DOUBLE`);
    return differing === 0 && copies === 0;
  }

  async *#stream(sql: string): AsyncGenerator<readonly unknown[]> {
    const result = await this.#connection.stream(sql);
    for await (const chunk of result.yieldRowsJs()) yield* chunk;
  }

  async #run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  async #rows(sql: string): Promise<unknown[][]> {
    return (await this.#connection.runAndReadAll(sql)).getRowsJS();
  }

  async #count(what: string): Promise<number> {
    const [[count] = []] = await this.#rows(`SELECT count(*)::DOUBLE FROM ${what}`);
    return Number(count);
  }
}

/** Sums up rows in their order. */
class Tally {
  readonly #ids = createHash('sha256');
  #rows = 0;
  #earliest = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;

  add(id: unknown, time: unknown): void {
    this.#ids.update(`${id}\n`);
    this.#rows += 1;
    this.#earliest = Math.min(this.#earliest, Number(time));
    this.#latest = Math.max(this.#latest, Number(time));
  }

  summary(): Summary {
    const instant = (ms: number) => new Date(ms).toISOString();
    const [earliest, latest] = [instant(this.#earliest), instant(this.#latest)];
    return { rows: this.#rows, earliest, latest, ids: this.#ids.digest('hex') };
  }
}

function nameOf({ date, tenant }: Group): string {
  return `${date} ${tenant}`;
}

function isOf({ tenant, date }: Group, table = ''): string {
  return `${table}tenant = ${sqlText(tenant)} AND ${table}event_date = DATE ${sqlText(date)}`;
}
