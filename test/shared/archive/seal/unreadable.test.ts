import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COLUMNS } from '../../../../shared/archive/columns.ts';
import { landingKey, row, sha256, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

/** Lands an object beside a good one and seals; what became of it. */
async function setAside(bytes: Buffer) {
  const key = landingKey('2026-03-01/bad');
  world.landing.put(key, bytes);
  const good = await world.land('2026-03-01/good', [row({ id: 'A' })]);
  const [digest] = await world.seal('2026-03-03T01:00:00Z');
  expect((await world.archived()).flat()).toEqual(['A']);
  expect(digest?.landing.map((one) => one.key)).toEqual([good]);
  expect(world.landing.stored(good).tags).toMatchObject({ sealed: 'true' });
  expect(world.landing.stored(key).tags).toEqual({});
  expect(world.refused.map(([refused]) => refused)).toEqual([key]);
  const [unreadable] = digest?.unreadable ?? [];
  expect(unreadable).toMatchObject({ key, size: bytes.length, sha256: sha256(bytes) });
  return unreadable?.reason;
}

async function parquet(columns: typeof COLUMNS, given: Parameters<typeof row>[0] = { id: 'B' }): Promise<Buffer> {
  const key = await world.land('2026-03-01/made', [row(given)], columns);
  const bytes = world.landing.bytes(key);
  world.landing.objects.delete(key);
  return bytes;
}

/** A Parquet file that DuckDB makes of a SELECT. */
async function made(select: string): Promise<Buffer> {
  const { readFileSync } = await import('node:fs');
  const connection = await world.duckDb.connect();
  await connection.run(`COPY (${select}) TO '${world.folder}/made.parquet' (FORMAT parquet)`);
  connection.closeSync();
  return readFileSync(`${world.folder}/made.parquet`);
}

describe('an object is set aside, and holds up nothing,', () => {
  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is no Parquet', Buffer.from('{"id":"A","time":"2026-03-01T10:00:00Z","tenant":"acme"}\n')],
  ])('that %s', async (_, bytes) => {
    expect(await setAside(bytes)).toBe("it can't be read as Parquet with the columns of landing (Invalid Input Error)");
  });

  it('that lacks its end', async () => {
    const bytes = await parquet(COLUMNS);
    expect(await setAside(bytes.subarray(0, bytes.length - 20))).toMatch(/can't be read as Parquet/);
  });

  it('that is damaged in the middle, in a column that nobody sorts by', async () => {
    const bytes = await made(
      `SELECT 'B' AS id, TIMESTAMP '2026-03-01' AS time, 'acme' AS tenant, repeat('raw', 9999) AS raw`,
    );
    const at = bytes.length - bytes.readUInt32LE(bytes.length - 8) - 8;
    const damaged = Buffer.from(bytes).fill(0xff, at - 90, at);
    expect(await setAside(damaged)).toMatch(/can't be read as Parquet/);
  });

  it('that has no id, time or tenant at all', async () => {
    const columns = COLUMNS.filter(({ name }) => name !== 'time' && name !== 'tenant');
    expect(await setAside(await parquet(columns))).toBe('it has no column time, tenant');
  });

  it.each([
    ['a column', `1 AS later`, 'later'],
    ['a field of a list', `[{'type': 'user', 'phone': '1'}] AS targets`, 'targets'],
    ['a struct where there is text', `{'a': 1} AS action`, 'action'],
  ])('that has %s which would be lost', async (_, column, named) => {
    const bytes = await made(`SELECT 'B' AS id, TIMESTAMP '2026-03-01' AS time, 'acme' AS tenant, ${column}`);
    expect(await setAside(bytes)).toBe(`it has columns that this version does not know: ${named}`);
  });

  it('that has values of another type; what they are is told to the log only', async () => {
    const bytes = await made(`SELECT 'B' AS id, 'yesterday' AS time, 'acme' AS tenant`);
    expect(await setAside(bytes)).toBe("it can't be read as Parquet with the columns of landing (Conversion Error)");
    expect(world.refused[0]?.[1].detail).toContain('yesterday');
  });

  it('that is not there any more when its turn comes', async () => {
    const key = await world.land('2026-03-01/gone', [row({ id: 'B' })]);
    await world.land('2026-03-01/good', [row({ id: 'A' })]);
    world.archive.step = (call) => call === 'put plans/2026-03-01.json, done' && world.landing.objects.delete(key);
    const [digest] = await world.seal('2026-03-03T01:00:00Z');
    expect(digest?.unreadable).toMatchObject([
      { key, size: 0, sha256: sha256(''), reason: 'it is not there any more' },
    ]);
    expect((await world.archived()).flat()).toEqual(['A']);
  });
});

it('an object of an older schema is sealed, and what it does not have is null', async () => {
  const old = COLUMNS.filter(({ name }) => ['id', 'time', 'tenant', 'source', 'targets'].includes(name)).map(
    (column) => (column.name === 'targets' ? { ...column, type: 'array<struct<type:string,id:string>>' } : column),
  );
  await world.land('2026-03-01/old', [row({ id: 'A', targets: [{ type: 'user', id: '7' }] })], old);
  await world.land('2026-03-01/new', [row({ id: 'B', raw: 'B' })]);
  const [digest] = await world.seal('2026-03-03T01:00:00Z');
  expect(digest?.unreadable).toEqual([]);
  expect(await world.archived("id, raw, to_json(targets[1]) ->> 'email', targets[1].id")).toEqual([
    ['A', null, null, '7'],
    ['B', 'B', null, '7'],
  ]);
});

it('an object without rows is sealed as such', async () => {
  const key = await world.land('2026-03-01/none', []);
  const [digest] = await world.seal('2026-03-03T01:00:00Z');
  expect(digest).toMatchObject({ landing: [{ key, rows: 0 }], files: [], unreadable: [] });
  expect(world.landing.stored(key).tags).toMatchObject({ sealed: 'true' });
});

it('rows that do not say which event they are, when or whose stay where they are; the others are sealed', async () => {
  const odd = [{ id: null }, { time: null }, { tenant: null }, { tenant: '../beta' }, { time: '1969-12-31 23:59:59' }];
  const key = await world.land('2026-03-01/a', [
    row({ id: 'A' }),
    ...odd.map((one) => row({ id: 'B', ...one } as { id: string })),
  ]);
  const [digest, next] = await world.seal('2026-03-04T01:00:00Z');
  expect((await world.archived()).flat()).toEqual(['A']);
  expect(digest).toMatchObject({
    landing: [{ key, rows: 1 }],
    unreadable: [{ key, reason: '5 of its 6 rows have no usable id, time or tenant' }],
    repeats: 0,
  });
  expect(world.landing.stored(key).tags).toEqual({});
  // Named once, it is not taken again.
  expect(next).toMatchObject({ landing: [], unreadable: [] });
});

it('an object under a key that Firehose does not give is not passed over', async () => {
  const bytes = await parquet(COLUMNS, { id: 'A' });
  world.landing.put('landing/by-hand.parquet', bytes);
  world.landing.put('landing/folder/', Buffer.alloc(0));
  const [digest] = await world.seal('2026-03-03T01:00:00Z');
  expect(digest?.landing.map(({ key }) => key)).toEqual(['landing/by-hand.parquet']);
});
