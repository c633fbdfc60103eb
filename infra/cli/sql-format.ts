import { stringify } from 'csv-stringify/sync';
import type { SqlResult } from '../local/sql.ts';

const MAX_CELL = 80;
const NUMERIC = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|UINTEGER|DOUBLE|FLOAT|DECIMAL.*)$/;
// Events carry what strangers wrote; it must not steer the terminal nor turn the direction of the text.
const UNSAFE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** How a result is printed. */
export const FORMATS = {
  /** For people: aligned, long values cut, a last line with the number of rows. */
  table({ columns, rows }: SqlResult): string {
    // A plan is drawn over several lines.
    if (columns[1]?.name === 'explain_value') return rows.map(([, plan]) => `${textOf(plan)}\n`).join('');
    const texts = rows.map((row) => row.map(shown));
    const widths = columns.map(({ name }, index) =>
      texts.reduce((width, row) => Math.max(width, widthOf(row[index] ?? '')), widthOf(name)),
    );
    const line = (cells: readonly string[]) =>
      cells
        .map((cell, index) => {
          const fill = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell)));
          return NUMERIC.test(columns[index]?.type ?? '') ? fill + cell : cell + fill;
        })
        .join('  ')
        .trimEnd();
    const head = [line(columns.map(({ name }) => name)), widths.map((width) => '-'.repeat(width)).join('  ')];
    return [...head, ...texts.map(line), `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`, ''].join('\n');
  },
  /** An array of objects, one a line. */
  json({ columns, rows }: SqlResult): string {
    const objects = rows.map((row) =>
      JSON.stringify(Object.fromEntries(columns.map(({ name }, index) => [name, row[index]]))),
    );
    return objects.length === 0 ? '[]\n' : `[\n${objects.join(',\n')}\n]\n`;
  },
  /** RFC 4180 with a head line; lists and structs as JSON. */
  csv({ columns, rows }: SqlResult): string {
    return stringify([columns.map(({ name }) => name), ...rows.map((row) => row.map(textOf))]);
  },
} as const satisfies Record<string, (result: SqlResult) => string>;

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function shown(value: unknown): string {
  const safe = textOf(value).replace(UNSAFE, (character) =>
    character === '\n' ? '\\n' : `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
  const characters = [...safe];
  return characters.length > MAX_CELL ? `${characters.slice(0, MAX_CELL - 1).join('')}…` : safe;
}

function widthOf(text: string): number {
  return [...text].length;
}
