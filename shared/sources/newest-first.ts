import { z } from 'zod';
import type { JsonObject } from '../json.ts';
import { timeInUtc } from './time.ts';

/** Rows so close in time may come in any order. */
const SLACK_MS = 10 * 60_000;

/** How the times of a list went, page after page, in epoch milliseconds; part of a cursor. */
export const Course = z.strictObject({
  first: z.number(),
  oldest: z.number(),
  /** False once a row was clearly newer than one before it. */
  newestFirst: z.boolean(),
});
export type Course = z.infer<typeof Course>;

export interface ListPage {
  /** The rows within the window, and those whose time can't be read. */
  readonly inside: readonly JsonObject[];
  readonly course?: Course;
  /** True when the rows that follow are all older than the window, so that reading on is of no use. */
  readonly past: boolean;
}

/**
 * Looks at a page of a list whose server may have ignored the window that it was asked for: newest first, such a list is
 * read until it is wholly before the window. A list in any other order is never `past`, and has to be read to its end.
 *
 * @param course what the page before gave.
 */
export function lookAt(
  rows: readonly JsonObject[],
  timeOf: (row: JsonObject) => string | undefined,
  { from, to }: { readonly from: Date; readonly to: Date },
  course?: Course,
): ListPage {
  const times = rows.map((row) => Date.parse(timeInUtc(timeOf(row)) ?? ''));
  const after = times.reduce<Course | undefined>(follow, course);
  const newest = times.reduce((max, time) => (Number.isNaN(time) ? Number.POSITIVE_INFINITY : Math.max(max, time)), 0);
  return {
    inside: rows.filter((_, index) => isInside(times[index], from, to)),
    ...(after && { course: after }),
    past: after !== undefined && fell(after) && rows.length > 0 && newest < from.getTime() - SLACK_MS,
  };
}

function follow(course: Course | undefined, time: number): Course | undefined {
  if (Number.isNaN(time)) return course;
  if (!course) return { first: time, oldest: time, newestFirst: true };
  return {
    first: course.first,
    oldest: Math.min(course.oldest, time),
    newestFirst: course.newestFirst && time <= course.oldest + SLACK_MS,
  };
}

/** A short piece of a list in any order can look as if it were newest first. */
function fell({ first, oldest, newestFirst }: Course): boolean {
  return newestFirst && first - oldest > SLACK_MS;
}

function isInside(time: number | undefined, from: Date, to: Date): boolean {
  return time === undefined || Number.isNaN(time) || (time >= from.getTime() && time < to.getTime());
}
