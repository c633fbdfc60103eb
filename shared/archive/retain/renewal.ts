import { mapLimited } from '../../retry.ts';
import { LARGE_RAW_PREFIX } from '../columns.ts';
import { type Digest, digestKey, KEY_PREFIX, PLAN_PREFIX, signatureKey } from '../digest.ts';
import { type LockSettings, lockOf } from '../lock.ts';
import { yearsAfter } from '../seal/days.ts';
import { firstVersions } from '../seal/once.ts';
import { partPrefix, planKey } from '../seal/plan.ts';
import type { ObjectVersion } from '../seal/store.ts';
import type { ObjectName } from './locks.ts';
import { isGone, type Work } from './work.ts';

const AT_ONCE = 16;
const DAY_MS = 86_400_000;
/** Days whose raws and key are looked at each time: a missed run costs nothing. */
const RECENT_DAYS = 10;

export interface RenewalReport {
  readonly lengthened: number;
  /** Days whose objects are free in less than a year. */
  readonly short: number;
}

/**
 * A large raw may be older than the event that names it, and a key is older than most of what it signs: locks both for at
 * least as long as the digests of the newest days.
 */
export async function lockWithDigests(work: Work, settings: LockSettings): Promise<number> {
  const { store, digests, now, timeLeft, onProblem } = work;
  const since = new Date(now.getTime() - RECENT_DAYS * DAY_MS).toISOString().slice(0, 10);
  const keys = await firstVersions(store, KEY_PREFIX);
  let lengthened = 0;
  const recent = digests.days.filter((day) => day >= since);
  for await (const { digest } of digests.read(recent, timeLeft, onProblem)) {
    if (digest === undefined) continue;
    const objects = [keys.get(`${KEY_PREFIX}${digest.key}.json`), ...(await rawsOf(digest, work))];
    lengthened += (await lockUntil(objects, lockOf(digest, settings).until, settings, work)) ?? 0;
  }
  return lengthened;
}

/**
 * Renews the locks of a whole archive: of every day that is locked for less than `years` - 1 from now, everything is locked for
 * `years` from now. The lock of the digest is lengthened last and says that of all others, so that a day that was broken
 * off, or not come to, is taken up by the next run.
 */
export async function renewLocks(work: Work, settings: LockSettings): Promise<RenewalReport> {
  const { store, digests, locks, now, timeLeft, onProblem } = work;
  const shortest = new Map<string, number>();
  await mapLimited(digests.days, AT_ONCE, async (day) => {
    const object = digests.objects.get(digestKey(day));
    if (object === undefined || timeLeft() <= 0) return;
    try {
      shortest.set(day, (await locks.lock(object))?.until.getTime() ?? 0);
    } catch (error) {
      shortest.set(day, 0);
      onProblem(object.key, error);
    }
  });
  const due = dueForRenewal(shortest, now, settings.years);
  const [keys, plans] =
    due.length === 0 ? [] : await Promise.all([firstVersions(store, KEY_PREFIX), firstVersions(store, PLAN_PREFIX)]);
  // To the day, so that two runs at once ask for the same.
  const until = yearsAfter(now.toISOString().slice(0, 10), settings.years);
  let lengthened = 0;
  for await (const { day, digest } of digests.read(due, timeLeft, onProblem)) {
    if (digest === undefined || timeLeft() <= 0) continue;
    const ofPlan = [...(plans?.values() ?? [])].filter(
      ({ key }) => key === planKey(day) || key.startsWith(partPrefix(day)),
    );
    const others: (ObjectName | undefined)[] = [
      ...digest.files,
      ...(await rawsOf(digest, work)),
      ...ofPlan,
      digests.objects.get(signatureKey(day)),
      keys?.get(`${KEY_PREFIX}${digest.key}.json`),
    ];
    const own = digests.objects.get(digestKey(day));
    for (const objects of [others, [own]]) {
      const count = await lockUntil(objects, until, settings, work);
      if (count === undefined) break;
      lengthened += count;
      if (objects.includes(own)) shortest.set(day, until.getTime());
    }
  }
  const year = yearsAfter(now.toISOString(), 1).getTime();
  return { lengthened, short: [...shortest.values()].filter((end) => end < year).length };
}

/** The days to renew, the one whose lock ends first before the others: those with less than `years` - 1 left. */
export function dueForRenewal(lockedUntil: ReadonlyMap<string, number>, now: Date, years: number): string[] {
  const enough = yearsAfter(now.toISOString(), years - 1).getTime();
  return [...lockedUntil]
    .filter(([, until]) => until < enough)
    .sort(([, a], [, b]) => a - b)
    .map(([day]) => day);
}

async function rawsOf({ files }: Digest, { store }: Work): Promise<ObjectVersion[]> {
  const keys = [...new Set(files.flatMap(({ raws = [] }) => raws))].map((sha256) => `${LARGE_RAW_PREFIX}${sha256}`);
  const found = await mapLimited(keys, AT_ONCE, async (key) => (await firstVersions(store, key)).get(key));
  return found.filter((object) => object !== undefined);
}

/**
 * Locks objects until then at least, in the mode that they are locked in.
 *
 * @returns how many were locked for less; undefined when some could not be locked.
 */
async function lockUntil(
  objects: readonly (ObjectName | undefined)[],
  until: Date,
  { mode }: LockSettings,
  { store, locks, timeLeft, onProblem }: Work,
): Promise<number | undefined> {
  const counts = await mapLimited(objects, AT_ONCE, async (object) => {
    if (object === undefined) return 0;
    if (timeLeft() <= 0) return undefined;
    try {
      const lock = await locks.lock(object);
      if (lock !== undefined && lock.until >= until) return 0;
      await locks.lengthen(object, { mode: lock?.mode ?? mode, until });
      return 1;
    } catch (error) {
      if (await isGone(store, object)) return 0;
      onProblem(object.key, error);
      return undefined;
    }
  });
  return counts.includes(undefined) ? undefined : counts.reduce((sum: number, count) => sum + (count ?? 0), 0);
}
