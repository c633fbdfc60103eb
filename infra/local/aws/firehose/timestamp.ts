const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/;
const SQL = /^(\d{4})-(\d\d?)-(\d\d?) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/;
const EPOCH = /^-?\d+(?:\.\d+)?$/;
const MILLISECOND_DIGITS = 13;

/**
 * A time as DuckDB reads it, UTC, to the microsecond; undefined where Firehose's OpenX SerDe does not read the text either.
 *
 * It reads `yyyy-MM-ddTHH:mm:ss[.S]Z`, `yyyy-[M]M-[d]d HH:mm:ss[.S]` with at most 9 decimals, and epoch seconds, also with a
 * fraction, or from 13 digits on milliseconds ("Choose the JSON deserializer", Firehose guide); no other offset than Z.
 */
export function hiveTimestamp(text: string): string | undefined {
  const match = ISO.exec(text) ?? SQL.exec(text);
  if (match === null) return EPOCH.test(text) ? fromEpoch(text) : undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // Date carries the 31st of June over to July; it is no date.
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return real && year > 0 ? `${written(date, 19)}.${(match[7] ?? '').slice(0, 6).padEnd(6, '0')}` : undefined;
}

function fromEpoch(text: string): string | undefined {
  const milliseconds = text.includes('.') || text.length < MILLISECOND_DIGITS ? Number(text) * 1000 : Number(text);
  const date = new Date(Math.trunc(milliseconds));
  const year = date.getUTCFullYear();
  return year > 0 && year < 10_000 ? written(date, 23) : undefined;
}

function written(date: Date, length: number): string {
  return date.toISOString().slice(0, length).replace('T', ' ');
}
