import { incarnationOf, isPaused, type StoredConnection } from '../control/connections.ts';
import type { Interval, Job, Lane } from './job.ts';
import type { Stream } from './poller.ts';

/** A stretch of a stream that was collected in full. */
export interface Collected extends Interval {
  readonly stream: string;
  readonly lane: Exclude<Lane, 'sweep'>;
  /** When the collecting of this stretch began, and when it last got further. */
  readonly begunAt: string;
  readonly collectedAt: string | null;
  /** Up to here it was read again, as late as the vendor's events may arrive. */
  readonly sweptUpTo: string | null;
}

/** A stretch that is not collected. A gap that is `open` will be, when what keeps it open is over. */
export interface KnownGap extends Interval {
  readonly stream: string;
  readonly reason: string;
  readonly open: boolean;
  readonly notedAt: string | null;
}

/**
 * What was collected of a connection and what was not, from its jobs: everything from a job's begin up to its watermark is
 * stored, but for the gaps that it noted. `jobs` may hold others' too.
 */
export function intervalsOf(
  connection: StoredConnection,
  streams: readonly Stream[],
  jobs: readonly Job[],
  now: Date,
): { collected: Collected[]; gaps: KnownGap[] } {
  const own = jobs.filter(
    ({ connection: id, incarnation }) => id === connection.id && incarnation === incarnationOf(connection),
  );
  const collected = own.flatMap((job): Collected[] => {
    const { lane, stream, createdAt, lastSuccessAt } = job;
    if (lane === 'sweep') return [];
    return stretches(job).map((stretch) => ({
      stream,
      lane,
      ...stretch,
      begunAt: createdAt,
      collectedAt: lastSuccessAt ?? null,
      sweptUpTo: lane === 'live' ? within(stretch, sweptUpTo(stream, streams, own)) : null,
    }));
  });
  const gaps = own.flatMap((job): KnownGap[] => {
    if (job.lane === 'sweep') return [];
    const noted = job.gaps.map((gap) => ({ stream: job.stream, ...gap, open: false }));
    const open = openGap(job, connection, now.toISOString());
    return open ? [...noted, open] : noted;
  });
  const byTime = (a: Interval & { stream: string }, b: Interval & { stream: string }) =>
    a.stream === b.stream ? (a.from < b.from ? -1 : 1) : a.stream < b.stream ? -1 : 1;
  return { collected: collected.sort(byTime), gaps: gaps.sort(byTime) };
}

/** The stretches up to the watermark, less the gaps. */
function stretches({ from, watermark, earlier, gaps }: Job): Interval[] {
  return [...earlier, { from, to: watermark }].flatMap((whole) => {
    const parts: Interval[] = [];
    let start = whole.from;
    for (const gap of [...gaps].sort((a, b) => (a.from < b.from ? -1 : 1))) {
      if (gap.to <= start || gap.from >= whole.to) continue;
      if (gap.from > start) parts.push({ from: start, to: gap.from });
      start = gap.to;
    }
    if (start < whole.to) parts.push({ from: start, to: whole.to });
    return parts;
  });
}

/** What is still to be collected of a backfill, and of a live job that something keeps from getting on. */
function openGap(job: Job, connection: StoredConnection, now: string): KnownGap | undefined {
  const { stream, watermark, lane, to = now, lastError } = job;
  if (watermark >= to) return undefined;
  const of = { stream, from: watermark, to, open: true };
  if (isPaused(connection)) return { ...of, reason: 'paused', notedAt: connection.pausedAt ?? null };
  if (lastError) return { ...of, reason: lastError.code, notedAt: lastError.at };
  return lane === 'backfill' ? { ...of, reason: 'backfill_pending', notedAt: null } : undefined;
}

/** Up to when late arrivals of a stream were looked for. */
function sweptUpTo(name: string, streams: readonly Stream[], jobs: readonly Job[]): string | undefined {
  const stream = streams.find((one) => one.name === name);
  const { sweptAt } = jobs.find((job) => job.lane === 'sweep' && job.stream === name) ?? {};
  if (!stream || sweptAt === undefined) return undefined;
  return new Date(Date.parse(sweptAt) - stream.lateSeconds * 1_000).toISOString();
}

function within({ from, to }: Interval, time: string | undefined): string | null {
  if (time === undefined || time <= from) return null;
  return time < to ? time : to;
}
