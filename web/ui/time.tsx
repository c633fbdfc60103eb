import { zone } from '../app/preferences.ts';
import { Store, useStore } from '../app/store.ts';
import { absoluteTime, clockTime, exactTime, relativeTime, shortTime } from './format.ts';

/** The present, every half minute: relative times stay true without each having a timer. */
const present = new Store(Date.now());
setInterval(() => present.set(Date.now()), 30_000);

export function useNow(): number {
  return useStore(present);
}

/** After this long the time of day says more than the distance. */
const RECENT_MS = 12 * 3_600_000;

/**
 * A time: "3 minutes ago", the whole of it as the title; or the other way about. `brief` is for what stands under its day:
 * older times are those of the clock. Follows the choice of UTC or local.
 */
export function Time(props: { readonly at: string; readonly as?: 'relative' | 'brief' | 'short' | 'exact' | 'full' }) {
  const { at, as = 'relative' } = props;
  const now = useNow();
  const inZone = useStore(zone);
  const full = absoluteTime(at, inZone);
  const ago = relativeTime(at, now);
  const brief = now - Date.parse(at) < RECENT_MS ? ago : clockTime(at, inZone);
  const shown = { relative: ago, brief, short: shortTime(at, inZone), exact: exactTime(at, inZone), full }[as];
  return (
    <time dateTime={at} title={as === 'relative' || as === 'brief' ? full : ago}>
      {shown}
    </time>
  );
}
