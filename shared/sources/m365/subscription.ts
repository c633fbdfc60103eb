import { ThrottledError, VendorUnavailableError } from '../../polling/errors.ts';
import type { Vendor } from '../../polling/poller.ts';
import type { ActivityFeed } from './activity-feed.ts';

/** Microsoft wants this long between two starts. */
const BETWEEN_STARTS_MS = 15 * 60_000;

/** Starts subscriptions that are not there, and not again and again. */
export class Subscriber {
  readonly #feed: ActivityFeed;
  readonly #startedAt = new Map<string, number>();

  constructor(feed: ActivityFeed) {
    this.#feed = feed;
  }

  /**
   * Sees to it that the tenant has a subscription to the content type.
   *
   * @throws ThrottledError when one was started less than 15 minutes ago, or could not be started: until when to wait.
   */
  async ensure(contentType: string, vendor: Vendor): Promise<void> {
    const now = vendor.now().getTime();
    const waitMs = (this.#startedAt.get(contentType) ?? Number.NEGATIVE_INFINITY) + BETWEEN_STARTS_MS - now;
    if (waitMs > 0) throw notYet(contentType, waitMs);
    // Another run may have started it; this one then need not.
    if (await this.#feed.isSubscribed(contentType, vendor)) return;
    this.#startedAt.set(contentType, now);
    try {
      await this.#feed.subscribe(contentType, vendor);
    } catch (cause) {
      if (!(cause instanceof VendorUnavailableError)) throw cause;
      throw new ThrottledError(
        `the subscription to ${contentType} could not be started (${cause.message}): it is tried again in 15 minutes`,
        BETWEEN_STARTS_MS,
        { cause },
      );
    }
  }
}

/** For a subscription that is there and without effect. */
export function notYet(contentType: string, waitMs: number = BETWEEN_STARTS_MS): ThrottledError {
  return new ThrottledError(
    `a subscription to ${contentType} was asked for less than 15 minutes ago and has no effect yet: the first records come up to 12 hours later`,
    waitMs,
  );
}
