const ISO_8601 =
  /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::(\d{2}))?(?:[.,](\d{1,9}))?(Z|z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)$/;
const DAY_MS = 86_400_000;

/**
 * An ISO-8601 time with a zone as UTC with milliseconds (finer digits are cut); undefined when the text is not one or
 * names a day or hour that does not exist.
 *
 * @example
 * ```ts
 * parseTime('2026-01-31T10:30:00+01:00'); // '2026-01-31T09:30:00.000Z'
 * ```
 */
export function parseTime(text: string): string | undefined {
  const parts = ISO_8601.exec(text);
  if (!parts) return undefined;
  const [, date, hourMinute, second = '00', fraction = '', zone = 'Z'] = parts;
  const local = `${date}T${hourMinute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}`;
  const asUtc = new Date(`${local}Z`);
  // V8 rolls 30 February over into March instead of refusing it.
  if (Number.isNaN(asUtc.getTime()) || asUtc.toISOString() !== `${local}Z`) return undefined;
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z';
  const utc = new Date(`${local}${offset}`);
  return isFourDigitYear(utc) ? utc.toISOString() : undefined;
}

/** True for a time that an audit event can have: from 1970 until a day from now. */
export function isPlausible(time: string, now: number): boolean {
  const at = Date.parse(time);
  return at >= 0 && at < now + DAY_MS;
}

function isFourDigitYear(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year >= 0 && year <= 9999;
}
