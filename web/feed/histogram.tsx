import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { zone } from '../app/preferences.ts';
import { useStore } from '../app/store.ts';
import { scheme } from '../app/theme.ts';
import { countOf, plural, words } from '../ui/format.ts';
import { Skeleton } from '../ui/states.tsx';
import { barTitle, barWords, chartWords, unitWords } from './bar-words.ts';
import { type Buckets, barTotal, rangeBetween, STACKS, stackTotal } from './buckets.ts';
import { Chart } from './chart.ts';
import type { Range } from './range.ts';

export interface HistogramProps {
  readonly buckets: Buckets;
  readonly by: 'day' | 'hour';
  readonly isCounting: boolean;
  readonly approximate: boolean;
  readonly onSelect: (range: Range) => void;
  /** What stands beside the total. */
  readonly children?: ComponentChildren;
}

/** How many events there were, by time and category. A range of time is chosen by dragging across it, or by keyboard. */
export function Histogram({ buckets, by, isCounting, approximate, onSelect, children }: HistogramProps) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  /** The bar that is pointed at, by pointer or keyboard. */
  const [at, setAt] = useState<number | null>(null);
  const latest = useRef({ buckets, onSelect });
  latest.current = { buckets, onSelect };
  const drawn = useStore(scheme);
  const isUtc = useStore(zone) === 'utc' || by === 'day';
  const unit = { by, isUtc };
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
  const last = buckets.starts.length - 1;
  const heard = Math.min(at ?? last, last);
  const isLoading = isCounting && buckets.total === 0;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const start = buckets.starts[heard];
    if (event.key === 'Enter' && start !== undefined) {
      chart.current?.point(null);
      onSelect(rangeBetween(buckets, start, start + buckets.step));
    } else {
      const to = moved(event.key, heard, last);
      if (to === null) return;
      chart.current?.point(to);
    }
    event.preventDefault();
  };
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
              <span class="muted">{isCounting ? 'so far, counting…' : unitWords(buckets, unit)}</span>
            </>
          ) : (
            <>
              <strong class="figures">{plural(barTotal(buckets, at), 'event')}</strong>{' '}
              <span class="muted">{barTitle(buckets, at, unit)}</span>
            </>
          )}
        </span>
        {children}
        <Legend buckets={buckets} at={at} />
      </figcaption>
      <div
        ref={frame}
        class="histogram-chart"
        role="slider"
        tabIndex={0}
        aria-label={chartWords(buckets, unit)}
        aria-describedby="histogram-keys"
        aria-orientation="horizontal"
        aria-valuemin={1}
        aria-valuemax={last + 1}
        aria-valuenow={heard + 1}
        aria-valuetext={barWords(buckets, heard, unit)}
        onKeyDown={onKeyDown}
        onFocus={({ currentTarget }) => currentTarget.matches(':focus-visible') && chart.current?.point(heard)}
        onBlur={() => chart.current?.point(null)}
      />
      <p id="histogram-keys" class="visually-hidden">
        Arrow keys go from bar to bar, Enter asks for the time of one. The time filter takes any other time.
      </p>
    </figure>
  );
}

function Legend({ buckets, at }: { readonly buckets: Buckets; readonly at: number | null }) {
  return (
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
  );
}

/** The bar that a key leads to; null for keys that lead nowhere. */
function moved(key: string, bar: number, last: number): number | null {
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 7, PageDown: -7 }[key];
  return step === undefined ? null : Math.max(0, Math.min(last, bar + step));
}
