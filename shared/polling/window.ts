import type { Gap, Interval, Job } from './job.ts';
import type { Stream } from './poller.ts';

const SECOND = 1_000;
/** What a vendor is asked for at the edge of what it keeps must still be there when the request arrives. */
const EDGE_MS = 5 * 60_000;

/**
 * The next window of a job; undefined when it is read up to its end, or for `live` up to now.
 *
 * Live windows begin before the watermark, as far as events may have arrived since that part was last read: an event of time
 * t that arrives within `overlapSeconds` of t is later than (reading - settle - overlap), whatever the reading was.
 *
 * @param now the vendor's time.
 */
export function nextWindow(job: Job, stream: Stream, now: Date): Interval | undefined {
  const watermark = Date.parse(job.watermark);
  const settled = floor(now.getTime() - stream.settleSeconds * SECOND);
  const end = job.to === undefined ? settled : Math.min(Date.parse(job.to), settled);
  if (end <= watermark) return undefined;
  const scale = 2 ** job.shrink;
  const from = job.lane === 'live' ? Math.min(watermark, overlapStart(job, stream, scale)) : watermark;
  const span = Math.max(SECOND, floor((stream.windowSeconds * SECOND) / scale));
  return interval(keptFrom(from, stream, now), Math.min(end, Math.max(watermark, from) + span));
}

/**
 * What of a job the vendor has deleted before it was read; undefined when it still keeps everything.
 *
 * @param now the vendor's time.
 */
export function expired(job: Job, stream: Stream, now: Date): Interval | undefined {
  const watermark = Date.parse(job.watermark);
  const edge = keptFrom(watermark, stream, now);
  const end = job.to === undefined ? edge : Math.min(edge, Date.parse(job.to));
  return end > watermark ? interval(watermark, end) : undefined;
}

/**
 * A sweep that is begun: it reads again everything that may have had late arrivals since the last one began.
 *
 * @param now the vendor's time.
 */
export function begunSweep(job: Job, stream: Stream, now: Date): Job {
  const since = Date.parse(job.sweptAt ?? job.createdAt) - stream.lateSeconds * SECOND;
  const to = floor(now.getTime() - stream.settleSeconds * SECOND);
  const from = Math.min(to, keptFrom(floor(since), stream, now));
  return { ...withRange(job, from, to), sweepBegunAt: now.toISOString() };
}

function withRange(job: Job, from: number, to: number): Job {
  const range = interval(from, to);
  return { ...job, ...range, watermark: range.from };
}

/** The job with a gap added to those known; one that goes on where the last one of the same reason ended extends it. */
export function withGap(job: Job, gap: Gap): Job {
  const last = job.gaps.at(-1);
  if (last && last.reason === gap.reason && last.to >= gap.from && last.from <= gap.from) {
    const to = last.to > gap.to ? last.to : gap.to;
    return { ...job, gaps: [...job.gaps.slice(0, -1), { ...last, to, notedAt: gap.notedAt }] };
  }
  return { ...job, gaps: [...job.gaps, gap].slice(-MAX_GAPS) };
}

const MAX_GAPS = 200;

function overlapStart({ readAt, watermark }: Job, stream: Stream, scale: number): number {
  const read = readAt === undefined ? Date.parse(watermark) : Date.parse(readAt) - stream.settleSeconds * SECOND;
  return floor(read - (stream.overlapSeconds * SECOND) / scale);
}

function keptFrom(from: number, { keepsSeconds }: Stream, now: Date): number {
  if (keepsSeconds === undefined) return from;
  return Math.max(from, ceil(now.getTime() - keepsSeconds * SECOND + Math.min(EDGE_MS, (keepsSeconds * SECOND) / 10)));
}

/** Whole seconds: the finest that all vendors understand, and no instant is split by it. */
export function floor(time: number): number {
  return Math.floor(time / SECOND) * SECOND;
}

function ceil(time: number): number {
  return Math.ceil(time / SECOND) * SECOND;
}

function interval(from: number, to: number): Interval {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
