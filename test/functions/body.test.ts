import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HttpError } from '../../functions/http/answer.ts';
import { EVENT_BODIES, RAW_BODIES, readBody } from '../../functions/http/body.ts';
import { InvalidRequestError } from '../../shared/errors.ts';

/** An event as API Gateway makes it: JSON as text, everything else in base64. */
function request(body: string | Buffer, headers: Record<string, string>): APIGatewayProxyEventV2 {
  const isText = headers['content-type']?.startsWith('application/json') ?? false;
  const bytes = Buffer.from(body);
  return {
    headers,
    body: bytes.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  } as unknown as APIGatewayProxyEventV2;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const NDJSON = { 'content-type': 'application/x-ndjson' };
const GZIP = { 'content-type': 'application/gzip' };
const statusOf = (work: () => unknown): number | string => {
  try {
    work();
    return 'no error';
  } catch (error) {
    if (error instanceof HttpError) return error.status;
    return error instanceof InvalidRequestError ? 400 : `unexpected ${error}`;
  }
};

describe('readBody', () => {
  it.each<[string, string | Buffer, Record<string, string>, unknown[]]>([
    ['one object', '{"a":1}', JSON_TYPE, [{ value: { a: 1 } }]],
    ['an array', '[{"a":1},2]', JSON_TYPE, [{ value: { a: 1 } }, { value: 2 }]],
    ['lines', '{"a":1}\r\n\n{"a":2}', NDJSON, [{ value: { a: 1 } }, { value: { a: 2 } }]],
    ['one line', '{"a":1}\n', NDJSON, [{ value: { a: 1 } }]],
    ['compressed lines', gzipSync('{"a":1}\n{"a":2}\n'), GZIP, [{ value: { a: 1 } }, { value: { a: 2 } }]],
    ['a compressed array', gzipSync('[\n{"a":1}\n]'), GZIP, [{ value: { a: 1 } }]],
    ['a compressed object over lines', gzipSync('{\n"a":1\n}'), GZIP, [{ value: { a: 1 } }]],
    [
      'lines with Content-Encoding',
      gzipSync('{"a":1}'),
      { ...NDJSON, 'content-encoding': 'gzip' },
      [{ value: { a: 1 } }],
    ],
    ['a byte order mark', '\uFEFF[{"a":1}]', JSON_TYPE, [{ value: { a: 1 } }]],
  ])('reads %s', (_what, body, headers, expected) => {
    expect(readBody(request(body, headers), EVENT_BODIES)).toEqual(expected);
  });

  it.each<[string, string | Buffer, Record<string, string>]>([
    ['plain', 'id,name,note\n1,"a, b",\n\n2,c\n', { 'content-type': 'text/csv' }],
    [
      'with a byte order mark',
      '\uFEFFid,name,note\r\n1,"a, b",\r\n2,c\r\n',
      { 'content-type': 'text/csv; charset=utf-8' },
    ],
    ['compressed', gzipSync('id,name,note\n1,"a, b",\n2,c\n'), GZIP],
  ])("reads a vendor's CSV, %s, empty cells left out", (_what, body, headers) => {
    const rows = [{ value: { id: '1', name: 'a, b' } }, { value: { id: '2', name: 'c' } }];
    expect(readBody(request(body, headers), RAW_BODIES)).toEqual(rows);
  });

  it('takes no CSV for events in canonical form, and no CSV that is broken', () => {
    const csv = (text: string) => request(text, { 'content-type': 'text/csv' });
    expect(statusOf(() => readBody(csv('a\n1'), EVENT_BODIES))).toBe(415);
    for (const broken of ['a,b\n1,2,3', 'a\n"1']) expect(statusOf(() => readBody(csv(broken), RAW_BODIES))).toBe(400);
  });

  it('says which line is not JSON and reads the others', () => {
    const [first, second] = readBody(request('{"a":1}\nnope', NDJSON), EVENT_BODIES);
    expect(first).toEqual({ value: { a: 1 } });
    expect(second).toMatchObject({ problem: { message: expect.stringContaining('not JSON') } });
  });

  it.each<[string, string | Buffer, Record<string, string>, number]>([
    ['no content type', '{}', {}, 415],
    ['a form', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['another compression', 'x', { ...NDJSON, 'content-encoding': 'br' }, 415],
    ['gzip labelled JSON', gzipSync('{"a":1}'), JSON_TYPE, 415],
    [
      'gzip labelled JSON with Content-Encoding',
      gzipSync('{"a":1}'),
      { ...JSON_TYPE, 'content-encoding': 'gzip' },
      415,
    ],
    ['what is not gzip', '{}', GZIP, 400],
    ['damaged gzip', gzipSync('{"a":1}').subarray(0, 15), GZIP, 400],
    ['no JSON', '{"a":', JSON_TYPE, 400],
    ['nothing', '', JSON_TYPE, 400],
    ['an empty array', '[]', JSON_TYPE, 400],
    ['empty lines', '\n\n', NDJSON, 400],
    ['too many events', `[${'1,'.repeat(1000)}1]`, JSON_TYPE, 413],
    ['a body over 4 MiB', ' '.repeat(4 * 1024 * 1024 + 1), NDJSON, 413],
    ['a bomb', gzipSync(Buffer.alloc(50_000_000)), GZIP, 413],
  ])('refuses %s', (_what, body, headers, status) => {
    expect(statusOf(() => readBody(request(body, headers), EVENT_BODIES))).toBe(status);
  });

  it('answers any bytes with events or a plain error', () => {
    const types = fc.constantFrom(JSON_TYPE, NDJSON, GZIP, {});
    fc.assert(
      fc.property(fc.uint8Array(), types, fc.boolean(), (bytes, headers, compress) => {
        const body = compress ? gzipSync(bytes) : Buffer.from(bytes);
        expect(String(statusOf(() => readBody(request(body, headers), EVENT_BODIES)))).not.toMatch(/unexpected/);
      }),
    );
  });
});
