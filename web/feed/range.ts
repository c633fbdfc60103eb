/** Ranges that end now. */
export const LASTS = ['1h', '24h', '7d', '30d', '90d', '365d', 'all'] as const;
export type Last = (typeof LASTS)[number];

export const LAST_WORDS: Readonly<Record<Last, string>> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  '365d': 'Last 12 months',
  all: 'Everything here',
};

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const LENGTHS: Readonly<Record<Exclude<Last, 'all'>, number>> = {
  '1h': HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '90d': 90 * DAY_MS,
  '365d': 365 * DAY_MS,
};

/** What of a view's state says the time: `from` or `to`, when given, rule out `last`. */
export interface RangeState {
  readonly last: Last;
  readonly from: string | null;
  readonly to: string | null;
}

export interface Range {
  /** Inclusive, UTC ISO-8601; absent means from the beginning. */
  readonly from?: string;
  /** Exclusive; absent means up to now, and what arrives. */
  readonly to?: string;
}

/** A range that was asked for at a moment; a relative one stands still from then on, which paging needs. */
export interface Asked {
  readonly now: number;
  readonly range: Range;
}

/** The times that a state means at a moment. */
export function rangeOf({ last, from, to }: RangeState, now: number): Range {
  if (from !== null || to !== null) return { ...(from !== null && { from }), ...(to !== null && { to }) };
  if (last === 'all') return {};
  return { from: new Date(now - LENGTHS[last]).toISOString() };
}

/** Bars of an hour for up to four days, else of a day. */
export function bucketOf({ from, to }: Range, now: number): 'hour' | 'day' {
  if (from === undefined) return 'day';
  const end = to === undefined ? now : Date.parse(to);
  return end - Date.parse(from) <= 4 * DAY_MS + HOUR_MS ? 'hour' : 'day';
}
