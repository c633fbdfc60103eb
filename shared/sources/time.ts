import { scalarText } from '../json.ts';

const DECIMAL = /^-?\d{1,18}(\.\d{1,9})?$/;

/**
 * A number of seconds since 1970, given as a number or as its text, as ISO-8601 in UTC; undefined when it is none or no
 * date can be that far away.
 */
export function timeOfSeconds(value: unknown): string | undefined {
  return isoOf(value, 1000);
}

/** As {@link timeOfSeconds}, for milliseconds since 1970. */
export function timeOfMilliseconds(value: unknown): string | undefined {
  return isoOf(value, 1);
}

function isoOf(value: unknown, milliseconds: number): string | undefined {
  const text = typeof value === 'boolean' ? undefined : scalarText(value);
  if (text === undefined || !DECIMAL.test(text)) return undefined;
  const time = new Date(Math.round(Number(text) * milliseconds));
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

const ZONE = /(z|[+-]\d{2}:?\d{2})$/i;

/** A vendor's ISO-8601 text as it is, with `Z` where it has no zone and means UTC; undefined for what is no text. */
export function timeInUtc(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '') return undefined;
  return text.includes('T') && !ZONE.test(text) ? `${text}Z` : text;
}
