import { mapLimited } from '../../retry.ts';
import { LARGE_RAW_PREFIX } from '../columns.ts';
import { covers, type Hold } from '../hold.ts';
import { firstVersions } from '../seal/once.ts';
import type { ObjectName } from './locks.ts';
import { isGone, type Work } from './work.ts';

const AT_ONCE = 16;
const HOUR_MS = 3_600_000;

/** What a run came to. */
export interface HoldsReport {
  /** Objects that were put under hold, and that were let go. */
  readonly held: number;
  readonly lifted: number;
  /** Hours since the oldest change that has not come to all its objects; 0 when none is left. */
  readonly overdueHours: number;
}

/** A file or a large raw that some hold is or was about. */
interface Target {
  readonly key: string;
  /** Undefined for a raw: a digest names it by its hash. */
  readonly version: string | undefined;
  held: boolean;
  /** Since when it should be so, in milliseconds. */
  since: number;
}

/**
 * Puts a legal hold on every file, and on every large raw of its rows, that a hold covers, and lifts it where holds are
 * released and no other covers the object. What is as it should be is only looked at, so that a run goes on where one before
 * it stopped; objects that no hold was ever about are let alone.
 *
 * @param readHolds all holds, also released ones.
 * @throws what the listing of digests and `readHolds` throw.
 */
export async function applyHolds(work: Work, readHolds: () => Promise<Hold[]>): Promise<HoldsReport> {
  const sum = { held: 0, lifted: 0 };
  for (;;) {
    const holds = await readHolds();
    const { held, lifted, overdueHours } = await applyOnce(work, holds);
    sum.held += held;
    sum.lifted += lifted;
    // A hold may have been made since, and a run that knew of it put in place what this one then lifted.
    const known = new Set(activeIds(holds));
    const isNew = lifted > 0 && activeIds(await readHolds()).some((id) => !known.has(id));
    if (!isNew || work.timeLeft() <= 0) return { ...sum, overdueHours };
  }
}

async function applyOnce(work: Work, holds: readonly Hold[]): Promise<HoldsReport> {
  const { targets, isWhole } = await targetsOf(work, holds);
  const done = { held: 0, lifted: 0 };
  const waiting: number[] = isWhole ? [] : holds.filter(isActive).map(({ made }) => Date.parse(made.at));
  // What is to be held comes first, if time is short.
  const inOrder = [...targets].sort((a, b) => Number(b.held) - Number(a.held));
  await mapLimited(inOrder, AT_ONCE, async (target) => {
    // Another file, of a digest that was not read, may need the same raw.
    const isUnsure = !isWhole && !target.held && target.version === undefined;
    if (work.timeLeft() <= 0 || isUnsure || !(await settle(work, target, done))) waiting.push(target.since);
  });
  const oldest = waiting.reduce((a, b) => Math.min(a, b), work.now.getTime());
  return { ...done, overdueHours: Math.max(0, (work.now.getTime() - oldest) / HOUR_MS) };
}

/** @returns false when it could not be done. */
async function settle(
  { store, locks, onProblem }: Work,
  { key, version, held }: Target,
  done: { held: number; lifted: number },
): Promise<boolean> {
  try {
    const object: ObjectName | undefined =
      version === undefined ? (await firstVersions(store, key)).get(key) : { key, version };
    // What is not there is for the verify to find.
    if (object === undefined) return true;
    if ((await locks.isHeld(object)) === held) return true;
    await locks.hold(object, held);
    done[held ? 'held' : 'lifted'] += 1;
    return true;
  } catch (error) {
    if (await isGone(store, { key, version })) return true;
    onProblem(key, error);
    return false;
  }
}

/** Every object that a hold is or was about. `isWhole` is false when not all digests could be read. */
async function targetsOf(
  { digests, timeLeft, onProblem }: Work,
  holds: readonly Hold[],
): Promise<{ targets: Iterable<Target>; isWhole: boolean }> {
  const targets = new Map<string, Target>();
  if (holds.length === 0) return { targets: [], isWhole: true };
  const add = (key: string, version: string | undefined, held: boolean, since: number) => {
    const there = targets.get(key);
    if (there === undefined) targets.set(key, { key, version, held, since });
    else if (held && !there.held) Object.assign(there, { held, since });
    else if (held === there.held) there.since = held ? Math.min(there.since, since) : Math.max(there.since, since);
  };
  let read = 0;
  for await (const { digest } of digests.read(digests.days, timeLeft, onProblem)) {
    if (digest === undefined) continue;
    read += 1;
    for (const file of digest.files) {
      const about = holds.filter((hold) => covers(hold, file));
      if (about.length === 0) continue;
      const active = about.filter(isActive);
      const held = active.length > 0;
      const changed = held
        ? Math.min(...active.map(({ made }) => Date.parse(made.at)))
        : Math.max(...about.map(({ released, made }) => Date.parse(released?.at ?? made.at)));
      const since = Math.max(changed, Date.parse(digest.plannedAt));
      add(file.key, file.version, held, since);
      for (const sha256 of file.raws ?? []) add(`${LARGE_RAW_PREFIX}${sha256}`, undefined, held, since);
    }
  }
  return { targets: targets.values(), isWhole: read === digests.days.length };
}

const isActive = ({ released }: Hold) => released === undefined;

function activeIds(holds: readonly Hold[]): string[] {
  return holds.filter(isActive).map(({ tenant, id }) => `${tenant}.${id}`);
}
