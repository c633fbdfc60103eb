import { AnnalsError } from '../errors.ts';
import {
  CursorRepeatedError,
  ReplyTooLargeError,
  ThrottledError,
  UnreachableError,
  VendorRefusedError,
  VendorUnavailableError,
} from './errors.ts';
import type { Job } from './job.ts';
import type { Stream } from './poller.ts';

const MINUTE_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * MINUTE_MS;
const SHORTEST_WINDOW_SECONDS = 60;
const MAX_MESSAGE = 500;
/** Runs that get nowhere in a window before it is halved. */
const CUT_SHORT_LIMIT = 2;
const DAYS_COUNTED = 8;

/** What a page came to in the store. */
export interface Stored {
  readonly received: number;
  /** Times of the events that were new, ISO-8601. */
  readonly times: readonly string[];
}

/** The job with a page's events counted. */
export function withCounts(job: Job, { received, times }: Stored, lateBeyondLag: number, now: Date): Job {
  const newest = times.reduce((latest, time) => (time > latest ? time : latest), job.lastEventAt ?? '');
  const today = now.toISOString().slice(0, 10);
  const days = { ...job.daily, ...(times.length > 0 && { [today]: (job.daily[today] ?? 0) + times.length }) };
  const daily = Object.fromEntries(Object.entries(days).sort().slice(-DAYS_COUNTED));
  return {
    ...job,
    received: job.received + received,
    stored: job.stored + times.length,
    lateBeyondLag: job.lateBeyondLag + lateBeyondLag,
    daily,
    ...(newest !== '' && { lastEventAt: newest }),
  };
}

/** The job after a run that got somewhere. */
export function succeeded(job: Job, now: Date): Job {
  const { lastError: _, throttledUntil: __, ...rest } = job;
  return { ...rest, failures: 0, lastSuccessAt: now.toISOString() };
}

/**
 * The job after an error: what is kept of its window, and when it is tried again.
 *
 * @param cursorLasts whether the window can be gone on with; otherwise it begins anew.
 */
export function failed(job: Job, error: unknown, stream: Stream, cursorLasts: boolean, now: Date): Job {
  const lastError = {
    at: now.toISOString(),
    code: error instanceof AnnalsError ? error.code : 'internal',
    message: (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE),
  };
  if (error instanceof ThrottledError) {
    const until = now.getTime() + (error.waitMs ?? jittered(MINUTE_MS));
    const dueAt = new Date(until).toISOString();
    const after = cursorLasts ? job : cutShort(job, cursorLasts, stream);
    return { ...after, lastError, throttledUntil: dueAt, dueAt };
  }
  const failures = job.failures + 1;
  const pause = Math.min(stream.everySeconds * 1_000 * 2 ** Math.min(failures - 1, 10), LONGEST_PAUSE_MS);
  const dueAt = new Date(now.getTime() + jittered(pause)).toISOString();
  // A cursor that is refused, or leads in circles, would be so again.
  const usable = cursorLasts && !(error instanceof CursorRepeatedError || error instanceof VendorRefusedError);
  const after = overloads(error) ? cutShort(job, usable, stream) : abandoned(job, usable);
  return { ...after, failures, lastError, dueAt };
}

/** The job after a run that ended in the middle of a window without getting anywhere in it. */
export function cutShort(job: Job, cursorLasts: boolean, stream: Stream): Job {
  const times = job.cutShort + 1;
  if (times < CUT_SHORT_LIMIT) return { ...abandoned(job, cursorLasts), cutShort: times };
  const most = Math.max(0, Math.floor(Math.log2(stream.windowSeconds / SHORTEST_WINDOW_SECONDS)));
  return { ...withoutWindow(job), cutShort: 0, shrink: Math.min(job.shrink + 1, most) };
}

export function withoutWindow(job: Job): Job {
  const { window: _, cursor: __, ...rest } = job;
  return rest;
}

function abandoned(job: Job, cursorLasts: boolean): Job {
  return cursorLasts ? job : withoutWindow(job);
}

/** A window may be too much for the vendor, which then answers late, with an error, or with more than is read. */
function overloads(error: unknown): boolean {
  return (
    error instanceof VendorUnavailableError || error instanceof UnreachableError || error instanceof ReplyTooLargeError
  );
}

/** Callers that failed together would otherwise come back together. */
function jittered(milliseconds: number): number {
  return milliseconds * (1 + Math.random() / 4);
}
