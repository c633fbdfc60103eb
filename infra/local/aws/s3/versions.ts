import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const Retention = z.strictObject({
  mode: z.enum(['GOVERNANCE', 'COMPLIANCE']),
  /** ISO-8601 in UTC. */
  until: z.iso.datetime(),
});
export type Retention = z.infer<typeof Retention>;

const ObjectVersion = z.strictObject({
  kind: z.literal('object'),
  id: z.string(),
  lastModified: z.iso.datetime(),
  /** MD5 of the bytes in hexadecimal, without quotes. */
  etag: z.string(),
  /** Headers that a read answers as they were written: content type, x-amz-meta-* and the like. */
  headers: z.record(z.string(), z.string()),
  /** The x-amz-checksum-* headers of the write. */
  checksums: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
  retention: Retention.optional(),
  legalHold: z.enum(['ON', 'OFF']).optional(),
  /** Absent for the standard one. */
  storageClass: z.literal('GLACIER_IR').optional(),
});
/** One version of an object, without its bytes. */
export type ObjectVersion = z.infer<typeof ObjectVersion>;

const DeleteMarker = z.strictObject({ kind: z.literal('marker'), id: z.string(), lastModified: z.iso.datetime() });
export type DeleteMarker = z.infer<typeof DeleteMarker>;

const Version = z.discriminatedUnion('kind', [ObjectVersion, DeleteMarker]);
export type Version = z.infer<typeof Version>;

/** Everything that is known of one key, as it is stored. */
export const VersionIndex = z.strictObject({
  /** New at every change, so that a change that was cut short can be told from one that was made. */
  revision: z.string(),
  /** Newest first. */
  versions: z.array(Version),
});
export type VersionIndex = z.infer<typeof VersionIndex>;

/** What S3 calls the version of an object that was written while the bucket had no versions. */
export const NULL_VERSION = 'null';

const STAMP = 12;

/** A new id of 32 hexadecimal digits, beginning with its time: greater than all of the key's ids so far. */
export function newVersionId(now: Date, versions: readonly Version[]): string {
  const [newest] = versions.flatMap(({ id }) => (id === NULL_VERSION ? [] : [Number.parseInt(id.slice(0, STAMP), 16)]));
  const stamp = Math.max(now.getTime(), (newest ?? 0) + 1);
  return stamp.toString(16).padStart(STAMP, '0') + randomBytes((32 - STAMP) / 2).toString('hex');
}

/** Versions of a key that come after the one with this id in a listing, also when that one is gone by now. */
export function versionsAfter(versions: readonly Version[], id: string): readonly Version[] {
  const at = versions.findIndex((version) => version.id === id);
  if (at >= 0) return versions.slice(at + 1);
  return id === NULL_VERSION ? [] : versions.filter((version) => version.id === NULL_VERSION || version.id < id);
}
