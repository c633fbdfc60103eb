import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { ConfigurationError } from '../../shared/errors.ts';
import type { JsonObject } from '../../shared/json.ts';
import { acceptVendorEvents } from '../../shared/sources/accept.ts';
import { SOURCES, sourceNamed } from '../../shared/sources/registry.ts';
import { batchesOf } from './batches.ts';
import { runCommand } from './command.ts';

/** Vendor events on standard input, canonical events as NDJSON on standard output, in order. Stores nothing. */
async function normalize(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: { origin: { type: 'string' } } });
  const source = sourceNamed(positionals[0] ?? '');
  if (!source || positionals.length !== 1) {
    const names = SOURCES.map(({ name }) => name).join(', ');
    throw new ConfigurationError(
      `usage: npm run --silent normalize -- <source> [--origin ORIGIN] < FILE\nsources: ${names}`,
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

await runCommand(normalize);
