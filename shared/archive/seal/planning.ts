import { mapLimited } from '../../retry.ts';
import { LANDING_PREFIX } from '../columns.ts';
import { Digest } from '../digest.ts';
import { type LockSettings, lockOf } from '../lock.ts';
import { type ExpiryOptions, filesToExpire } from './expiry.ts';
import { firstVersions, putOnce } from './once.ts';
import { type PartLimits, Plan, partitionOf, partsOf, planBytes, planKey } from './plan.ts';
import { nameOf, type ObjectVersion, type SealStore } from './store.ts';

const READS_AT_ONCE = 8;

export interface PlanningOptions extends ExpiryOptions {
  readonly landing: SealStore;
  readonly limits: PartLimits;
  readonly lock: LockSettings;
}

/** The day that the first digest is of: that of the oldest landing object, or the newest that is due. */
export async function firstDay(landing: SealStore, newestDue: string): Promise<string> {
  const days = (await landing.versions(LANDING_PREFIX)).map(({ key }) => partitionOf(key)).filter((day) => day !== '');
  return days.reduce((oldest, day) => (day < oldest ? day : oldest), newestDue);
}

/** The plan of a day: the one that there is, or a new one of all landing objects up to that day that no digest names. */
export async function planDay(
  day: string,
  now: Date,
  options: PlanningOptions,
  digests: ReadonlyMap<string, ObjectVersion>,
): Promise<Plan> {
  const { landing, archive, limits, lock } = options;
  const there = (await firstVersions(archive, planKey(day))).get(planKey(day));
  if (there !== undefined) return Plan.parse(JSON.parse(String(await archive.read(there))));
  const plan: Plan = {
    format: 1,
    day,
    plannedAt: now.toISOString(),
    parts: partsOf(await unsealed(day, landing, archive, digests), limits),
    expired: await filesToExpire(now, options, digests),
  };
  return Plan.parse(JSON.parse(String(await putOnce(archive, planKey(day), planBytes(plan), lockOf(plan, lock)))));
}

/** Versions of landing objects that no digest names: late ones too, and those that somebody put on top of another. */
export async function unsealed(
  day: string,
  landing: SealStore,
  archive: SealStore,
  digests: ReadonlyMap<string, ObjectVersion>,
): Promise<ObjectVersion[]> {
  const listed = (await landing.versions(LANDING_PREFIX)).filter(
    // The console makes an empty object where somebody makes a folder.
    ({ key, size }) => partitionOf(key) <= day && !(key.endsWith('/') && size === 0),
  );
  const oldest = listed.reduce((found, { key }) => (partitionOf(key) < found ? partitionOf(key) : found), day);
  const open = new Map(listed.map((object) => [nameOf(object), object]));
  // An object is sealed on the day of its partition at the earliest.
  const asked = [...digests].filter(([sealed]) => sealed >= oldest).map(([, object]) => object);
  await mapLimited(asked, READS_AT_ONCE, async (object) => {
    const digest = Digest.parse(JSON.parse(String(await archive.read(object))));
    for (const one of [...digest.landing, ...digest.unreadable]) open.delete(nameOf(one));
  });
  return [...open.values()];
}
