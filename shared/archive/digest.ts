import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../json.ts';

/**
 * What the archive bucket holds besides large raws, all of it written once:
 *
 * ```
 * archive/event_date=2026-11-05/<tenant>/<day>-<n>.parquet   sealed events, one tenant a file, by day of the event's time
 * plans/<day>.json                                           what the seal of a day takes, fixed before its work
 * digests/<day>.json                                         what it sealed: a Digest as canonical JSON
 * digests/<day>.sig                                          its signature, base64, over the exact bytes of the digest
 * keys/<fingerprint>.json                                    a public key with its validity
 * ```
 */
export const SEALED_PREFIX = 'archive/';
export const PLAN_PREFIX = 'plans/';
export const DIGEST_PREFIX = 'digests/';
export const KEY_PREFIX = 'keys/';

/** Day of the events, tenant and sealed day in the key of a sealed file. */
export const SEALED_FILE = /^archive\/event_date=(\d{4}-\d{2}-\d{2})\/([^/]+)\/(\d{4}-\d{2}-\d{2})-\d+\.parquet$/;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Day = z.iso.date();
const Count = z.int().min(0);

/** An object as it was when it was sealed; `version` is S3's version id. */
const SealedObject = z.strictObject({ key: z.string(), version: z.string(), size: Count, sha256: Sha256 });

/** A sealed file and what is in it. */
const SealedFile = SealedObject.extend({
  tenant: z.string(),
  /** Of the events' times, as `eventDate` has it. */
  date: Day,
  rows: Count,
  /** Of the events' times, ISO-8601. */
  earliest: z.iso.datetime(),
  latest: z.iso.datetime(),
  /** SHA-256 over the ids in order, each followed by a newline. */
  ids: Sha256,
  /** Large raws that its rows name, in order; absent where there is none. */
  raws: z.array(Sha256).min(1).optional(),
});

/** A sealed file that goes with this day, as the tenant's retention is over: from here on it may be missing. */
const ExpiredFile = SealedFile.pick({
  key: true,
  version: true,
  sha256: true,
  tenant: true,
  rows: true,
  earliest: true,
  latest: true,
});
export type ExpiredFile = z.infer<typeof ExpiredFile>;

/** The manifest of one sealed day: of what was in landing, and what it became. Signed, and chained to the day before. */
export const Digest = z.strictObject({
  format: z.literal(1),
  /** The UTC day that was sealed: the landing partition of that day, and files of earlier days that came late. */
  day: Day,
  /** The digest before this one; null for the first. */
  previous: z.strictObject({ day: Day, sha256: Sha256 }).nullable(),
  /** When the plan was fixed. */
  plannedAt: z.iso.datetime(),
  /** Fingerprint of the public key that verifies the signature. */
  key: Sha256,
  landing: z.array(SealedObject.extend({ rows: Count })),
  files: z.array(SealedFile),
  /** Files of earlier days that the archive need not have any more. */
  expired: z.array(ExpiredFile),
  /** Landing objects that could not be read; they were left where they are. */
  unreadable: z.array(SealedObject.extend({ reason: z.string() })),
  /** Rows of landing that were copies of another row, and that the archive had before. */
  repeats: Count,
  archivedBefore: Count,
});
export type Digest = z.infer<typeof Digest>;

export const PublicKeyRecord = z.strictObject({
  format: z.literal(1),
  fingerprint: Sha256,
  /** SubjectPublicKeyInfo in PEM. */
  pem: z.string(),
  algorithm: z.literal('RSASSA_PKCS1_V1_5_SHA_256'),
  /** First day that it may sign, and last; null while it is in use. */
  from: Day,
  to: Day.nullable(),
});
export type PublicKeyRecord = z.infer<typeof PublicKeyRecord>;

/** The bytes of a digest: those that are stored, hashed and signed. Equal digests have equal bytes. */
export function digestBytes(digest: Digest): Buffer {
  return Buffer.from(`${canonicalJson(digest)}\n`);
}

/** A key's fingerprint: SHA-256 of its SubjectPublicKeyInfo in DER, in hexadecimal. */
export function fingerprintOf(spkiDer: Uint8Array): string {
  return createHash('sha256').update(spkiDer).digest('hex');
}

export function digestKey(day: string): string {
  return `${DIGEST_PREFIX}${day}.json`;
}

export function signatureKey(day: string): string {
  return `${DIGEST_PREFIX}${day}.sig`;
}
