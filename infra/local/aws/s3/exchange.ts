import type { BucketDefinition } from '../../types.ts';
import { type Authorize, AwsError, type AwsRequest } from '../endpoint.ts';
import { type Access, objectArn } from './access.ts';
import type { ObjectStore } from './store.ts';
import type { ObjectVersion, Version } from './versions.ts';

/** One request to a bucket that exists, with all that answering it takes. */
export interface Exchange {
  readonly store: ObjectStore;
  readonly access: Access;
  readonly request: AwsRequest;
  readonly authorize: Authorize;
  readonly bucket: string;
  readonly definition: BucketDefinition;
  /** The time that locks are judged by. */
  readonly now: Date;
}

/** What a delete marker answers in an object's place. */
export class DeleteMarkerError extends AwsError {
  readonly versionId: string;

  constructor(cause: AwsError, versionId: string) {
    super(cause.code, cause.message, cause.status);
    this.versionId = versionId;
  }
}

/** What the local S3 answers to requests, parameters and headers that it does not know. */
export function notImplemented({ method, path, query }: AwsRequest, what = ''): AwsError {
  const parameters = [...query.keys()].map((name) => ` ?${name}`).join('');
  return new AwsError('NotImplemented', `The local S3 does not know ${method} ${path}${parameters}${what}`, 501);
}

/** Asks whether the caller may do something to an object. @throws AwsError AccessDenied. */
export function checkObject(
  { access, authorize, bucket, request }: Exchange,
  action: string,
  key: string,
  context: Readonly<Record<string, readonly string[]>> = {},
): Promise<void> {
  const versionId = request.query.get('versionId');
  const full = versionId === null ? context : { ...context, 's3:versionid': [versionId] };
  return access.check(authorize, bucket, { action, resource: objectArn(bucket, key), context: full });
}

/**
 * The header by which whoever may bypass governance mode asks to.
 *
 * @throws AwsError AccessDenied when the caller asks and may not.
 */
export async function checkBypass(exchange: Exchange, key: string): Promise<boolean> {
  if (exchange.request.headers['x-amz-bypass-governance-retention']?.toLowerCase() !== 'true') return false;
  await checkObject(exchange, 's3:BypassGovernanceRetention', key);
  return true;
}

/** The version that a request names, or undefined where it means the current one. @throws AwsError InvalidArgument. */
export function versionIdOf({ query }: AwsRequest): string | undefined {
  const id = query.get('versionId') ?? undefined;
  if (id === '') throw new AwsError('InvalidArgument', 'Version id cannot be the empty string');
  return id;
}

/**
 * The object that a request is about.
 *
 * @throws AwsError NoSuchKey or NoSuchVersion, AccessDenied for who may not know; DeleteMarkerError.
 */
export function chooseVersion(
  { access, request, bucket }: Exchange,
  key: string,
  versions: readonly Version[],
): ObjectVersion {
  const versionId = versionIdOf(request);
  const version = versionId === undefined ? versions[0] : versions.find(({ id }) => id === versionId);
  if (version?.kind === 'object') return version;
  if (version === undefined) throw access.missing(request.principal, bucket, key, versionId);
  const error =
    versionId === undefined
      ? access.missing(request.principal, bucket, key)
      : new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
  throw new DeleteMarkerError(error, version.id);
}

/** The header that names a version; none in a bucket without versions. */
export function versionHeader({ versioned }: BucketDefinition, id: string): Record<string, string> {
  return versioned ? { 'x-amz-version-id': id } : {};
}
