import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSql } from '../../../infra/local/sql.ts';
import { openDuckDb, sqlText } from '../../../shared/archive/duckdb.ts';
import { VIEW_COLUMNS } from '../../../shared/archive/view.ts';
import { createArchive, EVENT, type TestArchive } from './sql-support.ts';

process.env['TZ'] = 'Asia/Kolkata';

let archive: TestArchive;
const run = (sql: string) => runSql({ dir: archive.dir, sql });
const rows = async (sql: string) => (await run(sql)).rows;

beforeAll(async () => {
  // A name with what DuckDB takes for a wildcard, and what SQL takes for the end of a text.
  archive = await createArchive("annals sql [x] '*");
  await archive.land('2026-11-22T23:59:59Z', EVENT, { ...EVENT, id: '02', tenant: 'other' });
  await archive.land('2026-11-23T00:00:05Z', EVENT, { ...EVENT, id: '03', time: '2026-12-01T00:00:00Z' });
});
afterAll(() => archive.remove());

describe('the view events', () => {
  it('has each landed event once, with its day and that of arrival', async () => {
    expect(await rows('SELECT id, tenant, event_date, ingest_date FROM events ORDER BY id')).toEqual([
      ['01', 'acme', '2026-11-22', '2026-11-22'],
      ['02', 'other', '2026-11-22', '2026-11-22'],
      ['03', 'acme', '2026-12-01', '2026-11-23'],
    ]);
    expect(await rows('SELECT count(*) FROM landing')).toEqual([[4]]);
  });

  it('is found under the name of the database too', async () => {
    expect(await rows('SELECT count(*) FROM annals_dev.events')).toEqual([[3]]);
    expect(await rows('SELECT count(*) FROM "annals_dev"."landing"')).toEqual([[4]]);
  });

  it('answers in UTC wherever the machine stands', async () => {
    const sql = `SELECT time, "time"::TIMESTAMPTZ AS instant, hour("time") AS hour, current_setting('TimeZone') AS zone
      FROM events WHERE id = '01'`;
    expect(await rows(sql)).toEqual([['2026-11-22T23:30:00.123Z', '2026-11-22T23:30:00.123Z', 23, 'UTC']]);
  });

  it('sees what landed since', async () => {
    const one = await createArchive();
    try {
      await one.land('2026-11-22T00:00:00Z', EVENT);
      expect((await runSql({ dir: one.dir, sql: 'SELECT id FROM events' })).rows).toEqual([['01']]);
      await one.land('2026-11-22T00:00:00Z', { ...EVENT, id: '09' });
      expect((await runSql({ dir: one.dir, sql: 'SELECT id FROM events ORDER BY 1' })).rows).toEqual([['01'], ['09']]);
    } finally {
      await one.remove();
    }
  });
});

describe('files of other times', () => {
  it('none at all is an empty view with all its columns', async () => {
    const empty = await createArchive();
    try {
      const described = await runSql({ dir: empty.dir, sql: 'DESCRIBE events' });
      expect(described.rows.map(([name]) => name)).toEqual(VIEW_COLUMNS.map(({ name }) => name));
      const all = await runSql({ dir: empty.dir, sql: 'SELECT * FROM events' });
      expect(all.columns.map(({ name }) => name)).toEqual(VIEW_COLUMNS.map(({ name }) => name));
      expect(all.rows).toEqual([]);
    } finally {
      await empty.remove();
    }
  });

  it('with fewer columns and fewer fields are read beside those of today', async () => {
    const mixed = await createArchive();
    const day = join(mixed.dir, 's3/landing/landing/ingest_date=2026-01-01');
    const duckDb = await openDuckDb();
    try {
      await mkdir(day, { recursive: true });
      const old = `SELECT 'old' AS id, 'acme' AS tenant, TIMESTAMP '2026-01-01' AS "time", [{'type': 'user', 'id': 'u'}] AS targets,
        'x' AS dropped_since`;
      await (await duckDb.connect()).run(`COPY (${old}) TO ${sqlText(join(day, 'old.parquet'))} (FORMAT parquet)`);
      const oldOnly = await runSql({ dir: mixed.dir, sql: 'SELECT id, targets, raw_size, flags FROM events' });
      const target = { type: 'user', id: 'u', name: null, email: null };
      expect(oldOnly.rows).toEqual([['old', [target], null, null]]);
      expect(oldOnly.columns.map(({ type }) => type).slice(2)).toEqual(['BIGINT', 'VARCHAR[]']);

      await mixed.land('2026-11-22T00:00:00Z', EVENT);
      const both = await runSql({
        dir: mixed.dir,
        sql: 'SELECT id, targets[1].email, raw_size FROM events ORDER BY 1',
      });
      expect(both.rows).toEqual([
        ['01', null, 7],
        ['old', null, null],
      ]);
      await expect(runSql({ dir: mixed.dir, sql: 'SELECT dropped_since FROM events' })).rejects.toThrow(
        /dropped_since/,
      );
    } finally {
      duckDb.closeSync();
      await mixed.remove();
    }
  });
});

