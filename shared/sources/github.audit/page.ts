import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { CursorExpiredError, ForeignHostError, LogUnavailableError } from '../../polling/errors.ts';
import type { Page, PageRequest, Reply, Vendor } from '../../polling/poller.ts';
import { API_HEADERS } from './credential.ts';
import { nextLink } from './link.ts';

const PAGE_SIZE = 100;

const Rows = z.array(z.custom<JsonObject>(isJsonObject, 'is not an object'));
/** What a link to the next page says besides the search itself: `after`; on old servers `page`. */
const Cursor = z.record(z.string(), z.string());

/**
 * Reads a page of the log at `log`, oldest first; the stream's name is what to include.
 *
 * @throws LogUnavailableError when there is no such log for this credential.
 */
export async function readPage(
  log: string,
  { cursor, ...request }: PageRequest,
  vendor: Vendor,
): Promise<[Page, Reply]> {
  const search = searchOf(request);
  const url = new URL(log);
  const after = cursor === undefined ? {} : Cursor.parse(cursor);
  for (const [name, value] of Object.entries({ ...after, ...search })) url.searchParams.set(name, value);
  const reply = await vendor.get(url, {
    headers: API_HEADERS,
    // GitHub documents no answer to a cursor that it does not know any more; the search without one was accepted before.
    accept: cursor === undefined ? [404] : [400, 404, 422],
  });
  if (reply.status === 404) throw new LogUnavailableError(absent(log));
  if (reply.status >= 400) throw new CursorExpiredError(`GitHub does not take the cursor any more (${reply.status})`);
  const events = reply.parse(Rows);
  const next = nextOf(reply, url, search);
  return [{ events, ...(next && { next }) }, reply];
}

function searchOf({ stream, from, to, limit = PAGE_SIZE }: Omit<PageRequest, 'cursor'>): Record<string, string> {
  return {
    include: stream,
    order: 'asc',
    per_page: String(Math.min(limit, PAGE_SIZE)),
    // Without it only the last three months are searched. Both ends are included, to the second.
    phrase: `created:${seconds(from, Math.floor)}..${seconds(to, Math.ceil)}`,
  };
}

function seconds(time: Date, round: (number: number) => number): string {
  return new Date(round(time.getTime() / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
}

/**
 * Where the next page begins, from the link to it: the last page has none. Only what it adds to the search is kept, so that
 * no link decides where the credential is sent to.
 */
function nextOf({ headers }: Reply, url: URL, search: Record<string, string>): Record<string, string> | undefined {
  const link = nextLink(headers['link']);
  if (link === undefined) return undefined;
  const next = URL.parse(link, url.href);
  if (next?.origin !== url.origin) {
    throw new ForeignHostError(
      `GitHub links the next page to ${next?.origin ?? link}, and the connection's API is at ${url.origin}: check baseUrl`,
    );
  }
  return Object.fromEntries(
    [...next.searchParams].filter(([name, value]) => value !== '' && !Object.hasOwn(search, name)),
  );
}

function absent(log: string): string {
  return (
    `GitHub answered 404 for ${log}: the name may be wrong, the credential may not belong to an owner, the plan may have no audit ` +
    'log API (it needs Enterprise Cloud or Enterprise Server), or baseUrl may lack /api/v3 of an Enterprise Server'
  );
}
