import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TrinoSQL } from 'dt-sql-parser';
import { build } from 'esbuild';

/**
 * What Trino's grammar has against a statement, empty when nothing. The package's modules import folders, which Node.js does not
 * resolve, so the one that is needed is bundled first.
 */
export async function trinoGrammar(): Promise<(sql: string) => string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'annals-trino-'));
  const outfile = join(folder, 'trino.mjs');
  try {
    await build({
      entryPoints: ['dt-sql-parser/dist/parser/trino'],
      absWorkingDir: join(import.meta.dirname, '../..'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile,
    });
    const module: { TrinoSQL: typeof TrinoSQL } = await import(pathToFileURL(outfile).href);
    const parser = new module.TrinoSQL();
    return (sql) => parser.validate(sql).map(({ message, startLine }) => `line ${startLine}: ${message}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
