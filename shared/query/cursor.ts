import { createHash } from 'node:crypto';
import { z } from 'zod';
import { InvalidRequestError } from '../errors.ts';
import { isEventId, lowestId } from '../event/id.ts';
import { canonicalJson } from '../json.ts';
import type { EventFilter } from './filter.ts';
import type { EventQuery } from './parameters.ts';

/** Where a page goes on: an event id, bound to the query it belongs to. */
const Cursor = z.strictObject({ after: z.string().refine(isEventId), query: z.string() });

/** Opaque to callers. Limit, fields and format may change from page to page, what is asked for may not. */
export function writeCursor(after: string, query: EventQuery, tenant: string): string {
  return Buffer.from(JSON.stringify({ after, query: fingerprint(query, tenant) })).toString('base64url');
}

/**
 * The event id at which a cursor goes on.
 *
 * @throws InvalidRequestError when it is damaged or belongs to another query.
 */
export function readCursor(text: string, query: EventQuery, tenant: string): string {
  const parsed = Cursor.safeParse(decode(text));
  if (!parsed.success) {
    throw new InvalidRequestError('some parameters are not understood', [
      { path: 'cursor', message: 'is damaged: use the one that the page before gave' },
    ]);
  }
  if (parsed.data.query !== fingerprint(query, tenant)) {
    throw new InvalidRequestError('some parameters are not understood', [
      { path: 'cursor', message: 'belongs to another query: keep filters, times and order from page to page' },
    ]);
  }
  return withinTimes(parsed.data.after, query.filter);
}

/** A page can end outside the times asked for: at the edge of a day, when its own time runs out. Nothing lies there. */
function withinTimes(after: string, { from, to }: EventFilter): string {
  const low = from === undefined ? after : lowestId(from);
  const high = to === undefined ? after : lowestId(to);
  return after < low ? low : after > high ? high : after;
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function fingerprint({ filter, order }: EventQuery, tenant: string): string {
  return createHash('sha256')
    .update(canonicalJson([filter, order, tenant]))
    .digest('base64url')
    .slice(0, 16);
}
