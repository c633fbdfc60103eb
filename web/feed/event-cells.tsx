import type { ComponentChildren, CSSProperties } from 'preact';
import type { CanonicalEvent } from '../api/types.ts';
import { shortName } from '../event/naming.ts';
import { sentenceText } from '../event/sentence.ts';
import { OutcomeMark, TypeLabel, VendorText } from '../ui/data.tsx';
import { EntityLink } from '../ui/entity-link.tsx';
import { memo } from '../ui/memo.ts';
import { Time } from '../ui/time.tsx';
import { type Column, cellText } from './columns.ts';
import { useSourceTitle } from './labels.ts';

const MOST_TARGETS = 3;

export function TableHead({ columns, style }: { readonly columns: readonly Column[]; readonly style: CSSProperties }) {
  return (
    <div class="event-head" style={style} aria-hidden="true">
      {columns.map(({ name, title }) => (
        <span key={name}>{title}</span>
      ))}
    </div>
  );
}

/** An event as cells, one for each column. */
export const EventCells = memo(function EventCells(props: {
  readonly event: CanonicalEvent;
  readonly columns: readonly Column[];
  readonly href: string;
  readonly style: CSSProperties;
}) {
  const { event, columns, href, style } = props;
  return (
    <div class="event-cells" style={style} data-category={event.category ?? 'none'}>
      {columns.map(({ name, title }, index) => (
        <div key={name} class="cell">
          <span class="visually-hidden">{title}: </span>
          {index === 0 && (
            <a class="event-open" href={href} tabIndex={-1}>
              <span class="visually-hidden">{`Details: ${sentenceText(event).slice(0, 200)}`}</span>
            </a>
          )}
          <Cell event={event} name={name} />
        </div>
      ))}
    </div>
  );
});

function Cell({ event, name }: { readonly event: CanonicalEvent; readonly name: string }): ComponentChildren {
  const titleOf = useSourceTitle();
  if (name === 'time') return <Time at={event.time} as="exact" />;
  if (name === 'receivedAt') return <Time at={event.receivedAt} as="exact" />;
  if (name === 'outcome') return <OutcomeMark outcome={event.outcome} />;
  if (name === 'type') return <TypeLabel type={event.type} />;
  if (name === 'source') return <VendorText text={titleOf(event)} most={60} />;
  if (name === 'actor') return <EntityLink entity={event.actor} breaks />;
  if (name === 'targets') {
    const { targets } = event;
    return (
      <>
        {targets.slice(0, MOST_TARGETS).map((target, index) => (
          <span key={index}>
            {index > 0 && ', '}
            <EntityLink entity={target} text={shortName(target) ?? target.type} breaks />
          </span>
        ))}
        {targets.length > MOST_TARGETS && <span class="muted"> +{targets.length - MOST_TARGETS}</span>}
      </>
    );
  }
  return <VendorText text={cellText(event, name)} most={160} />;
}
