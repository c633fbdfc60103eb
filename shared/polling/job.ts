import { z } from 'zod';

/**
 * `live` asks for what is new; `sweep` reads again, now and then, as far back as the vendor may be late; `backfill` collects
 * history.
 */
export const LANES = ['live', 'sweep', 'backfill'] as const;
export type Lane = (typeof LANES)[number];

const Time = z.iso.datetime();

/** A stretch of the vendor's time, `to` not included. */
export const Interval = z.strictObject({ from: Time, to: Time });
export type Interval = z.infer<typeof Interval>;

/** What can't be collected any more, and why. */
export const Gap = Interval.extend({ reason: z.string(), notedAt: Time });
export type Gap = z.infer<typeof Gap>;

const Failure = z.strictObject({ at: Time, code: z.string(), message: z.string() });

/**
 * One piece of collecting: a stream of a connection, in one lane. Everything from `from` up to `watermark` is stored. Times
 * are the vendor's, but for those that say when Annals did something.
 */
export const Job = z.strictObject({
  /** The connection's id, `<tenant>.<name>`. */
  connection: z.string(),
  /** Tells the connection from one that had its name before. */
  incarnation: z.string(),
  stream: z.string(),
  lane: z.enum(LANES),
  /** Tells backfills apart; absent for the other lanes, of which a stream has one each. */
  id: z.string().optional(),
  /** Rises with every save: a run that lost its lease can't save. */
  version: z.int(),
  leaseUntil: Time.optional(),
  createdAt: Time,
  /** When it is to run again; absent when there is nothing left to do. */
  dueAt: Time.optional(),

  from: Time,
  /** The end; absent for `live`, which has none. */
  to: Time.optional(),
  watermark: Time,
  /** Stretches before `from` that were collected too; a feed that was begun anew leaves one. */
  earlier: z.array(Interval).default([]),
  /** The vendor's time at which the window that ended at `watermark` was begun: what came later is not in it. */
  readAt: Time.optional(),
  /** The window being read, and how to ask for its next page. */
  window: Interval.extend({ begunAt: Time }).optional(),
  cursor: z.string().optional(),
  /** Where a feed is, as JSON. */
  position: z.string().optional(),
  /** Windows are 2 to the power of this smaller, after runs that were too short for one. */
  shrink: z.int().default(0),
  /** Runs in a row that ended without getting anywhere in this window. */
  cutShort: z.int().default(0),
  /** How far the vendor's clock is ahead. */
  skewMs: z.number().default(0),
  gaps: z.array(Gap).default([]),
  /** For a sweep: when, by the vendor's clock, the last complete one began. */
  sweptAt: Time.optional(),
  sweepBegunAt: Time.optional(),

  lastRunAt: Time.optional(),
  lastSuccessAt: Time.optional(),
  /** Time of the newest event stored. */
  lastEventAt: Time.optional(),
  /** Runs in a row that failed. */
  failures: z.int().default(0),
  lastError: Failure.optional(),
  throttledUntil: Time.optional(),
  credentialExpiresAt: Time.optional(),
  requests: z.int().default(0),
  /** Events that pages brought, repeats included. */
  received: z.int().default(0),
  /** Events that were new. */
  stored: z.int().default(0),
  /** Events that turned up later than the vendor documents, found by a backfill. */
  lateBeyondLag: z.int().default(0),
  /** New events by day of receipt, the last 8 days. */
  daily: z.record(z.string(), z.int()).default({}),
});
export type Job = z.infer<typeof Job>;

/** A job that has nothing done yet. */
export function newJob(
  of: Pick<Job, 'connection' | 'incarnation' | 'stream' | 'lane' | 'createdAt' | 'from' | 'to' | 'id' | 'dueAt'>,
): Job {
  return Job.parse({ ...of, version: 0, watermark: of.from });
}

/** Where a job's item lies within its partition; a connection's jobs are together. */
export function jobKey({ connection, incarnation, lane, stream, id }: Job): string {
  return [connection, incarnation, lane, stream, ...(id === undefined ? [] : [id])].join('#');
}
