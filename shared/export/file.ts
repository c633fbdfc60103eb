import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '../json.ts';
import { csvRows, DEFAULT_COLUMNS, toCsv } from '../query/csv.ts';
import { DEFAULT_FIELDS, needsRaw, pick } from '../query/fields.ts';
import type { ExportRecord } from './record.ts';

type Shape = Pick<ExportRecord, 'format' | 'columns'>;

/** A file that is being filled: its text is held in memory until it is taken. */
export class OpenFile {
  readonly #shape: Shape;
  #parts: string[] = [];
  #rows = 0;
  #length = 0;

  constructor(shape: Shape) {
    this.#shape = shape;
  }

  get rows(): number {
    return this.#rows;
  }

  /** In characters. */
  get length(): number {
    return this.#length;
  }

  add(events: readonly JsonObject[]): void {
    const text = linesOf(events, this.#shape);
    this.#parts.push(text);
    this.#rows += events.length;
    this.#length += text.length;
  }

  /** The file, gzip, and how many rows it has; what is added from now on is another file. */
  take(): { bytes: Buffer; rows: number } {
    const header = this.#shape.format === 'csv' ? toCsv([], columnsOf(this.#shape)) : '';
    const taken = { bytes: gzipSync([header, ...this.#parts].join('')), rows: this.#rows };
    this.#parts = [];
    this.#rows = 0;
    this.#length = 0;
    return taken;
  }
}

export function columnsOf({ columns }: Shape): readonly string[] {
  return columns ?? DEFAULT_COLUMNS;
}

export function wantsRaw(shape: Shape): boolean {
  return shape.format === 'csv' && needsRaw(columnsOf(shape));
}

export function sha256Of(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** NDJSON has exactly the objects that `GET /v1/events` answers. */
function linesOf(events: readonly JsonObject[], shape: Shape): string {
  return shape.format === 'csv'
    ? csvRows(events, columnsOf(shape))
    : events.map((event) => `${JSON.stringify(pick(event, DEFAULT_FIELDS))}\n`).join('');
}
