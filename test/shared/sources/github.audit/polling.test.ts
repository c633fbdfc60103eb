import { afterEach, describe, expect, test } from 'vitest';
import type { FakeVendor } from '../../../../infra/local/vendors/fake.ts';
import { fakeGithub, fakeGithubApp } from '../../../../infra/local/vendors/github.audit.ts';
import { START } from '../../../support/polling.ts';
import { startVendorRig, type VendorRig } from '../../../support/vendor-rig.ts';
import { altered } from './polled.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (seconds: number) => new Date(START.getTime() + seconds * 1_000);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

const open: VendorRig[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((rig) => rig.close()));
});

async function started(fake: FakeVendor, options: Parameters<typeof startVendorRig>[1] = {}): Promise<VendorRig> {
  const rig = await startVendorRig(fake, options);
  open.push(rig);
  return rig;
}

/** Every minute an event of the website, and one of Git. */
function hourOf({ happen }: VendorRig, minutes = 40): void {
  for (let n = 0; n < minutes; n += 1) {
    happen({ n: 2 * n, at: at(n * MINUTE), stream: 'web' }, { n: 2 * n + 1, at: at(n * MINUTE), stream: 'git' });
  }
}

describe.each([
  ['a token', fakeGithub],
  ['an app', fakeGithubApp],
])('with %s', (_, fake) => {
  test('every event of both streams is stored once, whatever the page size', async () => {
    const vendor = await started(fake, { pageSize: 7 });
    hourOf(vendor);
    await vendor.rig.poll(HOUR, 10 * MINUTE);
    expect(vendor.rig.numbers()).toEqual(upTo(80));
  });

  test('tokens that end in the middle of it lose nothing', async () => {
    const vendor = await started(fake, { pageSize: 7 });
    hourOf(vendor);
    await vendor.rig.poll(20 * MINUTE, 10 * MINUTE);
    vendor.world.tokenGeneration += 1;
    await vendor.rig.poll(40 * MINUTE, 10 * MINUTE);
    expect(vendor.rig.numbers()).toEqual(upTo(80));
    expect((await vendor.rig.job('live', 'web')).failures).toBe(0);
  });
});

test('without Git events there is one stream', async () => {
  const vendor = await started(fakeGithub, { settings: { git: false } });
  hourOf(vendor, 10);
  await vendor.rig.poll(HOUR, 5 * MINUTE);
  expect(vendor.rig.numbers()).toEqual(upTo(10).map((n) => 2 * n));
  expect(vendor.server.requests.every(({ url }) => url.searchParams.get('include') === 'web')).toBe(true);
});

test('an enterprise is read like an organization', async () => {
  const vendor = await started(fakeGithub, { settings: { organization: undefined, enterprise: 'northwind' } });
  hourOf(vendor, 10);
  await vendor.rig.poll(HOUR, 5 * MINUTE);
  expect(vendor.rig.numbers()).toEqual(upTo(20));
});

test('a row that comes half an hour late is found at once, one that comes a day late by the sweep', async () => {
  const vendor = await started(fakeGithub);
  vendor.happen(
    { n: 0, at: at(HOUR), arrives: at(HOUR + 29 * MINUTE), stream: 'web' },
    { n: 1, at: at(HOUR), arrives: at(HOUR + 14 * MINUTE), stream: 'git' },
    { n: 2, at: at(HOUR), arrives: at(20 * HOUR), stream: 'web' },
    { n: 3, at: at(HOUR), arrives: at(20 * HOUR), stream: 'git' },
  );
  await vendor.rig.poll(2 * HOUR, 5 * MINUTE);
  expect(vendor.rig.numbers()).toEqual([0, 1]);
  await vendor.rig.poll(2 * DAY, 10 * MINUTE);
  expect(vendor.rig.numbers()).toEqual([0, 1, 2, 3]);
});

