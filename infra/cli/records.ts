import { createInterface } from 'node:readline';
import { type Duplex, PassThrough, pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { CSV_OPTIONS, filledCells } from '../../shared/csv.ts';
import { InvalidRequestError } from '../../shared/errors.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../shared/json.ts';

/** One vendor event of a file, or why there is none; `place` counts lines, or the elements of an array or table, from 1. */
export type FileRecord = { readonly place: number } & ({ readonly raw: JsonObject } | { readonly problem: string });

/** What is not read line by line is held whole. */
export const MAX_WHOLE_BYTES = 100 * 1024 * 1024;

/**
 * The vendor events of a file: NDJSON, or CSV with a header line, of any size in bounded memory, or one JSON array, or one JSON
 * object over several lines, of up to 100 MB; gzip of any of these. What it is shows in its first bytes.
 *
 * @throws InvalidRequestError when the whole can't be read.
 */
export async function* readRecords(input: Readable): AsyncGenerator<FileRecord> {
  const { head, stream } = await peek(input);
  if (head[0] === 0x1f && head[1] === 0x8b) {
    yield* unpacked(stream);
    return;
  }
  const first = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  const firstLine = first.split('\n', 1)[0] ?? '';
  if (first.startsWith('{') && (isJson(firstLine) || !isOpening(firstLine))) yield* readLines(stream);
  else if (/^[[{]/.test(first)) yield* readDocument(await whole(stream));
  else if (first !== '') yield* readTable(stream);
}

/** A line that opens an object over several lines, as a pretty-printed one begins; a long line is not seen to its end. */
function isOpening(line: string): boolean {
  return line.trim() === '{' || (!line.includes('}') && line.length < PEEK_BYTES / 2);
}

async function* readLines(stream: Readable): AsyncGenerator<FileRecord> {
  let place = 0;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    place += 1;
    const text = place === 1 ? line.replace(/^\uFEFF/, '') : line;
    if (text.trim() !== '') yield toRecord(place, () => parseJson(text));
  }
}

function* readDocument(text: string): Generator<FileRecord> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw new InvalidRequestError(`this is not JSON: ${(cause as Error).message}`, [], { cause });
  }
  for (const [index, one] of (Array.isArray(value) ? value : [value]).entries()) yield toRecord(index + 1, () => one);
}

async function* unpacked(stream: Readable): AsyncGenerator<FileRecord> {
  try {
    yield* readRecords(through(stream, createGunzip()));
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (/^Z_/.test(code)) throw new InvalidRequestError('this is damaged gzip', [], { cause });
    throw cause;
  }
}

async function* readTable(stream: Readable): AsyncGenerator<FileRecord> {
  // The header is the first line.
  let place = 1;
  try {
    for await (const row of through(stream, parse(CSV_OPTIONS))) {
      place += 1;
      yield { place, raw: filledCells(row as Record<string, string>) };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new InvalidRequestError(`this is neither JSON nor CSV: ${cause.message}`, [], { cause });
  }
}

/** What comes out of a stream's transformation; so do the errors of both. */
function through(stream: Readable, transform: Duplex): Duplex {
  pipeline(stream, transform, () => {});
  return transform;
}

function toRecord(place: number, read: () => unknown): FileRecord {
  try {
    const value = read();
    return isJsonObject(value) ? { place, raw: value } : { place, problem: 'is not a JSON object' };
  } catch (error) {
    return { place, problem: `is not JSON: ${(error as Error).message}` };
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const PEEK_BYTES = 64 * 1024;

/** The first bytes of a stream, and a stream of all of it. */
async function peek(input: Readable): Promise<{ head: Buffer; stream: Readable }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const iterator = input[Symbol.asyncIterator]();
  let ended = false;
  while (bytes < PEEK_BYTES && !ended) {
    const { value, done } = await iterator.next();
    if (done) ended = true;
    else {
      const chunk = Buffer.from(value as Buffer | string);
      chunks.push(chunk);
      bytes += chunk.length;
    }
  }
  const head = Buffer.concat(chunks);
  const stream = new PassThrough();
  const forward = async () => {
    if (!stream.write(head)) await drained(stream);
    while (!ended) {
      const { value, done } = await iterator.next();
      if (done) break;
      if (!stream.write(value)) await drained(stream);
    }
    stream.end();
  };
  forward().catch((error: Error) => stream.destroy(error));
  return { head, stream };
}

function drained(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    stream.once('drain', resolve);
  });
}

async function whole(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_WHOLE_BYTES) {
      throw new InvalidRequestError('this is over 100 MB: give events as NDJSON, one a line, which may have any size');
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}
