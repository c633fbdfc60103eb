import type { Zone } from '../app/preferences.ts';

/** A time as an input of the kind `datetime-local` has it; empty for what is no time. */
export function inputOf(time: string, zone: Zone): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '';
  const shifted = zone === 'utc' ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** What was put in, as UTC ISO-8601; null when nothing or no time was. */
export function timeOf(input: string, zone: Zone): string | null {
  if (input === '') return null;
  const date = new Date(zone === 'utc' ? `${input}Z` : input);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
