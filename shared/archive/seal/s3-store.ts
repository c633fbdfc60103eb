import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { isTransient } from '../../aws-errors.ts';
import { NotFoundError, StoreUnavailableError } from '../../errors.ts';
import { backOff } from '../../retry.ts';
import type { Content, ObjectVersion, SealStore } from './store.ts';

const PATIENCE_MS = 30_000;
/** The last is all that an answer without a body can say. */
const GONE = new Set(['NoSuchKey', 'NoSuchVersion', 'NotFound']);

/**
 * A {@link SealStore} over S3. On objects it takes s3:GetObjectVersion, s3:PutObject, s3:PutObjectRetention and
 * s3:PutObjectVersionTagging, on the bucket s3:ListBucketVersions, each where it is used; what keeps an object from going takes
 * s3:GetObjectRetention, s3:GetObjectLegalHold and s3:GetObjectVersionTagging.
 */
export function s3SealStore(s3: S3Client, bucket: string): SealStore {
  const get = async ({ key, version }: Pick<ObjectVersion, 'key' | 'version'>): Promise<Readable> => {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version }));
      // The SDK types a body by platform; on Node.js it is a stream.
      return Body as unknown as Readable;
    } catch (cause) {
      if (cause instanceof Error && GONE.has(cause.name))
        throw new NotFoundError(`there is no version ${version} of ${key}`, { cause });
      throw cause;
    }
  };
  return {
    async versions(prefix) {
      const found: ObjectVersion[] = [];
      let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
      while (from) {
        const page: ListObjectVersionsCommandOutput = await s3.send(
          new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...from }),
        );
        for (const { Key = '', VersionId = '', Size = 0 } of page.Versions ?? [])
          found.push({ key: Key, version: VersionId, size: Size });
        from = page.IsTruncated
          ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
          : undefined;
      }
      return oldestFirst(found);
    },
    read: (object) =>
      patiently(`object ${object.key} could not be read`, async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of await get(object)) chunks.push(chunk);
        return Buffer.concat(chunks);
      }),
    download: (object, path) =>
      patiently(`object ${object.key} could not be read`, async () => {
        await pipeline(await get(object), createWriteStream(path));
        const { size } = await stat(path);
        if (size !== object.size)
          throw new StoreUnavailableError(`of object ${object.key}, ${size} of ${object.size} bytes came`);
      }),
    putIfAbsent: (key, content, sha256, { mode, until }) =>
      patiently(`S3 did not take object ${key}`, async () => {
        const command = new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          ...bodyOf(content),
          IfNoneMatch: '*',
          ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
          ObjectLockMode: mode,
          ObjectLockRetainUntilDate: until,
        });
        try {
          const { VersionId } = await s3.send(command);
          if (VersionId === undefined) throw new TypeError(`bucket ${bucket} keeps no versions`);
          return VersionId;
        } catch (error) {
          if (error instanceof Error && error.name === 'PreconditionFailed') return undefined;
          throw error;
        }
      }),
    state: ({ key, version }) =>
      patiently(`S3 did not tell the state of object ${key}`, async () => {
        const one = { Bucket: bucket, Key: key, VersionId: version };
        try {
          const [head, { TagSet = [] }] = await Promise.all([
            s3.send(new HeadObjectCommand(one)),
            s3.send(new GetObjectTaggingCommand(one)),
          ]);
          return {
            lockedUntil: head.ObjectLockRetainUntilDate,
            legalHold: head.ObjectLockLegalHoldStatus === 'ON',
            tags: Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value])),
          };
        } catch (cause) {
          if (cause instanceof Error && GONE.has(cause.name))
            throw new NotFoundError(`there is no version ${version} of ${key}`, { cause });
          throw cause;
        }
      }),
    tag: ({ key, version }, tags) =>
      patiently(`object ${key} could not be tagged`, async () => {
        const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        const command = { Bucket: bucket, Key: key, VersionId: version, Tagging: { TagSet } };
        try {
          await s3.send(new PutObjectTaggingCommand(command));
        } catch (error) {
          if (!(error instanceof Error && GONE.has(error.name))) throw error;
        }
      }),
  };
}

function bodyOf(content: Content) {
  if (Buffer.isBuffer(content)) return { Body: content, ContentType: 'application/json' };
  const { path, size } = content;
  return { Body: createReadStream(path), ContentLength: size, ContentType: 'application/vnd.apache.parquet' };
}

/** S3 lists the keys in order, and of each its newest version first. */
function oldestFirst(versions: readonly ObjectVersion[]): ObjectVersion[] {
  const byKey = Map.groupBy(versions, ({ key }) => key);
  return [...byKey.values()].flatMap((some) => some.toReversed());
}

/** Tries again what failed for now. The SDK can't by itself where a body is a stream. */
async function patiently<T>(failed: string, attempt: () => Promise<T>): Promise<T> {
  const started = Date.now();
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (cause) {
      if (!(cause instanceof StoreUnavailableError || isTransient(cause))) throw cause;
      if (!(await backOff(tried, () => PATIENCE_MS - (Date.now() - started))))
        throw new StoreUnavailableError(failed, { cause });
    }
  }
}
