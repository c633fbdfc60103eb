import type { Reply, Throttle } from '../../polling/poller.ts';
import { retryAfterMs } from '../../polling/vendor/reply.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Limits are by the hour. */
const LONGEST = 60 * MINUTE;
const SAYS_SO = /"message"\s*:\s*"[^"]*(rate limit|abuse detection)/i;

/** Knows GitHub's throttling when it sees it. */
export interface Throttling {
  /** Undefined for all other replies, such as a 403 for want of a permission. */
  of(reply: Reply): Throttle | undefined;
  /** A request was answered as it should be. */
  passed(): void;
}

/**
 * Throttling is 403 or 429. How long to wait is in `retry-after`, else in `x-ratelimit-reset` where nothing remains, else it
 * is a minute and twice as long each time:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function throttling(): Throttling {
  let guesses = 0;
  return {
    of({ status, headers, text }) {
      if (status !== 403 && status !== 429) return undefined;
      const date = Date.parse(headers['date'] ?? '');
      const now = Number.isNaN(date) ? Date.now() : date;
      const asked = retryAfterMs(headers['retry-after'], new Date(now));
      if (asked !== undefined) return { waitMs: asked };
      const isSpent = headers['x-ratelimit-remaining']?.trim() === '0';
      const reset = Number(headers['x-ratelimit-reset'] ?? '');
      if (isSpent && reset > 0) return { waitMs: Math.min(Math.max(reset * SECOND - now, 0) + SECOND, LONGEST) };
      if (status === 403 && !isSpent && !SAYS_SO.test(text)) return undefined;
      guesses += 1;
      return { waitMs: Math.min(MINUTE * 2 ** (guesses - 1), LONGEST) };
    },
    passed() {
      guesses = 0;
    },
  };
}
