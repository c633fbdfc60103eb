import type { Span } from './route.ts';
import { beginOf, type Intervals } from './strip.ts';

const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<Exclude<Span, 'all'>, number>> = { '7d': 7, '30d': 30, '90d': 90, '1y': 365 };

/** The time that a strip shows, up to now; `all` begins where anything is known, at least a day ago. */
export function rangeOfSpan(
  span: Span,
  intervals: Intervals,
  now: number,
): { readonly from: number; readonly to: number } {
  if (span !== 'all') return { from: now - DAYS[span] * DAY_MS, to: now };
  return { from: Math.min(beginOf(intervals) ?? now, now - DAY_MS), to: now };
}
