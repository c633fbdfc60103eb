import type { TimeLeft } from '../retry.ts';
import type { DayRow } from '../store/days.ts';
import { UNTYPED } from '../store/days.ts';
import type { EventReader } from '../store/event-reader.ts';
import { categoryOf, EVENT_TYPES } from '../taxonomy.ts';
import { type EventFilter, NO_TYPE } from './filter.ts';

export const UNITS = ['day', 'hour'] as const;
/** What is counted by; days and hours are those of UTC. */
export type Unit = (typeof UNITS)[number];

/** How many events of a source and EMM type (null: of none) there were in the day or hour that begins at `start`, UTC ISO-8601. */
export interface Count {
  readonly start: string;
  readonly source: string;
  readonly type: string | null;
  readonly count: number;
}

/** Events read at once; a page ends sooner when they are large. */
const READ_AT_ONCE = 5_000;
const DAY_FILTERS = ['source', 'category', 'type', 'from', 'to'];

/** True if day rows alone tell what a filter asks for: whole days of UTC, by source, category and type. */
export function isOfWholeDays(filter: EventFilter, by: Unit): boolean {
  const isMidnight = (time: string | undefined) => time?.endsWith('T00:00:00.000Z') === true;
  return (
    by === 'day' &&
    Object.keys(filter).every((name) => DAY_FILTERS.includes(name)) &&
    isMidnight(filter.from) &&
    isMidnight(filter.to)
  );
}

/** Counts by day as day rows have them: what a crash kept from being counted is missing, and what has left the hot store is not. */
export function countDays(rows: readonly DayRow[], { source, category, type, from, to }: EventFilter): Count[] {
  const tally = new Tally('day');
  for (const row of rows) {
    const start = `${row.date}T00:00:00.000Z`;
    if ((from !== undefined && start < from) || (to !== undefined && start >= to)) continue;
    if (source && !source.includes(row.source)) continue;
    for (const [name, count] of Object.entries(row.counts)) {
      const counted = name === UNTYPED ? null : (EVENT_TYPES.find((one) => one === name) ?? null);
      const allows = (wanted: readonly string[] | undefined, value: string | null) =>
        wanted === undefined || wanted.includes(value ?? NO_TYPE);
      if (allows(type, counted) && allows(category, categoryOf(counted))) {
        tally.add({ time: start, source: row.source, type: counted }, count);
      }
    }
  }
  return tally.counts();
}

/**
 * Counts events by reading them, newest first, until there are no more or time runs out; `next` is then the id up to which
 * were counted. What is counted from there on, added to this, is the whole.
 */
export async function countEvents(
  reader: Pick<EventReader, 'page'>,
  request: { readonly tenant: string; readonly filter: EventFilter; readonly after?: string | undefined },
  by: Unit,
  timeLeft: TimeLeft,
): Promise<{ counts: Count[]; next: string | undefined }> {
  const tally = new Tally(by);
  let next = request.after;
  do {
    const asked = { ...request, order: 'newest', limit: READ_AT_ONCE, after: next } as const;
    const page = await reader.page(asked, { timeLeft, withRaw: false });
    for (const { event } of page.events) tally.add(event, 1);
    next = page.next;
  } while (next !== undefined && timeLeft() > 0);
  return { counts: tally.counts(), next };
}

class Tally {
  readonly #unit: Unit;
  readonly #counts = new Map<string, Count>();

  constructor(unit: Unit) {
    this.#unit = unit;
  }

  add({ time, source, type }: { time: string; source: string; type: string | null }, count: number): void {
    const start = this.#unit === 'day' ? `${time.slice(0, 10)}T00:00:00.000Z` : `${time.slice(0, 13)}:00:00.000Z`;
    const key = [start, source, type ?? ''].join(' ');
    this.#counts.set(key, { start, source, type, count: (this.#counts.get(key)?.count ?? 0) + count });
  }

  /** In the order of time, source and type. */
  counts(): Count[] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  }
}
