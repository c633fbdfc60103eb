import { useEffect, useRef, useState } from 'preact/hooks';
import { zone } from '../app/preferences.ts';
import { useStore } from '../app/store.ts';
import { scheme } from '../app/theme.ts';
import { countOf, dayOf, plural, shortTime, words } from '../ui/format.ts';
import { Skeleton } from '../ui/states.tsx';
import { type Buckets, barTotal, rangeBetween, STACKS, stackTotal } from './buckets.ts';
import { Chart } from './chart.ts';
import { DAY_MS, type Range } from './range.ts';

export interface HistogramProps {
  readonly buckets: Buckets;
  readonly by: 'day' | 'hour';
  readonly isCounting: boolean;
  readonly approximate: boolean;
  readonly onSelect: (range: Range) => void;
}

/** How many events there were, by day or hour and category. Dragging across it selects a range of time. */
export function Histogram({ buckets, by, isCounting, approximate, onSelect }: HistogramProps) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const latest = useRef({ buckets, onSelect });
  latest.current = { buckets, onSelect };
  const drawn = useStore(scheme);
  const isUtc = useStore(zone) === 'utc' || by === 'day';
  useEffect(() => {
    if (!frame.current) return;
    const made = new Chart(frame.current, {
      isUtc,
      onHover: setAt,
      onSelect: (a, b) => latest.current.onSelect(rangeBetween(latest.current.buckets, a, b)),
    });
    chart.current = made;
    made.show(latest.current.buckets);
    return () => made.destroy();
  }, [drawn, isUtc]);
  useEffect(() => chart.current?.show(buckets), [buckets]);
  const isLoading = isCounting && buckets.total === 0;
  return (
    <figure class="histogram">
      <figcaption class="histogram-caption">
        <span class="histogram-total">
          {isLoading ? (
            <Skeleton width="120px" />
          ) : at === null ? (
            <>
              <strong class="figures">
                {approximate && 'about '}
                {plural(buckets.total, 'event')}
              </strong>{' '}
              <span class="muted">{isCounting ? 'so far, counting…' : `by ${by}${by === 'day' ? ' (UTC)' : ''}`}</span>
            </>
          ) : (
            <>
              <strong class="figures">{plural(barTotal(buckets, at), 'event')}</strong>{' '}
              <span class="muted">{barTitle(buckets, at, by, isUtc)}</span>
            </>
          )}
        </span>
        <ul class="legend">
          {STACKS.filter((stack) => stackTotal(buckets, stack) > 0).map((stack) => (
            <li key={stack} class="type-label" data-category={stack}>
              {stack === 'none' ? 'Not mapped' : words(stack)}
              <span class="figures muted">
                {countOf(at === null ? stackTotal(buckets, stack) : (buckets.counts[stack][at] ?? 0))}
              </span>
            </li>
          ))}
        </ul>
      </figcaption>
      <div ref={frame} class="histogram-chart" role="img" aria-label={summary(buckets, by, isUtc)} />
    </figure>
  );
}

function barTitle({ starts, step }: Buckets, bar: number, by: 'day' | 'hour', isUtc: boolean): string {
  const start = new Date(starts[bar] ?? 0).toISOString();
  if (by === 'hour') return shortTime(start, isUtc ? 'utc' : 'local');
  const days = Math.round(step / DAY_MS);
  return days > 1 ? `${days} days from ${dayOf(start, 'utc')}` : dayOf(start, 'utc');
}

function summary(buckets: Buckets, by: 'day' | 'hour', isUtc: boolean): string {
  const totals = buckets.starts.map((_, bar) => barTotal(buckets, bar));
  const busiest = totals.indexOf(Math.max(...totals));
  const peak = buckets.total > 0 ? `; the most, ${totals[busiest]}, ${barTitle(buckets, busiest, by, isUtc)}` : '';
  return `${plural(buckets.total, 'event')} by ${by}${peak}. The time filter chooses a time, too.`;
}
