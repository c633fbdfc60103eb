import { AwsError, type AwsRequest, type AwsResponse } from '../endpoint.ts';
import { objectArn } from './access.ts';
import type { Exchange } from './exchange.ts';
import type { ObjectInfo } from './store.ts';

/** Answers GetObject and HeadObject. @throws AwsError AccessDenied, NoSuchKey, InvalidRange. */
export async function answerRead(exchange: Exchange, key: string): Promise<AwsResponse> {
  const { store, access, request, authorize, bucket } = exchange;
  await access.check(authorize, bucket, { action: 's3:GetObject', resource: objectArn(bucket, key) });
  if (request.method === 'HEAD') {
    const object = await store.head(bucket, key);
    if (object !== undefined) return { status: 200, headers: objectHeaders(request, object) };
  } else {
    const object = await store.get(bucket, key);
    if (object !== undefined) return answerGet(request, object);
  }
  throw access.missing(request.principal, bucket, key);
}

/**
 * The object, whole or one `Range`, with the headers and checksums of the write.
 *
 * @throws AwsError InvalidRange (416) when the range begins past the end.
 */
function answerGet(request: AwsRequest, object: ObjectInfo & { readonly bytes: Buffer }): AwsResponse {
  const range = readRange(request.headers['range'], object.size);
  if (range === undefined) return { status: 200, headers: objectHeaders(request, object), body: object.bytes };
  const { 'content-length': _whole, ...headers } = objectHeaders(request, { ...object, checksums: {} });
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${range.from}-${range.to}/${object.size}` },
    body: object.bytes.subarray(range.from, range.to + 1),
  };
}

/** The headers of GetObject and HeadObject. */
function objectHeaders(request: AwsRequest, object: ObjectInfo): Record<string, string> {
  return {
    'content-type': 'binary/octet-stream',
    ...object.headers,
    ...(request.headers['x-amz-checksum-mode'] === 'ENABLED' ? object.checksums : {}),
    'content-length': String(object.size),
    'accept-ranges': 'bytes',
    etag: `"${object.etag}"`,
    'last-modified': object.lastModified.toUTCString(),
  };
}

/** First and last byte of the range; undefined where RFC 9110, 14.2 says to ignore the header. */
function readRange(header: string | undefined, size: number): { from: number; to: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (from > to) throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return { from, to };
}
