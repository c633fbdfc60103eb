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
 * Events as CSV (RFC 4180), one column per dot path, with a header line. Several values share a cell, parted by `; `.
 * Text that a spreadsheet would take for a formula gets a leading apostrophe.
 */
export function toCsv(events: readonly JsonObject[], columns: readonly string[]): string {
  return stringify(
    [[...columns], ...events.map((event) => columns.map((column) => cell(valuesAt(event, column.split('.')))))],
    { escape_formulas: true },
  );
}

function cell(values: readonly Json[]): string {
  return values.map((value) => scalarText(value) ?? JSON.stringify(value)).join('; ');
}
