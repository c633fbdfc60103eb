import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type Buckets, STACKS } from './buckets.ts';

const HEIGHT = 104;
/** A press that moved less than this is a click on a bar. */
const CLICK_PX = 4;

/** Bars stacked by category, drawn by uPlot. Its colours are read when it is made: a new theme needs a new chart. */
export class Chart {
  readonly #plot: uPlot;
  readonly #observer: ResizeObserver;
  #step = 1;

  constructor(
    frame: HTMLElement,
    on: {
      /** Times of the axis in UTC, not in local time. */
      readonly isUtc: boolean;
      readonly onHover: (bar: number | null) => void;
      readonly onSelect: (a: number, b: number) => void;
    },
  ) {
    const colour = (name: string) => resolveColour(frame, name);
    const axis = { stroke: colour('--text-faint'), font: `12px ${getComputedStyle(frame).fontFamily}` };
    const hairline = { stroke: colour('--border'), width: 1 };
    this.#plot = new uPlot(
      {
        width: Math.max(100, frame.clientWidth),
        height: HEIGHT,
        ...(on.isUtc && { tzDate: (time: number) => uPlot.tzDate(new Date(time * 1_000), 'Etc/UTC') }),
        legend: { show: false },
        padding: [8, 16, 0, 0],
        cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
        scales: {
          x: { time: true, range: (_plot, min, max) => [min, max + this.#step / 1_000] },
          y: { range: (_plot, _min, max) => [0, Math.max(4, max)] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            ticks: hairline,
            size: 26,
            space: 64,
            gap: 4,
            values: timeLabels(on.isUtc),
          },
          { ...axis, grid: hairline, ticks: { show: false }, size: 44, space: 32, incrs: [1, 2, 5, ...powers()] },
        ],
        series: [
          {},
          // The whole stack is drawn first, and lower ones over it.
          ...[...STACKS].reverse().map((stack) => {
            const fill = colour(VARIABLES[stack]);
            return { fill, stroke: fill, width: 0, points: { show: false }, paths: bars };
          }),
        ],
        hooks: {
          setCursor: [
            (plot) => on.onHover(plot.cursor.left === undefined || plot.cursor.left < 0 ? null : this.#barAt(plot)),
          ],
          setSelect: [
            (plot) => {
              const { left, width } = plot.select;
              if (width < CLICK_PX) return;
              const time = (x: number) => plot.posToVal(x, 'x') * 1_000;
              on.onSelect(time(left), time(left + width));
              plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
          ready: [
            (plot) => {
              plot.over.addEventListener('click', () => {
                const bar = this.#barAt(plot);
                const start = bar === null ? undefined : plot.data[0][bar];
                if (start !== undefined && plot.select.width < CLICK_PX) {
                  on.onSelect(start * 1_000, start * 1_000 + this.#step);
                }
              });
            },
          ],
        },
      },
      [[], ...STACKS.map(() => [])],
      frame,
    );
    this.#observer = new ResizeObserver(() => {
      if (frame.clientWidth > 0) this.#plot.setSize({ width: frame.clientWidth, height: HEIGHT });
    });
    this.#observer.observe(frame);
  }

  show({ starts, step, counts }: Buckets): void {
    this.#step = step;
    let below: readonly number[] = starts.map(() => 0);
    const sums = STACKS.map((stack) => {
      below = counts[stack].map((count, bar) => count + (below[bar] ?? 0));
      return [...below];
    });
    this.#plot.setData([starts.map((start) => start / 1_000), ...sums.reverse()]);
  }

  /** Points at a bar as the pointer would; at none with null. */
  point(bar: number | null): void {
    const start = bar === null ? undefined : this.#plot.data[0][bar];
    const left = start === undefined ? -10 : this.#plot.valToPos(start + this.#step / 2_000, 'x');
    this.#plot.setCursor({ left, top: start === undefined ? -10 : 0 });
  }

  destroy(): void {
    this.#observer.disconnect();
    this.#plot.destroy();
  }

  /** The bar under the pointer: bars begin at their time, and the nearest beginning may be the next one's. */
  #barAt(plot: uPlot): number | null {
    const [starts] = plot.data;
    const { left } = plot.cursor;
    const first = starts[0];
    if (left === undefined || left < 0 || first === undefined) return null;
    const bar = Math.floor(((plot.posToVal(left, 'x') - first) * 1_000) / this.#step);
    return bar < 0 || bar >= starts.length ? null : bar;
  }
}

const VARIABLES = {
  authentication: '--authentication',
  authorization: '--authorization',
  system_audit: '--system-audit',
  activity_audit: '--activity-audit',
  none: '--no-category',
} as const;

const bars = uPlot.paths.bars?.({ size: [0.72, 48], align: 1, radius: 0.15 }) ?? (() => null);

/** Beyond this, days of different years are side by side. */
const YEARS_FROM = 300 * 86_400;

/** "12 Nov" at the beginning of a day, "14:00" within it; "Nov 2026" where the axis is long. */
function timeLabels(isUtc: boolean): uPlot.Axis.Values {
  const zone = isUtc ? { timeZone: 'UTC' } : {};
  const day = new Intl.DateTimeFormat('en-GB', { ...zone, day: 'numeric', month: 'short' });
  const hour = new Intl.DateTimeFormat('en-GB', { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const month = new Intl.DateTimeFormat('en-GB', { ...zone, month: 'short', year: 'numeric' });
  return (_plot, times) =>
    times.map((time) => {
      if ((times.at(-1) ?? 0) - (times[0] ?? 0) > YEARS_FROM) return month.format(time * 1_000);
      const clock = hour.format(time * 1_000);
      return clock === '00:00' ? day.format(time * 1_000) : clock;
    });
}

function powers(): number[] {
  return Array.from({ length: 8 }, (_, index) => 10 ** (index + 1)).flatMap((power) => [power, 2 * power, 5 * power]);
}

/** What a custom property comes to as a colour: a canvas knows none of them. */
function resolveColour(frame: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  frame.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
