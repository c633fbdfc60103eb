/**
 * What polling costs and takes. Run it with `npm run bench`.
 *
 * 1. 100,000 events of history from a fake Google Workspace, as one backfill through the local stack: the deployed bundles, HTTP,
 *    dynalite, the stream and Firehose. Another number of events may be given as argument.
 * 2. The same through the engine alone, and what it holds in memory meanwhile. (That of the whole local stack grows with its
 *    database, whose files LevelDB maps into memory.)
 * 3. An hour of live polling by a clock that is moved on: each poll reads the hour before once more. What it writes for
 *    events that it has read again is the price of the overlap.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamo } from '../../infra/local/aws/dynamodb.ts';
import { startEndpoint } from '../../infra/local/aws/endpoint.ts';
import { startStack } from '../../infra/local/stack.ts';
import { synthesizeApart } from '../../infra/local/start/synthesize.ts';
import type { Call, TableDefinition } from '../../infra/local/types.ts';
import type { FakeEvent, World } from '../../infra/local/vendors/fake.ts';
import { fakeGoogleWorkspace as vendor } from '../../infra/local/vendors/google_workspace.activity.ts';
import { serveVendor } from '../../infra/local/vendors/server.ts';
import { newConnection } from '../../shared/control/connections.ts';
import { createApiKey } from '../../shared/control/keys.ts';
import { ControlTable } from '../../shared/control/table.ts';
import { systemClock } from '../../shared/polling/clock.ts';
import { Hastened } from '../../shared/polling/hasten.ts';
import { Jobs } from '../../shared/polling/jobs.ts';
import { Polling } from '../../shared/polling/poll.ts';
import type { Poller } from '../../shared/polling/poller.ts';
import { acceptVendorEvents } from '../../shared/sources/accept.ts';
import { sourceNamed } from '../../shared/sources/registry.ts';
import type { Source } from '../../shared/sources/source.ts';
import { EventStore } from '../../shared/store/event-store.ts';
import { MemoryControl } from '../support/memory-control.ts';
import { writeUnits } from './write-units.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const EVENTS = Number(process.argv[2] ?? 100_000);
const DAYS = 100;
const DAY_MS = 86_400_000;
const STREAM = 'login';
const SETTINGS = { applications: [STREAM] };

const megabytes = () => (process.memoryUsage().heapUsed / 2 ** 20).toFixed(0);

function world(history: readonly FakeEvent[], now: () => Date): World {
  return {
    now,
    events: (stream) =>
      history.filter((event) => (stream === undefined || event.stream === stream) && event.arrives <= now()),
    secrets: vendor.secrets,
    tokenGeneration: 1,
    rotate: () => {},
  };
}

await backfill();
await memory();
await liveHour();

async function backfill(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'annals-bench-'));
  let units = 0;
  const observe = (call: Call) => {
    units += writeUnits(call);
  };
  const templateFile = await synthesizeApart(join(dir, 'cdk.out'));
  const log = () => {};
  const stack = await startStack({ templateFile, dir, port: 0, hooks: { observe }, schedules: false, log });
  const end = Date.now() - DAY_MS;
  const history = historyBefore(end);
  const server = await serveVendor(
    vendor,
    world(history, () => new Date()),
  );
  const { url, endpoint, outputs } = stack;
  const dynamo = new DynamoDBClient({
    endpoint: endpoint.url,
    region: endpoint.region,
    credentials: endpoint.credentials,
  });
  const control = new ControlTable(dynamo, outputs['ControlTable'] ?? '');
  const { key } = await createApiKey(control, { name: 'bench', scopes: ['admin', 'read'], tenant: 'main' });
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Record<string, unknown>;
  };
  await call('POST', '/v1/connections', {
    name: 'bench',
    source: vendor.source,
    settings: { ...vendor.settings(server.url), ...SETTINGS },
    secrets: vendor.secrets,
    allowedAddresses: ['127.0.0.1'],
    backfillFrom: new Date(end - (DAYS + 1) * DAY_MS).toISOString(),
  });
  say(`Backfill of ${EVENTS} events of ${DAYS} days through the local stack`);
  const jobs = new Jobs(control);
  const begun = performance.now();
  const before = units;
  let stored = 0;
  let requests = 0;
  do {
    await stack.runSchedule('PollingDispatch');
    const job = (await jobs.list()).find(({ lane }) => lane === 'backfill');
    stored = job?.stored ?? 0;
    requests = job?.requests ?? 0;
    if (job?.lastError) say(`  ${job.lastError.message}`);
  } while (stored < EVENTS && performance.now() - begun < 1_800_000);
  const seconds = (performance.now() - begun) / 1_000;
  say(`  stored              ${stored} in ${seconds.toFixed(0)} s: ${(stored / seconds).toFixed(0)} events a second`);
  say(`  vendor requests     ${requests}, ${((1_000 * requests) / stored).toFixed(1)} for 1,000 events`);
  say(`  write units         ${((units - before) / stored).toFixed(2)} an event, pointers and positions included`);
  dynamo.destroy();
  await server.close();
  await stack.close();
  rmSync(dir, { recursive: true, force: true });
}

/** The engine without a store, in this process: the heap after a collection, tenth by tenth. */
async function memory(): Promise<void> {
  const known = knownSource();
  const end = Date.now() - DAY_MS;
  const history = historyBefore(end);
  const server = await serveVendor(
    vendor,
    world(history, () => new Date()),
  );
  const settings = { ...vendor.settings(server.url), ...SETTINGS };
  const { origin } = known.poller.connect(settings);
  const made = { name: 'bench', source: known.name, origin, settings, allowedAddresses: ['127.0.0.1'] };
  const backfillFrom = new Date(end - (DAYS + 1) * DAY_MS).toISOString();
  const connection = newConnection('main', { ...made, backfillFrom }, new Date());
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let read = 0;
  const heaps: string[] = [];
  const polling = new Polling({
    connections: { get: async () => connection },
    jobs: new Jobs(new MemoryControl()),
    hastened: new Hastened(new MemoryControl()),
    secrets: { current: async () => vendor.secrets, rotate: async () => {} },
    clock: systemClock,
    store: async (_connection, raws) => {
      const where = { tenant: 'main', connection: 'bench', origin, tier: '180d' as const };
      const { prepared } = acceptVendorEvents(known, raws, { ...where, receivedAt: new Date().toISOString() });
      read += prepared.length;
      if (read >= ((heaps.length + 1) * EVENTS) / 10) {
        collect();
        heaps.push(megabytes());
      }
      return { received: prepared.length, times: prepared.map(({ event }) => event.time) };
    },
  });
  await polling.run({ connection: connection.id, lane: 'backfill' }, () => 600_000);
  say(`The engine alone, ${read} events: heap in MB, tenth by tenth, the fake's history included: ${heaps.join(', ')}`);
  await server.close();
}

