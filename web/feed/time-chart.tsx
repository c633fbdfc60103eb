import { useMemo } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { bucketsOf, countsOf } from './buckets.ts';
import { Histogram } from './histogram.tsx';
import type { Loaded } from './pager.ts';
import { type Asked, bucketOf, LAST_WORDS, type RangeState } from './range.ts';
import type { Counted } from './use-counts.ts';

/** How much there is of what is asked for, and when; choosing a part of it asks for that. */
export function TimeChart(props: {
  readonly state: RangeState;
  readonly asked: Asked;
  readonly counted: Counted;
  /** Those that arrived since are counted here. */
  readonly events: Pick<Loaded, 'events' | 'arrived'>;
  readonly first: string | null;
  readonly onChange: (change: { readonly from: string | null; readonly to: string | null }) => void;
}) {
  const { state, asked, counted, events, first, onChange } = props;
  const { now, range } = asked;
  const by = bucketOf(range, now);
  const { counts, isCounting, approximate, error, retry } = counted;
  const since = useMemo(() => {
    const start = new Date(now).toISOString();
    return [...events.arrived, ...events.events].filter(({ receivedAt }) => receivedAt > start);
  }, [events.arrived, events.events, now]);
  const buckets = useMemo(() => {
    const from = range.from ?? first ?? undefined;
    const all = [...counts, ...countsOf(since, by)];
    return bucketsOf(all, by, { ...range, ...(from !== undefined && { from }) }, Date.now());
  }, [counts, since, by, range, first]);
  if (error !== undefined) return <ErrorNote what="The events could not be counted." error={error} onRetry={retry} />;
  const isSelected = state.from !== null || state.to !== null;
  const back = isSelected && (
    <Button compact onClick={() => onChange({ from: null, to: null })}>
      Back to {LAST_WORDS[state.last].toLowerCase()}
    </Button>
  );
  // Axes without a bar say nothing that "Nothing matches" does not say better.
  if (buckets.total === 0 && !isCounting) return <div class="time-chart">{back}</div>;
  return (
    <div class="time-chart">
      <Histogram
        buckets={buckets}
        by={by}
        isCounting={isCounting}
        approximate={approximate}
        onSelect={({ from = null, to = null }) => onChange({ from, to })}
      >
        {back}
      </Histogram>
    </div>
  );
}
