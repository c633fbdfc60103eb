/**
 * How much is worked on at a time. Measured with `test/bench/seal.ts`: a part of this size takes a Lambda function of
 * 3,008 MB a fraction of its fifteen minutes and of its 10 GB of temporary storage.
 */
export const PART = {
  limits: { bytes: 256 * 2 ** 20, objects: 1_000 },
  /** A part is begun only while this much time is left. */
  ms: 5 * 60_000,
} as const;
