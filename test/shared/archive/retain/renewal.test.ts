import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueForRenewal, lockWithDigests, renewLocks } from '../../../../shared/archive/retain/renewal.ts';
import { yearsAfter } from '../../../../shared/archive/seal/days.ts';
import type { Lock } from '../../../../shared/archive/seal/store.ts';
import { FakeArchive, KEY } from './fake-archive.ts';

const DAY_MS = 86_400_000;
const SETTINGS = { mode: 'GOVERNANCE', years: 7 } as const;
const until = (time: string): Lock => ({ mode: 'GOVERNANCE', until: new Date(time) });
const RAW = 'b'.repeat(64);
const FILES = [
  { tenant: 'main', earliest: '2026-03-01T10:00:00.000Z', latest: '2026-03-01T10:00:00.000Z', raws: [RAW] },
];

describe('dueForRenewal', () => {
  it('renews a day once a year, and five years of missed runs lose no lock', () => {
    const start = fc.date({ min: new Date('2024-01-01'), max: new Date('2034-01-01'), noInvalidDate: true });
    // How many days pass to the next run that comes to its end.
    const pauses = fc.array(
      fc.oneof(
        { weight: 20, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 * 365 }) },
      ),
      { minLength: 1, maxLength: 2_000 },
    );
    fc.assert(
      fc.property(start, pauses, (sealed, given) => {
        let lock = yearsAfter(sealed.toISOString(), 7).getTime();
        let [now, renewed] = [sealed.getTime(), Number.NEGATIVE_INFINITY];
        for (const pause of given) {
          now += pause * DAY_MS;
          expect(lock).toBeGreaterThan(now);
          const at = new Date(now);
          if (dueForRenewal(new Map([['day', lock]]), at, 7).length > 0) {
            expect(now - renewed).toBeGreaterThanOrEqual(364 * DAY_MS);
            lock = yearsAfter(at.toISOString().slice(0, 10), 7).getTime();
            renewed = now;
          }
          expect(lock).toBeGreaterThanOrEqual(yearsAfter(at.toISOString(), 6).getTime());
        }
      }),
      { numRuns: 50 },
    );
  });

  it('takes first the day whose lock ends first', () => {
    const locks = new Map([
      ['a', Date.parse('2028-01-01')],
      ['b', 0],
      ['c', Date.parse('2032-11-21')],
      ['d', Date.parse('2027-01-01')],
    ]);
    expect(dueForRenewal(locks, new Date('2026-11-20'), 7)).toEqual(['b', 'd', 'a']);
  });
});

describe('renewLocks', () => {
  const now = new Date('2027-06-01T03:00:00Z');
  const renewed = new Date('2034-06-01T00:00:00Z');

  it('locks everything of a day that has less than six years left, and nothing else', async () => {
    const archive = new FakeArchive();
    archive.seal('2026-03-01', FILES, until('2033-03-03T01:00:00Z'));
    archive.seal('2027-05-20', [], until('2034-05-22T01:00:00Z'));
    const early = new Date('2027-02-01T03:00:00Z');
    expect(await renewLocks(await archive.work({ now: early }), SETTINGS)).toEqual({ lengthened: 0, short: 0 });
    const later = new Date('2028-03-04T03:00:00Z');
    const again = new Date('2035-03-04T00:00:00Z');
    // File, raw, plan and record of its part, key, signature, digest.
    expect(await renewLocks(await archive.work({ now: later }), SETTINGS)).toEqual({ lengthened: 7, short: 0 });
    for (const key of archive.objects.keys())
      expect([key, archive.lockOf(key)?.until]).toEqual([
        key,
        key.includes('2027-05-20') ? new Date('2034-05-22T01:00:00Z') : again,
      ]);
    expect(await renewLocks(await archive.work({ now: later }), SETTINGS)).toEqual({ lengthened: 0, short: 0 });
  });

  it('goes on with a day that was broken off, and says that it is short', async () => {
    const archive = new FakeArchive();
    archive.seal('2026-03-01', FILES, until('2027-12-01T00:00:00Z'));
    for (const failing of [...archive.objects.keys()]) {
      const broken = new FakeArchive();
      for (const [key, stored] of archive.objects) broken.objects.set(key, { ...stored });
      broken.onChange = (_, key) => {
        if (key === failing) throw new Error('S3 is down');
      };
      const problems: string[] = [];
      const work = await broken.work({ now, onProblem: (key) => problems.push(key) });
      expect([(await renewLocks(work, SETTINGS)).short, problems]).toEqual([1, [failing]]);
      broken.onChange = () => {};
      expect((await renewLocks(await broken.work({ now }), SETTINGS)).short).toBe(0);
      for (const key of broken.objects.keys()) expect([key, broken.lockOf(key)?.until]).toEqual([key, renewed]);
    }
  });

  it('keeps the mode that an object is locked in, and gives the setting to one without a lock', async () => {
    const archive = new FakeArchive();
    archive.seal('2026-03-01', FILES, { mode: 'COMPLIANCE', until: new Date('2027-12-01T00:00:00Z') });
    archive.objects.get(`raw/${RAW}`)!.lock = undefined;
    await renewLocks(await archive.work({ now }), SETTINGS);
    expect(archive.lockOf(`raw/${RAW}`)).toEqual({ mode: 'GOVERNANCE', until: renewed });
    expect(archive.lockOf('digests/2026-03-01.json')).toEqual({ mode: 'COMPLIANCE', until: renewed });
  });

  it('stops in time, the digest last', async () => {
    const archive = new FakeArchive();
    archive.seal('2026-03-01', FILES, until('2027-12-01T00:00:00Z'));
    let changes = 0;
    archive.onChange = () => {
      changes += 1;
    };
    const work = await archive.work({ now, timeLeft: () => (changes < 2 ? 1 : 0) });
    expect((await renewLocks(work, SETTINGS)).short).toBe(1);
    expect(archive.lockOf('digests/2026-03-01.json')?.until).toEqual(new Date('2027-12-01T00:00:00Z'));
    expect((await renewLocks(await archive.work({ now }), SETTINGS)).short).toBe(0);
  });
});

describe('lockWithDigests', () => {
  it('locks raws and keys as long as the newest digests that name them', async () => {
    const archive = new FakeArchive();
    const now = new Date('2026-03-05T03:00:00Z');
    archive.seal('2026-03-01', FILES, until('2033-03-03T01:00:00Z'), '2026-03-03T01:00:00.000Z');
    for (const key of [`raw/${RAW}`, KEY]) archive.objects.get(key)!.lock = until('2027-01-01T00:00:00Z');
    expect(await lockWithDigests(await archive.work({ now }), SETTINGS)).toBe(2);
    for (const key of [`raw/${RAW}`, KEY]) expect(archive.lockOf(key)).toEqual(until('2033-03-03T01:00:00Z'));
    expect(await lockWithDigests(await archive.work({ now }), SETTINGS)).toBe(0);
  });

  it('never shortens one that is locked for longer', async () => {
    const archive = new FakeArchive();
    archive.seal('2026-03-01', FILES, until('2100-01-01T00:00:00Z'));
    expect(await lockWithDigests(await archive.work({ now: new Date('2026-03-05') }), SETTINGS)).toBe(0);
  });
});
