const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const STEPS = [HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY];
const MONTHS = [1, 2, 3, 6, 12, 24, 60];

export interface Tick {
  readonly at: number;
  /** Whether it stands for a time of day, a day, or a month. */
  readonly of: 'hour' | 'day' | 'month';
}

/** Round times within `[from, to]`, at most `most` and few if the range is odd; UTC, as days and months of sources are. */
export function ticksOf(from: number, to: number, most = 8): Tick[] {
  const step = STEPS.find((one) => (to - from) / one <= most);
  if (step !== undefined) {
    const first = Math.ceil(from / step) * step;
    return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => ({
      at: first + index * step,
      of: step < DAY ? 'hour' : 'day',
    }));
  }
  const begin = new Date(from);
  const months = (to - from) / (30.4 * DAY);
  const every = MONTHS.find((one) => months / one <= most) ?? 120;
  const year = begin.getUTCFullYear();
  const ticks: Tick[] = [];
  for (let month = 0; ; month += every) {
    const at = Date.UTC(year, month);
    if (at > to) return ticks;
    if (at >= from) ticks.push({ at, of: 'month' });
  }
}
