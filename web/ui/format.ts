import type { Zone } from '../app/preferences.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS: readonly (readonly [number, Intl.RelativeTimeFormatUnit])[] = [
  [365 * DAY, 'year'],
  [30 * DAY, 'month'],
  [DAY, 'day'],
  [HOUR, 'hour'],
  [MINUTE, 'minute'],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const numbers = new Intl.NumberFormat('en');

/** "3 minutes ago", "in 2 days"; "just now" within a minute. Empty for what is no time. */
export function relativeTime(time: string, now: number): string {
  const distance = Date.parse(time) - now;
  if (Number.isNaN(distance)) return '';
  const step = STEPS.find(([size]) => Math.abs(distance) >= size);
  return step ? relative.format(Math.trunc(distance / step[0]), step[1]) : 'just now';
}

/** "22 Nov 2026, 20:20:51 UTC" */
export function absoluteTime(time: string, zone: Zone): string {
  return part(time, zone, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
}

/** "20:20:51" */
export function clockTime(time: string, zone: Zone): string {
  return part(time, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** "22 Nov 2026, 20:20" */
export function shortTime(time: string, zone: Zone): string {
  return part(time, zone, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
}

/** "22 Nov 2026, 20:20:51" */
export function exactTime(time: string, zone: Zone): string {
  return `${dayOf(time, zone)}, ${clockTime(time, zone)}`;
}

/** "22 Nov 2026" */
export function dayOf(time: string, zone: Zone): string {
  return part(time, zone, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** "Today", "Yesterday", "Sunday 15 November", with the year where it is another. */
export function dayHeading(time: string, zone: Zone, now: number): string {
  const day = dayOf(time, zone);
  if (day === dayOf(new Date(now).toISOString(), zone)) return 'Today';
  if (day === dayOf(new Date(now - DAY).toISOString(), zone)) return 'Yesterday';
  const isThisYear = time.slice(0, 4) === new Date(now).toISOString().slice(0, 4);
  return part(time, zone, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(!isThisYear && { year: 'numeric' }),
  });
}

const formats = new Map<string, Intl.DateTimeFormat>();

function part(time: string, zone: Zone, options: Intl.DateTimeFormatOptions): string {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return time;
  // Making a format costs more than a hundred times using it.
  const key = `${zone}${JSON.stringify(options)}`;
  const format =
    formats.get(key) ??
    new Intl.DateTimeFormat('en-GB', { ...options, hourCycle: 'h23', ...(zone === 'utc' && { timeZone: 'UTC' }) });
  formats.set(key, format);
  return format.format(at);
}

/** 12,345 */
export function countOf(count: number): string {
  return numbers.format(count);
}

/** "1 event", "12,345 events" */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${countOf(count)} ${count === 1 ? noun : many}`;
}

/** "512 B", "3.4 MB" */
export function bytesOf(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}

/** `create_security_configuration` as "Create security configuration". */
export function words(key: string): string {
  const text = key.replaceAll('_', ' ').replace(/\bmfa\b/, 'MFA');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
