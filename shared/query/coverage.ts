import { archiveSql } from '../archive/ask.ts';
import { hotFrom, type Tier } from '../retention.ts';
import type { DayRow } from '../store/days.ts';
import type { EventFilter } from './filter.ts';

/** A source of which the time asked for is no longer all hot, and the SQL that asks the archive for the rest. */
export interface Incomplete {
  readonly source: string;
  /** Events before this may have left the hot store, UTC ISO-8601. */
  readonly hotFrom: string;
  readonly sql: string;
}

/**
 * The sources whose hot events begin later than the query's `from`: by the shortest tier that was used on the days asked
 * for, or the source's own when none of its events lie there.
 */
export function incompleteSources(
  tenant: string,
  filter: EventFilter,
  days: readonly DayRow[],
  defaultTier: (source: string) => Tier,
  now: number,
): Incomplete[] {
  const { from } = filter;
  if (from === undefined) return [];
  const sources = filter.source ?? [...new Set(days.map(({ source }) => source))].sort();
  return sources.flatMap((source) => {
    const used = days.filter((day) => day.source === source).flatMap(({ tiers }) => tiers);
    const tiers = used.length > 0 ? used : [defaultTier(source)];
    const begins = tiers
      .flatMap((tier) => hotFrom(tier, now) ?? [])
      .sort()
      .at(-1);
    if (begins === undefined || from >= begins) return [];
    const end = filter.to !== undefined && filter.to < begins ? filter.to : begins;
    return [{ source, hotFrom: begins, sql: archiveSql(tenant, source, filter, end) }];
  });
}
