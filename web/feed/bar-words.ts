import { countOf, dayOf, plural, shortTime } from '../ui/format.ts';
import { type Buckets, barTotal } from './buckets.ts';
import { DAY_MS } from './range.ts';

/** How the times of bars are told. */
export interface BarUnit {
  readonly by: 'day' | 'hour';
  readonly isUtc: boolean;
}

/** "by hour", "by day (UTC)", "by 15 days (UTC)" */
export function unitWords({ step }: Buckets, { by }: BarUnit): string {
  if (by === 'hour') return 'by hour';
  const days = Math.round(step / DAY_MS);
  return days > 1 ? `by ${days} days (UTC)` : 'by day (UTC)';
}

/** The time of a bar: "21 Nov 2026", "15 days from 21 Nov 2026". */
export function barTitle({ starts, step }: Buckets, bar: number, { by, isUtc }: BarUnit): string {
  const start = new Date(starts[bar] ?? 0).toISOString();
  if (by === 'hour') return shortTime(start, isUtc ? 'utc' : 'local');
  const days = Math.round(step / DAY_MS);
  return days > 1 ? `${days} days from ${dayOf(start, 'utc')}` : dayOf(start, 'utc');
}

/** A bar for those who hear it: "21 Nov 2026: 640 events". */
export function barWords(buckets: Buckets, bar: number, unit: BarUnit): string {
  return `${barTitle(buckets, bar, unit)}: ${plural(barTotal(buckets, bar), 'event')}`;
}

/** The whole chart for those who hear it. */
export function chartWords(buckets: Buckets, unit: BarUnit): string {
  const totals = buckets.starts.map((_, bar) => barTotal(buckets, bar));
  const busiest = totals.indexOf(Math.max(...totals));
  const peak =
    buckets.total > 0 ? `; the most, ${countOf(totals[busiest] ?? 0)}, ${barTitle(buckets, busiest, unit)}` : '';
  return `${plural(buckets.total, 'event')} ${unitWords(buckets, unit)}${peak}`;
}
