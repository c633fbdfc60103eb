import { z } from 'zod';
import { isJsonObject, type JsonObject, scalarText } from '../../json.ts';
import { CursorExpiredError, VendorRefusedError, VendorUnavailableError } from '../../polling/errors.ts';
import type { Feed, FeedPage, Page, PageRequest, Reply, Vendor } from '../../polling/poller.ts';
import { valueAt } from '../read.ts';
import { timeInUtc } from '../time.ts';

const SECOND = 1_000;
const MAX_LIMIT = 500;
/** Box keeps its live feed for 14 days, and answers an older position with what it still has. */
const POSITION_SECONDS = 13 * 86_400;

/**
 * Reads one page of a window from the history, `admin_logs`, which is in the order of the events' times.
 *
 * The dates go with every page, as in Box's own command line and SDK for Node. Earlier documentation says that they are
 * ignored together with a position; then the log goes on after the window, which ends at the first page that lies behind it.
 */
export async function readWindow(
  { from, to, cursor, limit = MAX_LIMIT }: PageRequest,
  vendor: Vendor,
  baseUrl: string,
): Promise<Page> {
  const { entries, position } = await ask(vendor, baseUrl, {
    stream_type: 'admin_logs',
    limit: String(Math.min(limit, MAX_LIMIT)),
    // Whether the bounds belong to it is not documented.
    created_after: dateOf(Math.floor(from.getTime() / SECOND) - 1),
    created_before: dateOf(Math.ceil(to.getTime() / SECOND) + 1),
    ...(typeof cursor === 'string' && { stream_position: cursor }),
  });
  // Pages may be shorter than asked for: only an empty one is the end of the log.
  if (entries.length === 0 || entries.every((entry) => timeOf(entry) >= to.getTime())) return { events: entries };
  if (!isPosition(position)) throw new VendorUnavailableError('Box gave events and no position to go on from');
  return { events: entries, next: position };
}

/** The live feed, `admin_logs_streaming`. */
export function liveFeed(baseUrl: string): Feed {
  return {
    positionKeepsSeconds: POSITION_SECONDS,
    async start(vendor) {
      const { position } = await ask(vendor, baseUrl, { stream_type: 'admin_logs_streaming', stream_position: 'now' });
      // An enterprise without events is at 0, the beginning of the feed.
      if (position === undefined) throw new VendorUnavailableError('Box gave no position of its live feed');
      return position;
    },
    page: (position, vendor) => readFeed(String(position), vendor, baseUrl),
  };
}

/**
 * A position is only taken from a page with events: Box has given 0, the beginning, with an empty one. One that stays the
 * same ends the run, and is asked for again by the next.
 */
async function readFeed(position: string, vendor: Vendor, baseUrl: string): Promise<FeedPage> {
  const page = await ask(vendor, baseUrl, {
    stream_type: 'admin_logs_streaming',
    limit: String(MAX_LIMIT),
    stream_position: position,
  });
  const more = page.entries.length > 0 && isPosition(page.position) && page.position !== position;
  return { events: page.entries, position: more && page.position !== undefined ? page.position : position, more };
}

/** Sent as a string or a number, beyond 2^53 too: kept as text. A number that was rounded on its way is refused. */
const Position = z.unknown().transform((value, context) => {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  const digits = typeof value === 'number' && !Number.isSafeInteger(value) ? undefined : scalarText(value);
  if (digits !== undefined && /^\d+$/.test(digits)) return digits;
  context.addIssue({ code: 'custom', message: 'must be a string or a whole number', input: value });
  return z.NEVER;
});

const EventsReply = z.object({
  next_stream_position: Position.optional(),
  entries: z.array(z.custom<JsonObject>(isJsonObject, 'must be an object')),
});

interface Events {
  readonly entries: readonly JsonObject[];
  readonly position: string | undefined;
}

/** https://developer.box.com/reference/get-events/; without `event_type`, whose list lacks a third of the known types. */
async function ask(vendor: Vendor, baseUrl: string, query: Readonly<Record<string, string>>): Promise<Events> {
  const url = new URL(`${baseUrl}/2.0/events`);
  url.search = new URLSearchParams(query).toString();
  let reply: Reply;
  try {
    reply = await vendor.get(url);
  } catch (error) {
    // "nextStreamPosition value is malformed"
    const isRefused =
      error instanceof VendorRefusedError && error.status === 400 && /stream_?position/i.test(error.body);
    if (!isRefused || query['stream_position'] === 'now') throw error;
    throw new CursorExpiredError(`Box does not take the position ${query['stream_position']} any more`, {
      cause: error,
    });
  }
  const { entries, next_stream_position: position } = reply.parse(EventsReply);
  return { entries, position };
}

/** False for 0, which is the beginning. */
function isPosition(position: string | undefined): position is string {
  return position !== undefined && !/^0*$/.test(position);
}

function timeOf(entry: JsonObject): number {
  return Date.parse(timeInUtc(valueAt(entry, 'created_at')) ?? '');
}

/** As Box's SDKs write dates: with an offset in digits, without milliseconds. */
function dateOf(seconds: number): string {
  return `${new Date(seconds * SECOND).toISOString().slice(0, 19)}-00:00`;
}
