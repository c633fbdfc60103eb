import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLUMNS } from '../../../shared/archive/columns.ts';
import { duckDbType, openDuckDb, sqlName, sqlText } from '../../../shared/archive/duckdb.ts';
import { eventDate } from '../../../shared/archive/event-date.ts';
import { parseHiveType } from '../../../shared/archive/hive-type.ts';
import { eventsViewSql, VIEW_COLUMNS } from '../../../shared/archive/view.ts';

const file = join(tmpdir(), `annals-view-${process.pid}.parquet`);
const sealedFile = join(tmpdir(), `annals-view-${process.pid}-sealed.parquet`);
let duckDb: DuckDBInstance;
let connection: DuckDBConnection;

const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();

beforeAll(async () => {
  duckDb = await openDuckDb();
  connection = await duckDb.connect();
  const table = (name: string, partition: string) => {
    const columns = [...COLUMNS, { name: partition, type: 'string' }].map(
      (column) => `${sqlName(column.name)} ${duckDbType(parseHiveType(column.type))}`,
    );
    return connection.run(`CREATE TABLE ${name} (${columns.join(', ')})`);
  };
  await table('landing', 'ingest_date');
  await table('archive', 'event_date');
  const seal = (id: string, tenant: string, time: string, received: string, action: string) =>
    connection.run(
      `INSERT INTO archive (id, tenant, source, "time", received_at, event_date, action)
       VALUES ('${id}', '${tenant}', 's', '${time}', '${received}', '${eventDate(time)}', '${action}')`,
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
  await insert('2', 'a', '2026-11-01 00:00:00', '2026-11-01 00:00:01', '2026-11-01', 'next day');
  await insert('3', 'a', '2026-11-02 00:00:00', '2026-11-02 00:00:01', '2026-11-02', 'landed');
  await seal('3', 'a', '2026-11-02 00:00:00', '2026-11-02 00:00:09', 'sealed');
  await seal('4', 'a', '2026-09-02 00:00:00', '2026-09-02 00:00:01', 'only sealed');
  await connection.run(`COPY (SELECT * FROM landing) TO ${sqlText(file)} (FORMAT parquet)`);
  await connection.run(`COPY (SELECT * FROM archive) TO ${sqlText(sealedFile)} (FORMAT parquet)`);
  await connection.run(`CREATE VIEW events AS ${eventsViewSql({ landing: 'landing', archive: 'archive' })}`);
  await connection.run(
    `CREATE VIEW from_file AS ${eventsViewSql({ landing: sqlText(file), archive: sqlText(sealedFile) })}`,
  );
});
afterAll(async () => {
  duckDb.closeSync();
  for (const path of [file, sealedFile]) await rm(path, { force: true });
});

describe('the view events', () => {
  it('has each event once, as it was sealed, or else received first', async () => {
    expect(await rowsOf('SELECT id, tenant, event_date, action, ingest_date FROM events ORDER BY tenant, id')).toEqual([
      { id: '1', tenant: 'a', event_date: '2026-10-31', action: 'earlier', ingest_date: '2026-11-03' },
      { id: '2', tenant: 'a', event_date: '2026-11-01', action: 'next day', ingest_date: '2026-11-01' },
      { id: '3', tenant: 'a', event_date: '2026-11-02', action: 'sealed', ingest_date: null },
      { id: '4', tenant: 'a', event_date: '2026-09-02', action: 'only sealed', ingest_date: null },
      { id: '1', tenant: 'b', event_date: '2026-10-31', action: 'other tenant', ingest_date: '2026-11-01' },
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
    ['tenant', "tenant = 'a'", "tenant='a'", "tenant='a'"],
    ['source', "source = 's'", "source='s'", "source='s'"],
    ['id', "id = '3'", "id='3'", "id='3'"],
    ['time', `"time" >= TIMESTAMP '2026-11-01 00:00:00'`, "time>='2026-11-01", "time>='2026-11-01"],
    ['event_date', "event_date = '2026-11-01'", "event_date='2026-11-01'", 'greatest(substr(CAST(timeASVARCHAR),1,10)'],
  ])('lets a filter on %s reach both scans', async (_, filter, ofArchive, ofLanding) => {
    const scans = await scansOf(`SELECT action FROM from_file WHERE ${filter}`);
    expect(scans).toHaveLength(2);
    expect(scans[0]).toContain(ofArchive);
    expect(scans[1]).toContain(ofLanding);
  });

  it('keeps a filter on what copies may differ in above the window', async () => {
    for (const scan of await scansOf("SELECT action FROM from_file WHERE action = 'landed'"))
      expect(scan).not.toContain('landed');
    expect(await rowsOf("SELECT id FROM from_file WHERE action = 'landed'")).toEqual([]);
  });

  it('keeps a filter on ingest_date above the window, where it can’t bring back a copy', async () => {
    const first = await rowsOf(
      `SELECT id FROM from_file WHERE tenant = 'a' AND id = '1' AND ingest_date = '2026-11-01'`,
    );
    expect(first).toEqual([]);
  });
});

/** The filters of each scan in a plan, archive before landing, without white space. */
async function scansOf(sql: string): Promise<string[]> {
  const [plan] = await rowsOf(`EXPLAIN (FORMAT json) ${sql}`);
  const scans = (node: PlanNode): PlanNode[] => [
    ...(/PARQUET/.test(node.name) ? [node] : []),
    ...node.children.flatMap(scans),
  ];
  const roots: PlanNode[] = JSON.parse(String(plan?.['explain_value']));
  return roots.flatMap(scans).map(({ extra_info }) => JSON.stringify(extra_info).replace(/\s/g, ''));
}
interface PlanNode {
  readonly name: string;
  readonly children: readonly PlanNode[];
  readonly extra_info: unknown;
}

function unquoted(type: string): RegExp {
  return new RegExp(`^${type.replace(/[()[\]]/g, '\\$&').replaceAll('"', '"?')}$`);
}