function historyBefore(end: number): FakeEvent[] {
  return Array.from({ length: EVENTS }, (_, n): FakeEvent => {
    const at = new Date(end - ((EVENTS - n) * DAYS * DAY_MS) / EVENTS);
    return { at, arrives: at, stream: STREAM, raw: vendor.event(n, at, STREAM) };
  });
}

async function liveHour(): Promise<void> {
  const known = knownSource();
  const place = { region: 'us-east-1', accountId: '000000000000' };
  const table = (name: string): TableDefinition => ({
    name,
    arn: `arn:aws:dynamodb:${place.region}:${place.accountId}:table/${name}`,
    keySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    attributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
  });
  const database = await createDynamo({ ...place, backend: 'dynalite', tables: [table('events'), table('control')] });
  const operator = { name: 'operator', accessKeyId: 'AKIABENCH', secretAccessKey: 'bench', statements: [] };
  let units = 0;
  const hooks = {
    observe: (call: Call) => {
      units += writeUnits(call);
    },
  };
  const endpoint = await startEndpoint({ services: [database.service], principals: [operator], hooks });
  const dynamo = new DynamoDBClient({ endpoint: endpoint.url, region: place.region, credentials: operator });

  const start = Date.parse('2026-03-02T12:00:00Z');
  let now = start;
  const clock = {
    now: () => new Date(now),
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const history = Array.from({ length: 7_200 }, (_, n): FakeEvent => {
    const at = new Date(start - 3_600_000 + n * 1_000);
    return { at, arrives: at, stream: STREAM, raw: vendor.event(n, at, STREAM) };
  });
  const server = await serveVendor(vendor, world(history, clock.now));
  const settings = { ...vendor.settings(server.url), ...SETTINGS };
  const { origin } = known.poller.connect(settings);
  const made = { name: 'bench', source: known.name, origin, settings, allowedAddresses: ['127.0.0.1'] };
  const connection = newConnection('main', { ...made, backfillFrom: clock.now().toISOString() }, clock.now());
  const control = new ControlTable(dynamo, 'control');
  const store = new EventStore({ dynamo, table: 'events', shards: { default: 1 } });
  let [received, fresh] = [0, 0];
  const polling = () =>
    new Polling({
      connections: { get: async () => connection },
      jobs: new Jobs(control),
      hastened: new Hastened(control),
      secrets: { current: async () => vendor.secrets, rotate: async () => {} },
      clock,
      store: async (_connection, raws, timeLeft) => {
        const where = { tenant: 'main', connection: 'bench', origin, tier: '180d' as const };
        const { prepared } = acceptVendorEvents(known, raws, { ...where, receivedAt: clock.now().toISOString() });
        const results = await store.put(prepared, timeLeft, { mostlyPresent: true });
        const times = prepared.flatMap(({ event }, index) => (results[index]?.status === 'stored' ? [event.time] : []));
        received += prepared.length;
        fresh += times.length;
        return { received: prepared.length, times };
      },
    });
  const task = { connection: connection.id, lane: 'live' } as const;
  // What was there at first is new once; the hour that is measured comes after it.
  await polling().run(task, () => 600_000);
  const before = { units, received, fresh };
  for (; now < start + 3_600_000; now += 60_000) await polling().run(task, () => 600_000);
  const again = received - before.received - (fresh - before.fresh);
  const written = units - before.units;
  // What storing costs without any overlap is measured with as many events of another tenant.
  const once = await unitsOfStoring(fresh - before.fresh);
  say('An hour of live polling, an event a second, a poll every 5 minutes that reads the hour before again');
  say(`  new events          ${fresh - before.fresh}`);
  say(`  read again          ${again}`);
  say(`  write units         ${written}, of which ${once} for the new events`);
  say(`  an event read again ${((written - once) / again).toFixed(4)} write units`);
  dynamo.destroy();
  await server.close();
  await endpoint.close();
  await database.close();

  async function unitsOfStoring(count: number): Promise<number> {
    const other = new EventStore({ dynamo, table: 'events', shards: { default: 1 } });
    const events = Array.from({ length: count }, (_, n) => {
      const at = new Date(start + n * 1_000);
      return vendor.event(n, at, STREAM);
    });
    const where = { tenant: 'other', connection: 'bench', origin, tier: '180d' as const };
    const { prepared } = acceptVendorEvents(known, events, {
      ...where,
      receivedAt: clock.now().toISOString(),
    });
    const from = units;
    await other.put(prepared, () => 600_000);
    return units - from;
  }
}

function knownSource(): Source & { readonly poller: Poller } {
  const source = sourceNamed(vendor.source);
  if (!source?.poller) throw new TypeError('the source has no poller');
  return { ...source, poller: source.poller };
}
