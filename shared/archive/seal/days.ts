const DAY_MS = 86_400_000;
/** Firehose may hold a record for 24 hours after the day is over; an hour is for clocks and queues. */
const DUE_AFTER_MS = 2 * DAY_MS + 3_600_000;

/** When a UTC day is to be sealed: 25 hours after its end. */
export function dueAt(day: string): Date {
  return new Date(Date.parse(day) + DUE_AFTER_MS);
}

/** The newest UTC day that is to be sealed by now. */
export function newestDueDay(now: Date): string {
  return new Date(now.getTime() - DUE_AFTER_MS).toISOString().slice(0, 10);
}

/** The instant this many years later; of a 29 February the 1 March, in a year without. */
export function yearsAfter(time: string, years: number): Date {
  const later = new Date(time);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}

export function dayAfter(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}
