import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openDuckDb, sqlText } from '../../../shared/archive/duckdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'annals-duckdb-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('reads what lies under a path now, whatever lay there before', async () => {
  const duckDb = await openDuckDb({ threads: 1, memoryMb: 200 });
  const connection = await duckDb.connect();
  const path = (name: string) => join(folder, `${name}.parquet`);
  for (const id of ['A', 'B'])
    await connection.run(`COPY (SELECT ${sqlText(id)} AS id) TO ${sqlText(path(id))} (FORMAT parquet)`);
  const found: string[] = [];
  for (const id of ['A', 'B', 'A', 'B']) {
    copyFileSync(path(id), path('same'));
    const rows = await connection.runAndReadAll(
      `SELECT id FROM read_parquet(${sqlText(path('same'))}) WHERE id = $id`,
      {
        id,
      },
    );
    found.push(...rows.getRowsJS().flat().map(String));
  }
  expect(found).toEqual(['A', 'B', 'A', 'B']);
  duckDb.closeSync();
});
