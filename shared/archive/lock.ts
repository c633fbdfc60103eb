import { yearsAfter } from './seal/days.ts';
import type { Lock } from './seal/store.ts';

export interface LockSettings {
  readonly mode: Lock['mode'];
  readonly years: number;
}

/** An event is sealed days after its raw was kept aside, and the raw is not to be free before the event. */
const SEALED_BY_DAYS = 31;

/** How long objects of a plan are locked: `years` from the plan on, so that every run says the same. */
export function lockOf({ plannedAt }: { plannedAt: string }, { mode, years }: LockSettings): Lock {
  return { mode, until: yearsAfter(plannedAt, years) };
}

/** How long a large raw is locked that is kept aside now. */
export function lockOfRaw(now: Date, { mode, years }: LockSettings): Lock {
  const until = yearsAfter(now.toISOString(), years);
  until.setUTCDate(until.getUTCDate() + SEALED_BY_DAYS);
  return { mode, until };
}
