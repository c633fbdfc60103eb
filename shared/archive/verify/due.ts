import { dueAt } from '../seal/days.ts';

/** A seal that begins when it is due, repeats included, is over by then. */
const GRACE_MS = 12 * 3_600_000;
const DAY_MS = 86_400_000;

/** When the digest of a UTC day must exist at the latest. */
export function overdueAt(day: string): Date {
  return new Date(dueAt(day).getTime() + GRACE_MS);
}

/** The newest UTC day whose digest must exist by now. */
export function newestOverdue(now: Date): string {
  const sinceDayBegan = overdueAt('1970-01-01').getTime();
  return new Date(now.getTime() - sinceDayBegan).toISOString().slice(0, 10);
}

export function dayBefore(day: string): string {
  return new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);
}
