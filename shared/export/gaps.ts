import { z } from 'zod';
import type { StoredConnection } from '../control/connections.ts';
import { intervalsOf } from '../polling/intervals.ts';
import type { Interval, Job } from '../polling/job.ts';
import { type Polled, polledConnection } from '../polling/polled.ts';
import type { EventFilter } from '../query/filter.ts';

/** A stretch of a polled connection's stream that is known not to be collected. */
export const ExportGap = z.strictObject({
  connection: z.string(),
  source: z.string(),
  /** Null where not even the streams are known. */
  stream: z.string().nullable(),
  /** Null: since ever. */
  from: z.string().nullable(),
  to: z.string(),
  /** `not_collected` where no run has been, else what the connection's intervals say. */
  reason: z.string(),
  /** It will be collected when what keeps it open is over. */
  open: z.boolean(),
});
export type ExportGap = z.infer<typeof ExportGap>;

/**
 * What is known to be missing between `from` and `to` of what the filter asks for, of each polled connection that there is
 * now. What vendors push, and connections that were deleted, leave no trace of what did not come.
 */
export function gapsIn(
  connections: readonly StoredConnection[],
  jobs: readonly Job[],
  { source, connection, from }: EventFilter,
  to: string,
  now: Date,
): ExportGap[] {
  const asked = connections.filter(
    (one) => (source?.includes(one.source) ?? true) && (connection?.includes(one.name) ?? true),
  );
  return asked
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((one) => {
      const polled = orNull(one);
      if (polled === undefined) return [];
      const names = { connection: one.name, source: one.source };
      if (polled === null)
        return [{ ...names, stream: null, from: from ?? null, to, reason: 'settings_not_valid', open: true }];
      return ofConnection(polled, jobs, { from, to }, now).map((gap) => ({ ...names, ...gap }));
    });
}

/** Null for one whose settings an earlier version took and this one does not. */
function orNull(connection: StoredConnection): Polled | null | undefined {
  try {
    return polledConnection(connection);
  } catch {
    return null;
  }
}

function ofConnection(
  { connection, collector }: Polled,
  jobs: readonly Job[],
  range: { from?: string | undefined; to: string },
  now: Date,
): Omit<ExportGap, 'connection' | 'source'>[] {
  const { collected, gaps } = intervalsOf(connection, collector.streams, jobs, now);
  return collector.streams.flatMap(({ name: stream }) => {
    const known = gaps.filter((gap) => gap.stream === stream);
    const noted = known.flatMap(({ reason, open, ...gap }) =>
      cut(gap, range).map((part) => ({ stream, ...part, reason, open })),
    );
    const seen = [...collected.filter((one) => one.stream === stream), ...known];
    const unseen = without(range, seen).map((part) => ({ stream, ...part, reason: 'not_collected', open: false }));
    return [...noted, ...unseen].sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
  });
}

/** The part of an interval that lies in the range. */
function cut({ from, to }: Interval, range: { from?: string | undefined; to: string }): Interval[] {
  const start = range.from !== undefined && range.from > from ? range.from : from;
  const end = range.to < to ? range.to : to;
  return start < end ? [{ from: start, to: end }] : [];
}

/** What of the range is in none of the intervals. */
function without(
  range: { from?: string | undefined; to: string },
  intervals: readonly Interval[],
): { from: string | null; to: string }[] {
  const parts: { from: string | null; to: string }[] = [];
  let start = range.from ?? null;
  for (const { from, to } of [...intervals].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    if (from >= range.to) break;
    if (from > (start ?? '')) parts.push({ from: start, to: from });
    if (to > (start ?? '')) start = to;
  }
  if ((start ?? '') < range.to) parts.push({ from: start, to: range.to });
  return parts;
}
