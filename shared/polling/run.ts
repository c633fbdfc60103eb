import type { JsonObject } from '../json.ts';
import type { TimeLeft } from '../retry.ts';
import type { Clock } from './clock.ts';
import { CursorExpiredError, CursorRepeatedError, LeaseLostError } from './errors.ts';
import { followFeed } from './follow.ts';
import type { Job } from './job.ts';
import type { Jobs } from './jobs.ts';
import { cutShort, failed, type Stored, succeeded, withCounts, withoutWindow } from './outcome.ts';
import type { Collector, MeasuredVendor, Stream } from './poller.ts';
import { begunSweep, expired, floor, nextWindow, withGap } from './window.ts';

/** Renewed with every page; a run that was killed is taken over after it. */
export const LEASE_MS = 5 * 60_000;
/** Another page is not begun with less time than this. */
const PAGE_MS = 75_000;
/** A window whose cursor expires again and again fails the run. */
const RESTARTS = 2;

export interface RunContext {
  readonly jobs: Jobs;
  readonly collector: Collector;
  readonly stream: Stream;
  readonly cursorLasts: boolean;
  readonly pauseMs?: number | undefined;
  readonly vendor: MeasuredVendor;
  /** Stores a page's events. @throws StoreUnavailableError when not all could be stored. */
  readonly store: (events: readonly JsonObject[]) => Promise<Stored>;
  readonly clock: Clock;
  readonly timeLeft: TimeLeft;
  /** Keys of parts that this process has stored already, per stream. */
  readonly done: Set<string>;
  /** Why what the vendor has deleted was not read in time. */
  readonly gapReason: string;
  /** From when to when the stream has been swept: what a backfill finds in it came later than documented. */
  readonly swept?: { readonly from: string; readonly to: string } | undefined;
  /** For tests: time that must be left before another page is begun. */
  readonly pageMs?: number;
}

/** `held`: another run has it. `lost`: another run took it over meanwhile, or it was deleted. */
export type Outcome = 'held' | 'caught_up' | 'cut_short' | 'failed' | 'lost';

export interface RunResult {
  readonly outcome: Outcome;
  /** As the run found it, and as it left it. */
  readonly before: Job;
  readonly job: Job;
  readonly error?: unknown;
}

/**
 * Runs a job until it is caught up, time runs out or something fails. Whatever happens, at any moment, everything before
 * the watermark is stored: a page's events are stored before the cursor after them, and all pages of a window before the
 * watermark.
 */
export async function runJob(job: Job, context: RunContext): Promise<RunResult> {
  const taken = await context.jobs.acquire(job, context.clock.now(), LEASE_MS);
  if (!taken) return { outcome: 'held', before: job, job };
  const result = await new Run(taken, job.leaseUntil !== undefined, context).execute();
  return { ...result, before: job };
}

class Run {
  readonly #context: RunContext;
  readonly #wasKilled: boolean;
  readonly #requestsBefore: number;
  /** When the run began: what happens later is the next run's, or a run would never end. */
  readonly #asOf: number;
  #job: Job;
  /** Whether this run has stored a page of the window it is in. */
  #advanced = false;

  constructor(job: Job, wasKilled: boolean, context: RunContext) {
    this.#job = { ...job, lastRunAt: context.clock.now().toISOString() };
    this.#wasKilled = wasKilled;
    this.#requestsBefore = job.requests;
    this.#asOf = context.clock.now().getTime();
    this.#context = context;
  }

