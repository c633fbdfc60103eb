import { expect, test } from 'vitest';
import { fakeDuoActivity, fakeDuoAdmin, fakeDuoAuth } from '../../../../infra/local/vendors/duo.ts';
import type { FakeVendor } from '../../../../infra/local/vendors/fake.ts';
import { signer } from '../../../../shared/sources/duo/signing.ts';
import { objectAt, objectsAt, textAt, valueAt } from '../../../../shared/sources/read.ts';
import { directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';

const NOW = new Date('2024-06-03T08:00:00Z');
const MINUTE = 60_000;
const HOST = 'https://api-00000000.duosecurity.com';
const TIMES = `mintime=${NOW.getTime() - 1_000 * MINUTE}&maxtime=${NOW.getTime()}`;
const AUTH = '/admin/v2/logs/authentication';
const ACTIVITY = '/admin/v2/logs/activity';
const ADMIN = '/admin/v1/logs/administrator';

/** Asks a stand-in that has a row for each of the last 300 minutes. */
async function ask(fake: FakeVendor, address: string, pageSize?: number) {
  const world = new MemoryWorld(fake, { now: NOW, stream: 'log' });
  if (pageSize !== undefined) world.pageSize = pageSize;
  for (let n = 0; n < 300; n += 1) world.add(n, new Date(NOW.getTime() - (300 - n) * MINUTE));
  const { client } = directVendor(fake, world, { hosts: [HOST], authorizer: signer });
  const reply = await client.get(HOST + address, { accept: [400, 404] });
  const body = reply.json();
  return {
    error: { status: reply.status, code: valueAt(body, 'code'), stat: valueAt(body, 'stat') },
    detail: textAt(body, 'message_detail'),
    rows: ['response', 'response.authlogs', 'response.items'].flatMap((path) => objectsAt(body, path)),
    metadata: objectAt(body, 'response.metadata'),
  };
}

test.each([
  [fakeDuoAuth, AUTH, 40001, undefined],
  [fakeDuoAuth, `${AUTH}?mintime=${NOW.getTime() - MINUTE}`, 40001, undefined],
  [
    fakeDuoAuth,
    `${AUTH}?mintime=1717401600&maxtime=1717401700`,
    40002,
    /'mintime' must be a timestamp in milliseconds/,
  ],
  [fakeDuoActivity, `${ACTIVITY}?mintime=1717401600`, 40002, /'mintime' must be a timestamp in milliseconds/],
  [fakeDuoActivity, `${ACTIVITY}?maxtime=1717401600`, 40002, /'maxtime' must be a timestamp in milliseconds/],
  [fakeDuoActivity, `${ACTIVITY}?mintime=1717401600000&maxtime=1717401600000`, 40002, /strictly less/],
  [fakeDuoActivity, `${ACTIVITY}?mintime=1700000000000`, 40002, /within the past 180 days/],
  [fakeDuoActivity, `${ACTIVITY}?${TIMES}&limit=1001`, 40002, /limit/],
  [fakeDuoActivity, `${ACTIVITY}?${TIMES}&sort=asc`, 40002, /sort/],
  [fakeDuoActivity, `${ACTIVITY}?${TIMES}&next_offset=1717401600000`, 40002, /next_offset/],
  [fakeDuoAdmin, `${ADMIN}?mintime=1717401600000`, 40002, /'mintime' must be a timestamp in seconds/],
  [fakeDuoAdmin, AUTH, 40401, undefined],
] as const)('%# is refused', async (fake, address, code, detail) => {
  const { error, detail: said } = await ask(fake, address);
  expect(error).toEqual({ status: Math.floor(code / 100), code, stat: 'FAIL' });
  if (detail) expect(said).toMatch(detail);
});

test('unasked, version 2 gives the newest 100 rows first, without those of the last two minutes', async () => {
  for (const [fake, address] of [
    [fakeDuoAuth, `${AUTH}?${TIMES}`],
    [fakeDuoActivity, ACTIVITY],
  ] as const) {
    const { rows } = await ask(fake, address);
    expect(rows.map(fake.numberOf)).toEqual(Array.from({ length: 100 }, (_, i) => 298 - i));
  }
});

test('offsets have the form of their log, and only next_offset takes them', async () => {
  const auth = await ask(fakeDuoAuth, `${AUTH}?${TIMES}&sort=ts:asc&limit=2`);
  expect(auth.metadata).toEqual({
    next_offset: ['1717383660000', auth.rows[1]!['txid']],
    total_objects: 299,
  });
  const first = await ask(fakeDuoActivity, `${ACTIVITY}?${TIMES}&sort=ts:asc&limit=2`);
  const offset = first.metadata?.['next_offset'];
  expect(offset).toBe(`1717383660000,${first.rows[1]!['activity_id']}`);
  expect(first.metadata?.['total_objects']).toEqual({ relation: 'eq', value: 299 });
  const read = async (name: string) => {
    const { rows } = await ask(fakeDuoActivity, `${ACTIVITY}?${TIMES}&sort=ts:asc&limit=2&${name}=${offset}`);
    return rows.map(fakeDuoActivity.numberOf);
  };
  expect(await read('next_token')).toEqual([0, 1]);
  expect(await read('next_offset')).toEqual([2, 3]);
});

test('version 1 gives the oldest rows from mintime on, whatever else is asked for', async () => {
  const { rows } = await ask(fakeDuoAdmin, `${ADMIN}?mintime=1717383660&maxtime=1717383661&limit=1&sort=ts:desc`, 3);
  expect(rows.map(fakeDuoAdmin.numberOf)).toEqual([1, 2, 3]);
  expect((await ask(fakeDuoAdmin, ADMIN)).rows).toHaveLength(300);
});
