import type { JsonObject } from '../../json.ts';
import { textAt } from '../read.ts';

export interface Filter {
  readonly field: string;
  readonly operator: '=' | '>=' | '<=';
  readonly value: string;
}

/** The rows that all filters fit, sorted by a field, descending with a `-` before it; `isFull` if there may be more. */
export type Search = (
  filters: readonly Filter[],
  sort: string,
) => Promise<{ readonly rows: readonly JsonObject[]; readonly isFull: boolean }>;

interface Found {
  readonly rows: readonly JsonObject[];
  /** False when there may be more rows than could be told apart. */
  readonly isWhole: boolean;
}

/** Columns that every row has; the most varied first. */
const SPLIT_BY = ['user_id', 'action', 'controller', 'entity'] as const;

/**
 * All rows that the filters fit, also where they are more than an answer holds: they are walked by one column after the
 * other. A value that fills an answer by itself can be split by the next column, but only be passed from the other end.
 */
export async function readAll(
  search: Search,
  filters: readonly Filter[],
  fields: readonly string[] = SPLIT_BY,
): Promise<Found> {
  const [field, ...others] = fields;
  if (field === undefined) {
    const { rows, isFull } = await search(filters, 'event_time');
    return { rows, isWhole: !isFull };
  }
  const { mayHelp, ...found } = await byField(search, filters, field, others);
  if (found.isWhole || !mayHelp) return found;
  const otherwise = await readAll(search, filters, others);
  return otherwise.isWhole || otherwise.rows.length > found.rows.length ? otherwise : found;
}

/** `mayHelp` if walking by another column may find more. */
async function byField(
  search: Search,
  filters: readonly Filter[],
  field: string,
  others: readonly string[],
): Promise<Found & { readonly mayHelp: boolean }> {
  const of = async (value: string): Promise<Found> => {
    const { rows, isWhole } = await readAll(search, [...filters, { field, operator: '=', value }], others);
    return { rows: rows.filter((row) => textAt(row, [field]) === value), isWhole };
  };
  const up = await walk(search, filters, field, '>=');
  if (up.stuckAt === undefined) return { rows: up.rows, isWhole: up.isSound, mayHelp: true };
  const middle = await of(up.stuckAt);
  const down = await walk(search, filters, field, '<=', up.stuckAt);
  const rows = [...up.rows, ...middle.rows, ...down.rows];
  if (down.stuckAt === undefined) {
    // Rows that fill an answer and are alike in the other columns too are so for every walk.
    return { rows, isWhole: middle.isWhole && down.isSound, mayHelp: !down.isSound };
  }
  return { rows: [...rows, ...(await of(down.stuckAt)).rows], isWhole: false, mayHelp: true };
}

interface Walk {
  readonly rows: readonly JsonObject[];
  /** The value that fills a whole answer. */
  readonly stuckAt?: string;
  /** False when the answers are not what filters and sorting should give: nothing is known to be whole then. */
  readonly isSound: boolean;
}

/**
 * Reads values in ascending (`>=`) or descending (`<=`) order. Bounds are inclusive, so that every answer must begin with the
 * value at which the one before ended: what filters and sorts texts in another way shows in that.
 *
 * @param until a value that was read already, where the walk ends.
 */
async function walk(
  search: Search,
  filters: readonly Filter[],
  field: string,
  operator: '>=' | '<=',
  until?: string,
): Promise<Walk> {
  const rows: JsonObject[] = [];
  let bound: string | undefined;
  for (;;) {
    const within = bound === undefined ? filters : [...filters, { field, operator, value: bound }];
    const answer = await search(within, operator === '>=' ? field : `-${field}`);
    const values = answer.rows.map((row) => textAt(row, [field]));
    const last = values.at(-1);
    const isSound = !values.includes(undefined) && (bound === undefined || values[0] === bound);
    // What came instead may be rows that are here already.
    if (!isSound) return { rows, isSound };
    const end = until === undefined ? -1 : values.indexOf(until);
    if (end >= 0) return { rows: [...rows, ...answer.rows.slice(0, end)], isSound };
    if (!answer.isFull || last === undefined) return { rows: [...rows, ...answer.rows], isSound: until === undefined };
    const passed = answer.rows.filter((_, index) => values[index] !== last);
    if (passed.length === 0) return { rows, stuckAt: last, isSound };
    rows.push(...passed);
    bound = last;
  }
}
