/**
 * The first day that the archive is partitioned by; what bears an older time lies there too. Athena lists every day from this
 * one on where a query names none, and the clocks that tell of 1970 are wrong ones.
 */
export const FIRST_EVENT_DATE = '2015-01-01';

/** The archive's partition of an event: the UTC day of its time, ISO-8601, as 2026-11-05. */
export function eventDate(time: string): string {
  const day = time.slice(0, 10);
  return day < FIRST_EVENT_DATE ? FIRST_EVENT_DATE : day;
}
