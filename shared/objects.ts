import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Lock } from './archive/seal/store.ts';
import { isTransient } from './aws-errors.ts';
import { NotFoundError, StoreUnavailableError } from './errors.ts';
import { backOff } from './retry.ts';

const PATIENCE_MS = 5_000;

/** A bucket, as far as the product uses one: objects are written once and never replaced. */
export interface ObjectStore {
  /**
   * Writes an object unless the key is taken; true if it was written.
   *
   * @throws StoreUnavailableError when S3 does not take it for five seconds.
   */
  putIfAbsent(key: string, bytes: Uint8Array, contentType: string): Promise<boolean>;
  /** @throws NotFoundError when there is no such object. */
  read(key: string): Promise<Buffer>;
}

/**
 * An {@link ObjectStore} over S3.
 *
 * @param lock how what is put is locked; without it, it is not.
 */
export function s3ObjectStore(s3: S3Client, bucket: string, lock?: () => Lock): ObjectStore {
  return {
    async putIfAbsent(key, bytes, contentType) {
      const { mode, until } = lock?.() ?? {};
      const put = {
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentType: contentType,
        IfNoneMatch: '*',
        ...(until && { ObjectLockMode: mode, ObjectLockRetainUntilDate: until }),
      };
      const started = Date.now();
      for (let attempt = 1; ; attempt += 1) {
        try {
          await s3.send(new PutObjectCommand(put));
          return true;
        } catch (cause) {
          if (!(cause instanceof Error)) throw cause;
          if (cause.name === 'PreconditionFailed') return false;
          if (!isTransient(cause)) throw cause;
          // ConditionalRequestConflict among them: another conditional write to the key was under way
          // (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
          if (await backOff(attempt, () => PATIENCE_MS - (Date.now() - started))) continue;
          throw new StoreUnavailableError(`S3 did not take object ${key}`, { cause });
        }
      }
    },
    async read(key) {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      } catch (cause) {
        if (cause instanceof Error && cause.name === 'NoSuchKey')
          throw new NotFoundError(`no object ${key}`, { cause });
        throw cause;
      }
    },
  };
}
