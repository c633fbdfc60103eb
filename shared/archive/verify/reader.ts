import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';

/** One version of an object, or one delete marker. */
export interface Version {
  readonly key: string;
  readonly version: string;
  /** In bytes; 0 for a delete marker. */
  readonly size: number;
  readonly deleteMarker: boolean;
}

/** All that verifying asks of the archive bucket. It can't write. */
export interface ArchiveReader {
  /** Every version and delete marker of the keys that begin with `prefix`; those of one key come newest first. */
  versions(prefix: string): AsyncIterable<Version>;
  /** The bytes of one version; undefined when it is not there. */
  read(key: string, version: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** An {@link ArchiveReader} over S3: s3:ListBucketVersions on the bucket and s3:GetObjectVersion on its objects are enough. */
export function s3ArchiveReader(bucket: string, config: S3ClientConfig = {}): ArchiveReader {
  // Bytes that are not those of S3's own checksum are to be told of, not to break off the reading.
  const s3 = new S3Client({ ...config, responseChecksumValidation: 'WHEN_REQUIRED' });
  return {
    async *versions(prefix) {
      // The SDK has no paginator for this one.
      let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
      while (next !== undefined) {
        const page: ListObjectVersionsCommandOutput = await s3.send(
          new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...next }),
        );
        for (const { Key = '', VersionId = '', Size = 0 } of page.Versions ?? [])
          yield { key: Key, version: VersionId, size: Size, deleteMarker: false };
        for (const { Key = '', VersionId = '' } of page.DeleteMarkers ?? [])
          yield { key: Key, version: VersionId, size: 0, deleteMarker: true };
        next = page.IsTruncated
          ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
          : undefined;
      }
    },
    async read(key, version) {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version }));
        // The SDK types a body by platform; on Node it is a stream of chunks.
        return Body as unknown as AsyncIterable<Uint8Array>;
      } catch (error) {
        if (error instanceof Error && (error.name === 'NoSuchVersion' || error.name === 'NoSuchKey')) return undefined;
        throw error;
      }
    },
  };
}

/** The bytes of one version, whole: for what is small, as digests are. */
export async function readWhole(reader: ArchiveReader, key: string, version: string): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  const stream = await reader.read(key, version);
  if (stream === undefined) return undefined;
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
