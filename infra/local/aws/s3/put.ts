import type { BucketDefinition } from '../../types.ts';
import { AwsError, type AwsRequest, type AwsResponse } from '../endpoint.ts';
import type { AccessRequest } from '../iam.ts';
import { objectArn } from './access.ts';
import { md5Hex, readBody } from './body.ts';
import { checkObject, type Exchange, notImplemented, versionHeader } from './exchange.ts';
import { defaultRetention, parseLegalHold, parseRetention, requireObjectLock, retentionContext } from './retention.ts';
import type { ObjectStore } from './store.ts';
import { parseTagHeader, tagContext } from './tags.ts';
import { NULL_VERSION, newVersionId, type ObjectVersion, type Retention } from './versions.ts';

const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];
// Each changes what a write means or asks for a permission of its own: better refused than passed over.
const REFUSED = /^(x-amz-(acl|copy-source|grant-|server-side-encryption|storage-class|write-offset)|if-match$)/;

/** What a write is besides its bytes. */
export interface NewObject {
  readonly headers: Readonly<Record<string, string>>;
  readonly checksums: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly retention?: Retention;
  readonly legalHold?: 'ON' | 'OFF';
  /** Whether it came with Content-MD5 or a checksum, which S3 wants of everything that it locks. */
  readonly isChecked: boolean;
  readonly ifNoneMatch: string | undefined;
}

/** Answers PutObject. @throws AwsError AccessDenied, InvalidRequest, or what {@link put} and {@link readBody} throw. */
export async function answerPut(exchange: Exchange, key: string): Promise<AwsResponse> {
  const { store, access, request, authorize, bucket, definition, now } = exchange;
  const { headers } = request;
  const tagging = headers['x-amz-tagging'];
  const tags = tagging === undefined ? {} : parseTagHeader(tagging);
  const lock = readLock(headers, now);
  const ifNoneMatch = headers['if-none-match'];
  const context = { ...(tagging !== undefined && tagContext(tags)), ...lockContext(lock, now) };
  const asked = putRequest(bucket, key, ifNoneMatch);
  await access.check(authorize, bucket, { ...asked, context: { ...asked.context, ...context } });
  if (tagging !== undefined) await checkObject(exchange, 's3:PutObjectTagging', key, context);
  if (lock.retention !== undefined) await checkObject(exchange, 's3:PutObjectRetention', key, context);
  if (lock.legalHold !== undefined) await checkObject(exchange, 's3:PutObjectLegalHold', key, context);
  const refused = Object.keys(headers).find((name) => REFUSED.test(name));
  if (refused !== undefined) throw notImplemented(request, ` with the header ${refused}`);

  const { bytes, md5, checksums } = readBody(request);
  const isChecked = headers['content-md5'] !== undefined || Object.keys(checksums).length > 0;
  const written = { headers: keptHeaders(headers), checksums, tags, ...lock, isChecked, ifNoneMatch };
  const id = await put(store, definition, key, bytes, written, now);
  return { status: 200, headers: { etag: `"${md5}"`, ...checksums, ...versionHeader(definition, id) } };
}

/** What IAM is asked about a write. */
export function putRequest(bucket: string, key: string, ifNoneMatch: string | undefined): AccessRequest {
  const context = ifNoneMatch === undefined ? {} : { 's3:if-none-match': [ifNoneMatch] };
  return { action: 's3:PutObject', resource: objectArn(bucket, key), context };
}

/**
 * Writes after all questions of access, and gives the version's id.
 *
 * @throws AwsError PreconditionFailed when `ifNoneMatch` is `*` and the key is taken; InvalidRequest where the object
 *   would be locked and came without a checksum, or brings a lock to a bucket that has none.
 */
export async function put(
  store: ObjectStore,
  definition: BucketDefinition,
  key: string,
  bytes: Buffer,
  { isChecked, ifNoneMatch, ...written }: NewObject,
  now: Date,
): Promise<string> {
  // PutObject takes no entity tag there (S3 user guide, "How to prevent object overwrites with conditional writes").
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw new AwsError('NotImplemented', 'If-None-Match of a PutObject must be *', 501);
  if (written.retention !== undefined || written.legalHold !== undefined) requireObjectLock(definition);
  const retention = written.retention ?? defaultRetention(definition, now);
  if ((retention !== undefined || written.legalHold !== undefined) && !isChecked)
    throw new AwsError(
      'InvalidRequest',
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    );
  const etag = md5Hex(bytes);
  return store.change(
    definition.name,
    key,
    (versions) => {
      if (ifNoneMatch === '*' && versions[0]?.kind === 'object')
        throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
      const id = definition.versioned ? newVersionId(now, versions) : NULL_VERSION;
      const version: ObjectVersion = {
        kind: 'object',
        id,
        lastModified: now.toISOString(),
        etag,
        ...written,
        ...(retention !== undefined && { retention }),
      };
      return { versions: [version, ...versions.filter((one) => one.id !== id)], result: id };
    },
    bytes,
  );
}

function readLock(headers: AwsRequest['headers'], now: Date): Pick<NewObject, 'retention' | 'legalHold'> {
  const mode = headers['x-amz-object-lock-mode'];
  const until = headers['x-amz-object-lock-retain-until-date'];
  const hold = headers['x-amz-object-lock-legal-hold'];
  if ((mode === undefined) !== (until === undefined))
    throw new AwsError(
      'InvalidArgument',
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
    );
  return {
    ...(mode !== undefined && until !== undefined && { retention: parseRetention(mode, until, now) }),
    ...(hold !== undefined && { legalHold: parseLegalHold(hold) }),
  };
}

function lockContext({ retention, legalHold }: Pick<NewObject, 'retention' | 'legalHold'>, now: Date) {
  return {
    ...retentionContext(retention, now),
    ...(legalHold !== undefined && { 's3:object-lock-legal-hold': [legalHold] }),
  };
}

function keptHeaders(headers: AwsRequest['headers']): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && (KEPT.includes(name) || name.startsWith('x-amz-meta-'))) kept[name] = value;
  }
  // `aws-chunked` is about the transfer and is not stored (S3 API reference, PutObject).
  const coding = kept['content-encoding']?.split(/\s*,\s*/).filter((one) => one !== 'aws-chunked' && one !== '');
  if (coding?.length) kept['content-encoding'] = coding.join(',');
  else delete kept['content-encoding'];
  return kept;
}
