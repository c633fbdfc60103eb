import type { Reply } from '../../polling/poller.ts';

const SLOW_FROM = 0.9;
const LONGEST_MS = 5_000;

/**
 * How long to wait before the next request, in milliseconds, by `X-RateLimit: <used>/<limit>`: nothing up to nine tenths of
 * the limit, from there on up to 5 seconds. Over which time AppOmni counts is not published.
 */
export function pauseFor({ headers }: Pick<Reply, 'headers'>): number {
  const match = /^\s*(\d{1,9})\s*\/\s*(\d{1,9})\s*$/.exec(headers['x-ratelimit'] ?? '');
  const limit = Number(match?.[2]);
  if (!match || limit === 0) return 0;
  const beyond = Number(match[1]) / limit - SLOW_FROM;
  return Math.round(Math.min(1, Math.max(0, beyond / (1 - SLOW_FROM))) * LONGEST_MS);
}
