import { z } from 'zod';
import type { JsonObject } from '../../json.ts';
import { VendorUnavailableError } from '../../polling/errors.ts';
import type { Page, PageRequest, Vendor } from '../../polling/poller.ts';
import { addressOf, Row } from '../duo/pages.ts';
import { timeOf } from '../duo/time.ts';

const PATH = '/admin/v1/logs/administrator';
/** What Duo documents that it gives at once. */
const MAX_ROWS = 1_000;

const Answer = z.object({ stat: z.literal('OK'), response: z.array(Row) });

/** Where to go on. All times are seconds since 1970, as they are in `mintime`. */
const Cursor = z.strictObject({
  mintime: z.int(),
  /** The most rows that a page of this window had: a page of fewer was not cut off. */
  most: z.int(),
  /** How many rows the second before `mintime` had, which filled a page of its own. */
  alone: z.int().optional(),
});
type Cursor = z.infer<typeof Cursor>;

/**
 * Reads a page of the administrator log. `mintime` is all that can be asked for, the oldest rows from there on come, and no
 * row has an id: so a page ends before its last second, and the next one begins with that second as a whole.
 *
 * It does not rely on how many rows Duo gives at once. Where one second fills a page, `missing` says so: what is beyond
 * can't be had.
 */
export function pageOf(baseUrl: string): (request: PageRequest, vendor: Vendor) => Promise<Page> {
  return async ({ from, to, cursor }, vendor) => {
    const at = cursor === undefined ? beginningOf(from) : Cursor.parse(cursor);
    const reply = await vendor.get(addressOf(baseUrl, PATH, { mintime: String(at.mintime) }));
    return readPage(reply.parse(Answer).response, at, to.getTime() / 1_000);
  };
}

function beginningOf(from: Date): Cursor {
  return { mintime: Math.max(0, Math.floor(from.getTime() / 1_000)), most: 0 };
}

/** @param to seconds: rows from there on are left to the next window, as their second may not be over. */
function readPage(rows: readonly JsonObject[], { mintime, most, alone }: Cursor, to: number): Page {
  const seconds = rows.map(secondOf);
  const known = seconds.filter((second) => second !== undefined);
  // A row without a time is never held back.
  const before = (end: number) => rows.filter((_, index) => (seconds[index] ?? 0) < end);
  // What comes after a second that stood alone would have been on its page, had there been room.
  const cut = alone !== undefined && known.some((second) => second < to) ? missing(mintime - 1, alone) : {};
  const last = Math.max(...known);
  if (known.length < Math.max(1, most) || last >= to) return { events: before(to), ...cut };
  if (last < mintime)
    throw new VendorUnavailableError('Duo answered with rows from before the time that was asked for');
  if (last > mintime) return { events: before(last), next: { mintime: last, most: known.length }, ...cut };
  const full = known.length >= MAX_ROWS ? missing(mintime, known.length) : {};
  const following = mintime + 1;
  if (following >= to) return { events: before(to), ...cut, ...full };
  return { events: before(to), next: { mintime: following, most: known.length, alone: known.length }, ...cut, ...full };
}

function missing(second: number, rows: number): Pick<Page, 'missing'> {
  const time = new Date(second * 1_000).toISOString().replace('.000Z', 'Z');
  return {
    missing: `${time} may have more than the ${rows} rows that Duo gives at once; the others can't be asked for`,
  };
}

/** The second that `mintime` is compared with; undefined for a row without a time. */
function secondOf(row: JsonObject): number | undefined {
  const { timestamp } = row;
  if (typeof timestamp === 'number' && Number.isFinite(timestamp)) return Math.floor(timestamp);
  const time = Date.parse(timeOf(row) ?? '');
  return Number.isNaN(time) ? undefined : Math.floor(time / 1_000);
}
