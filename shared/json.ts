import { InvalidRequestError } from './errors.ts';

/** A JSON value. Integers beyond 2^53 are kept as `JSON.rawJSON` objects, so that nothing is rounded. */
export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

// TypeScript's library does not describe these two yet (ECMA-262 proposal-json-parse-with-source; Node 22 and later).
interface JsonWithSource {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): JsonObject;
  isRawJSON(value: unknown): value is { rawJSON: string };
}
const json = JSON as unknown as JsonWithSource;

const MAY_HOLD_LARGE_INTEGER = /\d{16}/;
const INTEGER = /^-?\d+$/;

/**
 * Parses JSON without rounding integers: those beyond 2^53 come back as `JSON.rawJSON` objects, which `JSON.stringify`
 * writes out digit by digit. Use {@link scalarText} to read a value that may be one.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseJson(text: string): Json {
  if (!MAY_HOLD_LARGE_INTEGER.test(text)) return JSON.parse(text) as Json;
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && INTEGER.test(source)
      ? json.rawJSON(source)
      : value,
  ) as Json;
}

/** True for a JSON object, and not for an array, null or a large integer. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !json.isRawJSON(value);
}

/** A string, number or boolean as text, large integers digit by digit; undefined for anything else and for ''. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return json.isRawJSON(value) ? value.rawJSON : undefined;
}

/**
 * JSON with the keys of every object in code-unit order: equal values give equal text.
 *
 * @throws InvalidRequestError when the value is nested so deeply that it can't be written.
 */
export function canonicalJson(value: unknown): string {
  try {
    return JSON.stringify(value, sortKeys);
  } catch (cause) {
    // V8 reads JSON of any depth, but writes it with the stack.
    if (cause instanceof RangeError) throw new InvalidRequestError('the event is nested too deeply', [], { cause });
    throw cause;
  }
}

function sortKeys(_key: string, value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
