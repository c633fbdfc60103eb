import { randomBytes } from 'node:crypto';
import { ConfigurationError } from '../../../../shared/errors.ts';

const EXPRESSION = /!\{([^:{}]*):([^{}]*)\}/g;
// Java's DateTimeFormatter: letters are fields, 'text' is literal, '' is a quote, everything else stands for itself.
const FIELD = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']/g;
const DEFAULT_TIME = '!{timestamp:yyyy/MM/dd/HH/}';

/**
 * Evaluates a prefix of a delivery stream: `!{timestamp:…}` of the fields yyyy, MM, dd, HH, mm, ss in UTC,
 * `!{firehose:random-string}` and, where `errorType` is given, `!{firehose:error-output-type}`. A prefix for data without
 * a timestamp gets `yyyy/MM/dd/HH/` appended. See "Understand custom prefixes for Amazon S3 objects" of the Firehose guide.
 *
 * @param at arrival of the oldest record of the object.
 * @throws ConfigurationError for anything else that begins with `!{`.
 */
export function expandPrefix(prefix: string, at: Date, errorType?: string): string {
  const whole = errorType !== undefined || prefix.includes('!{timestamp:') ? prefix : prefix + DEFAULT_TIME;
  const left = whole.replace(EXPRESSION, '');
  if (left.includes('!{')) throw new ConfigurationError(`prefix ${prefix}: an expression is not !{namespace:value}`);
  return whole.replace(EXPRESSION, (expression, namespace: string, value: string) => {
    if (namespace === 'timestamp') return formatTime(value, at);
    if (expression === '!{firehose:random-string}') return randomBytes(6).toString('hex').slice(0, 11);
    if (expression === '!{firehose:error-output-type}' && errorType !== undefined) return errorType;
    throw new ConfigurationError(`prefix ${prefix}: the local Firehose does not know ${expression}`);
  });
}

/** The part of an object's name that Firehose appends to the prefix: `<stream>-1-yyyy-MM-dd-HH-mm-ss-<uuid>`. */
export function objectSuffix(stream: string, at: Date, uuid: string): string {
  return `${stream}-1-${formatTime('yyyy-MM-dd-HH-mm-ss', at)}-${uuid}`;
}

function formatTime(pattern: string, at: Date): string {
  const iso = at.toISOString();
  const fields: Readonly<Record<string, string>> = {
    yyyy: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    dd: iso.slice(8, 10),
    HH: iso.slice(11, 13),
    mm: iso.slice(14, 16),
    ss: iso.slice(17, 19),
  };
  if (pattern.replace(FIELD, '') !== '') throw new ConfigurationError(`timestamp pattern ${pattern}: a quote is open`);
  return pattern.replace(FIELD, (token, literal: string | undefined, letter: string | undefined) => {
    if (literal !== undefined) return literal === '' ? "'" : literal.replaceAll("''", "'");
    if (letter === undefined) return token;
    const value = fields[token];
    if (value === undefined)
      throw new ConfigurationError(
        `timestamp pattern ${pattern}: the local Firehose knows ${Object.keys(fields).join(', ')}, not ${token}`,
      );
    return value;
  });
}
