import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sourceNamed } from '../../../shared/sources/registry.ts';
import { StartError } from '../stack/error.ts';
import { type LocalAccess, writeJson } from '../stack/files.ts';
import type { FakeVendor } from '../vendors/fake.ts';
import { FAKE_VENDORS } from '../vendors/index.ts';
import { serveVendor, type VendorServer } from '../vendors/server.ts';
import { RunningWorld } from '../vendors/world.ts';

const HISTORY_DAYS = 3;
const DAY_MS = 86_400_000;

/** What a restart has to find as it was: events and their origin depend on when the world began, and where it is. */
const State = z.strictObject({
  begunAt: z.number(),
  vendors: z.record(z.string(), z.strictObject({ port: z.int(), secrets: z.record(z.string(), z.string()) })),
});
type State = z.infer<typeof State>;

/** Fake vendors that run, each with a connection. */
export interface RunningVendors {
  readonly count: number;
  close(): Promise<void>;
}

/**
 * Serves every fake vendor on loopback, where things go on happening, and makes a connection to each through the API,
 * `demo-<source>`. `vendors.json` in the data directory remembers what a later start goes on with.
 *
 * @throws StartError when the API does not take a connection, a port of an earlier start is taken, or the file is not its own.
 */
export async function startVendors(access: LocalAccess, dir: string): Promise<RunningVendors> {
  const file = join(dir, 'vendors.json');
  const state = readState(file) ?? { begunAt: Date.now(), vendors: {} };
  const servers: VendorServer[] = [];
  const close = async () => void (await Promise.all(servers.map((server) => server.close())));
  const keep = (source: string, vendor: State['vendors'][string]) => {
    state.vendors[source] = vendor;
    writeJson(file, state, 0o600);
  };
  try {
    for (const vendor of FAKE_VENDORS) {
      const { source } = vendor;
      const before = state.vendors[source];
      const secrets = before?.secrets ?? vendor.secrets;
      const world = new RunningWorld(vendor, {
        streams: streamsOf(vendor),
        begunAt: state.begunAt,
        days: HISTORY_DAYS,
        secrets,
        onRotate: (changed) => keep(source, { port: server.port, secrets: changed }),
      });
      const server = await serve(vendor, world, before?.port);
      servers.push(server);
      // Before the connection is there, which would lead nowhere after a kill in between.
      keep(source, { port: server.port, secrets });
      await connect(access, vendor, server.url, secrets, new Date(state.begunAt - HISTORY_DAYS * DAY_MS));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { count: servers.length, close };
}

/** What to look at, as commands to paste into a shell. */
export function vendorHints({ url, key }: LocalAccess, count: number): string {
  const authorization = `-H 'authorization: Bearer ${key}'`;
  return `
${count} fake vendors run beside it, with three days of history each, and something happens at every one of them every few
seconds. Their connections, demo-<source>, are polled by the minute:

How each connection fares:
  curl -sS ${url}/v1/sources ${authorization}

What has just happened, as far as it was collected:
  curl -sS '${url}/v1/events?limit=10' ${authorization}
  curl -sS '${url}/v1/events?source=duo.auth&limit=10' ${authorization}
`;
}

function streamsOf(vendor: FakeVendor): string[] {
  const collector = sourceNamed(vendor.source)?.poller?.connect(vendor.settings('http://127.0.0.1:1'));
  if (!collector) throw new TypeError(`${vendor.source} has no poller`);
  return collector.streams.map(({ name }) => name);
}

async function serve(
  vendor: FakeVendor,
  world: RunningWorld,
  port = 0,
): Promise<VendorServer & { readonly port: number }> {
  try {
    const server = await serveVendor(vendor, world, { port });
    return { ...server, port: Number(new URL(server.url).port) };
  } catch (cause) {
    throw new StartError(
      `port ${port}, where the fake ${vendor.source} was before, is taken: end what listens there, or begin anew with --fresh`,
      { cause },
    );
  }
}

async function connect(
  { url, key }: LocalAccess,
  vendor: FakeVendor,
  vendorUrl: string,
  secrets: Readonly<Record<string, string>>,
  since: Date,
): Promise<void> {
  const name = `demo-${vendor.source.replaceAll(/[._]/g, '-')}`;
  const response = await fetch(`${url}/v1/connections`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name,
      source: vendor.source,
      settings: vendor.settings(vendorUrl),
      secrets,
      allowedAddresses: ['127.0.0.1'],
      backfillFrom: since.toISOString(),
    }),
  });
  const text = await response.text();
  // An earlier start has made it.
  if (response.ok || response.status === 409) return;
  throw new StartError(`the connection ${name} could not be made: ${response.status} ${text.slice(0, 500)}`);
}

/** @throws StartError for a file with another content: its connections would be polled in vain. */
function readState(file: string): State | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return State.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new StartError(`${file} can't be read: begin anew with --fresh`, { cause });
  }
}
