import { createHash } from 'node:crypto';
import { z } from 'zod';
import { InvalidRequestError } from '../errors.ts';
import { isEventId, lowestId } from '../event/id.ts';
import { canonicalJson } from '../json.ts';
import type { EventFilter } from './filter.ts';
import type { EventQuery } from './parameters.ts';

/** The event id up to which was read. */
export const After = z.string().refine(isEventId);

const Position = z.strictObject({ after: After });

/** Opaque to callers. Limit, fields and format may change from page to page, what is asked for may not. */
export function writeCursor(after: string, query: EventQuery, tenant: string): string {
  return encodeCursor({ after }, boundTo(query, tenant));
}

/**
 * The event id at which a cursor goes on.
 *
 * @throws InvalidRequestError when it is damaged or belongs to another query.
 */
export function readCursor(text: string, query: EventQuery, tenant: string): string {
  return withinTimes(decodeCursor(text, Position, boundTo(query, tenant)).after, query.filter);
}

/** Where something goes on, bound to what was asked for. */
export function encodeCursor(position: object, asked: readonly unknown[]): string {
  return Buffer.from(JSON.stringify({ ...position, query: fingerprint(asked) })).toString('base64url');
}

/**
 * What {@link encodeCursor} was given.
 *
 * @throws InvalidRequestError when it is damaged, or something else is asked for.
 */
export function decodeCursor<T extends z.core.$ZodShape>(
  text: string,
  position: z.ZodObject<T, z.core.$strict>,
  asked: readonly unknown[],
): z.output<typeof position> {
  const parsed = z.looseObject({ query: z.string() }).safeParse(decode(text));
  const { query, ...rest } = parsed.data ?? { query: undefined };
  const there = position.safeParse(rest);
  if (!parsed.success || !there.success) throw refused('is damaged: use the one that the page before gave');
  if (query !== fingerprint(asked))
    throw refused('belongs to another query: keep filters, times and order from page to page');
  return there.data;
}

/** A page can end outside the times asked for: at the edge of a day, when its own time runs out. Nothing lies there. */
export function withinTimes(after: string, { from, to }: EventFilter): string {
  const low = from === undefined ? after : lowestId(from);
  const high = to === undefined ? after : lowestId(to);
  return after < low ? low : after > high ? high : after;
}

function boundTo({ filter, order }: EventQuery, tenant: string): readonly unknown[] {
  return [filter, order, tenant];
}

function refused(message: string): InvalidRequestError {
  return new InvalidRequestError('some parameters are not understood', [{ path: 'cursor', message }]);
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function fingerprint(asked: readonly unknown[]): string {
  return createHash('sha256').update(canonicalJson(asked)).digest('base64url').slice(0, 16);
}
