import { z } from 'zod';
import { CursorExpiredError } from '../../polling/errors.ts';
import type { Page, PageRequest, Vendor } from '../../polling/poller.ts';
import { type ActivityFeed, Blob, type Listing } from './activity-feed.ts';
import { type Fetched, fetchBlobs } from './blobs.ts';
import { notYet, type Subscriber } from './subscription.ts';
import { type AskedWindow, askedWindow, isBeforeWindow } from './window.ts';

const MOST_FAILED = 30;

const GONE = 'Microsoft listed records and did not have them any more when they were fetched';
const TOO_OLD = 'Microsoft lists only what it published within the last 7 days';
const NOT_SUBSCRIBED =
  'there was no subscription: what Microsoft would have published before it was started is lost, or comes later';

const Cursor = z.strictObject({
  /** The page of the list; null for the first. */
  list: z.string().nullable(),
  /** The last blob of that page which was tried. */
  after: Blob.pick({ contentCreated: true, contentId: true }).nullable(),
  /** What could not be fetched so far: it is tried again when all else is stored. */
  failed: z.array(Blob),
  /** True when all else is stored. */
  onlyFailed: z.boolean(),
});
type Cursor = z.infer<typeof Cursor>;

const START: Cursor = { list: null, after: null, failed: [], onlyFailed: false };

/** Reads some of the blobs that became available in a window; what they hold may have happened long before. */
export async function readPage(
  request: PageRequest,
  vendor: Vendor,
  feed: ActivityFeed,
  subscriber: Subscriber,
): Promise<Page> {
  const cursor = cursorOf(request);
  if (cursor.onlyFailed) {
    const fetched = await fetchBlobs(cursor.failed, request.limit, vendor, feed);
    return pageOf(fetched, end([...fetched.failed, ...cursor.failed.slice(fetched.tried)]));
  }
  const window = askedWindow(request, vendor.now());
  if (window.from >= window.to) return { events: [], missing: TOO_OLD };
  const url = cursor.list ?? feed.contentUrl(request.stream, window.from, window.to);
  const known = await feed.list(url, vendor);
  const listing = known ?? (await subscribed(request.stream, url, vendor, feed, subscriber));
  const missing = known ? (window.isCut ? TOO_OLD : undefined) : NOT_SUBSCRIBED;

  const todo = open(listing, cursor.after, request, window);
  const fetched = await fetchBlobs(todo, request.limit, vendor, feed);
  const failed = [...cursor.failed, ...fetched.failed];
  if (fetched.error && failed.length > MOST_FAILED) throw fetched.error;
  const last = todo[fetched.tried - 1];
  if (last && fetched.tried < todo.length) {
    const { contentCreated, contentId } = last;
    return pageOf(fetched, { ...START, list: cursor.list, after: { contentCreated, contentId }, failed }, missing);
  }
  return pageOf(fetched, listing.next ? { ...START, list: listing.next, failed } : end(failed), missing);
}

function cursorOf({ cursor }: PageRequest): Cursor {
  if (cursor === undefined) return START;
  const parsed = Cursor.safeParse(cursor);
  if (parsed.success) return parsed.data;
  throw new CursorExpiredError('the position is not one of this version of Annals', { cause: parsed.error });
}

/** What comes when the list is read: nothing, or once more what could not be fetched. */
function end(failed: Blob[]): Cursor | undefined {
  return failed.length > 0 ? { ...START, failed, onlyFailed: true } : undefined;
}

function pageOf({ events, done, gone }: Fetched, next: Cursor | undefined, missing?: string): Page {
  const reason = missing ?? (gone ? GONE : undefined);
  return {
    events,
    done: done.map(({ contentId }) => contentId),
    ...(next && { next }),
    ...(reason !== undefined && { missing: reason }),
  };
}

async function subscribed(
  contentType: string,
  url: string,
  vendor: Vendor,
  feed: ActivityFeed,
  subscriber: Subscriber,
): Promise<Listing> {
  await subscriber.ensure(contentType, vendor);
  const listing = await feed.list(url, vendor);
  if (!listing) throw notYet(contentType);
  return listing;
}

/**
 * What of a page of the list is still to be fetched. Microsoft promises no order, and a page may be listed again between two
 * requests: so in an order of our own.
 */
function open({ blobs }: Listing, after: Cursor['after'], { done }: PageRequest, window: AskedWindow): Blob[] {
  const unique = new Map(blobs.map((blob) => [blob.contentId, blob]));
  return [...unique.values()]
    .filter((blob) => !done.has(blob.contentId) && !isBeforeWindow(blob.contentCreated, window))
    .filter((blob) => after === null || inOrder(after, blob) < 0)
    .sort(inOrder);
}

function inOrder(a: Pick<Blob, 'contentCreated' | 'contentId'>, b: typeof a): number {
  if (a.contentCreated !== b.contentCreated) return a.contentCreated < b.contentCreated ? -1 : 1;
  return a.contentId < b.contentId ? -1 : a.contentId > b.contentId ? 1 : 0;
}
