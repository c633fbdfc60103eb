import { createPublicKey, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PublicKeyRecord } from '../../../../shared/archive/digest.ts';
import { row, sha256, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

describe('a day', () => {
  it('becomes one file for each tenant and month, sorted, with a digest that says what it holds', async () => {
    await world.land('2026-03-01/a', [
      row({ id: 'C', source: 'duo.auth', time: '2026-03-01 09:00:00' }),
      row({ id: 'B', time: '2026-03-01 11:00:00' }),
      row({ id: 'A', source: 'duo.auth', time: '2026-03-01 10:00:00' }),
    ]);
    await world.land('2026-03-01/b', [row({ id: 'D', time: '2026-02-27 10:00:00' }), row({ id: 'E', tenant: 'beta' })]);
    const [digest] = await world.seal('2026-03-03T01:00:00Z');
    expect(world.archive.keys('archive/')).toEqual([
      'archive/month=2026-02/acme/2026-03-01-1.parquet',
      'archive/month=2026-03/acme/2026-03-01-1.parquet',
      'archive/month=2026-03/beta/2026-03-01-1.parquet',
    ]);
    expect(await world.archived('id, tenant')).toEqual([
      ['D', 'acme'],
      ['C', 'acme'],
      ['A', 'acme'],
      ['B', 'acme'],
      ['E', 'beta'],
    ]);
    expect(digest).toEqual(world.digest('2026-03-01'));
    expect(digest?.files[1]).toMatchObject({
      tenant: 'acme',
      month: '2026-03',
      rows: 3,
      earliest: '2026-03-01T09:00:00.000Z',
      latest: '2026-03-01T11:00:00.000Z',
      ids: sha256('C\nA\nB\n'),
      sha256: sha256(world.archive.bytes('archive/month=2026-03/acme/2026-03-01-1.parquet')),
    });
    expect(digest?.landing.map(({ rows }) => rows)).toEqual([3, 2]);
  });
});
