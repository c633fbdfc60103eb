import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AnnalsError } from '../../shared/errors.ts';
import { StartError } from './stack/error.ts';
import type { LocalAccess } from './stack/files.ts';
import { lockFolder } from './stack/lock.ts';
import type { LocalStack } from './stack.ts';
import { parseArguments, type StartArguments, USAGE } from './start/arguments.ts';
import { deleteData } from './start/fresh.ts';
import { hints } from './start/hints.ts';
import { synthesizeApart } from './start/synthesize.ts';

/** A little under the two seconds that stopping may take. */
const STOP_MS = 1_600;
const PARENT_MS = 250;

const say = (text: string) => process.stdout.write(`${text}\n`);

interface Running {
  close(): Promise<void>;
}

async function start(given: StartArguments): Promise<Running> {
  const dir = resolve(given.dir);
  await checkPort(given.port);
  const begun = performance.now();
  const lock = lockFolder(dir);
  if (given.fresh) deleteData(dir);
  // The other process synthesises meanwhile.
  const [templateFile, { startStack }, { ensureAccess }, { loadDemo }] = await Promise.all([
    synthesizeApart(join(dir, 'cdk.out')),
    import('./stack.ts'),
    import('./start/access.ts'),
    import('./demo.ts'),
  ]);
  say(`Synthesised the stack: ${seconds(begun)}.`);
  const log = (message: string) => process.stderr.write(`${new Date().toISOString()} ${message}\n`);
  const stack = await startStack({ dir, lock, port: given.port, templateFile, log });
  say(`Started it: ${seconds(begun)}.`);
  try {
    const access = await ensureAccess(stack, dir);
    const count = await loadDemo({ access, dir, wanted: given.demo });
    if (count > 0) say(`Loaded ${count} demo events, sources custom.demo-*: ${seconds(begun)}.`);
    const vendors = given.vendors ? await runVendors(stack, access, dir, log) : undefined;
    say(hints(access, given.dir));
    if (vendors) say(vendors.hints);
    say(`Everything is kept in ${given.dir}; --fresh begins anew. Ctrl-C stops.`);
    return { close: async () => void (await Promise.all([stack.close(), vendors?.close()])) };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

async function runVendors(
  stack: LocalStack,
  access: LocalAccess,
  dir: string,
  log: (message: string) => void,
): Promise<Running & { readonly hints: string }> {
  const { startVendors, vendorHints } = await import('./start/vendors.ts');
  const { count, close } = await startVendors(access, dir);
  // Whoever starts this wants to see something before the minute is over.
  stack.runSchedule('PollingDispatch').catch((error) => log(`the first poll failed: ${String(error)}`));
  return { close, hints: vendorHints(access, count) };
}

/** Finds out before the long work whether the port can be had. */
async function checkPort(port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((done, fail) => probe.once('error', fail).listen(port, '127.0.0.1', done));
    await new Promise((done) => probe.close(done));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const why = code === 'EADDRINUSE' ? 'is in use' : `can't be had (${String(code)})`;
    throw new StartError(`port ${port} ${why}: give another with --port`, { cause });
  }
}

/** The shell that npm puts in between passes no signal on: when npm is ended, only the shell's absence tells. */
function stopWithParent(stop: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || stop(), PARENT_MS).unref();
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof AnnalsError ? message : `Annals can't start: ${message}`}\n`);
  process.exit(1);
}

// Functions run in threads of this process and share its local time; Lambda's is UTC.
process.env['TZ'] = 'UTC';
// Whoever read the output may be gone, and the API is still in use.
process.stdout.on('error', () => {});
let running: Running | undefined;
const stop = async () => {
  await Promise.race([running?.close().catch(() => {}), delay(STOP_MS)]);
  process.exit(0);
};
process.once('SIGINT', stop).once('SIGTERM', stop);
if (process.env['npm_lifecycle_event'] !== undefined) stopWithParent(stop);
try {
  const given = parseArguments(process.argv.slice(2));
  if (given.help) say(USAGE);
  else running = await start(given);
} catch (error) {
  fail(error);
}
