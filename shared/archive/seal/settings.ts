/**
 * How much is worked on at a time. By `test/bench/seal.ts`, with DuckDB at 1,504 MB on two cores that others used too: a
 * part of this size, some 750,000 events, took about a minute and the process 2.0 GB, of the 15 minutes and 3,008 MB there are.
 */
export const PART = {
  limits: { bytes: 256 * 2 ** 20, objects: 1_000, files: 2_000 },
  /** A part is begun only while this much time is left. */
  ms: 5 * 60_000,
} as const;
