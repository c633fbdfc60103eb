import { describe, expect, test } from 'vitest';
import { fakeDuoActivity, fakeDuoAdmin, fakeDuoAuth } from '../../../../infra/local/vendors/duo.ts';
import { START } from '../../../support/polling.ts';
import { startVendorRig, type VendorRig } from '../../../support/vendor-rig.ts';

const HOUR = 3_600;
const later = (seconds: number) => new Date(START.getTime() + seconds * 1_000);
const DAY = 86_400;
const OTHER = { integrationKey: 'DIOTHEROTHEROTHER000', secretKey: 'another-made-up-key-for-these-tests-0000' };

async function withRig(
  fake: Parameters<typeof startVendorRig>[0],
  options: Parameters<typeof startVendorRig>[1],
  use: (started: VendorRig) => Promise<void>,
): Promise<void> {
  const started = await startVendorRig(fake, options);
  try {
    await use(started);
  } finally {
    await started.close();
  }
}

describe.each([fakeDuoAuth, fakeDuoActivity, fakeDuoAdmin])('polling $source', (fake) => {
  test('stores everything once: in bursts, over page edges, late, and while Duo wants to be left alone', async () => {
    await withRig(fake, { pageSize: 4 }, async ({ rig, happen, fault }) => {
      const times = Array.from({ length: 60 }, (_, n) => 30 + Math.floor(n / 3) * 70);
      happen(...times.map((at, n) => ({ n, at: later(at) })));
      happen({ n: 60, at: later(600), arrives: later(900) }, { n: 61, at: later(605), arrives: later(4 * HOUR) });
      fault((request) => (request % 7 === 3 ? fake.throttled() : request % 11 === 5 ? 'reset' : undefined));
      await rig.poll(2 * HOUR);
      expect(rig.numbers()).toEqual(Array.from({ length: 61 }, (_, n) => n));
      fault();
      await rig.poll(6 * HOUR);
      expect(rig.numbers()).toEqual(Array.from({ length: 62 }, (_, n) => n));
      expect((await rig.job('live')).gaps).toEqual([]);
    });
  });

  test('takes the history that Duo keeps', async () => {
    await withRig(fake, { backfillFrom: later(-200 * DAY), pageSize: 10 }, async ({ rig, happen }) => {
      const days = [199, 181, 179, 100, 40, 39, 8, 1, 0.01];
      happen(...days.map((day, n) => ({ n, at: later(-day * DAY) })));
      await rig.poll(HOUR);
      const kept = fake === fakeDuoAdmin ? 0 : 2;
      expect(rig.numbers().filter((n) => n >= kept)).toEqual(days.map((_, n) => n).slice(kept));
    });
  });

  test('stays where it was until reset keys are set', async () => {
    await withRig(fake, {}, async ({ rig, world, happen }) => {
      happen({ n: 1, at: later(60) }, { n: 2, at: later(1_800) });
      await rig.poll(1_200);
      expect(rig.numbers()).toEqual([1]);
      world.secrets = OTHER;
      await rig.poll(2 * HOUR);
      expect(rig.numbers()).toEqual([1]);
      expect((await rig.job('live')).lastError).toMatchObject({
        code: 'credential_refused',
        message: expect.stringContaining('40102'),
      });
      rig.secrets = OTHER;
      await rig.poll(2 * HOUR);
      expect(rig.numbers()).toEqual([1, 2]);
      expect((await rig.job('live')).lastError).toBeUndefined();
    });
  });

  test.each([HOUR, -HOUR])('goes by a clock of Duo that is %i seconds ahead', async (skew) => {
    await withRig(fake, {}, async ({ rig, world, happen }) => {
      world.skewMs = skew * 1_000;
      // Times in the log are by that clock, those of arrival by ours.
      [60, 900, 1_500].forEach((seconds, n) => {
        happen({ n, at: later(seconds), arrives: later(Math.max(0, seconds - skew)) });
      });
      await rig.poll(2 * HOUR);
      expect(rig.numbers()).toEqual([0, 1, 2]);
    });
  });
});

test('equal rows of the administrator log are as many events, however often they are read', async () => {
  await withRig(fakeDuoAdmin, { pageSize: 6 }, async ({ rig, happen }) => {
    for (let copy = 0; copy < 4; copy += 1) {
      happen({ n: 1, at: later(300) }, { n: 2, at: later(301) }, { n: 3, at: later(900) });
    }
    await rig.poll(8 * HOUR);
    expect(rig.numbers()).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  });
});

test('a second that Duo does not give whole is a known gap, and collecting goes on', async () => {
  await withRig(fakeDuoAdmin, {}, async ({ rig, happen }) => {
    for (let n = 0; n < 1_100; n += 1) happen({ n, at: later(300) });
    happen({ n: 2_000, at: later(1_800) });
    await rig.poll(2 * HOUR);
    expect(rig.numbers()).toHaveLength(1_001);
    expect(rig.numbers()).toContain(2_000);
    expect((await rig.job('live')).gaps).toMatchObject([
      { reason: expect.stringMatching(/^2026-03-02T12:05:00Z may/) },
    ]);
  });
});
