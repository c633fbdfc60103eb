import { parse } from 'csv-parse/sync';
import type { JsonObject } from './json.ts';

/**
 * CSV (RFC 4180) with a header line, each row as an object of texts under the header's names. Empty lines are left out, empty
 * cells too, so that a field that a vendor left empty is absent as it would be in JSON.
 *
 * @throws Error when quotes don't match or a row has more cells than the header.
 */
export function parseCsv(text: string): JsonObject[] {
  const rows = parse(text, { bom: true, columns: true, skip_empty_lines: true, relax_column_count_less: true });
  return (rows as Record<string, string>[]).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '' && value !== undefined)),
  );
}
