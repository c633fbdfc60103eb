import { execFileSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../shared/errors.ts';

const PROJECT = join(import.meta.dirname, '..');
const PACKAGE = '@duckdb/node-bindings-linux-arm64';
/** The binding, and the library that it looks for beside itself. */
const FILES = ['duckdb.node', 'libduckdb.so'] as const;
/** e_machine of ELF for AArch64, at byte 18. */
const AARCH64 = 0xb7;

const Lock = z.object({ packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })) });

/**
 * The folder with DuckDB's binding for Lambda's machine, linux on arm64, whichever machine this is. The first time it is
 * fetched with npm, in the version and with the hash that package-lock.json names; then it is kept under `node_modules`.
 *
 * @throws ConfigurationError when it can't be had, or is for another machine.
 */
export function lambdaDuckDb(): string {
  const { packages } = Lock.parse(JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')));
  const locked = packages[`node_modules/${PACKAGE}`];
  if (locked?.version === undefined) throw new ConfigurationError(`package-lock.json does not name ${PACKAGE}`);
  const cache = join(PROJECT, 'node_modules', '.cache', 'annals');
  const folder = join(cache, `duckdb-${locked.version}-linux-arm64`);
  if (!existsSync(folder)) fetchPackage(locked.version, locked, cache, folder);
  for (const file of FILES) requireAarch64(join(folder, file));
  return folder;
}

/** Copies the binding beside a function's bundle. */
export function copyDuckDb(from: string, to: string): void {
  for (const file of FILES) cpSync(join(from, file), join(to, file));
}

/**
 * Reads the header of a library.
 *
 * @throws ConfigurationError when it is not one for linux on arm64.
 */
export function requireAarch64(path: string): void {
  const header = Buffer.alloc(20);
  const file = openSync(path, 'r');
  readSync(file, header);
  closeSync(file);
  if (header.subarray(0, 4).toString('latin1') !== '\x7fELF' || header.readUInt16LE(18) !== AARCH64)
    throw new ConfigurationError(`${path} is not for linux on arm64, which the functions run on: delete its folder`);
}

function fetchPackage(version: string, locked: object, cache: string, folder: string): void {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'fetch-'));
  // As an optional dependency: npm refuses a plain one that is for another machine.
  const root = { name: 'binding', version: '0.0.0', optionalDependencies: { [PACKAGE]: version } };
  const lock = { ...root, lockfileVersion: 3, packages: { '': root, [`node_modules/${PACKAGE}`]: locked } };
  writeFileSync(join(work, 'package.json'), JSON.stringify(root));
  writeFileSync(join(work, 'package-lock.json'), JSON.stringify(lock));
  const target = ['--cpu=arm64', '--os=linux', '--libc=glibc'];
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    execFileSync('npm', ['ci', '--prefix', work, ...target, ...quiet], {
      cwd: work,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
    renameSync(join(work, 'node_modules', PACKAGE), folder);
  } catch (cause) {
    throw new ConfigurationError(`${PACKAGE}@${version}, which the functions need, can't be fetched with npm`, {
      cause,
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
