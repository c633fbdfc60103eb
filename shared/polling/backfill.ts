import { z } from 'zod';
import { incarnationOf, type StoredConnection } from '../control/connections.ts';
import { InvalidRequestError, type Problem } from '../errors.ts';
import { type Job, newJob } from './job.ts';
import type { Stream } from './poller.ts';
import { floor } from './window.ts';

/** A day, or a time with its zone. */
const Moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** What history is to be collected: `[from, to)`, of these streams or all. */
export const BackfillRequest = z.strictObject({
  from: Moment,
  to: Moment,
  streams: z.array(z.string()).min(1).optional(),
});
export type BackfillRequest = z.infer<typeof BackfillRequest>;

/**
 * The jobs that a backfill is made of, one for each stream. The same range gives the same jobs, so that a request can be
 * repeated.
 *
 * @throws InvalidRequestError for a range without an end in the past, and streams that are not the connection's.
 */
export function backfillJobs(
  connection: StoredConnection,
  streams: readonly Stream[],
  request: BackfillRequest,
  now: Date,
): Job[] {
  const from = new Date(floor(Date.parse(request.from))).toISOString();
  const to = new Date(Math.ceil(Date.parse(request.to) / 1_000) * 1_000).toISOString();
  const problems = problemsOf(request, { from, to }, streams, now);
  if (problems.length > 0) throw new InvalidRequestError('this can not be collected', problems);
  const createdAt = now.toISOString();
  return streams
    .filter(({ name }) => request.streams?.includes(name) ?? true)
    .map(({ name }) =>
      newJob({
        connection: connection.id,
        incarnation: incarnationOf(connection),
        stream: name,
        lane: 'backfill',
        id: `${from}/${to}`,
        createdAt,
        dueAt: createdAt,
        from,
        to,
      }),
    );
}

/** For each stream that the range reaches back too far for, one sentence. */
export function notKept(streams: readonly Stream[], jobs: readonly Job[], now: Date): string[] {
  return jobs.flatMap(({ stream: name, from, to }) => {
    const keepsSeconds = streams.find((stream) => stream.name === name)?.keepsSeconds;
    if (keepsSeconds === undefined) return [];
    const since = new Date(now.getTime() - keepsSeconds * 1_000).toISOString();
    if (from >= since) return [];
    const gone = to !== undefined && to <= since ? 'all of this range' : `what happened before ${since}`;
    return [`${name}: the vendor keeps events for ${spanOf(keepsSeconds)}, so that ${gone} is gone; it will be a gap`];
  });
}

function problemsOf(
  { streams: wanted = [] }: BackfillRequest,
  { from, to }: { from: string; to: string },
  streams: readonly Stream[],
  now: Date,
): Problem[] {
  const names = streams.map(({ name }) => name);
  return [
    ...(from < to ? [] : [{ path: 'to', message: 'must be after from' }]),
    ...(Date.parse(to) - 1_000 <= now.getTime() ? [] : [{ path: 'to', message: 'must not be in the future' }]),
    ...wanted.flatMap((name, index) =>
      names.includes(name) ? [] : [{ path: `streams.${index}`, message: `must be one of: ${names.join(', ')}` }],
    ),
  ];
}

function spanOf(seconds: number): string {
  const hours = Math.round(seconds / 3_600);
  return hours >= 48 ? `${Math.round(hours / 24)} days` : `${hours} hours`;
}
