import { VendorText } from '../ui/data.tsx';
import { countOf } from '../ui/format.ts';
import { Skeleton } from '../ui/states.tsx';
import { Time, useNow } from '../ui/time.tsx';
import { type Span, sourcesRoute } from './route.ts';
import { rangeOfSpan } from './span-range.ts';
import { statusOf, troublesOf } from './status.ts';
import { StatusMark } from './status-mark.tsx';
import { Strip } from './strip-view.tsx';
import type { Connection, Source } from './types.ts';
import { useIntervals } from './use-sources.ts';

/** A connection in the list: how it fares, what it collected, and the worst that is wrong. */
export function ConnectionRow(props: {
  readonly connection: Connection;
  readonly source: Source;
  readonly span: Span;
}) {
  const { connection, source, span } = props;
  const { id, name, origin, health } = connection;
  const now = useNow();
  const [worst] = health?.paused ? [] : troublesOf(connection, now);
  return (
    <li class="connection">
      <StatusMark status={statusOf(connection)} />
      <div class="connection-name">
        <a href={sourcesRoute.href({ span }, id)}>
          <VendorText text={name} most={80} />
        </a>
        <p class="small muted">
          <VendorText text={origin} most={80} />
        </p>
      </div>
      {health ? <RowStrip id={id} name={name} span={span} /> : <span class="connection-strip" />}
      <div class="connection-times small muted">
        <Freshness connection={connection} source={source} />
      </div>
      {worst && (
        <p class={`connection-trouble small ${worst.kind}`}>
          {worst.text} {worst.advice && <span class="muted">{worst.advice}</span>}
        </p>
      )}
    </li>
  );
}

function RowStrip({ id, name, span }: { readonly id: string; readonly name: string; readonly span: Span }) {
  const now = useNow();
  const { data, error } = useIntervals(id);
  return (
    <div class="connection-strip">
      {data ? (
        <Strip
          intervals={data}
          stream={null}
          range={rangeOfSpan(span, data, now)}
          label={`What was collected of ${name}`}
        />
      ) : error === undefined ? (
        <Skeleton height={18} />
      ) : (
        <span class="small muted">What was collected could not be loaded.</span>
      )}
    </div>
  );
}

/** How far it has got, and how much comes. */
function Freshness({ connection: { health }, source }: { readonly connection: Connection; readonly source: Source }) {
  if (health === null) return source.lastDay === null ? <>Nothing came yet</> : <>Last on {source.lastDay}</>;
  const upTo = health.streams.map(({ collectedUpTo }) => collectedUpTo).sort()[0];
  const perDay = health.streams.reduce((sum, stream) => sum + stream.eventsPerDay, 0);
  return (
    <>
      {upTo === undefined ? (
        'Not polled yet'
      ) : (
        <span>
          Up to <Time at={upTo} />
        </span>
      )}
      {perDay > 0 && <span class="figures">{countOf(Math.round(perDay))} events a day</span>}
    </>
  );
}
