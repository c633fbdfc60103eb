import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckDbType, openDuckDb, sqlName, sqlText } from '../../../infra/local/duckdb.ts';
import { COLUMNS } from '../../../shared/archive/columns.ts';
import { parseHiveType } from '../../../shared/archive/hive-type.ts';
import { eventsViewSql, VIEW_COLUMNS } from '../../../shared/archive/view.ts';

const file = join(tmpdir(), `annals-view-${process.pid}.parquet`);
let duckDb: DuckDBInstance;
let connection: DuckDBConnection;

const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();

beforeAll(async () => {
  duckDb = await openDuckDb();
  connection = await duckDb.connect();
  const columns = [...COLUMNS, { name: 'ingest_date', type: 'string' }];
  await connection.run(
    `CREATE TABLE landing (${columns.map(({ name, type }) => `${sqlName(name)} ${duckDbType(parseHiveType(type))}`).join(', ')})`,
  );
  const insert = (id: string, tenant: string, time: string, received: string, day: string, action: string) =>
    connection.run(
      `INSERT INTO landing (id, tenant, source, "time", received_at, ingest_date, action)
       VALUES ('${id}', '${tenant}', 's', '${time}', '${received}', '${day}', '${action}')`,
    );
  await insert('1', 'a', '2026-10-31 23:59:59.999', '2026-11-01 00:00:01', '2026-11-01', 'first');
  await insert('1', 'a', '2026-10-31 23:59:59.999', '2026-11-01 00:00:01', '2026-11-02', 'again');
  await insert('1', 'a', '2026-10-31 23:59:59.999', '2026-10-31 23:59:59.999', '2026-11-03', 'earlier');
  await insert('1', 'b', '2026-10-31 23:59:59.999', '2026-11-01 00:00:01', '2026-11-01', 'other tenant');
  await insert('2', 'a', '2026-11-01 00:00:00', '2026-11-01 00:00:01', '2026-11-01', 'next month');
  await connection.run(`COPY (SELECT * FROM landing) TO ${sqlText(file)} (FORMAT parquet)`);
  await connection.run(`CREATE VIEW events AS ${eventsViewSql('landing')}`);
  await connection.run(`CREATE VIEW from_file AS ${eventsViewSql(sqlText(file))}`);
});
afterAll(async () => {
  duckDb.closeSync();
  await rm(file, { force: true });
});

describe('the view events', () => {
  it('has each event once, as it was received first', async () => {
    expect(await rowsOf('SELECT id, tenant, month, action, ingest_date FROM events ORDER BY tenant, id')).toEqual([
      { id: '1', tenant: 'a', month: '2026-10', action: 'earlier', ingest_date: '2026-11-03' },
      { id: '2', tenant: 'a', month: '2026-11', action: 'next month', ingest_date: '2026-11-01' },
      { id: '1', tenant: 'b', month: '2026-10', action: 'other tenant', ingest_date: '2026-11-01' },
    ]);
  });

  it('has the columns that it is declared with, in order', async () => {
    const columns = await rowsOf('DESCRIBE events');
    expect(columns.map(({ column_name, column_type }) => [column_name, column_type])).toEqual(
      // DuckDB quotes the field names that are words of its own.
      VIEW_COLUMNS.map(({ name, type }) => [name, expect.stringMatching(unquoted(duckDbType(parseHiveType(type))))]),
    );
  });

  it.each([
    ['tenant', "tenant = 'a'", "tenant='a'"],
    ['source', "source = 's'", "source='s'"],
    ['id', "id = '1'", "id='1'"],
    ['time', `"time" >= TIMESTAMP '2026-11-01 00:00:00'`, "time>='2026-11-0100:00:00'"],
    ['month', "month = '2026-11'", "(substr(CAST(timeASVARCHAR),1,7)='2026-11')"],
  ])('lets a filter on %s reach the scan', async (_, filter, inScan) => {
    const [plan] = await rowsOf(`EXPLAIN SELECT action FROM from_file WHERE ${filter}`);
    expect(scanOf(plan?.['explain_value'])).toContain(inScan);
  });

  it('keeps a filter on ingest_date above the window, where it can’t bring back a copy', async () => {
    const first = await rowsOf(
      `SELECT id FROM from_file WHERE tenant = 'a' AND id = '1' AND ingest_date = '2026-11-01'`,
    );
    expect(first).toEqual([]);
  });
});

/** The plan from the scan on, without the box it is drawn in. */
function scanOf(plan: unknown): string {
  return (String(plan).split('PARQUET_SCAN').at(-1) ?? '').replace(/[\s│]/g, '');
}

function unquoted(type: string): RegExp {
  return new RegExp(`^${type.replace(/[()[\]]/g, '\\$&').replaceAll('"', '"?')}$`);
}
