import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { CursorExpiredError } from '../../polling/errors.ts';
import type { Page, PageRequest, Vendor } from '../../polling/poller.ts';
import { Course, lookAt } from '../newest-first.ts';
import { textAt } from '../read.ts';

/** Newer servers take up to 10,000; each row's details are looked up one by one. */
const PER_PAGE = 500;

const Cursor = z.strictObject({ offset: z.int().min(1), course: Course.optional() });

const Reply = z.object({
  activities: z.array(z.custom<JsonObject>(isJsonObject, 'is not an object')).nullable(),
  // Older servers have none.
  meta: z.object({ has_next_results: z.boolean() }).nullish(),
});

/**
 * How a page of activities is read, newest id first. Servers of December 2025 and later keep to the window; older ones ignore
 * `start_created_at` and `end_created_at` without a word, and are read from now back until the window is behind. Read in this
 * direction, rows that are added push others onto the next page, where they come again, and rows that the expiry job
 * deletes are behind: nothing is passed over, which oldest first would be when rows before the page are deleted.
 */
export function pageOf(baseUrl: string): (request: PageRequest, vendor: Vendor) => Promise<Page> {
  return async ({ from, to, cursor, limit = PER_PAGE }, vendor) => {
    const { offset, course } = cursor === undefined ? { offset: 0 } : read(cursor);
    const size = Math.max(1, Math.min(limit, PER_PAGE));
    const page = Math.floor(offset / size);
    const url = new URL(`${baseUrl}/api/v1/fleet/activities`);
    url.search = new URLSearchParams({
      // Without both of these, servers answer with every row that they have.
      page: String(page),
      per_page: String(size),
      order_key: 'id',
      order_direction: 'desc',
      start_created_at: seconds(from),
      end_created_at: seconds(to),
    }).toString();
    const { activities, meta } = (await vendor.get(url)).parse(Reply);
    const rows = activities ?? [];
    const seen = lookAt(rows, (row) => textAt(row, 'created_at'), { from, to }, course);
    const ends = rows.length === 0 || meta?.has_next_results === false || seen.past;
    return {
      events: seen.inside,
      ...(!ends && { next: { offset: (page + 1) * size, ...(seen.course && { course: { ...seen.course } }) } }),
    };
  };
}

function read(cursor: unknown): z.infer<typeof Cursor> {
  const parsed = Cursor.safeParse(cursor);
  if (parsed.success) return parsed.data;
  throw new CursorExpiredError(
    'the page number is not one that this version wrote: the window is read from its beginning',
  );
}

/** Windows are of whole seconds, as `created_at` is. */
function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