  async execute(): Promise<Omit<RunResult, 'before'>> {
    const { collector, stream, cursorLasts, clock } = this.#context;
    try {
      if (this.#wasKilled) this.#job = cutShort(this.#job, cursorLasts, stream);
      if (this.#job.lane === 'sweep' && this.#job.sweepBegunAt === undefined) {
        this.#job = begunSweep(this.#job, stream, this.#context.vendor.now());
      }
      const follows = this.#job.lane === 'live' ? collector.feed : undefined;
      const caughtUp = follows ? await followFeed(follows, this.#job, this.#context, this.#save) : await this.#walk();
      await this.#release(caughtUp);
      return { outcome: caughtUp ? 'caught_up' : 'cut_short', job: this.#job };
    } catch (error) {
      if (error instanceof LeaseLostError) return { outcome: 'lost', job: this.#job };
      return this.#fail(error, clock.now());
    }
  }

  /** @returns whether the job is read up to its end, or up to now. */
  async #walk(): Promise<boolean> {
    const { clock, pauseMs = 0 } = this.#context;
    const seen = new Set<string>();
    for (let restarts = 0; ; ) {
      const window = this.#window();
      if (!window) return true;
      if (!this.#hasTime()) return false;
      if (this.#job.cursor === undefined) seen.clear();
      else seen.add(this.#job.cursor);
      try {
        await this.#page(window, seen);
      } catch (error) {
        if (!(error instanceof CursorExpiredError) || restarts === RESTARTS) throw error;
        restarts += 1;
        this.#job = withoutWindow(this.#job);
        continue;
      }
      // The last page's save also gives the lease back, unless there is more.
      if (this.#job.window === undefined && !this.#window()) return true;
      await this.#save(this.#job);
      if (pauseMs > 0) await clock.sleep(pauseMs);
    }
  }

  async #page(window: NonNullable<Job['window']>, seen: ReadonlySet<string>): Promise<void> {
    const { collector, vendor, store, stream, done, clock } = this.#context;
    const job = this.#job;
    const page = await collector.page(
      {
        stream: stream.name,
        from: new Date(window.from),
        to: new Date(window.to),
        // A sweep reads everything again: what a part held may have been incomplete.
        done: job.lane === 'live' ? done : new Set(),
        ...(job.cursor !== undefined && { cursor: JSON.parse(job.cursor) }),
      },
      vendor,
    );
    const next = page.next === undefined ? undefined : JSON.stringify(page.next);
    if (next !== undefined && seen.has(next)) {
      throw new CursorRepeatedError(
        'the vendor gave the same cursor twice within one window: following it would not end',
      );
    }
    const stored = await store(page.events);
    for (const key of page.done ?? []) done.add(key);
    let after = withCounts(job, stored, this.#lateBeyondLag(stored), clock.now());
    if (page.missing !== undefined && job.lane !== 'sweep') {
      after = withGap(after, {
        from: window.from,
        to: window.to,
        reason: page.missing,
        notedAt: clock.now().toISOString(),
      });
    }
    this.#advanced = true;
    if (next !== undefined) {
      this.#job = { ...after, window, cursor: next, ...(this.#context.cursorLasts && { cutShort: 0 }) };
      return;
    }
    this.#job = this.#completed(after, window);
  }

  /** A window that was read to its end moves the watermark, though never past what the vendor's clock had settled. */
  #completed(job: Job, window: NonNullable<Job['window']>): Job {
    const { stream, vendor } = this.#context;
    const begun = Date.parse(window.begunAt) + vendor.skewMs;
    const settled = floor(begun - stream.settleSeconds * 1_000);
    const watermark = Math.max(Date.parse(job.watermark), Math.min(Date.parse(window.to), settled));
    return {
      ...withoutWindow(job),
      watermark: new Date(watermark).toISOString(),
      readAt: new Date(begun).toISOString(),
      shrink: Math.max(0, job.shrink - 1),
      cutShort: 0,
    };
  }

  /** The window to go on with, or the next; undefined when everything is read. */
  #window(): NonNullable<Job['window']> | undefined {
    const { stream, vendor, clock, gapReason } = this.#context;
    if (this.#job.window) return this.#job.window;
    const now = new Date(this.#asOf + vendor.skewMs);
    const gone = expired(this.#job, stream, now);
    if (gone) {
      const gap = { ...gone, reason: gapReason, notedAt: clock.now().toISOString() };
      // What a sweep would have read again was collected before.
      const noted = this.#job.lane === 'sweep' ? this.#job : withGap(this.#job, gap);
      this.#job = { ...noted, watermark: gone.to };
    }
    const window = nextWindow(this.#job, stream, now);
    return window && { ...window, begunAt: clock.now().toISOString() };
  }

  #lateBeyondLag({ times }: Stored): number {
    const { swept } = this.#context;
    if (this.#job.lane !== 'backfill' || !swept) return 0;
    return times.filter((time) => time >= swept.from && time < swept.to).length;
  }

  /** Pages of a window that has to be read from its beginning are no progress. */
  #progressed(): boolean {
    return this.#advanced && (this.#context.cursorLasts || this.#job.window === undefined);
  }

  #hasTime(): boolean {
    return this.#context.timeLeft() >= (this.#context.pageMs ?? PAGE_MS);
  }

  readonly #save = async (job: Job): Promise<Job> => {
    const { jobs, clock } = this.#context;
    const leaseUntil = new Date(clock.now().getTime() + LEASE_MS).toISOString();
    this.#job = await jobs.save({ ...this.#measured(job), leaseUntil });
    this.#advanced = true;
    return this.#job;
  };

  async #release(caughtUp: boolean): Promise<void> {
    const { stream, cursorLasts, clock } = this.#context;
    const now = clock.now();
    const job = this.#job;
    if (caughtUp) {
      await this.#end(scheduled(succeeded(job, now), stream, this.#asOf, now));
    } else {
      const after = this.#progressed() ? succeeded(job, now) : cutShort(job, cursorLasts, stream);
      await this.#end({ ...after, dueAt: now.toISOString() });
    }
  }

  async #fail(error: unknown, now: Date): Promise<Omit<RunResult, 'before'>> {
    const { stream, cursorLasts } = this.#context;
    try {
      const before = this.#progressed() ? { ...this.#job, cutShort: 0 } : this.#job;
      await this.#end(failed(before, error, stream, cursorLasts, now));
    } catch (inSaving) {
      if (inSaving instanceof LeaseLostError) return { outcome: 'lost', job: this.#job, error };
      // A run that can't save leaves its lease to expire; what was saved before stands.
      return { outcome: 'failed', job: this.#job, error: inSaving };
    }
    return { outcome: 'failed', job: this.#job, error };
  }

  async #end(job: Job): Promise<void> {
    const { leaseUntil: _, ...released } = this.#measured(job);
    this.#job = await this.#context.jobs.save(released);
  }

  #measured(job: Job): Job {
    const { vendor } = this.#context;
    const { credentialExpiresAt: before, ...rest } = job;
    // Other secrets may have another end, or none.
    const expires = vendor.requests === 0 ? before : vendor.credentialExpiresAt?.toISOString();
    return {
      ...rest,
      skewMs: vendor.skewMs,
      requests: this.#requestsBefore + vendor.requests,
      ...(expires !== undefined && { credentialExpiresAt: expires }),
    };
  }
}

/** When a job that is caught up runs again: so long after this run began, but not before it ended. */
function scheduled(job: Job, stream: Stream, begun: number, now: Date): Job {
  const after = (seconds: number) => new Date(Math.max(begun + seconds * 1_000, now.getTime())).toISOString();
  const { dueAt: _, ...rest } = job;
  if (job.lane === 'live') return { ...rest, dueAt: after(stream.everySeconds) };
  if (job.lane === 'sweep') {
    const { sweepBegunAt, ...idle } = rest;
    return {
      ...idle,
      ...(sweepBegunAt !== undefined && { sweptAt: sweepBegunAt }),
      dueAt: after(stream.sweepEverySeconds),
    };
  }
  // A backfill that reaches up to now waits for the vendor to settle.
  const finished = job.to !== undefined && job.watermark >= job.to;
  return finished ? rest : { ...rest, dueAt: after(stream.everySeconds) };
}
