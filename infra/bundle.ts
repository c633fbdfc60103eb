import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { copyDuckDb } from './duckdb-binding.ts';

export const FUNCTION_NAMES = [
  'ingest',
  'webhook',
  'query',
  'admin',
  'deliver',
  'dispatch',
  'poll',
  'seal',
  'verify',
  'reconcile',
  'export',
  'fingerprint',
  'replay',
  'retain',
  'page',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

const BINDINGS = '@duckdb/node-bindings';
/** Those that DuckDB is part of. Its binding is machine code and can't be bundled. */
const WITH_DUCKDB: readonly FunctionName[] = ['seal', 'verify', 'reconcile', 'replay'];

/** For each function the folder that holds its `index.mjs`. */
export type Bundles = Readonly<Record<FunctionName, string>>;

/**
 * Bundles `<root>/<function>/index.ts`, with all it needs, into `<outdir>/<function>/index.mjs`.
 *
 * One run of esbuild for all of them, in this process: CDK's NodejsFunction starts npx for each, which takes a second a
 * function here, and `npm start` waits for it.
 *
 * @param duckDb folder with DuckDB's binding for the machine that the functions will run on, which is copied beside those
 *   that need it. Without one they use that of this machine, where it is installed.
 * @throws Error with esbuild's messages when a function can't be bundled.
 */
export function bundleFunctions(root: string, outdir: string, duckDb?: string): Bundles {
  const binding = duckDb === undefined ? createRequire(import.meta.url).resolve(BINDINGS) : './duckdb.node';
  buildSync({
    entryPoints: Object.fromEntries(FUNCTION_NAMES.map((name) => [`${name}/index`, join(root, name, 'index.ts')])),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    sourcemap: true,
    // A stack trace needs positions and names only, and an asset's hash must not depend on where the checkout lies.
    sourcesContent: false,
    mainFields: ['module', 'main'],
    // Bundled CommonJS modules call require, which an ES module does not have.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'warning',
    alias: { [BINDINGS]: binding },
    external: [binding],
  });
  if (duckDb !== undefined) for (const name of WITH_DUCKDB) copyDuckDb(duckDb, join(outdir, name));
  const folder = (name: FunctionName) => join(outdir, name);
  return {
    ingest: folder('ingest'),
    webhook: folder('webhook'),
    query: folder('query'),
    admin: folder('admin'),
    deliver: folder('deliver'),
    dispatch: folder('dispatch'),
    poll: folder('poll'),
    seal: folder('seal'),
    verify: folder('verify'),
    reconcile: folder('reconcile'),
    export: folder('export'),
    fingerprint: folder('fingerprint'),
    replay: folder('replay'),
    retain: folder('retain'),
    page: folder('page'),
  };
}
