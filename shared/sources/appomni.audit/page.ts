import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../json.ts';
import type { Clock } from '../../polling/clock.ts';
import { CursorExpiredError, ForeignHostError, VendorUnavailableError } from '../../polling/errors.ts';
import type { Page, PageRequest, Vendor } from '../../polling/poller.ts';
import { Course, lookAt } from '../newest-first.ts';
import { saidAt } from './entry.ts';
import { pauseFor } from './rate.ts';

const PER_PAGE = 50;

/** `query` is that of the address of the next page. */
const Cursor = z.strictObject({ query: z.string().startsWith('?'), course: Course.optional() });

const Reply = z.object({
  results: z.array(z.custom<JsonObject>(isJsonObject, 'is not an object')),
  next: z.string().nullish(),
});

/**
 * How a page of the audit log is read. `since` and `before` are not documented by AppOmni, so the reply is compared with the
 * window: if they were ignored, the list is read newest first until the window is behind, or to its end when it is in some
 * other order (`ordering` is the convention of AppOmni's API; what does not know it ignores it).
 *
 * @param sleep how to wait when the rate limit is nearly used up.
 */
export function pageOf(
  baseUrl: string,
  sleep: Clock['sleep'],
): (request: PageRequest, vendor: Vendor) => Promise<Page> {
  const endpoint = new URL(`${baseUrl}/api/v1/core/auditlogs/`);
  return async ({ from, to, cursor, limit = PER_PAGE }, vendor) => {
    const { query, course } = cursor === undefined ? { query: `?limit=${Math.min(limit, PER_PAGE)}` } : read(cursor);
    const url = new URL(query, endpoint);
    // Whether `since` includes its instant is not known.
    url.searchParams.set('since', new Date(from.getTime() - 1_000).toISOString());
    url.searchParams.set('before', to.toISOString());
    url.searchParams.set('ordering', '-action_at');
    const reply = await vendor.get(url);
    const { results, next } = reply.parse(Reply);
    const seen = lookAt(results, (row) => saidAt(row, 'action_at'), { from, to }, course);
    const following = results.length === 0 || seen.past ? undefined : queryOf(next, endpoint);
    if (following === undefined) return { events: seen.inside };
    const pauseMs = pauseFor(reply);
    if (pauseMs > 0) await sleep(pauseMs);
    return { events: seen.inside, next: { query: following, ...(seen.course && { course: { ...seen.course } }) } };
  };
}

function read(cursor: unknown): z.infer<typeof Cursor> {
  const parsed = Cursor.safeParse(cursor);
  if (parsed.success) return parsed.data;
  throw new CursorExpiredError('the cursor is not one that this version wrote: the window is read from its beginning');
}

/** The query of the next page's address; undefined at the end, which AppOmni's own example marks with the string "null". */
function queryOf(next: string | null | undefined, endpoint: URL): string | undefined {
  if (next === null || next === undefined || ['', 'null', 'None'].includes(next)) return undefined;
  const url = URL.parse(next, endpoint.href);
  if (!url || url.search === '')
    throw new VendorUnavailableError(`AppOmni's address of the next page can't be read: ${next}`);
  // A scheme other than that of the base URL, as proxies bring about, is not followed but does no harm.
  if (url.host !== endpoint.host) {
    throw new ForeignHostError(`AppOmni's next page is at ${url.host} and not at ${endpoint.host}: check "baseUrl"`);
  }
  return url.search;
}
