import { z } from 'zod';
import { parseTime } from '../../event/time.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { VendorUnavailableError } from '../../polling/errors.ts';
import type { Page, PageRequest, Vendor } from '../../polling/poller.ts';
import { timeInUtc } from '../time.ts';
import { type Filter, readAll, type Search } from './instant.ts';
import { normalize } from './normalize.ts';
import { withPlainColumns } from './row.ts';

const MOST_ROWS = 10_000;
/** In case the filters compare whole seconds. */
const SLACK_MS = 1_000;

const Reply = z.object({
  records: z.array(z.custom<JsonObject>(isJsonObject, 'must be an object')),
  // Not documented; a server that holds an answer to fewer rows than were asked for has to say so.
  limit: z.int().positive().optional().catch(undefined),
});

interface Row {
  readonly record: JsonObject;
  /** Epoch milliseconds. */
  readonly time: number;
}

/**
 * Reads rows of whole milliseconds, oldest first: rows have no ids, so an instant is never split between pages. There are no
 * cursors either: a full answer is gone on from at the time of its last row.
 *
 * @param table the address of the table, `https://CLOUD/api/v1/tables/WORKGROUP/audit_logs`.
 */
export async function readRows(
  table: string,
  { from, to, cursor, limit = MOST_ROWS }: PageRequest,
  vendor: Vendor,
): Promise<Page> {
  const first = typeof cursor === 'string' ? Date.parse(cursor) : from.getTime();
  const end = to.getTime();
  // An answer of one row would not show whether its instant is over.
  const search = searchOf(table, Math.min(MOST_ROWS, Math.max(2, limit)), vendor);
  const { rows: records, isFull } = await search(between(first, end), 'event_time');
  const rows = timed(records, first);
  check(rows, isFull, first, table);
  const last = rows.at(-1)?.time;
  if (!isFull || last === undefined || last >= end) return { events: recordsOf(rows, first, end) };
  const events = recordsOf(rows, first, last);
  return events.length > 0 ? { events, next: iso(last) } : instant(search, last, end);
}

/** A full answer of one instant can't be passed by time before all of that instant's rows are there. */
async function instant(search: Search, at: number, end: number): Promise<Page> {
  // A filter for the millisecond itself would leave out rows with finer times.
  const { rows, isWhole } = await readAll(search, between(at, at + 1));
  const page = {
    events: recordsOf(timed(rows, at), at, at + 1),
    ...(!isWhole && { missing: `more rows at ${iso(at)} than Ardexa gives, and too alike to be asked for apart` }),
  };
  return at + 1 < end ? { ...page, next: iso(at + 1) } : page;
}

function searchOf(table: string, size: number, vendor: Vendor): Search {
  return async (filters, sort) => {
    const url = new URL(`${table}/search`);
    url.searchParams.set('sort', sort);
    url.searchParams.set('rows', String(size));
    for (const filter of filters) url.searchParams.append('filters', JSON.stringify(filter));
    const { records, limit = size } = (await vendor.get(url)).parse(Reply);
    return { rows: records.map(withPlainColumns), isFull: records.length >= Math.min(size, limit) };
  };
}

/** Both ends are inclusive: there is no other operator. */
function between(from: number, to: number): Filter[] {
  return [
    { field: 'event_time', operator: '>=', value: iso(from) },
    { field: 'event_time', operator: '<=', value: iso(to) },
  ];
}

/** A row whose time can't be read is taken to be of the time of the row before it. */
function timed(records: readonly JsonObject[], first: number): Row[] {
  let time = first;
  return records.map((record) => {
    const said = parseTime(timeInUtc(record['event_time']) ?? '') ?? parseTime(normalize(record)[0]?.time ?? '');
    if (said !== undefined) time = Date.parse(said);
    return { record, time };
  });
}

function check(rows: readonly Row[], isFull: boolean, first: number, table: string): void {
  const { origin, pathname } = new URL(table);
  const last = rows.at(-1)?.time ?? first;
  if (rows.some(({ time }) => time < first - SLACK_MS) || (isFull && last < first)) {
    throw new VendorUnavailableError(`${origin}${pathname} answered with rows from before the time asked for`);
  }
  const isAscending = rows.every(({ time }, index) => time >= (rows[index - 1]?.time ?? time));
  if (isFull && !isAscending) {
    throw new VendorUnavailableError(`${origin}${pathname} answered in another order than oldest first`);
  }
}

function recordsOf(rows: readonly Row[], from: number, to: number): JsonObject[] {
  return rows.filter(({ time }) => time >= from && time < to).map(({ record }) => record);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
