import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { parseCsv } from '../../shared/csv.ts';
import { InvalidRequestError, type Problem } from '../../shared/errors.ts';
import { type Json, parseJson } from '../../shared/json.ts';
import { HttpError } from './answer.ts';

/** Bytes that a body of events may have, decompressed. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Events that one request may carry. */
export const MAX_EVENTS = 1_000;

const JSON_TYPE = /^application\/json\b/i;
const NDJSON_TYPE = /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)\b/i;
const GZIP_TYPE = /^application\/(x-)?gzip\b/i;
const CSV_TYPE = /^text\/csv\b/i;

/** What a route takes as its body. */
export interface BodyKinds {
  /** Also CSV, with a header line: each row an object of texts. */
  readonly csv: boolean;
}
/** Events in canonical form. */
export const EVENT_BODIES: BodyKinds = { csv: false };
/** A vendor's events, as its API or its exports give them. */
export const RAW_BODIES: BodyKinds = { csv: true };

/** The exact bytes of a request's body. */
export function bodyBytes({ body, isBase64Encoded }: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

/** A JSON value of a body, or why the line that should hold it does not. */
export type BodyEntry = { readonly value: Json } | { readonly problem: Problem };

/**
 * The events of a request's body: one JSON object, an array, or NDJSON; plain or gzip.
 *
 * @throws HttpError 413 over 4 MiB or 1,000 events, 415 for other content types.
 * @throws InvalidRequestError when the body is empty or is not JSON at all.
 */
export function readBody(event: APIGatewayProxyEventV2, kinds: BodyKinds): BodyEntry[] {
  const type = event.headers['content-type'] ?? '';
  const text = decode(event, type, kinds)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const isPacked = GZIP_TYPE.test(type);
  const isCsv = kinds.csv && (CSV_TYPE.test(type) || (isPacked && !/^\s*[[{]/.test(text)));
  const isLines = NDJSON_TYPE.test(type) || (isPacked && looksLikeLines(text));
  const entries = isCsv ? readCsv(text) : isLines ? readLines(text) : readDocument(text);
  if (entries.length === 0) throw new InvalidRequestError('the body holds no event');
  if (entries.length > MAX_EVENTS) {
    throw new HttpError(
      413,
      'too_many_events',
      `the body holds ${entries.length} events: send at most ${MAX_EVENTS} at once`,
    );
  }
  return entries;
}

function decode(event: APIGatewayProxyEventV2, type: string, { csv }: BodyKinds): Buffer {
  const encoding = (event.headers['content-encoding'] ?? 'identity').toLowerCase();
  const isJson = JSON_TYPE.test(type);
  const isKnown = isJson || NDJSON_TYPE.test(type) || GZIP_TYPE.test(type) || (csv && CSV_TYPE.test(type));
  if (!isKnown) {
    const accepted = `application/json, application/x-ndjson${csv ? ', text/csv' : ''}, or application/gzip of these`;
    throw new HttpError(
      415,
      'unsupported_media_type',
      `send Content-Type ${accepted}; this was ${type === '' ? 'none' : type}`,
    );
  }
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new HttpError(
      415,
      'unsupported_media_type',
      `Content-Encoding ${encoding} is not understood: send gzip or none`,
    );
  }
  // API Gateway hands a JSON body over as text: compressed bytes are spoiled by then.
  if (!event.isBase64Encoded && (encoding === 'gzip' || event.body?.startsWith('\u001f'))) {
    throw new HttpError(415, 'unsupported_media_type', 'send a compressed body with Content-Type application/gzip');
  }
  const bytes = bodyBytes(event);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip && (encoding === 'gzip' || GZIP_TYPE.test(type))) throw new InvalidRequestError('the body is not gzip');
  if (!isGzip) return withinLimit(bytes);
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge();
    throw new InvalidRequestError('the body is damaged gzip', [], { cause });
  }
}

function withinLimit(bytes: Buffer): Buffer {
  if (bytes.length > MAX_BODY_BYTES) throw tooLarge();
  return bytes;
}

function tooLarge(): HttpError {
  return new HttpError(413, 'body_too_large', 'the body is over 4 MiB when decompressed: send it in parts');
}

function looksLikeLines(text: string): boolean {
  const trimmed = text.trim();
  return (
    !trimmed.startsWith('[') && trimmed.includes('\n') && /^\{.*\}\s*$/.test(trimmed.slice(0, trimmed.indexOf('\n')))
  );
}

function readDocument(text: string): BodyEntry[] {
  try {
    const value = parseJson(text);
    return (Array.isArray(value) ? value : [value]).map((one) => ({ value: one }));
  } catch (cause) {
    throw new InvalidRequestError(`the body is not JSON: ${(cause as Error).message}`, [], { cause });
  }
}

function readCsv(text: string): BodyEntry[] {
  try {
    return parseCsv(text).map((value) => ({ value }));
  } catch (cause) {
    throw new InvalidRequestError(`the body is not CSV: ${(cause as Error).message}`, [], { cause });
  }
}

function readLines(text: string): BodyEntry[] {
  return text.split('\n').flatMap((line): BodyEntry[] => {
    if (line.trim() === '') return [];
    try {
      return [{ value: parseJson(line) }];
    } catch (error) {
      return [{ problem: { path: '', message: `is not JSON: ${(error as Error).message}` } }];
    }
  });
}
