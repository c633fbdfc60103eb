import { zone } from '../app/preferences.ts';
import { useStore } from '../app/store.ts';
import { plural, shortTime } from '../ui/format.ts';
import { type Tick, ticksOf } from './axis.ts';
import { spanWords } from './span.ts';
import { type Intervals, type Stretch, type StretchState, shareCollected, stretchesOf } from './strip.ts';

const WORDS: Readonly<Record<StretchState, string>> = {
  collected: 'collected in full',
  pending: 'history still to be read',
  held: 'held up: will be collected',
  lost: 'lost: can’t be had any more',
  unasked: 'not asked for',
};

/** What of a range was collected, from left to right; told in words too. */
export function Strip(props: {
  readonly intervals: Intervals;
  /** null puts all streams together. */
  readonly stream: string | null;
  readonly range: { readonly from: number; readonly to: number };
  readonly label: string;
}) {
  const { intervals, stream, range, label } = props;
  const inZone = useStore(zone);
  const { from, to } = range;
  const stretches = stretchesOf(intervals, stream, from, to);
  const title = ({ from: begin, to: end, state }: Stretch) => {
    const [first, last] = [begin, end].map((at) => shortTime(new Date(at).toISOString(), inZone));
    return `${first} to ${last}: ${WORDS[state]}`;
  };
  return (
    <div class="strip" role="img" aria-label={`${label}: ${stripWords(stretches)}`}>
      {stretches
        .filter(({ state }) => state !== 'unasked')
        .map((stretch) => (
          <span
            key={stretch.from}
            class={stretch.state}
            title={title(stretch)}
            style={{
              left: `${((stretch.from - from) / (to - from)) * 100}%`,
              width: `${((stretch.to - stretch.from) / (to - from)) * 100}%`,
            }}
          />
        ))}
    </div>
  );
}

function stripWords(stretches: readonly Stretch[]): string {
  const lost = stretches.filter(({ state }) => state === 'lost' || state === 'held');
  if (stretches.every(({ state }) => state === 'unasked')) return 'nothing was asked for in this time';
  const share = Math.floor(shareCollected(stretches) * 100);
  const gaps =
    lost.length === 0
      ? 'no gaps'
      : `${plural(lost.length, 'gap')}, ${spanWords(lost.reduce((sum, { from, to }) => sum + to - from, 0))} together`;
  return `${share} percent collected, ${gaps}`;
}

/** The times under a strip. */
export function Axis({ range: { from, to } }: { readonly range: { readonly from: number; readonly to: number } }) {
  return (
    <div class="strip-axis small faint figures" aria-hidden="true">
      {ticksOf(from, to, 6).map((tick) => (
        <span key={tick.at} style={{ left: `${((tick.at - from) / (to - from)) * 100}%` }}>
          {tickWords(tick)}
        </span>
      ))}
    </div>
  );
}

function tickWords({ at, of }: Tick): string {
  const options: Intl.DateTimeFormatOptions = {
    hour: { hour: '2-digit' as const, minute: '2-digit' as const },
    day: { day: 'numeric' as const, month: 'short' as const },
    month: { month: 'short' as const, year: 'numeric' as const },
  }[of];
  return new Date(at).toLocaleString('en-GB', { ...options, timeZone: 'UTC' });
}

/** What the patterns mean. */
export function StripLegend() {
  return (
    <ul class="strip-legend small muted">
      {(['collected', 'pending', 'held', 'lost', 'unasked'] as const).map((state) => (
        <li key={state}>
          <span class={`strip-sample ${state}`} aria-hidden="true" />{' '}
          {WORDS[state].charAt(0).toUpperCase() + WORDS[state].slice(1)}
        </li>
      ))}
    </ul>
  );
}
