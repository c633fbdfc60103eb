import { type HivePrimitive, type HiveType, parseHiveType } from '../../../../shared/archive/hive-type.ts';
import { isJsonObject, type Json, type JsonObject, parseJson, scalarText } from '../../../../shared/json.ts';
import { ConversionError } from './conversion-error.ts';
import { splitDocuments } from './documents.ts';
import { hiveTimestamp } from './timestamp.ts';

/** Turns a value into what DuckDB reads as the type. @throws ConversionError where it does not fit. */
type Convert = (value: Json) => Json;
type Fields = readonly { readonly name: string; readonly type: HiveType }[];

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d{1,19}$/;

/**
 * Makes the function that turns a record into rows, one for each JSON object in it: the columns' keys, with values that fit
 * their types. Keys are matched without regard to case and unknown ones dropped, as Firehose's OpenX SerDe does. A value
 * that does not fit fails the whole record; so does an object in a string column, of which AWS does not say what becomes.
 *
 * @throws ConfigurationError when a column has a type that is not known. The function throws ConversionError.
 */
export function recordConverter(
  columns: readonly { readonly name: string; readonly type: string }[],
): (record: Buffer) => JsonObject[] {
  const convert = structConverter(columns.map(({ name, type }) => ({ name, type: parseHiveType(type) })));
  return (record) => {
    const documents = splitDocuments(decode(record));
    if (documents.length === 0)
      throw new ConversionError('MalformedData', 'The record was empty or contained only whitespace.');
    return documents.map((text) => convert(parse(text)));
  };
}

function decode(record: Buffer): string {
  try {
    return utf8.decode(record);
  } catch (cause) {
    throw new ConversionError('ParseError', 'The record is not UTF-8.', { cause });
  }
}

function parse(text: string): JsonObject {
  try {
    // The text begins with a brace.
    return parseJson(text) as JsonObject;
  } catch (cause) {
    throw new ConversionError('ParseError', 'Encountered malformed JSON.', { cause });
  }
}

function structConverter(fields: Fields): (value: JsonObject) => JsonObject {
  const known = new Map(fields.map(({ name, type }) => [name.toLowerCase(), { name, convert: converterOf(type) }]));
  return (object) => {
    const row: JsonObject = {};
    for (const [key, value] of Object.entries(object)) {
      const field = known.get(key.toLowerCase());
      if (field !== undefined) row[field.name] = inField(field.name, () => field.convert(value));
    }
    return row;
  };
}

function inField(name: string, convert: () => Json): Json {
  try {
    return convert();
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new ConversionError('MalformedData', `${name}: ${error.message}`, { cause: error.cause });
  }
}

function converterOf(type: HiveType): Convert {
  switch (type.kind) {
    case 'primitive': {
      const convert = PRIMITIVES[type.name];
      return (value) => (value === null ? null : (convert(value) ?? unfit(value, type.name)));
    }
    case 'array': {
      const element = converterOf(type.element);
      return (value) => (value === null ? null : Array.isArray(value) ? value.map(element) : unfit(value, 'array'));
    }
    case 'struct': {
      const convert = structConverter(type.fields);
      return (value) => (value === null ? null : isJsonObject(value) ? convert(value) : unfit(value, 'struct'));
    }
    case 'map': {
      const key = converterOf(type.key);
      const inner = converterOf(type.value);
      const entry = ([name, value]: [string, Json]) => [scalarText(key(name)) ?? '', inner(value)];
      return (value) =>
        value === null
          ? null
          : isJsonObject(value)
            ? Object.fromEntries(Object.entries(value).map(entry))
            : unfit(value, 'map');
    }
  }
}

function unfit(value: Json, type: string): never {
  const text = JSON.stringify(value);
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  throw new ConversionError('MalformedData', `Data does not match the schema: ${shown} is no ${type}`);
}

const PRIMITIVES: Readonly<Record<HivePrimitive, (value: Json) => Json | undefined>> = {
  // DuckDB reads no half of a surrogate pair.
  string: (value) => (value === '' ? '' : scalarText(value)?.toWellFormed()),
  timestamp: (value) => (typeof value === 'boolean' ? undefined : hiveTimestamp(scalarText(value) ?? '')),
  boolean: (value) => {
    const text = scalarText(value)?.toLowerCase();
    return text === 'true' ? true : text === 'false' ? false : undefined;
  },
  bigint: (value) => integer(value, 64),
  int: (value) => integer(value, 32),
  double: (value) => {
    const text = typeof value === 'boolean' ? undefined : scalarText(value);
    return text !== undefined && DECIMAL.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
  },
};

function integer(value: Json, bits: number): Json | undefined {
  const text = Number.isInteger(value) ? BigInt(Number(value)).toString() : scalarText(value);
  if (text === undefined || !INTEGER.test(text)) return undefined;
  const number = BigInt(text.replace('+', ''));
  return BigInt.asIntN(bits, number) === number ? parseJson(number.toString()) : undefined;
}
