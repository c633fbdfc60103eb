import { z } from 'zod';

/** A sealed file as a proof names it. */
const ProvenFile = z.strictObject({
  key: z.string(),
  version: z.string(),
  size: z.int(),
  sha256: z.string(),
  rows: z.int(),
});
/** The digest that names it; `signedBy` is the fingerprint of a public key. */
const ProvenDigest = z.strictObject({ key: z.string(), day: z.string(), sha256: z.string(), signedBy: z.string() });

/** A file that may have held the event, and the digest that lists it as expired. */
const Expired = z.strictObject({
  file: ProvenFile.omit({ size: true }),
  digest: ProvenDigest,
});

/** Where one event of a tenant is sealed, as the verify function answers it. */
export const Located = z.union([
  z.strictObject({ found: z.literal(true), source: z.string(), file: ProvenFile, digest: ProvenDigest }),
  z.strictObject({ found: z.literal(false), expired: Expired.optional() }),
  /** A file that may hold it is not as it was sealed. */
  z.strictObject({ found: z.literal(null), problem: z.string() }),
]);
export type Located = z.infer<typeof Located>;

/** What is known of an event's place in the archive. */
export const Proof = z.strictObject({
  id: z.string(),
  sealed: z.boolean(),
  /** When it will be sealed, or was to be; null once it is, or has expired. */
  dueAt: z.string().nullable(),
  file: ProvenFile.nullable(),
  digest: ProvenDigest.nullable(),
  /** Set when the event is not in the archive, and a file of its time has expired there. */
  expired: Expired.nullable(),
  /** What the last daily verify said of the whole archive, and of which days. */
  verdict: z
    .strictObject({
      status: z.enum(['verified', 'self-consistent', 'failed', 'nothing sealed']),
      at: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
    })
    .nullable(),
});
export type Proof = z.infer<typeof Proof>;
