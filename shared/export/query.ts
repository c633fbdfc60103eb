import { z } from 'zod';
import { InvalidRequestError } from '../errors.ts';
import { canonicalJson } from '../json.ts';
import type { EventFilter } from '../query/filter.ts';
import { Columns, parseQueryObject } from '../query/object.ts';
import { ENTITIES, type EventQuery, LISTS } from '../query/parameters.ts';

/** In all; it stands in the audit event, the manifest and the control row. */
const MAX_QUERY_LENGTH = 8_192;

const NAMES = [...Object.keys(LISTS), ...ENTITIES, 'q', 'from', 'to'];

/** The filters of `GET /v1/events` as an object; what may be repeated there may be a list here. */
export const ExportQuery = z.partialRecord(z.enum(NAMES), z.union([z.string(), z.array(z.string()).min(1)]));
export type ExportQuery = z.infer<typeof ExportQuery>;

export const FORMATS = ['ndjson', 'csv'] as const;

/** What is asked for in `POST /v1/exports`. */
export const ExportRequest = z
  .strictObject({
    format: z.enum(FORMATS),
    query: ExportQuery,
    columns: Columns.optional(),
  })
  .refine(({ format, columns }) => format === 'csv' || columns === undefined, {
    path: ['columns'],
    error: 'are for csv: ndjson has all of an event but raw',
  });
export type ExportRequest = z.infer<typeof ExportRequest>;

/**
 * The request with its times fixed: nothing after `now` is exported, however long that takes.
 *
 * @throws InvalidRequestError naming everything in the query that is not understood.
 */
export function fixRequest({ query, columns }: ExportRequest, now: Date): { query: ExportQuery; asked: EventQuery } {
  if (canonicalJson(query).length > MAX_QUERY_LENGTH)
    throw invalid([{ path: 'query', message: `must have at most ${MAX_QUERY_LENGTH} characters` }]);
  const asked = parseQueryObject(query, columns);
  const { from, to = now.toISOString() } = asked.filter;
  const end = to < now.toISOString() ? to : now.toISOString();
  if (from !== undefined && from >= end) throw invalid([{ path: 'query.from', message: 'must be in the past' }]);
  const times = { ...(from !== undefined && { from }), to: end };
  return { query: { ...query, ...times }, asked: { ...asked, filter: { ...asked.filter, ...times } } };
}

/** What a query that was fixed asks for. */
export function filterOf(query: ExportQuery): EventFilter {
  return parseQueryObject(query).filter;
}

function invalid(problems: InvalidRequestError['problems']): InvalidRequestError {
  return new InvalidRequestError('the body is not valid', problems);
}
