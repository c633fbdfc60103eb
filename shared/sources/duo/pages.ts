import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { CursorExpiredError } from '../../polling/errors.ts';
import type { Collector, Stream } from '../../polling/poller.ts';
import { canonicalParameters } from './signing.ts';

const MAX_ROWS = 1_000;
const DAY_SECONDS = 86_400;
const KEEPS_SECONDS = 180 * DAY_SECONDS;

export const Row = z.custom<JsonObject>(isJsonObject, 'a row is not a JSON object');

/** A list of time and id in the authentication log, the same as one text in the activity log. */
const Offset = z.union([z.string(), z.array(z.union([z.string(), z.number()]))]);
/** Within the response or, as at Duo's other endpoints, beside it. */
const Metadata = z.object({ next_offset: Offset.nullish() }).nullish();

/** The paces of a log of version 2. */
export function streamOf(name: string): Stream {
  return {
    name,
    // One request a minute is asked for, and all three logs may be connected.
    everySeconds: 180,
    // Rows of the last two minutes are withheld; the rest is for clocks.
    settleSeconds: 130,
    overlapSeconds: 600,
    // No lateness is documented beyond the two minutes.
    lateSeconds: 6 * 3_600,
    sweepEverySeconds: 3 * 3_600,
    windowSeconds: 7 * DAY_SECONDS,
    keepsSeconds: KEEPS_SECONDS,
    historySeconds: KEEPS_SECONDS,
  };
}

const Response = z.object({ authlogs: z.array(Row).optional(), items: z.array(Row).optional(), metadata: Metadata });

/** Reads pages of a log of version 2, oldest first, whose rows are at `response[rows]`. */
export function pagesOf(path: string, rows: 'authlogs' | 'items'): (baseUrl: string) => Collector['page'] {
  const Answer = z.object({
    stat: z.literal('OK'),
    response: Response.refine((response) => response[rows] !== undefined, `there are no ${rows}`),
    metadata: Metadata,
  });
  return (baseUrl) =>
    async ({ from, to, cursor, limit = MAX_ROWS }, vendor) => {
      const offset = cursor === undefined ? undefined : z.string().parse(cursor);
      // Parameters have to stay as they were while an offset is followed, and an older mintime is refused.
      if (offset !== undefined && from.getTime() < vendor.now().getTime() - KEEPS_SECONDS * 1_000) {
        throw new CursorExpiredError('the window begins before what Duo keeps by now');
      }
      const reply = await vendor.get(
        addressOf(baseUrl, path, {
          mintime: String(from.getTime()),
          // Inclusive: rows of that millisecond come again with the next window.
          maxtime: String(to.getTime()),
          limit: String(Math.min(limit, MAX_ROWS)),
          sort: 'ts:asc',
          ...(offset !== undefined && { next_offset: offset }),
        }),
      );
      const { response, metadata } = reply.parse(Answer);
      const { [rows]: events = [] } = response;
      const next = textOf((response.metadata ?? metadata)?.next_offset);
      return { events, ...(events.length > 0 && next !== '' && { next }) };
    };
}

/** An address with its query encoded as it is signed. */
export function addressOf(baseUrl: string, path: string, parameters: Readonly<Record<string, string>>): URL {
  const url = new URL(path, baseUrl);
  url.search = canonicalParameters(Object.entries(parameters));
  return url;
}

function textOf(offset: z.infer<typeof Offset> | null | undefined): string {
  return Array.isArray(offset) ? offset.join(',') : (offset ?? '');
}
