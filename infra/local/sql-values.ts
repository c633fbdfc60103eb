import {
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBValueConverter,
  type Json,
  JsonDuckDBValueConverter,
} from '@duckdb/node-api';

const PRECISE_DIGITS = 15;
const TIMESTAMPS: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_NS,
  DuckDBTypeId.TIMESTAMP_TZ,
]);
const EXACT_NUMBERS: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.DECIMAL,
]);

/**
 * A value of a result as JSON has it: timestamps as ISO-8601 with Z, integers and decimals as numbers where a number holds
 * them exactly and as text where not, structs as objects, maps as lists of `{key, value}`.
 */
export const toJsonValue: DuckDBValueConverter<Json> = (value, type) => {
  if (value === null) return null;
  if (EXACT_NUMBERS.has(type.typeId)) return numberIfExact(String(value));
  if (TIMESTAMPS.has(type.typeId))
    // As text, an instant would be in the time zone of the machine.
    return isoTime(String(value instanceof DuckDBTimestampTZValue ? new DuckDBTimestampValue(value.micros) : value));
  return JsonDuckDBValueConverter(value, type, toJsonValue);
};

function numberIfExact(text: string): Json {
  const number = Number(text);
  const exact = text.includes('.') ? text.replace(/[-.]/g, '').length <= PRECISE_DIGITS : Number.isSafeInteger(number);
  return exact ? number : text;
}

/** `infinity` and years of other than four digits stay as DuckDB writes them. */
function isoTime(text: string): string {
  const [, day, time, fraction = ''] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?$/.exec(text) ?? [];
  return day === undefined ? text : `${day}T${time}.${fraction.padEnd(3, '0')}Z`;
}
