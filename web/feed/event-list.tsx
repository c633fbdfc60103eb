import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { CanonicalEvent } from '../api/types.ts';
import { zone } from '../app/preferences.ts';
import { useStore } from '../app/store.ts';
import { useNow } from '../ui/time.tsx';
import type { Column } from './columns.ts';
import { EventCells, TableHead } from './event-cells.tsx';
import { EventRow } from './event-row.tsx';
import { rowsOf } from './rows.ts';
import { useCurrent } from './use-current.ts';
import { useVirtual } from './use-virtual.ts';

/** The list asks for more when fewer rows than this are left below what is in sight. */
const AHEAD = 30;
const ESTIMATE = { sentences: 62, table: 41 };

export interface EventListProps {
  readonly events: readonly CanonicalEvent[];
  /** Columns of the table; none for sentences. */
  readonly columns: readonly Column[];
  /** The event in the drawer. */
  readonly open: string | null;
  readonly hrefOf: (id: string) => string;
  readonly onOpen: (id: string | null) => void;
  readonly onNearEnd: () => void;
  readonly isLoading: boolean;
}

/** Events one under the other, only those in sight in the document. */
export function EventList(props: EventListProps) {
  const { events, columns, open, hrefOf, onOpen, onNearEnd, isLoading } = props;
  const list = useRef<HTMLDivElement>(null);
  const inZone = useStore(zone);
  // "Today" ends at midnight: days are named again when the day is another one.
  const today = new Date(useNow()).toDateString();
  const isTable = columns.length > 0;
  const rows = useMemo(() => rowsOf(events, inZone, Date.now()), [events, inZone, today]);
  const virtualizer = useVirtual(list, {
    count: rows.length,
    estimate: isTable ? ESTIMATE.table : ESTIMATE.sentences,
    keyOf: (index) => `${isTable ? 't' : 's'}${rows[index]?.event.id ?? index}`,
  });
  const current = useCurrent({ events, open, onOpen, list, virtualizer });
  const shown = virtualizer.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - AHEAD) onNearEnd();
  }, [last, rows.length, onNearEnd]);
  // The same object while it is the same: rows are rendered again only when a property is another one.
  const grid = useMemo(() => ({ gridTemplateColumns: columns.map(({ width }) => width).join(' ') }), [columns]);
  const first = shown[0];
  return (
    <div class={isTable ? 'event-table' : 'event-feed'}>
      {isTable && <TableHead columns={columns} style={grid} />}
      <div
        ref={list}
        class="event-list"
        role="feed"
        aria-label="Events"
        aria-busy={isLoading}
        style={{ height: `${virtualizer.getTotalSize()}px` }}
      >
        <div style={{ transform: `translateY(${(first?.start ?? 0) - virtualizer.options.scrollMargin}px)` }}>
          {shown.map(({ index, key }) => {
            const row = rows[index];
            if (!row) return null;
            const { event, day } = row;
            return (
              <article
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                data-id={event.id}
                class={event.id === open ? 'is-open' : undefined}
                tabIndex={index === current.index ? 0 : -1}
                aria-posinset={index + 1}
                aria-setsize={-1}
                aria-current={event.id === open ? 'true' : undefined}
                onFocus={() => current.set(index)}
              >
                {day !== null && !isTable && <h2 class="day">{day}</h2>}
                {isTable ? (
                  <EventCells event={event} columns={columns} href={hrefOf(event.id)} style={grid} />
                ) : (
                  <EventRow event={event} href={hrefOf(event.id)} />
                )}
              </article>
            );
          })}
        </div>
      </div>
    </div>
  );
}
