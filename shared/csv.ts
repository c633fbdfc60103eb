import type { Options } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import type { JsonObject } from './json.ts';

/** CSV (RFC 4180) with a header line, after a byte order mark or not. Empty lines are left out. */
export const CSV_OPTIONS = {
  bom: true,
  columns: true,
  skip_empty_lines: true,
  relax_column_count_less: true,
} satisfies Options;

/**
 * CSV as {@link CSV_OPTIONS} has it, each row as an object of texts under the header's names.
 *
 * @throws Error when quotes don't match or a row has more cells than the header.
 */
export function parseCsv(text: string): JsonObject[] {
  return (parse(text, CSV_OPTIONS) as Record<string, string>[]).map(filledCells);
}

/** A row without its empty cells, so that a field that a vendor left empty is absent as it would be in JSON. */
export function filledCells(row: Record<string, string>): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '' && value !== undefined));
}
