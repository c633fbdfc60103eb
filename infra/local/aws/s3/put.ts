import { AwsError, type AwsRequest, type AwsResponse } from '../endpoint.ts';
import type { AccessRequest } from '../iam.ts';
import { objectArn } from './access.ts';
import { readBody } from './body.ts';
import { type Exchange, notImplemented } from './exchange.ts';
import type { ObjectHead, ObjectStore } from './store.ts';

const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];
// Each changes what a write means or asks for a permission of its own: better refused than passed over.
const REFUSED = /^(x-amz-(acl|copy-source|tagging|grant-|object-lock-|server-side-encryption|storage-class)|if-match$)/;

/** Answers PutObject. @throws AwsError AccessDenied, PreconditionFailed, NotImplemented, or what {@link readBody} throws. */
export async function answerPut(exchange: Exchange, key: string): Promise<AwsResponse> {
  const { store, access, request, authorize, bucket } = exchange;
  const ifNoneMatch = request.headers['if-none-match'];
  await access.check(authorize, bucket, putRequest(bucket, key, ifNoneMatch));
  const refused = Object.keys(request.headers).find((name) => REFUSED.test(name));
  if (refused !== undefined) throw notImplemented(request, ` with the header ${refused}`);
  const { bytes, md5, checksums } = readBody(request);
  await put(store, bucket, key, bytes, { headers: keptHeaders(request.headers), checksums }, ifNoneMatch);
  return { status: 200, headers: { etag: `"${md5}"`, ...checksums } };
}

/** What IAM is asked about a write. */
export function putRequest(bucket: string, key: string, ifNoneMatch: string | undefined): AccessRequest {
  const context = ifNoneMatch === undefined ? {} : { 's3:if-none-match': [ifNoneMatch] };
  return { action: 's3:PutObject', resource: objectArn(bucket, key), context };
}

/** Writes after all checks. @throws AwsError PreconditionFailed when `ifNoneMatch` is `*` and the key is taken. */
export async function put(
  store: ObjectStore,
  bucket: string,
  key: string,
  bytes: Buffer,
  head: ObjectHead,
  ifNoneMatch: string | undefined,
): Promise<void> {
  // PutObject takes no entity tag there (S3 user guide, "How to prevent object overwrites with conditional writes").
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw new AwsError('NotImplemented', 'If-None-Match of a PutObject must be *', 501);
  if (!(await store.put(bucket, key, bytes, head, ifNoneMatch === '*')))
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
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
