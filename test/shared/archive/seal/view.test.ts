import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCatalog } from '../../../../infra/local/sql-catalog.ts';
import { openDuckDb } from '../../../../shared/archive/duckdb.ts';
import type { MemoryStore } from './memory-store.ts';
import { row, World } from './world.ts';

const LIMITS = { limits: { bytes: 1_000_000, objects: 1, files: 1 } };
const IDS = ['A', 'B', 'C', 'D', 'E', 'F'];

let world: World;
beforeEach(async () => {
  world = await World.open();
  await world.land('2026-03-01/a', [row({ id: 'A' }), row({ id: 'B', tenant: 'beta' })]);
  await world.land('2026-03-01/b', [row({ id: 'A' }), row({ id: 'C', time: '2026-02-28 23:59:59' })]);
  await world.seal('2026-03-03T01:00:00Z', LIMITS);
  // One that is sealed already comes again, one comes late, and one is of a day that is not due.
  await world.land('2026-03-02/a', [row({ id: 'A' }), row({ id: 'D', time: '2026-03-02 10:00:00' })]);
  await world.land('2026-03-01/late', [row({ id: 'E' })]);
  await world.land('2026-03-03/a', [row({ id: 'D', time: '2026-03-02 10:00:00' }), row({ id: 'F' })]);
});
afterEach(() => world.close());

/** The objects that a query would find, by path. */
type Instant = ReadonlyMap<string, Buffer>;

function instant(): Instant {
  const current = (name: string, store: MemoryStore, prefix: string) =>
    store.keys(prefix).map((key) => [join(name, key), store.stored(key).bytes] as const);
  return new Map([...current('landing', world.landing, 'landing/'), ...current('archive', world.archive, 'archive/')]);
}

/** Ids in the view, of what was there at an instant. */
async function idsIn(objects: Instant, name: string): Promise<unknown[]> {
  const folder = join(world.folder, name);
  for (const [path, bytes] of objects) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const duckDb = await openDuckDb({ threads: 1, memoryMb: 200 });
  try {
    const connection = await duckDb.connect();
    await createCatalog(connection, 'annals', {
      landing: join(folder, 'landing/landing'),
      archive: join(folder, 'archive/archive'),
    });
    return (await connection.runAndReadAll('SELECT id FROM events ORDER BY id')).getRowsJS().flat();
  } finally {
    duckDb.closeSync();
  }
}

it.each([1, 2])('at no instant of %i runs at once a row is doubled or missing in the view', async (runs) => {
  // Equal instants are one. Landing objects that are tagged may expire at any time, so also without them.
  const instants = new Map<string, Instant>();
  const remember = () => {
    const now = instant();
    const tagged = world.landing.keys().filter((key) => 'sealed' in world.landing.stored(key).tags);
    const without = new Map([...now].filter(([path]) => !tagged.includes(path.slice('landing/'.length))));
    for (const each of [now, without]) instants.set([...each.keys()].join(), each);
  };
  world.archive.step = world.landing.step = remember;
  await Promise.all(Array.from({ length: runs }, () => world.seal('2026-03-04T01:00:00Z', LIMITS)));
  remember();
  // The day begins with what is there, adds two files, and may end with nothing in landing but what is not due.
  expect(instants.size).toBeGreaterThanOrEqual(5);
  for (const [index, each] of [...instants.values()].entries())
    expect([[...each.keys()], await idsIn(each, `${index}`)]).toEqual([[...each.keys()], IDS]);
});
