import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ConfigurationError } from '../../shared/errors.ts';
import type { JsonObject } from '../../shared/json.ts';
import { acceptVendorEvents } from '../../shared/sources/accept.ts';
import type { Source } from '../../shared/sources/source.ts';
import { batchesOf } from './batches.ts';
import { runCommand } from './command.ts';

/** A folder a source, of the source's name. */
const FOLDER = join(import.meta.dirname, '../../shared/sources');

/** Vendor events on standard input, canonical events as NDJSON on standard output, in order. Stores nothing. */
async function normalize(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: { origin: { type: 'string' } } });
  const names = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'source.ts')));
  const [name = ''] = positionals;
  const source = names.includes(name) ? await load(name) : undefined;
  if (!source || positionals.length !== 1) {
    throw new ConfigurationError(
      `usage: npm run --silent normalize -- <source> [--origin ORIGIN] < FILE\nsources: ${names.join(', ')}`,
    );
  }
  const provenance = {
    tenant: 'main',
    connection: 'normalize',
    origin: values.origin ?? source.defaultOrigin,
    tier: source.defaultTier,
    receivedAt: new Date().toISOString(),
  };
  const write = async (raws: readonly JsonObject[]) => {
    const { prepared } = acceptVendorEvents(source, raws, provenance);
    const text = prepared.map(({ event }) => `${JSON.stringify(event)}\n`).join('');
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  };
  const failed = () => {
    process.exitCode = 1;
  };
  for await (const { raws } of batchesOf(process.stdin, failed)) await write(raws);
}

/** Only this source's modules: all of them would take most of a second. */
async function load(name: string): Promise<Source | undefined> {
  const module: Record<string, unknown> = await import(pathToFileURL(join(FOLDER, name, 'source.ts')).href);
  return Object.values(module).find((one): one is Source => isNamed(one, name));
}

function isNamed(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && 'name' in value && value.name === name;
}

await runCommand(normalize);
