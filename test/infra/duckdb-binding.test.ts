import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunctions } from '../../infra/bundle.ts';
import { lambdaDuckDb, requireAarch64 } from '../../infra/duckdb-binding.ts';

const folder = mkdtempSync(join(tmpdir(), 'annals-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the bundle of seal', () => {
  // Fetched with npm the first time, as for a deployment.
  it('that is deployed has the binding for linux on arm64 beside it, whichever machine this is', () => {
    const { seal, query } = bundleFunctions('functions', join(folder, 'deployed'), lambdaDuckDb());
    expect(readdirSync(seal).sort()).toEqual(['duckdb.node', 'index.mjs', 'index.mjs.map', 'libduckdb.so']);
    expect(readdirSync(query).sort()).toEqual(['index.mjs', 'index.mjs.map']);
    for (const name of ['duckdb.node', 'libduckdb.so']) {
      const header = readFileSync(join(seal, name)).subarray(0, 20);
      // ELF, 64 bits, little end first, for AArch64.
      expect([header.toString('latin1', 0, 4), header[4], header[5], header.readUInt16LE(18)]).toEqual([
        '\x7fELF',
        2,
        1,
        0xb7,
      ]);
    }
    const code = readFileSync(join(seal, 'index.mjs'), 'utf8');
    expect(code).toContain('"./duckdb.node"');
    expect(code).not.toContain(process.cwd());
  });

  it('that runs on this machine is small, and uses the binding that is installed', async () => {
    const { seal } = bundleFunctions('functions', join(folder, 'local'));
    expect(readdirSync(seal).sort()).toEqual(['index.mjs', 'index.mjs.map']);
    const { handler } = await import(join(seal, 'index.mjs'));
    expect(handler).toBeTypeOf('function');
  });
});

it.each([
  ['x86-64', 0x3e],
  ['32-bit ARM', 0x28],
])('a binding for %s is refused', (_, machine) => {
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(machine, 18);
  const path = join(folder, 'other.node');
  writeFileSync(path, header);
  expect(() => requireAarch64(path)).toThrow(/not for linux on arm64/);
  header.writeUInt16LE(0xb7, 18);
  writeFileSync(path, header);
  requireAarch64(path);
});
