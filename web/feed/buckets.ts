import { CATEGORIES, type Category, categoryOf } from '../../shared/taxonomy.ts';
import type { CanonicalEvent, Count } from '../api/types.ts';
import { DAY_MS, HOUR_MS, type Range } from './range.ts';

export type Stack = Category | 'none';
/** From the bottom of a bar to its top. */
export const STACKS: readonly Stack[] = [...CATEGORIES, 'none'];

/** Bars in order of time without gaps. Times are milliseconds since 1970. */
export interface Buckets {
  readonly starts: readonly number[];
  /** How long a bar is. */
  readonly step: number;
  /** For each category, a count for each bar. */
  readonly counts: Readonly<Record<Stack, readonly number[]>>;
  readonly total: number;
}

/** More bars than this can't be told apart: then one bar is several days. */
const MOST_BARS = 180;

/** Counts as bars. `by` is what they were counted by; the range's missing ends are those of the counts. */
export function bucketsOf(counts: readonly Count[], by: 'day' | 'hour', range: Range, now: number): Buckets {
  const unit = by === 'day' ? DAY_MS : HOUR_MS;
  const times = counts.map(({ start }) => Date.parse(start));
  const from = range.from === undefined ? times.reduce((a, b) => Math.min(a, b), now) : Date.parse(range.from);
  const to = range.to === undefined ? now + 1 : Date.parse(range.to);
  const first = Math.floor(from / unit) * unit;
  const units = Math.max(1, Math.ceil((to - first) / unit));
  const step = unit * Math.ceil(units / MOST_BARS);
  const bars = Math.ceil((units * unit) / step);
  const sums = Object.fromEntries(STACKS.map((stack) => [stack, new Array<number>(bars).fill(0)])) as Record<
    Stack,
    number[]
  >;
  let total = 0;
  counts.forEach(({ type, count }, index) => {
    const bar = Math.floor(((times[index] ?? 0) - first) / step);
    const sum = sums[categoryOf(type) ?? 'none'];
    if (bar < 0 || bar >= bars) return;
    sum[bar] = (sum[bar] ?? 0) + count;
    total += count;
  });
  return { starts: Array.from({ length: bars }, (_, bar) => first + bar * step), step, counts: sums, total };
}

/** What events that were not counted add. */
export function countsOf(events: readonly CanonicalEvent[], by: 'day' | 'hour'): Count[] {
  return events.map(({ time, source, type }) => ({
    start: by === 'day' ? `${time.slice(0, 10)}T00:00:00.000Z` : `${time.slice(0, 13)}:00:00.000Z`,
    source,
    type,
    count: 1,
  }));
}

/** How many a bar has in all. */
export function barTotal({ counts }: Buckets, bar: number): number {
  return STACKS.reduce((sum, stack) => sum + (counts[stack][bar] ?? 0), 0);
}

/** How many a category has in all. */
export function stackTotal({ counts }: Buckets, stack: Stack): number {
  return counts[stack].reduce((sum, count) => sum + count, 0);
}

/** The times between two places on the chart, widened to whole bars. */
export function rangeBetween({ starts, step }: Buckets, a: number, b: number): Range {
  const [first = 0] = starts;
  const [low, high] = a < b ? [a, b] : [b, a];
  const from = first + Math.max(0, Math.floor((low - first) / step)) * step;
  const bars = Math.min(starts.length, Math.max(1, Math.ceil((high - first) / step)));
  const to = Math.max(first + bars * step, from + step);
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
