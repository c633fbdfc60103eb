import { z } from 'zod';
import { incarnationOf, isPaused, type StoredConnection } from '../control/connections.ts';
import type { Job } from './job.ts';

const STATES = ['waiting', 'running', 'paused', 'failing', 'finished'] as const;

/** How far a backfill is. Times are ISO-8601. */
export const BackfillProgress = z.strictObject({
  id: z.string(),
  stream: z.string(),
  from: z.string(),
  to: z.string(),
  /** Everything from `from` up to here was read, but for gaps that the connection's intervals name. */
  doneTo: z.string(),
  percent: z.number(),
  /** Seconds of the range that are still to be read. */
  remainingSeconds: z.number(),
  state: z.enum(STATES),
  /** Events that pages brought, and those of them that were new. */
  received: z.int(),
  stored: z.int(),
  requests: z.int(),
  /** New events that came later than the vendor documents, as a sweep had passed before. */
  lateBeyondLag: z.int(),
  /** Over the time since it was begun, pauses included: events received, and seconds of the range, in a second. */
  rate: z.strictObject({ events: z.number(), rangeSeconds: z.number() }),
  createdAt: z.string(),
  lastRunAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  lastError: z.strictObject({ at: z.string(), code: z.string(), message: z.string() }).nullable(),
});
export type BackfillProgress = z.infer<typeof BackfillProgress>;

/** The progress of a connection's backfills, the newest first; `jobs` may hold others' too. */
export function backfillsOf(connection: StoredConnection, jobs: readonly Job[], now: Date): BackfillProgress[] {
  return jobs
    .filter(
      ({ connection: id, incarnation, lane }) =>
        lane === 'backfill' && id === connection.id && incarnation === incarnationOf(connection),
    )
    .map((job) => progressOf(job, connection, now))
    .sort((a, b) => order(b.createdAt, a.createdAt) || order(a.stream, b.stream) || order(a.id, b.id));
}

function progressOf(job: Job, connection: StoredConnection, now: Date): BackfillProgress {
  const { stream, from, received, stored, requests, lateBeyondLag, createdAt, lastRunAt, lastSuccessAt } = job;
  const to = job.to ?? from;
  const [whole, done] = [secondsBetween(from, to), secondsBetween(from, job.watermark)];
  const isFinished = job.watermark >= to;
  const finishedAt = isFinished ? (lastSuccessAt ?? lastRunAt ?? createdAt) : null;
  const wall = Math.max(1, secondsBetween(createdAt, finishedAt ?? now.toISOString()));
  return {
    id: job.id ?? '',
    stream,
    from,
    to,
    doneTo: job.watermark,
    percent: whole === 0 ? 100 : rounded(Math.min(100, (done / whole) * 100)),
    remainingSeconds: Math.max(0, whole - done),
    state: isFinished ? 'finished' : stateOf(job, connection, now),
    received,
    stored,
    requests,
    lateBeyondLag,
    rate: { events: rounded(received / wall), rangeSeconds: rounded(done / wall) },
    createdAt,
    lastRunAt: lastRunAt ?? null,
    finishedAt,
    lastError: job.lastError ?? null,
  };
}

function stateOf(
  { leaseUntil, failures }: Job,
  connection: StoredConnection,
  now: Date,
): Exclude<BackfillProgress['state'], 'finished'> {
  if (leaseUntil !== undefined && leaseUntil > now.toISOString()) return 'running';
  if (isPaused(connection)) return 'paused';
  return failures > 0 ? 'failing' : 'waiting';
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}

/** To three digits behind the point: what is read by people. */
function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
