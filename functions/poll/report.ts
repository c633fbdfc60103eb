import { ThrottledError } from '../../shared/polling/errors.ts';
import type { RunResult } from '../../shared/polling/run.ts';
import { count, logger } from '../telemetry.ts';

/** Logs and counts how a run ended. */
export function report({ outcome, before, job, error }: RunResult): void {
  const { connection, stream, lane, watermark, requests, failures, cutShort, shrink } = job;
  const about = { connection, stream, lane, outcome, watermark, requests, failures };
  count('LateBeyondLag', job.lateBeyondLag - before.lateBeyondLag);
  switch (outcome) {
    case 'failed':
      if (error instanceof ThrottledError) {
        count('PollsThrottled');
        logger.info('the vendor throttles', { ...about, error });
        return;
      }
      count('PollsFailed');
      logger.warn('a poll failed and is tried again', { ...about, error: error as Error });
      return;
    case 'cut_short':
      logger.info('a poll goes on with the next tick', { ...about, cutShort, shrink });
      return;
    case 'lost':
      logger.info('another run took over', about);
      return;
    case 'held':
      logger.info('another run is at work', about);
      return;
    case 'caught_up':
      count('PollsCaughtUp');
      logger.debug('caught up', about);
  }
}
