import { incarnationOf, isPaused, type StoredConnection } from '../control/connections.ts';
import { type Job, jobKey, type Lane, newJob } from './job.ts';
import type { Collector, Stream } from './poller.ts';
import { floor } from './window.ts';

/** A sweep of a connection that was just made would find nothing yet. */
const FIRST_SWEEP = 1;

/** What one invocation of the poll function does: the jobs of a connection in one lane that are due. */
export interface Task {
  readonly connection: string;
  readonly lane: Lane;
}

/**
 * The jobs that a connection must have. They follow from the connection alone, so that making them again changes nothing:
 * live from the moment it was made, and what was before by a backfill.
 */
export function wantedJobs(connection: StoredConnection, streams: readonly Stream[]): Job[] {
  const made = Date.parse(connection.createdAt);
  const start = new Date(floor(made)).toISOString();
  const { id, createdAt } = connection;
  return streams.flatMap((stream) => {
    const of = { connection: id, incarnation: incarnationOf(connection), stream: stream.name, createdAt };
    const sweepAt = new Date(made + FIRST_SWEEP * stream.sweepEverySeconds * 1_000).toISOString();
    const history = historyStart(connection, stream);
    return [
      newJob({ ...of, lane: 'live', from: start, dueAt: createdAt }),
      newJob({ ...of, lane: 'sweep', from: start, to: start, dueAt: sweepAt }),
      ...(history < start
        ? [newJob({ ...of, lane: 'backfill', id: 'history', from: history, to: start, dueAt: createdAt })]
        : []),
    ];
  });
}

/** What has to be started now, given all connections that are polled with their streams, and all jobs. */
export function dueTasks(
  polled: readonly { readonly connection: StoredConnection; readonly collector: Collector }[],
  jobs: readonly Job[],
  hastened: ReadonlyMap<string, string>,
  now: Date,
): Task[] {
  const byKey = new Map(jobs.map((job) => [jobKey(job), job]));
  const byConnection = Map.groupBy(jobs, ({ connection }) => connection);
  return polled.flatMap(({ connection, collector }): Task[] => {
    if (isPaused(connection)) return [];
    const incarnation = incarnationOf(connection);
    const existing = (byConnection.get(connection.id) ?? []).filter((job) => job.incarnation === incarnation);
    const missing = wantedJobs(connection, collector.streams).filter((job) => !byKey.has(jobKey(job)));
    const all = [...existing, ...missing];
    const due = all.filter((job) => isDue(job, hastened.get(connection.id), now));
    // What is not urgent runs once at a time, so that it stays below the vendor's limits.
    const busy = all.filter((job) => job.lane !== 'live' && isHeld(job, now)).map(({ lane }) => lane);
    const lanes = new Set(due.map(({ lane }) => lane)).difference(new Set(busy));
    return [...lanes].map((lane) => ({ connection: connection.id, lane }));
  });
}

/**
 * True for a job that is to run and that no run holds.
 *
 * @param hastenedAt from when on a run is wanted, before the job's time.
 */
export function isDue(job: Job, hastenedAt: string | undefined, now: Date): boolean {
  if (isHeld(job, now)) return false;
  const at = now.toISOString();
  if (job.dueAt !== undefined && job.dueAt <= at) return true;
  if (job.throttledUntil !== undefined && job.throttledUntil > at) return false;
  return job.lane === 'live' && hastenedAt !== undefined && hastenedAt <= at && (job.lastRunAt ?? '') < hastenedAt;
}

function isHeld({ leaseUntil }: Job, now: Date): boolean {
  return leaseUntil !== undefined && leaseUntil > now.toISOString();
}

function historyStart({ backfillFrom, createdAt }: StoredConnection, stream: Stream): string {
  const from =
    backfillFrom === undefined ? Date.parse(createdAt) - stream.historySeconds * 1_000 : Date.parse(backfillFrom);
  return new Date(floor(from)).toISOString();
}
