import { isJsonObject, type Json, type JsonObject, parseJson } from '../../json.ts';
import { changeText, textAt } from '../read.ts';
import type { FieldType } from '../source.ts';

const COLUMN_NAMES = [
  'event_time',
  'controller',
  'entity',
  'action',
  'attribute',
  'status',
  'device',
  'comments',
  'user_id',
  'workgroup_id',
  'entity_id',
  'old_value',
  'new_value',
] as const;

const CONTENT = [...COLUMN_NAMES, 'config', 'old_value_full', 'new_value_full'];

const COLUMNS: Readonly<Record<string, FieldType>> = Object.fromEntries(
  COLUMN_NAMES.map((column) => [column, /_(id|time|value)$/.test(column) ? 'scalar' : 'string'] as const),
);

/** The columns that the mapping reads, as the API names them and, in capitals, as the documentation and exports do. */
export const FIELDS: Readonly<Record<string, FieldType>> = {
  ...COLUMNS,
  ...Object.fromEntries(Object.entries(COLUMNS).map(([column, type]) => [column.toUpperCase(), type])),
};

/** A row of the table, its column names in lower case, and what its columns say. */
export interface Row {
  readonly raw: JsonObject;
  readonly action: string;
  /** Controller and entity in lower case, without those that are empty. */
  readonly things: readonly string[];
  readonly attribute: string;
  readonly oldValue: string | undefined;
  readonly newValue: string | undefined;
  readonly comments: string | undefined;
}

export function rowOf(raw: JsonObject): Row {
  const lower = (column: string) => textAt(raw, [column])?.trim().toLowerCase() ?? '';
  return {
    raw,
    action: lower('action'),
    things: [lower('controller'), lower('entity')].filter((thing) => thing !== ''),
    attribute: lower('attribute'),
    oldValue: textAt(raw, ['old_value']),
    newValue: textAt(raw, ['new_value']),
    comments: textAt(raw, ['comments']),
  };
}

/**
 * The row with its column names as the API spells them: `EVENT_TIME`, `Event Time` and, after the byte order mark of a CSV
 * file, `event_time` are one column, and the same row is the same event whichever way it came.
 */
export function withPlainColumns(raw: JsonObject): JsonObject {
  const plain = (key: string) => key.trim().toLowerCase().replaceAll(' ', '_');
  const keys = Object.keys(raw);
  if (keys.every((key) => key === plain(key))) return raw;
  const taken = new Set(keys.filter((key) => key === plain(key)));
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => {
      const name = plain(key);
      if (name === key || taken.has(name)) return [key, value];
      taken.add(name);
      return [name, value];
    }),
  );
}

/**
 * What a row says, the same for a row of the API and of a CSV export: every documented column as text, structures with
 * sorted keys, without those that are empty. Undefined for what is no row of the table.
 */
export function contentOf(raw: JsonObject, time: string | undefined): JsonObject | undefined {
  if (time === undefined || textAt(raw, ['action']) === undefined) return undefined;
  const texts = CONTENT.map((column) => {
    const value = raw[column];
    return [column, column === 'event_time' ? time : changeText(structureOf(value) ?? value)];
  });
  return Object.fromEntries(texts.filter(([, text]) => text !== undefined && text !== ''));
}

/** An object or array, given as such or as its JSON text; undefined for anything else. */
export function structureOf(value: Json | undefined): Json[] | JsonObject | undefined {
  if (Array.isArray(value) || isJsonObject(value)) return value;
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    const parsed = parseJson(value);
    return Array.isArray(parsed) || isJsonObject(parsed) ? parsed : undefined;
  } catch {
    // Text that only starts like JSON is text.
    return undefined;
  }
}

/** The object in a column of whole objects: as JSON or as its text, and in CSV always as text. */
export function fullObject({ raw }: Row, column: 'old_value_full' | 'new_value_full'): JsonObject | undefined {
  const value = structureOf(raw[column]);
  return isJsonObject(value) ? value : undefined;
}
