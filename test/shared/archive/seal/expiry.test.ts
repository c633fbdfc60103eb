import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Digest, digestBytes, digestKey } from '../../../../shared/archive/digest.ts';
import { eventDate } from '../../../../shared/archive/event-date.ts';
import { type Hold, newHold } from '../../../../shared/archive/hold.ts';
import {
  type ExpiryOptions,
  filesToExpire,
  isExpired,
  isOver,
  markExpired,
} from '../../../../shared/archive/seal/expiry.ts';
import type { ObjectVersion } from '../../../../shared/archive/seal/store.ts';
import { MemoryStore } from './memory-store.ts';
import { sha256 } from './world.ts';

const NOW = new Date('2026-11-22T12:00:00.000Z');
const RETENTION = { acme: 2, beta: 1 };
const ago = (years: number, days = 0) => new Date(NOW.getTime() - (years * 365.25 + days) * 86_400_000).toISOString();

interface Given {
  readonly tenant: string;
  /** Years and days ago. */
  readonly latest: readonly [number, number];
  readonly sealed: readonly [number, number];
  /** Days that the lock is over, or lasts, if negative. */
  readonly unlocked: number;
  readonly legalHold: boolean;
  readonly held: boolean;
  readonly tagged: boolean;
  readonly gone: boolean;
}
const OLD: Given = {
  tenant: 'beta',
  latest: [1, 3],
  sealed: [1, 2],
  unlocked: 1,
  legalHold: false,
  held: false,
  tagged: false,
  gone: false,
};

/** An archive of such files, each sealed by a digest of its own day and part. */
function archiveOf(given: readonly Given[]) {
  const archive = new MemoryStore();
  const days = new Map<string, Digest['files']>();
  const holds: Hold[] = [];
  for (const [index, one] of given.entries()) {
    const [sealed, latest] = [ago(...one.sealed), ago(...one.latest)];
    const day = sealed.slice(0, 10);
    const files = days.get(day) ?? [];
    const key = `archive/event_date=${eventDate(latest)}/${one.tenant}/${day}-${index + 1}.parquet`;
    const bytes = Buffer.from(key);
    const until = new Date(NOW.getTime() - one.unlocked * 86_400_000);
    const version = archive.put(key, bytes, { mode: 'GOVERNANCE', until });
    const stored = archive.stored(key);
    stored.legalHold = one.legalHold;
    if (one.tagged) stored.tags = { expired: 'true', digest: '2026-11-01' };
    if (one.gone) archive.objects.delete(key);
    if (one.held) {
      const to = new Date(Date.parse(latest) + 1).toISOString();
      holds.push(newHold({ tenant: one.tenant, from: latest, to, reason: 'suit' }, 'jane', NOW));
    }
    const [date, size, rows, ids] = [eventDate(latest), bytes.length, 1, sha256(key)];
    days.set(day, [
      ...files,
      { key, version, size, sha256: sha256(bytes), tenant: one.tenant, date, rows, earliest: latest, latest, ids },
    ]);
  }
  const digests = new Map<string, ObjectVersion>();
  for (const [day, files] of days) {
    const digest = digestOf(day, { files, plannedAt: `${day}T${NOW.toISOString().slice(11)}` });
    const bytes = digestBytes(digest);
    const key = digestKey(day);
    digests.set(day, { key, version: archive.put(key, bytes), size: bytes.length });
  }
  const options: ExpiryOptions = { archive, retention: RETENTION, holds: async () => holds };
  return { archive, digests, options };
}

function digestOf(day: string, more: Partial<Digest>): Digest {
  return {
    format: 1,
    day,
    previous: null,
    plannedAt: `${day}T01:00:00.000Z`,
    key: sha256(''),
    landing: [],
    files: [],
    expired: [],
    unreadable: [],
    repeats: 0,
    archivedBefore: 0,
    ...more,
  };
}

async function chosen(given: readonly Given[]): Promise<string[]> {
  const { options, digests } = archiveOf(given);
  return (await filesToExpire(NOW, options, digests)).map(({ key }) => key);
}

