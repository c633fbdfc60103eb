import { z } from 'zod';
import { InvalidRequestError, type Problem } from '../errors.ts';
import { UNITS, type Unit } from './counts.ts';
import { After, decodeCursor, encodeCursor, withinTimes } from './cursor.ts';
import type { EventFilter } from './filter.ts';
import { type EventQuery, parseQuery } from './parameters.ts';

/** A query as `GET /v1/counts` understands it. */
export interface CountsQuery {
  readonly by: Unit;
  /** Its range is always told. */
  readonly query: EventQuery & { readonly filter: EventFilter & { readonly from: string; readonly to: string } };
  /** The id up to which earlier answers have counted. */
  readonly after: string | undefined;
  /** The cursor that goes on from an id. */
  cursorAt(after: string): string;
}

const UNIT_MS: Readonly<Record<Unit, number>> = { hour: 3_600_000, day: 86_400_000 };
const DEFAULT_MS = 7 * UNIT_MS.day;
/** Longer ranges are counted by day when it is not said by what. */
const HOURS_UP_TO_MS = 8 * UNIT_MS.day;
const MOST_HOURS_MS = 31 * UNIT_MS.day;
/** Parameters of `GET /v1/events` that say how events are shown. */
const SHOWING = ['order', 'limit', 'fields', 'format'];

/** `at` is when the first answer was asked for, which ranges without an end go by. */
const Position = z.strictObject({ after: After, at: z.iso.datetime() });

/**
 * Reads the query string of `GET /v1/counts`: the filters of `GET /v1/events`, `by`, and `cursor`. Without `from` the range
 * is the 7 days before `to`, without `to` it ends with the day or hour that is running.
 *
 * @throws InvalidRequestError naming every parameter that is unknown or malformed.
 */
export function parseCounts(queryString: string, tenant: string, now: Date): CountsQuery {
  const given = new URLSearchParams(queryString);
  const problems: Problem[] = SHOWING.filter((name) => given.has(name)).map((name) => ({
    path: name,
    message: 'is not a parameter here, where events are counted and not shown',
  }));
  const [by, ...more] = given.getAll('by');
  if (more.length > 0) problems.push({ path: 'by', message: 'may be given only once' });
  else if (by !== undefined && !isUnit(by)) problems.push({ path: 'by', message: `must be ${UNITS.join(' or ')}` });
  for (const name of ['by', ...SHOWING]) given.delete(name);
  const asked = orProblems(() => parseQuery(given.toString()), problems);
  if (asked === undefined || problems.length > 0) throw invalid(problems);

  const bound = [asked.filter, by ?? null, tenant];
  const position = asked.cursor === undefined ? undefined : decodeCursor(asked.cursor, Position, bound);
  const at = position?.at ?? now.toISOString();
  const range = rangeOf(asked.filter, by as Unit | undefined, Date.parse(at));
  const filter = { ...asked.filter, from: range.from, to: range.to };
  return {
    by: range.by,
    query: { ...asked, filter },
    after: position && withinTimes(position.after, filter),
    cursorAt: (after) => encodeCursor({ after, at }, bound),
  };
}

/** @throws InvalidRequestError when nothing can be in the range, or it has too many hours. */
function rangeOf({ from, to }: EventFilter, asked: Unit | undefined, at: number) {
  const begin = from === undefined ? undefined : Date.parse(from);
  const span = begin === undefined ? DEFAULT_MS : (to === undefined ? at : Date.parse(to)) - begin;
  const by = asked ?? (span <= HOURS_UP_TO_MS ? 'hour' : 'day');
  const unit = UNIT_MS[by];
  const end = to === undefined ? (Math.floor(at / unit) + 1) * unit : Date.parse(to);
  const range = { by, from: begin ?? end - DEFAULT_MS, to: end };
  if (range.from >= range.to) throw invalid([{ path: 'from', message: 'must be in the past, where there is no to' }]);
  if (by === 'hour' && range.to - range.from > MOST_HOURS_MS)
    throw invalid([{ path: 'by', message: 'can be hour for at most 31 days: count longer ranges by day' }]);
  return { by, from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
}

function orProblems<T>(parse: () => T, problems: Problem[]): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

function invalid(problems: readonly Problem[]): InvalidRequestError {
  return new InvalidRequestError('some parameters are not understood', problems);
}

function isUnit(text: string): text is Unit {
  return (UNITS as readonly string[]).includes(text);
}
