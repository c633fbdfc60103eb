import {
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Lock, ObjectVersion } from '../seal/store.ts';

export type ObjectName = Pick<ObjectVersion, 'key' | 'version'>;

/** What keeps a version of an object from being deleted. It can be made longer, never shorter. */
export interface Locks {
  /** Undefined when it has none. */
  lock(object: ObjectName): Promise<Lock | undefined>;
  lengthen(object: ObjectName, lock: Lock): Promise<void>;
  isHeld(object: ObjectName): Promise<boolean>;
  /** Puts it under legal hold, or lifts that. */
  hold(object: ObjectName, held: boolean): Promise<void>;
}

/** {@link Locks} of S3: s3:GetObjectRetention, PutObjectRetention, GetObjectLegalHold and PutObjectLegalHold, each where it is used. */
export function s3Locks(s3: S3Client, bucket: string): Locks {
  const named = ({ key, version }: ObjectName) => ({ Bucket: bucket, Key: key, VersionId: version });
  return {
    async lock(object) {
      const { Retention } = (await unlessNone(s3.send(new GetObjectRetentionCommand(named(object))))) ?? {};
      const { Mode, RetainUntilDate } = Retention ?? {};
      return Mode && RetainUntilDate && { mode: Mode, until: RetainUntilDate };
    },
    async lengthen(object, { mode, until }) {
      await s3.send(
        new PutObjectRetentionCommand({ ...named(object), Retention: { Mode: mode, RetainUntilDate: until } }),
      );
    },
    async isHeld(object) {
      const { LegalHold } = (await unlessNone(s3.send(new GetObjectLegalHoldCommand(named(object))))) ?? {};
      return LegalHold?.Status === 'ON';
    },
    async hold(object, held) {
      await s3.send(new PutObjectLegalHoldCommand({ ...named(object), LegalHold: { Status: held ? 'ON' : 'OFF' } }));
    },
  };
}

/** What S3 answers, or undefined where the object never had what was asked for. */
async function unlessNone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchObjectLockConfiguration') return undefined;
    throw error;
  }
}
