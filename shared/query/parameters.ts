import { InvalidRequestError, type Problem } from '../errors.ts';
import { OUTCOMES } from '../event/schema.ts';
import { parseTime } from '../event/time.ts';
import type { Order } from '../store/merge.ts';
import { CATEGORIES, EVENT_TYPES } from '../taxonomy.ts';
import { FIELD_NAMES } from './fields.ts';
import { type EventFilter, NO_TYPE, parseEntityRef } from './filter.ts';

export const FORMATS = ['json', 'ndjson', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** A query as `GET /v1/events` understands it. */
export interface EventQuery {
  readonly filter: EventFilter;
  readonly order: Order;
  readonly limit: number;
  readonly cursor?: string;
  readonly fields?: readonly string[];
  readonly format?: Format;
}

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1_000;
const LONGEST_VALUE = 1_024;
const MAX_VALUES = 50;
const MAX_FIELDS = 100;

/** Parameters that may be repeated, to match any of their values; some have a fixed vocabulary. */
export const LISTS: Readonly<Record<string, readonly string[] | undefined>> = {
  source: undefined,
  connection: undefined,
  category: [...CATEGORIES, NO_TYPE],
  type: [...EVENT_TYPES, NO_TYPE],
  action: undefined,
  outcome: OUTCOMES,
  ip: undefined,
  session: undefined,
  attribute: undefined,
};
export const ENTITIES = ['actor', 'target', 'entity'] as const;
const SINGLE = [...ENTITIES, 'q', 'from', 'to', 'order', 'limit', 'cursor', 'fields', 'format'];
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads the query string of `GET /v1/events`. List parameters may be repeated, all others given once.
 *
 * @throws InvalidRequestError naming every parameter that is unknown or malformed.
 */
export function parseQuery(queryString: string): EventQuery {
  const given = new URLSearchParams(queryString);
  const problems: Problem[] = [];
  const complain = (path: string, message: string) => problems.push({ path, message });
  const single = (name: string) => given.get(name) ?? undefined;

  for (const name of new Set(given.keys())) {
    const values = given.getAll(name);
    const known = Object.hasOwn(LISTS, name) || SINGLE.includes(name);
    if (!known) complain(name, 'is not a parameter of this query');
    else if (SINGLE.includes(name) && values.length > 1) complain(name, 'may be given only once');
    else if (values.length > MAX_VALUES) complain(name, `may be given at most ${MAX_VALUES} times`);
    else if (values.some((value) => value.includes('\0'))) complain(name, 'must not hold a NUL character');
    else if (
      values.some((value) => value === '' || value.length > LONGEST_VALUE) &&
      name !== 'cursor' &&
      name !== 'fields'
    ) {
      complain(name, `must have 1 to ${LONGEST_VALUE} characters`);
    }
    const vocabulary = Object.hasOwn(LISTS, name) ? LISTS[name] : undefined;
    const odd = vocabulary && values.find((value) => !vocabulary.includes(value));
    if (odd) complain(name, `has no value ${odd}: it is one of ${vocabulary.join(', ')}`);
  }

  const from = timeParameter(single('from'), 'from', complain);
  const to = timeParameter(single('to'), 'to', complain);
  if (from !== undefined && to !== undefined && from >= to) complain('to', 'must be later than from');
  const order = single('order') ?? 'newest';
  if (order !== 'newest' && order !== 'oldest') complain('order', 'must be newest or oldest');
  const limit = single('limit') ?? String(DEFAULT_LIMIT);
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > MAX_LIMIT) {
    complain('limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  const format = single('format');
  if (format !== undefined && !isFormat(format)) complain('format', `must be one of ${FORMATS.join(', ')}`);
  const fields = single('fields') === undefined ? undefined : [...new Set(single('fields')?.split(','))];
  if (fields && fields.length > MAX_FIELDS) complain('fields', `may name at most ${MAX_FIELDS} fields`);
  for (const field of fields ?? []) {
    if (!FIELD_NAMES.includes(field.split('.')[0] ?? ''))
      complain('fields', `there is no field ${JSON.stringify(field)}`);
  }
  if (problems.length > 0) throw new InvalidRequestError('some parameters are not understood', problems);

  const filter: Record<string, unknown> = { from, to, q: single('q') };
  for (const name of Object.keys(LISTS)) if (given.has(name)) filter[name] = [...new Set(given.getAll(name))];
  for (const name of ENTITIES) {
    const value = single(name);
    if (value !== undefined) filter[name] = parseEntityRef(value);
  }
  const cursor = single('cursor');
  return {
    filter: Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)),
    order: order as Order,
    limit: Number(limit),
    ...(cursor !== undefined && { cursor }),
    ...(fields && { fields }),
    ...(format !== undefined && { format: format as Format }),
  };
}

function timeParameter(
  text: string | undefined,
  name: string,
  complain: (path: string, message: string) => void,
): string | undefined {
  if (text === undefined) return undefined;
  // A query string turns the plus of an offset into a space.
  const time = parseTime(DATE.test(text) ? `${text}T00:00:00Z` : text.replace(' ', '+'));
  if (time === undefined) complain(name, 'must be a day such as 2026-01-31 or a time such as 2026-01-31T09:30:00Z');
  return time;
}

function isFormat(text: string): text is Format {
  return (FORMATS as readonly string[]).includes(text);
}
