import type { CanonicalEvent } from '../api/types.ts';
import type { Zone } from '../app/preferences.ts';
import { dayHeading } from '../ui/format.ts';

export interface Row {
  readonly event: CanonicalEvent;
  /** "Yesterday", on the first row of each day. */
  readonly day: string | null;
}

/** Rows of the list, those that begin a day marked. */
export function rowsOf(events: readonly CanonicalEvent[], zone: Zone, now: number): Row[] {
  let last = '';
  return events.map((event) => {
    // Naming a day is slow, and there are thousands of rows.
    const day = zone === 'utc' ? event.time.slice(0, 10) : new Date(event.time).toDateString();
    const isNew = day !== last;
    last = day;
    return { event, day: isNew ? dayHeading(event.time, zone, now) : null };
  });
}
