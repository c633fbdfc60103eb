import { z } from 'zod';
import { InvalidRequestError } from '../errors.ts';
import { type EventQuery, parseQuery } from './parameters.ts';

/** Parameters of `GET /v1/events` as an object; what may be repeated there may be a list here. */
export const QueryObject = z
  .record(z.string(), z.union([z.string(), z.array(z.string()).min(1).readonly()]))
  .readonly();
export type QueryObject = z.infer<typeof QueryObject>;

/** Dot paths, as `fields` of `GET /v1/events`. */
export const Columns = z
  .array(z.string().regex(/^[^,]+$/, 'must be a dot path such as actor.email'))
  .min(1)
  .max(100);

/**
 * Reads a query as `GET /v1/events` would.
 *
 * @throws InvalidRequestError naming everything that is not understood, as `query.<name>` or `columns`.
 */
export function parseQueryObject(query: Partial<QueryObject>, columns?: readonly string[]): EventQuery {
  const parameters = new URLSearchParams(
    Object.entries(query).flatMap(([name, value = []]) => [value].flat().map((one): [string, string] => [name, one])),
  );
  if (columns !== undefined) parameters.set('fields', columns.join());
  try {
    return parseQuery(parameters.toString());
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    const path = (name: string) => (name === 'fields' ? 'columns' : `query.${name}`);
    const problems = error.problems.map((problem) => ({ ...problem, path: path(problem.path) }));
    throw new InvalidRequestError('the body is not valid', problems);
  }
}
