import { useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { Table, VendorText } from '../ui/data.tsx';
import { plural } from '../ui/format.ts';
import { ErrorNote, Skeleton } from '../ui/states.tsx';
import { Time, useNow } from '../ui/time.tsx';
import type { Loaded } from '../ui/use-load.ts';
import { SpanChoice } from './list.tsx';
import type { sourcesRoute } from './route.ts';
import { spanWords } from './span.ts';
import { rangeOfSpan } from './span-range.ts';
import { type Intervals, isFilled, reasonWords, stateOfGap, streamsOf } from './strip.ts';
import { Axis, Strip, StripLegend } from './strip-view.tsx';
import type { KnownGap } from './types.ts';

const AT_FIRST = 8;
/** A run that is due in a moment leaves these open. */
const SHORT_MS = 60_000;

/** What was collected over time, by stream, and every gap in words. */
export function CollectedPart(props: {
  readonly loaded: Loaded<Intervals>;
  readonly state: ReturnType<typeof sourcesRoute.read>;
  readonly id: string;
}) {
  const { loaded, state, id } = props;
  const { data, error, reload } = loaded;
  return (
    <section aria-labelledby="collected" class="stack">
      <div class="row spread">
        <h2 id="collected">What was collected</h2>
        <SpanChoice state={state} spans={['7d', '30d', '90d', '1y', 'all']} id={id} />
      </div>
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {data ? <Strips intervals={data} span={state.span} /> : error === undefined && <Skeleton height={64} />}
      {data && <Gaps gaps={data.gaps.filter((gap) => !isFilled(gap, data))} />}
    </section>
  );
}

function Strips({
  intervals,
  span,
}: {
  readonly intervals: Intervals;
  readonly span: Parameters<typeof rangeOfSpan>[0];
}) {
  const range = rangeOfSpan(span, intervals, useNow());
  const streams = streamsOf(intervals);
  if (streams.length === 0)
    return <p class="muted">Nothing was collected yet: the first poll comes within a minute.</p>;
  return (
    <div class="strips">
      {streams.map((stream) => (
        <div key={stream} class="strips-row">
          <span class="mono">{stream}</span>
          <Strip intervals={intervals} stream={stream} range={range} label={`Stream ${stream}`} />
        </div>
      ))}
      <div class="strips-row">
        <span />
        <Axis range={range} />
      </div>
      <StripLegend />
    </div>
  );
}

function Gaps({ gaps }: { readonly gaps: readonly KnownGap[] }) {
  const [showsAll, setShowsAll] = useState(false);
  const telling = gaps
    .filter(({ from, to, open }) => !open || Date.parse(to) - Date.parse(from) > SHORT_MS)
    .sort((a, b) => (a.to < b.to ? 1 : -1));
  if (telling.length === 0) return <p class="muted">No gaps are known.</p>;
  return (
    <>
      <Table
        caption="Gaps"
        rows={showsAll ? telling : telling.slice(0, AT_FIRST)}
        keyOf={({ stream, from, reason }) => `${stream} ${from} ${reason}`}
        columns={[
          { name: 'From', cell: ({ from }) => <Time at={from} as="short" /> },
          { name: 'To', cell: ({ to }) => <Time at={to} as="short" /> },
          { name: 'Length', cell: ({ from, to }) => spanWords(Date.parse(to) - Date.parse(from)) },
          { name: 'Stream', cell: ({ stream }) => <span class="mono">{stream}</span> },
          { name: 'Why', cell: ({ reason }) => <VendorText text={reasonWords(reason)} most={200} /> },
          { name: 'Will it come?', cell: (gap) => WILL[stateOfGap(gap)] },
        ]}
      />
      {telling.length > AT_FIRST && !showsAll && (
        <Button kind="quiet" onClick={() => setShowsAll(true)}>
          Show {plural(telling.length - AT_FIRST, 'more gap', 'more gaps')}
        </Button>
      )}
    </>
  );
}

const WILL = {
  pending: 'Yes, a backfill is on it',
  held: 'Yes, when that is over',
  lost: <span class="lost-word">No, it is lost</span>,
  collected: '',
  unasked: '',
} as const;