describe('values', () => {
  it.each([
    ['9007199254740991::BIGINT', 9007199254740991],
    ['9007199254740993::BIGINT', '9007199254740993'],
    ['sum(5)', 5],
    ['170141183460469231731687303715884105727::HUGEINT', '170141183460469231731687303715884105727'],
    ['1.50::DECIMAL(5,2)', 1.5],
    ['1234567890123456.78::DECIMAL(20,2)', '1234567890123456.78'],
    ["TIMESTAMP '2026-01-02 03:04:05.000006'", '2026-01-02T03:04:05.000006Z'],
    ["TIMESTAMPTZ '2026-01-02 03:04:05+05:30'", '2026-01-01T21:34:05.000Z'],
    ["TIMESTAMP_NS '2026-01-02 03:04:05.000000007'", '2026-01-02T03:04:05.000000007Z'],
    ["'infinity'::TIMESTAMP", 'infinity'],
    ["DATE '2026-01-02'", '2026-01-02'],
    ["{'a': [TIMESTAMP '2026-01-02 00:00:00', NULL], 'b': 7::BIGINT}", { a: ['2026-01-02T00:00:00.000Z', null], b: 7 }],
    ["MAP {'k': 1}", [{ key: 'k', value: 1 }]],
    ['NULL', null],
    ["'NaN'::DOUBLE", 'NaN'],
    ['true', true],
  ])('%s', async (expression, expected) => {
    expect(await rows(`SELECT ${expression} AS value`)).toEqual([[expected]]);
  });

  it('of columns of one name are told apart', async () => {
    expect((await run('SELECT 1 AS a, 2 AS a')).columns.map(({ name }) => name)).toEqual(['a', 'a:1']);
  });
});

describe('statements', () => {
  it.each([
    'SELECT 1',
    '  -- a remark\n /* and another */ select 1;',
    'WITH one AS (SELECT 1) SELECT * FROM one',
    'EXPLAIN SELECT * FROM events',
    'EXPLAIN ANALYZE SELECT * FROM events',
    'EXPLAIN (FORMAT json) SELECT 1',
    'DESCRIBE events',
    'SHOW TABLES',
    'EXPLAIN (SELECT 1) UNION SELECT 2',
    'FROM events',
    'SELECT r, t.id FROM range(2) AS r, events, unnest(targets) AS u(t)',
  ])('%j reads', async (sql) => {
    expect((await run(sql)).rows.length).toBeGreaterThan(0);
  });

  const refused = /only one statement that reads|is not possible here|Cannot access file|^Parser Error/;
  it.each([
    '',
    ';',
    'SELECT 1; SELECT 2',
    'CREATE TABLE t (i INT)',
    'INSERT INTO landing SELECT * FROM landing',
    'DROP VIEW events',
    "COPY (SELECT 1) TO 'DIR/s3/landing/landing/ingest_date=2026-11-22/evil.parquet'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO 'DIR/s3/landing/landing/ingest_date=2026-11-22/evil.parquet'",
    "EXPLAIN /* x */ ANALYZE COPY (SELECT 1) TO 'DIR/s3/landing/landing/ingest_date=2026-11-22/evil.parquet'",
    "explain (analyze, format json) COPY (SELECT 1) TO 'DIR/s3/landing/landing/ingest_date=2026-11-22/evil.parquet'",
    "/**/ COPY (SELECT 1) TO 'DIR/evil.csv'",
    "EXPORT DATABASE 'DIR/s3/landing/landing'",
    "IMPORT DATABASE 'DIR/s3/landing/landing'",
    "PRAGMA import_database('DIR/s3/landing/landing')",
    'PRAGMA version',
    "ATTACH 'DIR/evil.db'",
    'SET enable_external_access = true',
    'RESET lock_configuration',
    'INSTALL httpfs',
    'CALL pragma_version()',
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_text('DIR/stack.json')",
    "SELECT * FROM read_text('DIR/s3/landing/landing/../../../stack.json')",
    "SELECT * FROM 'DIR/stack.json'",
    "SELECT * FROM glob('DIR/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM read_parquet('https://example.com/x.parquet')",
    "WITH x AS (SELECT content FROM read_blob('/proc/self/environ')) SELECT * FROM x",
    "SELECT * FROM enable_logging(storage = 'file', storage_config = {'path': 'DIR/s3/landing/landing/evil'})",
    "DESCRIBE SELECT * FROM system.main.Enable_Logging(storage = 'file', storage_path = 'DIR/s3/landing/landing/evil')",
    "SELECT (SELECT 1 FROM query('SELECT * FROM enable_logging()')) FROM events",
    "EXPLAIN ANALYZE SELECT * FROM json_execute_serialized_sql('{}')",
    "SELECT * FROM 'DIR/s3/landing/../../stack.json'",
  ])('%j does not get through', async (sql) => {
    await expect(run(sql.replaceAll('DIR', archive.dir.replaceAll("'", "''")))).rejects.toMatchObject({
      name: 'InvalidRequestError',
      message: expect.stringMatching(refused),
    });
    const names = await readdir(archive.dir, { recursive: true });
    expect(names.filter((name) => /evil|schema\.sql/.test(name))).toEqual([]);
  });

  it.each([
    ['SELEC 1', /^Parser Error: syntax error at or near "SELEC"$/],
    ['SELECT FROM', /^Parser Error: /],
    [
      'SELECT nope FROM events',
      /^Binder Error: Referenced column "nope" not found in FROM clause!; Candidate bindings: /,
    ],
    ['SELECT * FROM nope', /^Catalog Error: Table with name nope does not exist!/],
    ["SELECT 'x'::INT", /^Conversion Error: /],
  ])('%j is answered with one line', async (sql, message) => {
    const error = await run(sql).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'InvalidRequestError', message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain('\n');
  });
});

describe('the data directory', () => {
  it('must have been started once', async () => {
    const one = await createArchive();
    await rm(join(one.dir, 'stack.json'));
    await expect(runSql({ dir: one.dir, sql: 'SELECT 1' })).rejects.toThrow(/start Annals once with npm start/);
    await writeFile(join(one.dir, 'stack.json'), '{"buckets":');
    await expect(runSql({ dir: one.dir, sql: 'SELECT 1' })).rejects.toMatchObject({ name: 'ConfigurationError' });
    await one.remove();
  });
});
