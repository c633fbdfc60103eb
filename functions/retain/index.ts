import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { S3Client } from '@aws-sdk/client-s3';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { allHolds } from '../../shared/archive/hold.ts';
import { Digests } from '../../shared/archive/retain/digests.ts';
import { type FilesPage, FilesRequest, heldFiles } from '../../shared/archive/retain/held-files.ts';
import { applyHolds } from '../../shared/archive/retain/holds.ts';
import { s3Locks } from '../../shared/archive/retain/locks.ts';
import { lockWithDigests, renewLocks } from '../../shared/archive/retain/renewal.ts';
import type { Work } from '../../shared/archive/retain/work.ts';
import { s3SealStore } from '../../shared/archive/seal/s3-store.ts';
import { environment } from '../environment.ts';
import { control, once } from '../services.ts';
import { gauge, logger, publishMetrics } from '../telemetry.ts';

/** No object is begun any more when this is left. */
const SETTLING_MS = 60_000;
/** Of the time, what renewing locks may count on, whatever holds take. */
const RENEWAL_SHARE = 0.25;
/** How long a page of files is gathered for; whoever asked waits for 24 seconds. */
const PAGE_MS = 12_000;
/** If one object can't be dealt with, all others may be the same. */
const MOST_LOGGED = 20;

const s3 = once(() => new S3Client({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000 } }));

export const handler = middy(retain)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(publishMetrics());

/**
 * Daily, and when a hold is made or released: puts legal holds in place and renews locks. For a {@link FilesRequest}: the
 * files of a hold.
 */
async function retain(event: unknown, context: Context): Promise<FilesPage | undefined> {
  const asked = FilesRequest.safeParse(event);
  const bucket = environment('ARCHIVE_BUCKET');
  const store = s3SealStore(s3(), bucket);
  const tools = { store, locks: s3Locks(s3(), bucket), digests: await Digests.list(store) };
  if (asked.success) {
    const end = Date.now() + PAGE_MS;
    return heldFiles(asked.data, { ...tools, timeLeft: () => end - Date.now() });
  }
  await keep(tools, context);
  return undefined;
}

async function keep(tools: Pick<Work, 'store' | 'locks' | 'digests'>, context: Context): Promise<void> {
  let problems = 0;
  const timeLeft = () => context.getRemainingTimeInMillis() - SETTLING_MS;
  const reserved = timeLeft() * RENEWAL_SHARE;
  const work: Work = {
    ...tools,
    now: new Date(),
    timeLeft,
    onProblem(key, error) {
      problems += 1;
      if (problems <= MOST_LOGGED)
        logger.error('an object of the archive could not be held or locked', { key, error: error as Error });
    },
  };
  const { renewed, ...settings } = environment('ARCHIVE_LOCK');
  const holds = await applyHolds({ ...work, timeLeft: () => timeLeft() - reserved }, () => allHolds(control()));
  gauge('HoldsOverdueHours', holds.overdueHours);
  const lengthened = await lockWithDigests(work, settings);
  const renewal = renewed ? await renewLocks(work, settings) : { lengthened: 0, short: 0 };
  if (renewed) gauge('LocksShort', renewal.short);
  logger.info('holds and locks are in place as far as there was time', {
    ...holds,
    problems,
    lengthened: lengthened + renewal.lengthened,
    short: renewal.short,
  });
}
