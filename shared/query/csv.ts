import { stringify } from 'csv-stringify/sync';
import { type Json, type JsonObject, scalarText } from '../json.ts';
import { valuesAt } from './fields.ts';

/** The columns of a CSV answer when none are asked for. */
export const DEFAULT_COLUMNS: readonly string[] = [
  'id',
  'time',
  'receivedAt',
  'source',
  'product',
  'category',
  'type',
  'action',
  'outcome',
  'actor.id',
  'actor.name',
  'actor.email',
  'actor.type',
  'targets.type',
  'targets.id',
  'targets.name',
  'ip',
  'userAgent',
  'session',
  'reason',
];

/**
 * Events as CSV (RFC 4180), one column per dot path, one row an event, after a line of the columns' names. Several values
 * share a cell, parted by `; `. Text that a spreadsheet would take for a formula gets a leading apostrophe.
 */
export function toCsv(events: readonly JsonObject[], columns: readonly string[]): string {
  return `${csvOf([columns])}${csvRows(events, columns)}`;
}

/** The same without the names. */
export function csvRows(events: readonly JsonObject[], columns: readonly string[]): string {
  return csvOf(events.map((event) => columns.map((column) => cell(valuesAt(event, column.split('.'))))));
}

function csvOf(rows: readonly (readonly string[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    {
      escape_formulas: true,
      record_delimiter: 'windows',
      // By itself it quotes what holds both, and many readers end a line at either.
      quoted_match: /[\r\n]/,
      // A row of one empty cell would be an empty line, which many readers leave out.
      quoted_empty: rows[0]?.length === 1,
    },
  );
}

function cell(values: readonly Json[]): string {
  const textOf = (value: Json) => (typeof value === 'string' ? value : (scalarText(value) ?? JSON.stringify(value)));
  return values.map(textOf).join('; ');
}
