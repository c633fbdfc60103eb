import { AwsError, type AwsRequest, type AwsResponse } from '../endpoint.ts';
import { objectArn } from './access.ts';
import {
  checkObject,
  chooseVersion,
  DeleteMarkerError,
  type Exchange,
  versionHeader,
  versionIdOf,
} from './exchange.ts';
import type { StoredObject } from './store.ts';
import { toXml } from './xml.ts';

/** Answers GetObject and HeadObject. @throws AwsError AccessDenied, NoSuchKey, NoSuchVersion, InvalidRange. */
export async function answerRead(exchange: Exchange, key: string): Promise<AwsResponse> {
  const { store, request, bucket } = exchange;
  const isHead = request.method === 'HEAD';
  await checkObject(exchange, versionIdOf(request) === undefined ? 's3:GetObject' : 's3:GetObjectVersion', key);
  try {
    const object = await store.read(bucket, key, (versions) => chooseVersion(exchange, key, versions), !isHead);
    const headers = objectHeaders(exchange, key, object);
    return isHead ? { status: 200, headers } : answerGet(request, object, headers);
  } catch (error) {
    if (error instanceof DeleteMarkerError) return answerMarker(error, isHead);
    throw error;
  }
}

/** The object, whole or one `Range`. @throws AwsError InvalidRange (416) when the range begins past the end. */
function answerGet(request: AwsRequest, object: StoredObject, headers: Record<string, string>): AwsResponse {
  const { size, bytes } = object;
  const range = readRange(request.headers['range'], size);
  if (range === undefined) return { status: 200, headers, body: bytes };
  // The checksums are of the whole.
  const kept = Object.entries(headers).filter(([name]) => name !== 'content-length' && !/^x-amz-checksum-/.test(name));
  return {
    status: 206,
    headers: { ...Object.fromEntries(kept), 'content-range': `bytes ${range.from}-${range.to}/${size}` },
    body: bytes.subarray(range.from, range.to + 1),
  };
}

/** The headers of GetObject and HeadObject. */
function objectHeaders(exchange: Exchange, key: string, { version, size }: StoredObject): Record<string, string> {
  const { request, definition } = exchange;
  const isWanted = request.headers['x-amz-checksum-mode'] === 'ENABLED' && Object.keys(version.checksums).length > 0;
  return {
    'content-type': 'binary/octet-stream',
    ...version.headers,
    ...(isWanted && { ...version.checksums, 'x-amz-checksum-type': 'FULL_OBJECT' }),
    ...versionHeader(definition, version.id),
    ...(version.storageClass !== undefined && { 'x-amz-storage-class': version.storageClass }),
    ...describe(exchange, key, version),
    'content-length': String(size),
    'accept-ranges': 'bytes',
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.lastModified).toUTCString(),
  };
}

/** Locks and the number of tags, each only to who may read it by itself (S3 API reference, HeadObject). */
function describe(
  { access, request, bucket }: Exchange,
  key: string,
  { retention, legalHold, tags }: StoredObject['version'],
): Record<string, string> {
  const may = (action: string) =>
    access.allows(request.principal, bucket, { action, resource: objectArn(bucket, key) });
  const count = Object.keys(tags).length;
  const getTags = versionIdOf(request) === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging';
  return {
    ...(retention !== undefined &&
      may('s3:GetObjectRetention') && {
        'x-amz-object-lock-mode': retention.mode,
        'x-amz-object-lock-retain-until-date': retention.until,
      }),
    ...(legalHold !== undefined && may('s3:GetObjectLegalHold') && { 'x-amz-object-lock-legal-hold': legalHold }),
    ...(count > 0 && may(getTags) && { 'x-amz-tagging-count': String(count) }),
  };
}

function answerMarker({ code, message, status, versionId }: DeleteMarkerError, isHead: boolean): AwsResponse {
  return {
    status,
    headers: {
      'x-amz-delete-marker': 'true',
      'x-amz-version-id': versionId,
      ...(status === 405 && { allow: 'DELETE' }),
    },
    ...(!isHead && { body: toXml('Error', { Code: code, Message: message }) }),
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
