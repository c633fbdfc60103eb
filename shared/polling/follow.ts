import { CursorExpiredError, CursorRepeatedError } from './errors.ts';
import { type Job, newJob } from './job.ts';
import { withCounts } from './outcome.ts';
import type { Feed } from './poller.ts';
import type { RunContext } from './run.ts';
import { floor } from './window.ts';

/** Positions are given up this long before their end, as some of it passes on the way. */
const EDGE = 0.95;
const PAGE_MS = 75_000;

/**
 * Follows a feed from its position up to now. A feed that is begun, or begun again because its position is not good any
 * more, leaves the stretch before it to a backfill.
 *
 * @param save stores the job and renews its lease.
 * @returns whether everything up to now was read.
 */
export async function followFeed(
  feed: Feed,
  job: Job,
  context: RunContext,
  save: (job: Job) => Promise<Job>,
): Promise<boolean> {
  const { vendor, stream, store, clock, timeLeft, pauseMs = 0, pageMs = PAGE_MS } = context;
  let current = job;
  const seen = new Set<string>();
  for (let restarted = false; ; ) {
    if (timeLeft() < pageMs) return false;
    const { position } = current;
    if (position === undefined || isStale(current, feed, clock.now())) {
      current = await save(await begun(feed, current, context));
      restarted = true;
      continue;
    }
    const asked = clock.now();
    let page: Awaited<ReturnType<Feed['page']>>;
    try {
      page = await feed.page(JSON.parse(position), vendor, stream.name);
    } catch (error) {
      if (!(error instanceof CursorExpiredError) || restarted) throw error;
      const { position: _, ...withoutPosition } = current;
      current = withoutPosition;
      continue;
    }
    seen.add(position);
    const next = JSON.stringify(page.position);
    const counted = withCounts(current, await store(page.events), 0, clock.now());
    if (page.more && seen.has(next)) {
      throw new CursorRepeatedError('the vendor gave the same position twice: following it would not end');
    }
    current = { ...counted, position: next, cutShort: 0 };
    if (!page.more) {
      const settled = floor(asked.getTime() + vendor.skewMs - stream.settleSeconds * 1_000);
      const watermark = Math.max(Date.parse(current.watermark), settled);
      current = { ...current, watermark: new Date(watermark).toISOString() };
    }
    current = await save(current);
    if (!page.more) return true;
    if (pauseMs > 0) await clock.sleep(pauseMs);
  }
}

function isStale({ lastSuccessAt }: Job, { positionKeepsSeconds }: Feed, now: Date): boolean {
  if (lastSuccessAt === undefined) return false;
  return now.getTime() - Date.parse(lastSuccessAt) > positionKeepsSeconds * 1_000 * EDGE;
}

/** The job at the feed's present position, with a backfill for what lies between the watermark and it. */
async function begun(feed: Feed, job: Job, { vendor, stream, jobs, clock }: RunContext): Promise<Job> {
  const createdAt = clock.now().toISOString();
  const asked = floor(vendor.now().getTime());
  const position = await feed.start(vendor, stream.name);
  // The position may be some moments older or newer than the clock says; what comes twice does no harm.
  const around = stream.overlapSeconds * 1_000;
  const from = new Date(Date.parse(job.watermark) - around).toISOString();
  const to = new Date(asked + around).toISOString();
  const { connection, incarnation } = job;
  await jobs.create(
    newJob({
      connection,
      incarnation,
      stream: stream.name,
      lane: 'backfill',
      id: to,
      createdAt,
      dueAt: createdAt,
      from,
      to,
    }),
  );
  const start = new Date(asked).toISOString();
  const before = job.watermark > job.from ? [{ from: job.from, to: job.watermark }] : [];
  return {
    ...job,
    position: JSON.stringify(position),
    earlier: [...job.earlier, ...before],
    from: start,
    watermark: start,
    lastSuccessAt: createdAt,
  };
}