test('history is read as far as GitHub keeps it, beyond the three months that it searches by itself', async () => {
  const vendor = await started(fakeGithub, { backfillFrom: at(-200 * DAY) });
  vendor.happen(
    { n: 0, at: at(-190 * DAY), stream: 'web' },
    { n: 1, at: at(-170 * DAY), stream: 'web' },
    { n: 2, at: at(-8 * DAY), stream: 'git' },
    { n: 3, at: at(-6 * DAY), stream: 'git' },
  );
  await vendor.rig.poll(2 * HOUR, 5 * MINUTE);
  expect(vendor.rig.numbers()).toEqual([1, 3]);
  const gapOf = async (stream: string) => (await vendor.rig.job('backfill', stream)).gaps[0];
  expect(await gapOf('web')).toMatchObject({ from: at(-200 * DAY).toISOString() });
  expect((await gapOf('git'))?.to.slice(0, 10)).toBe(
    at(-7 * DAY)
      .toISOString()
      .slice(0, 10),
  );
});

test('Git events that were lost in a long outage are a known gap', async () => {
  const vendor = await started(fakeGithub);
  await vendor.rig.poll(HOUR, 5 * MINUTE);
  for (let day = 0; day < 10; day += 1) vendor.happen({ n: day, at: at(2 * HOUR + day * DAY), stream: 'git' });
  vendor.rig.advance(10 * DAY);
  await vendor.rig.poll(HOUR, 5 * MINUTE);
  expect(vendor.rig.numbers()).toEqual([3, 4, 5, 6, 7, 8, 9]);
  const { gaps } = await vendor.rig.job('live', 'git');
  expect(gaps).toHaveLength(1);
  expect(Date.parse(gaps[0]?.to ?? '')).toBeGreaterThan(at(3 * DAY).getTime());
});

test("GitHub's 403 is waited out as long as it says, and nothing is asked meanwhile", async () => {
  const vendor = await started(fakeGithub, { pageSize: 10 });
  hourOf(vendor);
  await vendor.rig.poll(30 * MINUTE, 5 * MINUTE);
  const reset = vendor.rig.now().getTime() / 1_000 + 1_800;
  const limited = {
    status: 403,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(reset)) },
    body: { message: 'API rate limit exceeded for user ID 90010001.' },
  };
  vendor.fault((request) => (request < 2 ? limited : undefined));
  await vendor.rig.poll(10 * MINUTE);
  const { throttledUntil, lastError, failures } = await vendor.rig.job('live', 'web');
  expect([lastError?.code, failures]).toEqual(['throttled', 0]);
  expect(Date.parse(throttledUntil ?? '')).toBeGreaterThanOrEqual(reset * 1_000);
  const asked = vendor.server.requests.length;
  await vendor.rig.poll(15 * MINUTE);
  expect(vendor.server.requests).toHaveLength(asked);
  await vendor.rig.poll(HOUR, 10 * MINUTE);
  expect(vendor.rig.numbers()).toEqual(upTo(80));
});

test('a new token goes on from where the old one stopped', async () => {
  const vendor = await started(fakeGithub, { pageSize: 10 });
  hourOf(vendor);
  await vendor.rig.poll(20 * MINUTE, 5 * MINUTE);
  const token = `ghp_${'n3w'.repeat(12)}`;
  vendor.world.rotate({ token });
  await vendor.rig.poll(20 * MINUTE, 5 * MINUTE);
  const { lastError, watermark } = await vendor.rig.job('live', 'web');
  expect(lastError?.code).toBe('credential_refused');
  vendor.rig.secrets = { token };
  await vendor.rig.poll(2 * HOUR, 10 * MINUTE);
  expect(vendor.rig.numbers()).toEqual(upTo(80));
  const after = await vendor.rig.job('live', 'web');
  expect(after.lastError).toBeUndefined();
  expect(after.watermark > watermark).toBe(true);
});

test('the day on which the token expires is known to every stream', async () => {
  const fake = altered(fakeGithub, (reply) => ({
    ...reply,
    headers: { ...reply.headers, 'github-authentication-token-expiration': '2026-04-01 00:00:00 UTC' },
  }));
  const vendor = await started(fake);
  await vendor.rig.poll(HOUR, 5 * MINUTE);
  for (const stream of ['web', 'git']) {
    expect((await vendor.rig.job('live', stream)).credentialExpiresAt).toBe('2026-04-01T00:00:00.000Z');
  }
});