describe('a sealed file may go', () => {
  it('when retention, lock and holds are over', async () => {
    const { options, digests, archive } = archiveOf([OLD]);
    const [file, ...others] = await filesToExpire(NOW, options, digests);
    const [key = ''] = archive.keys('archive/');
    expect(others).toEqual([]);
    expect(file).toEqual({
      key,
      version: archive.stored(key).version,
      sha256: sha256(key),
      tenant: 'beta',
      rows: 1,
      earliest: ago(1, 3),
      latest: ago(1, 3),
    });
  });

  it.each([
    ['a tenant whose files are kept for good', { tenant: 'other' }],
    ['a tenant called as what every object has', { tenant: 'constructor' }],
    ['an event that is not old enough', { latest: [0, 360], sealed: [1, 2] }],
    ['a sealing that is not long enough ago', { latest: [3, 0], sealed: [0, 360] }],
    ['a lock', { unlocked: -1 }],
    ["S3's own legal hold", { legalHold: true }],
    ['a hold on record', { held: true }],
    ['the tag of an earlier digest', { tagged: true }],
    ['nothing left of it', { gone: true }],
  ] as const)('but not one with %s', async (_, change) => {
    expect(await chosen([{ ...OLD, ...change } as Given])).toEqual([]);
  });

  it('and no other does, whatever the archive holds', async () => {
    const span = fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 2, max: 363 }));
    const file = fc.record({
      tenant: fc.constantFrom('acme', 'beta', 'other'),
      latest: span,
      sealed: span,
      unlocked: fc.constantFrom(-400, -1, 1, 400),
      legalHold: fc.boolean(),
      held: fc.boolean(),
      tagged: fc.boolean(),
      gone: fc.boolean(),
    });
    const years = ([whole, days]: readonly [number, number]) => whole + days / 366;
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 6 }), async (given) => {
        // A hold on one file may cover another of its tenant.
        const { digests, options } = archiveOf(given);
        const holds = await options.holds();
        const expected = given.flatMap((one, index) => {
          const kept = { acme: 2, beta: 1, other: Number.POSITIVE_INFINITY }[one.tenant] ?? 0;
          const latest = ago(...one.latest);
          const isHeld = holds.some(({ tenant, from }) => tenant === one.tenant && from === latest);
          const goes =
            years(one.latest) > kept &&
            years(one.sealed) > kept &&
            one.unlocked > 0 &&
            !(one.legalHold || isHeld || one.tagged || one.gone);
          return goes ? [`-${index + 1}.parquet`] : [];
        });
        const found = await filesToExpire(NOW, options, digests);
        expect(found.map(({ key }) => key.slice(key.lastIndexOf('-'))).sort()).toEqual(expected.sort());
      }),
      { numRuns: 60 },
    );
  });

  it('counts years by the calendar', () => {
    const at = (text: string) => new Date(text);
    expect(isOver('beta', '2024-02-29T12:00:00.000Z', RETENTION, at('2025-03-01T11:59:59.999Z'))).toBe(false);
    expect(isOver('beta', '2024-02-29T12:00:00.000Z', RETENTION, at('2025-03-01T12:00:00.000Z'))).toBe(true);
    expect(isOver('acme', '2024-11-22', RETENTION, at('2026-11-21T23:59:59.999Z'))).toBe(false);
    expect(isOver('acme', '2024-11-22', RETENTION, at('2026-11-22T00:00:00.000Z'))).toBe(true);
  });
});

describe('what a digest lists', () => {
  it('is tagged with its day', async () => {
    const { options, digests, archive } = archiveOf([OLD]);
    const expired = await filesToExpire(NOW, options, digests);
    const [file] = expired;
    expect(await isExpired(file!, options)).toBe(false);
    await markExpired(digestOf('2026-11-20', { expired }), NOW, options);
    expect(archive.stored(file!.key).tags).toEqual({ expired: 'true', digest: '2026-11-20' });
    expect(await isExpired(file!, options)).toBe(true);
    expect(await filesToExpire(NOW, options, digests)).toEqual([]);
    // The first digest stays on record.
    await markExpired(digestOf('2026-11-21', { expired }), NOW, options);
    expect(archive.stored(file!.key).tags['digest']).toBe('2026-11-20');
    archive.objects.delete(file!.key);
    await markExpired(digestOf('2026-11-22', { expired }), NOW, options);
    expect(await isExpired(file!, options)).toBe(true);
    expect(await isExpired({ ...file!, tenant: 'other' }, options)).toBe(false);
  });

  it.each([
    ['a legal hold was put on it', { legalHold: true }],
    ['a hold was recorded', { held: true }],
    ['its lock was lengthened', { unlocked: -1 }],
  ])('stays when %s meanwhile, and is listed again afterwards', async (_, change) => {
    const before = archiveOf([OLD]);
    const expired = await filesToExpire(NOW, before.options, before.digests);
    const { options, archive } = archiveOf([{ ...OLD, ...change }]);
    await markExpired(digestOf('2026-11-20', { expired }), NOW, options);
    expect(archive.stored(expired[0]!.key).tags).toEqual({});
    expect(await filesToExpire(NOW, before.options, before.digests)).toEqual(expired);
  });

  it('stays when the setting was taken away meanwhile', async () => {
    const { options, digests, archive } = archiveOf([OLD]);
    const expired = await filesToExpire(NOW, options, digests);
    await markExpired(digestOf('2026-11-20', { expired }), NOW, { ...options, retention: {} });
    expect(archive.stored(expired[0]!.key).tags).toEqual({});
  });
});
