import { InvalidRequestError, type Problem } from '../../shared/errors.ts';
import type { PutResult } from '../../shared/store/event-store.ts';
import { type Answer, HttpError } from '../http/answer.ts';

/** What of a request can be stored, each with its position, and what is wrong with the rest. */
export interface Sifted<T> {
  readonly accepted: readonly (T & { readonly index: number })[];
  readonly problems: readonly Problem[];
  readonly sent: number;
}

/**
 * Parts what is valid from what is not.
 *
 * @throws InvalidRequestError with every problem, unless the valid ones may be stored alone.
 */
export function sift<T extends object>(read: readonly (T | Problem[])[], partial: boolean): Sifted<T> {
  const problems = read.flatMap((one, index) =>
    Array.isArray(one) ? one.map((problem) => ({ ...problem, index })) : [],
  );
  if (problems.length > 0 && !partial) {
    const message = 'nothing was stored: some events are not valid (?partial=true stores the others)';
    throw new InvalidRequestError(message, problems);
  }
  const accepted = read.flatMap((one, index) => (Array.isArray(one) ? [] : [{ ...one, index }]));
  return { accepted, problems, sent: read.length };
}

/**
 * The answer: ids in the order sent, null where an event was not valid; where one vendor event became several, the ids
 * of all. A conflict is an error even among events that were stored.
 *
 * @param positions for each result the position in the request of what it came from.
 */
export function report(
  results: readonly PutResult[],
  positions: readonly number[],
  sent: number,
  problems: readonly Problem[],
): Answer {
  const byPosition = Map.groupBy(results.keys(), (index) => positions[index]);
  const ids = Array.from({ length: sent }, (_, position): (string | null)[] => {
    const own = byPosition.get(position)?.flatMap((index) => results[index]?.id ?? []) ?? [];
    return own.length > 0 ? own : [null];
  }).flat();
  const existing = results.filter(({ status }) => status === 'present').map(({ id }) => id);
  const conflicts = results.flatMap(({ id, status }, index) =>
    status === 'conflict' ? [{ index: positions[index], id }] : [],
  );
  const stored = results.filter(({ status }) => status === 'stored').length;
  const summary = { ids, stored, existing, ...(problems.length > 0 && { problems }) };
  if (conflicts.length === 0) return { status: 202, body: summary };
  const message = `${conflicts.length} of ${sent} events have the id of an event with other content, which stays as it is; the others are stored`;
  throw new HttpError(409, 'conflict', message, { extra: { ...summary, conflicts } });
}
