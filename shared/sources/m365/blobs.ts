import type { JsonObject } from '../../json.ts';
import { VendorError } from '../../polling/errors.ts';
import type { Vendor } from '../../polling/poller.ts';
import { mapLimited } from '../../retry.ts';
import type { ActivityFeed, Blob } from './activity-feed.ts';

const AT_ONCE = 6;
const MOST_BLOBS = 24;
/** Enough is fetched with so many events, so that memory stays bounded where blobs are large. */
const ENOUGH_EVENTS = 5_000;

export interface Fetched {
  readonly events: readonly JsonObject[];
  readonly done: readonly Blob[];
  readonly failed: readonly Blob[];
  /** Why the first of `failed` did. */
  readonly error?: VendorError;
  /** How many of the blobs were tried, counted from the first. */
  readonly tried: number;
  /** Whether Microsoft did not have some of them any more. */
  readonly gone: boolean;
}

/**
 * Fetches blobs, a few at once, until there is enough for a page. One that fails does not keep back the others.
 *
 * @param limit how many events are wanted, if few.
 * @throws VendorError when not one could be had.
 */
export async function fetchBlobs(
  blobs: readonly Blob[],
  limit: number | undefined,
  vendor: Vendor,
  feed: ActivityFeed,
): Promise<Fetched> {
  const atOnce = limit === undefined ? AT_ONCE : 1;
  const enough = Math.min(limit ?? ENOUGH_EVENTS, ENOUGH_EVENTS);
  const events: JsonObject[] = [];
  const done: Blob[] = [];
  const failed: Blob[] = [];
  const errors: VendorError[] = [];
  let tried = 0;
  while (tried < Math.min(blobs.length, MOST_BLOBS) && events.length < enough) {
    const round = blobs.slice(tried, tried + atOnce);
    tried += round.length;
    await mapLimited(round, atOnce, async (blob) => {
      try {
        const records = await feed.fetch(blob, vendor);
        if (records === undefined) return;
        for (const record of records) events.push(record);
        done.push(blob);
      } catch (error) {
        if (!(error instanceof VendorError)) throw error;
        failed.push(blob);
        errors.push(error);
      }
    });
  }
  const [error] = errors;
  if (error && failed.length === tried) throw error;
  return { events, done, failed, ...(error && { error }), tried, gone: done.length + failed.length < tried };
}
