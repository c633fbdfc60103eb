import { expiresAt } from '../retention.ts';
import type { DayRow } from '../store/days.ts';

/** The events of one source of a tenant that happened on one UTC day. */
export interface SourceDay {
  readonly tenant: string;
  readonly source: string;
  readonly date: string;
}

/** A source-day as the table's day row describes it. */
export interface HotDay extends SourceDay {
  readonly row: DayRow;
  /** About how many events were stored; it changes when more come. */
  readonly count: number;
}

const DAY_MS = 86_400_000;
/** Days back that are compared whatever is known of them, as counts of events are approximate. */
const ALWAYS_DAYS = 8;

export function hotDay(tenant: string, row: DayRow): HotDay {
  const count = Object.values(row.counts).reduce((sum, one) => sum + one, 0);
  return { tenant, source: row.source, date: row.date, row, count };
}

/** Whether a day has to be compared: it is recent, or something came for it since it was last found complete. */
export function needsLook(day: HotDay, settled: number | undefined, now: Date): boolean {
  return settled !== day.count || Date.parse(day.date) > now.getTime() - ALWAYS_DAYS * DAY_MS;
}

/** Whether the table must have all of a day's events still: none of them has reached the end of its tier. */
export function isWhollyHot({ date, row }: HotDay, now: Date): boolean {
  const begin = `${date}T00:00:00.000Z`;
  const ends = row.tiers.map((tier) => expiresAt(begin, begin, tier) ?? Number.POSITIVE_INFINITY);
  return ends.every((end) => end * 1000 > now.getTime());
}
