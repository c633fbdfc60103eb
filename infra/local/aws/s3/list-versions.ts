import { AwsError, type AwsResponse } from '../endpoint.ts';
import { bucketArn } from './access.ts';
import { type Exchange, notImplemented } from './exchange.ts';
import { listContext, readMaxKeys } from './list.ts';
import { type Version, versionsAfter } from './versions.ts';
import { toXml, type XmlNode } from './xml.ts';

const KNOWN = new Set(['versions', 'prefix', 'delimiter', 'max-keys', 'key-marker', 'version-id-marker', 'x-id']);

interface Entry {
  readonly name: string;
  /** Undefined for a common prefix. */
  readonly version: Version | undefined;
  readonly size: number;
  readonly isLatest: boolean;
}

interface Range {
  readonly prefix: string;
  readonly delimiter: string;
  readonly keyMarker: string | null;
  readonly versionMarker: string | null;
}

/**
 * Answers ListObjectVersions: every version and delete marker, by key and newest first.
 *
 * @throws AwsError AccessDenied; InvalidArgument; NotImplemented for parameters that are not known.
 */
export async function listVersions(exchange: Exchange): Promise<AwsResponse> {
  const { access, request, authorize, bucket } = exchange;
  const { query } = request;
  const asked = { action: 's3:ListBucketVersions', resource: bucketArn(bucket), context: listContext(query) };
  await access.check(authorize, bucket, asked);
  for (const name of query.keys()) if (!KNOWN.has(name)) throw notImplemented(request);
  const range: Range = {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    keyMarker: query.get('key-marker'),
    versionMarker: query.get('version-id-marker') || null,
  };
  if (range.versionMarker !== null && !range.keyMarker)
    throw new AwsError('InvalidArgument', 'A version-id marker cannot be specified without a key marker.');
  const limit = readMaxKeys(query);
  const page: Entry[] = [];
  let isTruncated = false;
  for await (const entry of entriesOf(exchange, range)) {
    isTruncated = page.length === limit && limit > 0;
    if (page.length === limit) break;
    page.push(entry);
  }
  const last = isTruncated ? page.at(-1) : undefined;
  const body = toXml('ListVersionsResult', {
    Name: bucket,
    Prefix: range.prefix,
    Delimiter: range.delimiter === '' ? undefined : range.delimiter,
    KeyMarker: range.keyMarker ?? '',
    VersionIdMarker: range.versionMarker ?? '',
    MaxKeys: limit,
    IsTruncated: isTruncated,
    NextKeyMarker: last?.name,
    NextVersionIdMarker: last?.version?.id,
    Version: page.flatMap(versionNode),
    DeleteMarker: page.flatMap(markerNode),
    CommonPrefixes: page.flatMap(({ name, version }) => (version === undefined ? [{ Prefix: name }] : [])),
  });
  return { status: 200, body };
}

async function* entriesOf({ store, bucket }: Exchange, range: Range): AsyncGenerator<Entry> {
  const { prefix, delimiter, keyMarker, versionMarker } = range;
  const marker = keyMarker ? Buffer.from(keyMarker) : undefined;
  let common: string | undefined;
  for (const key of await store.allKeys(bucket, prefix)) {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = cut < 0 ? key : key.slice(0, cut + delimiter.length);
    const order = marker === undefined ? 1 : Buffer.compare(Buffer.from(name), marker);
    if (order < 0 || (order === 0 && (versionMarker === null || cut >= 0)) || name === common) continue;
    const all = await store.sized(bucket, key);
    if (cut >= 0) {
      // A key whose file was taken away by hand may have nothing left.
      if (all.length === 0) continue;
      common = name;
      yield { name, version: undefined, size: 0, isLatest: false };
      continue;
    }
    const versions = all.map(({ version }) => version);
    const wanted = new Set(order === 0 && versionMarker !== null ? versionsAfter(versions, versionMarker) : versions);
    for (const [at, { version, size }] of all.entries())
      if (wanted.has(version)) yield { name, version, size, isLatest: at === 0 };
  }
}

function versionNode({ name, version, size, isLatest }: Entry): XmlNode[] {
  if (version?.kind !== 'object') return [];
  return [
    {
      Key: name,
      VersionId: version.id,
      IsLatest: isLatest,
      LastModified: version.lastModified,
      ETag: `"${version.etag}"`,
      Size: size,
      StorageClass: version.storageClass ?? 'STANDARD',
    },
  ];
}

function markerNode({ name, version, isLatest }: Entry): XmlNode[] {
  if (version?.kind !== 'marker') return [];
  return [{ Key: name, VersionId: version.id, IsLatest: isLatest, LastModified: version.lastModified }];
}
