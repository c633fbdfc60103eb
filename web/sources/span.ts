import { plural } from '../ui/format.ts';

const MINUTE = 60_000;
const UNITS: readonly (readonly [ms: number, noun: string])[] = [
  [365 * 1_440 * MINUTE, 'year'],
  [30 * 1_440 * MINUTE, 'month'],
  [1_440 * MINUTE, 'day'],
  [60 * MINUTE, 'hour'],
  [MINUTE, 'minute'],
  [1_000, 'second'],
];

/** A length of time in its largest unit: "3 hours", "2 days". Of the larger ones, only from two on. */
export function spanWords(ms: number): string {
  const [size, noun] = UNITS.find(([unit]) => ms >= unit * (unit >= 1_440 * MINUTE ? 2 : 1)) ?? [1_000, 'second'];
  return plural(Math.max(0, Math.floor(ms / size)), noun);
}
