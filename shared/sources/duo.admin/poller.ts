import { definePoller, type Stream } from '../../polling/poller.ts';
import { collectorOf, SECRETS, Settings } from '../duo/connection.ts';
import { pageOf } from './pages.ts';

const DAY_SECONDS = 86_400;

const STREAM: Stream = {
  name: 'administrator',
  everySeconds: 300,
  settleSeconds: 60,
  overlapSeconds: 600,
  // No lateness is documented.
  lateSeconds: 6 * 3_600,
  sweepEverySeconds: 3 * 3_600,
  // A window without rows costs a request, whatever its size.
  windowSeconds: 90 * DAY_SECONDS,
  historySeconds: 5 * 365 * DAY_SECONDS,
};

/** Reads Duo's administrator log, version 1. */
export const poller = definePoller({
  settings: Settings,
  secrets: SECRETS,
  cursorLasts: true,
  // Requests to logs of version 1 that follow each other faster have been seen to be refused.
  pauseMs: 30_000,
  connect: (settings) => collectorOf(settings, { streams: [STREAM], page: pageOf }),
});
