import type { BucketDefinition, Principal } from '../types.ts';
import { AwsError, type AwsResponse, type AwsService } from './endpoint.ts';
import { createAccess } from './s3/access.ts';
import { deleteObject, deleteObjects } from './s3/delete.ts';
import { type Exchange, notImplemented } from './s3/exchange.ts';
import { listObjects } from './s3/list.ts';
import { answerPut, put, putRequest } from './s3/put.ts';
import { answerRead } from './s3/read.ts';
import { openStore } from './s3/store.ts';

export interface PutOptions {
  readonly contentType?: string;
  /** Names without `x-amz-meta-`, in lower case. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** As the header `If-None-Match: *`: the write fails when the key is taken. */
  readonly ifNoneMatch?: '*';
}

export interface S3 {
  readonly service: AwsService;
  /**
   * Writes an object for somebody inside this process, with the checks that a PutObject over HTTP meets.
   *
   * @throws AwsError NoSuchBucket, AccessDenied, PreconditionFailed.
   */
  putObject(principal: Principal, bucket: string, key: string, bytes: Buffer, options?: PutOptions): Promise<void>;
  /** The file that holds, or would hold, an object. */
  pathOf(bucket: string, key: string): string;
}

/**
 * A local S3: PutObject, GetObject, HeadObject, ListObjectsV2, DeleteObject and DeleteObjects, path style, on plain files
 * under `<dir>/s3/<bucket>/<key>`. It knows no versions and no locks: a delete is a delete, and only IAM stands against
 * it. A key can't be the folder of another.
 *
 * @throws ConfigurationError when a bucket policy has a Deny that can't be evaluated.
 */
export function createS3({ dir, buckets }: { dir: string; buckets: readonly BucketDefinition[] }): S3 {
  const access = createAccess(buckets);
  const store = openStore(
    dir,
    buckets.map(({ name }) => name),
  );
  return {
    pathOf: store.pathOf,
    async putObject(principal, bucket, key, bytes, { contentType, metadata = {}, ifNoneMatch } = {}) {
      access.requireBucket(bucket);
      access.checkPrincipal(principal, bucket, putRequest(bucket, key, ifNoneMatch));
      const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
      for (const [name, value] of Object.entries(metadata)) headers[`x-amz-meta-${name}`] = value;
      await put(store, bucket, key, bytes, { headers, checksums: {} }, ifNoneMatch);
    },
    service: {
      name: 's3',
      async handle(request, authorize) {
        const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(decodePath(request.path)) ?? [];
        access.requireBucket(bucket);
        const exchange = { store, access, request, authorize, bucket };
        return key === '' ? bucketRequest(exchange) : objectRequest(exchange, key);
      },
    },
  };
}

async function bucketRequest(exchange: Exchange): Promise<AwsResponse> {
  const { method, query } = exchange.request;
  if (method === 'GET' && query.get('list-type') === '2') return listObjects(exchange);
  if (method === 'POST' && query.has('delete')) return deleteObjects(exchange);
  throw notImplemented(exchange.request);
}

async function objectRequest(exchange: Exchange, key: string): Promise<AwsResponse> {
  const { method, query } = exchange.request;
  // The SDK names the operation in `x-id`; every other parameter asks for something else than the object itself.
  if ([...query.keys()].every((name) => name === 'x-id')) {
    if (method === 'PUT') return answerPut(exchange, key);
    if (method === 'GET' || method === 'HEAD') return answerRead(exchange, key);
    if (method === 'DELETE') return deleteObject(exchange, key);
  }
  throw notImplemented(exchange.request);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400, { cause });
  }
}
