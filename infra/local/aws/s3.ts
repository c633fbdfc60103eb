import type { BucketDefinition, Principal } from '../types.ts';
import { AwsError, type AwsResponse, type AwsService } from './endpoint.ts';
import { createAccess } from './s3/access.ts';
import { deleteObject, deleteObjects } from './s3/delete.ts';
import { type Exchange, notImplemented } from './s3/exchange.ts';
import { applyLifecycle, type Expired } from './s3/lifecycle.ts';
import { listObjects } from './s3/list.ts';
import { listVersions } from './s3/list-versions.ts';
import { getLegalHold, getRetention, putLegalHold, putRetention } from './s3/object-lock.ts';
import { answerPut, put, putRequest } from './s3/put.ts';
import { answerRead } from './s3/read.ts';
import { openStore } from './s3/store.ts';
import { deleteTagging, getTagging, putTagging } from './s3/tagging.ts';

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
   * Writes an object for somebody inside this process, with the checks that a PutObject over HTTP meets. It brings no
   * checksum, so a bucket with a default retention refuses it.
   *
   * @throws AwsError NoSuchBucket, AccessDenied, PreconditionFailed, InvalidRequest.
   */
  putObject(principal: Principal, bucket: string, key: string, bytes: Buffer, options?: PutOptions): Promise<void>;
  /** The file that holds, or would hold, the current version of an object. */
  pathOf(bucket: string, key: string): string;
  /** Applies the buckets' lifecycle rules as if the time were `at`, and tells what they took; ends early on `signal`. */
  expire(at: Date, signal?: AbortSignal): Promise<readonly Expired[]>;
}

export interface S3Options {
  readonly dir: string;
  readonly buckets: readonly BucketDefinition[];
  /** Dates versions, and judges whether a retention is over. @default the system's clock */
  readonly clock?: () => Date;
}

/**
 * A local S3, path style. Objects are plain files under `<dir>/s3/<bucket>/<key>`; versions, tags, locks and lifecycle
 * rules are S3's, as far as the buckets have them. A key can't be the folder of another.
 *
 * It knows PutObject, GetObject, HeadObject, DeleteObject, DeleteObjects, ListObjectsV2, ListObjectVersions, and get and put
 * of tagging (and its removal), retention and legal hold.
 *
 * @throws ConfigurationError when a bucket policy has a Deny that can't be evaluated.
 */
export function createS3({ dir, buckets, clock = () => new Date() }: S3Options): S3 {
  const definitions = new Map(
    buckets.map((bucket) => [
      bucket.name,
      { ...bucket, versioned: bucket.versioned === true || bucket.objectLock !== undefined },
    ]),
  );
  const access = createAccess(buckets);
  const store = openStore(dir, [...definitions.keys()]);

  function find(bucket: string): BucketDefinition {
    const definition = definitions.get(bucket);
    if (definition !== undefined) return definition;
    throw new AwsError('NoSuchBucket', `The specified bucket does not exist: ${bucket}`, 404);
  }

  return {
    pathOf: store.pathOf,
    expire: (at, signal) => applyLifecycle(store, [...definitions.values()], at, signal),
    async putObject(principal, bucket, key, bytes, { contentType, metadata = {}, ifNoneMatch } = {}) {
      const definition = find(bucket);
      access.checkPrincipal(principal, bucket, putRequest(bucket, key, ifNoneMatch));
      const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
      for (const [name, value] of Object.entries(metadata)) headers[`x-amz-meta-${name}`] = value;
      const written = { headers, checksums: {}, tags: {}, isChecked: false, ifNoneMatch };
      await put(store, definition, key, bytes, written, clock());
    },
    service: {
      name: 's3',
      async handle(request, authorize) {
        const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(decodePath(request.path)) ?? [];
        const definition = find(bucket);
        const exchange = { store, access, request, authorize, bucket, definition, now: clock() };
        return key === '' ? bucketRequest(exchange) : objectRequest(exchange, key);
      },
    },
  };
}

async function bucketRequest(exchange: Exchange): Promise<AwsResponse> {
  const { method, query } = exchange.request;
  if (method === 'GET' && query.get('list-type') === '2') return listObjects(exchange);
  if (method === 'GET' && query.has('versions')) return listVersions(exchange);
  if (method === 'POST' && query.has('delete')) return deleteObjects(exchange);
  throw notImplemented(exchange.request);
}

type Operation = (exchange: Exchange, key: string) => Promise<AwsResponse>;

/** By method and subresource. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET ': answerRead,
  'HEAD ': answerRead,
  'PUT ': answerPut,
  'DELETE ': deleteObject,
  'GET tagging': getTagging,
  'PUT tagging': putTagging,
  'DELETE tagging': deleteTagging,
  'GET retention': getRetention,
  'PUT retention': putRetention,
  'GET legal-hold': getLegalHold,
  'PUT legal-hold': putLegalHold,
};

async function objectRequest(exchange: Exchange, key: string): Promise<AwsResponse> {
  const { method, query } = exchange.request;
  // The SDK names the operation in `x-id`; every other parameter asks for something else than the object itself.
  const asked = [...query.keys()].filter((name) => name !== 'x-id' && name !== 'versionId');
  const operation = OPERATIONS[`${method} ${asked.join('&')}`];
  if (operation === undefined || (operation === answerPut && query.has('versionId')))
    throw notImplemented(exchange.request);
  return operation(exchange, key);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400, { cause });
  }
}
