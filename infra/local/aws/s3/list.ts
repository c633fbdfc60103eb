import { AwsError, type AwsResponse } from '../endpoint.ts';
import { bucketArn } from './access.ts';
import { type Exchange, notImplemented } from './exchange.ts';
import { toXml } from './xml.ts';

const MAX_KEYS = 1000;
const KNOWN = new Set(['list-type', 'prefix', 'delimiter', 'max-keys', 'continuation-token', 'start-after', 'x-id']);

/**
 * Answers ListObjectsV2: `prefix`, `delimiter`, `max-keys`, `continuation-token`, `start-after`.
 *
 * @throws AwsError AccessDenied; InvalidArgument; NotImplemented for other parameters.
 */
export async function listObjects({ store, access, request, authorize, bucket }: Exchange): Promise<AwsResponse> {
  const { query } = request;
  const asked = { action: 's3:ListBucket', resource: bucketArn(bucket), context: listContext(query) };
  await access.check(authorize, bucket, asked);
  for (const name of query.keys()) if (!KNOWN.has(name)) throw notImplemented(request);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const limit = readMaxKeys(query);
  const token = query.get('continuation-token');
  const after = token === null ? query.get('start-after') : readToken(token);

  const entries = listed(await store.keys(bucket, prefix), prefix, delimiter, after);
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  const truncated = entries.length > page.length && last !== undefined;
  const contents = await Promise.all(
    page
      .flatMap((entry) => (entry.common ? [] : [entry.name]))
      .map(async (key) => {
        const [current] = await store.sized(bucket, key);
        // Gone since the folder was read.
        if (current?.version.kind !== 'object') return [];
        const { size, version } = current;
        return [
          {
            Key: key,
            LastModified: version.lastModified,
            ETag: `"${version.etag}"`,
            Size: size,
            StorageClass: version.storageClass ?? 'STANDARD',
          },
        ];
      }),
  );
  const body = toXml('ListBucketResult', {
    Name: bucket,
    Prefix: prefix,
    Delimiter: delimiter === '' ? undefined : delimiter,
    MaxKeys: limit,
    KeyCount: page.length,
    IsTruncated: truncated,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: truncated ? Buffer.from(last.name).toString('base64url') : undefined,
    Contents: contents.flat(),
    CommonPrefixes: page.flatMap((entry) => (entry.common ? [{ Prefix: entry.name }] : [])),
  });
  return { status: 200, body };
}

interface Entry {
  readonly name: string;
  /** True for a common prefix, false for a key. */
  readonly common: boolean;
}

/** Keys after `after`, those that share what stands before the delimiter rolled up into one entry. */
function listed(keys: readonly string[], prefix: string, delimiter: string, after: string | null): Entry[] {
  const from = after === null ? undefined : Buffer.from(after);
  const entries: Entry[] = [];
  for (const key of keys) {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = cut < 0 ? key : key.slice(0, cut + delimiter.length);
    if (from !== undefined && Buffer.compare(Buffer.from(name), from) <= 0) continue;
    if (cut < 0 || entries.at(-1)?.name !== name) entries.push({ name, common: cut >= 0 });
  }
  return entries;
}

/** What policies can be asked about a listing. */
export function listContext(query: URLSearchParams): Record<string, readonly string[]> {
  const context: Record<string, readonly string[]> = {};
  for (const name of ['prefix', 'delimiter', 'max-keys']) {
    const value = query.get(name);
    if (value !== null) context[`s3:${name}`] = [value];
  }
  return context;
}

/** How many entries a page may have, at most 1,000. @throws AwsError InvalidArgument. */
export function readMaxKeys(query: URLSearchParams): number {
  const text = query.get('max-keys');
  const number = text === null ? MAX_KEYS : Number(text);
  if (Number.isInteger(number) && number >= 0 && text !== '') return Math.min(number, MAX_KEYS);
  throw new AwsError('InvalidArgument', 'max-keys must be an integer between 0 and 2147483647');
}

function readToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(key).toString('base64url') === token) return key;
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
}
