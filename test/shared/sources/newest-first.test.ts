import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { type Course, lookAt } from '../../../shared/sources/newest-first.ts';
import { textAt } from '../../../shared/sources/read.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-03-02T08:00:00Z');
const WINDOW = { from: new Date(START), to: new Date(START + 60 * MINUTE) };

const row = (at: number): JsonObject => ({ at: new Date(at).toISOString() });
const timeOf = (given: JsonObject) => textAt(given, 'at');

/** What is read of a list by somebody who stops where it is `past`. */
function readUntilPast(rows: readonly JsonObject[], size: number): JsonObject[] {
  const found: JsonObject[] = [];
  let course: Course | undefined;
  for (let start = 0; start < rows.length; start += size) {
    const page = lookAt(rows.slice(start, start + size), timeOf, WINDOW, course);
    found.push(...page.inside);
    if (page.past) break;
    course = page.course;
  }
  return found;
}

const times = fc.array(
  fc.integer({ min: -300, max: 300 }).map((minutes) => START + minutes * MINUTE),
  { maxLength: 80 },
);
const inside = (at: number) => at >= WINDOW.from.getTime() && at < WINDOW.to.getTime();

describe('a list whose server may ignore the window', () => {
  it('gives all of the window, newest first, whatever the size of pages', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 20 }), (given, size) => {
        const list = given.toSorted((a, b) => b - a);
        expect(readUntilPast(list.map(row), size)).toEqual(list.filter(inside).map(row));
      }),
    );
  });

  it('gives all of the window, newest first, where neighbours are a few minutes out of order', () => {
    const late = fc.tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(fc.array(late, { maxLength: 80 }), fc.integer({ min: 1, max: 20 }), (given, size) => {
        // Rows are listed by when they were written, up to 9 minutes after their time.
        const written = given.toSorted(([a], [b]) => b - a).map(([minute, lag]) => START + (minute - lag) * MINUTE);
        expect(readUntilPast(written.map(row), size)).toEqual(written.filter(inside).map(row));
      }),
    );
  });

  it('gives all of the window, oldest first, as it is read to its end', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 20 }), (given, size) => {
        const list = given.toSorted((a, b) => a - b);
        expect(readUntilPast(list.map(row), size)).toEqual(list.filter(inside).map(row));
      }),
    );
  });

  it('stops at the first page that is wholly before the window', () => {
    const list = [90, 30, 20, -5, -20, -30, -40, -50].map((minutes) => row(START + minutes * MINUTE));
    let course: Course | undefined;
    const past: boolean[] = [];
    for (let start = 0; start < list.length; start += 2) {
      const page = lookAt(list.slice(start, start + 2), timeOf, WINDOW, course);
      course = page.course;
      past.push(page.past);
    }
    expect(past).toEqual([false, false, true, true]);
  });

  it('keeps rows without a readable time, and does not take them for old', () => {
    const { inside: kept, past } = lookAt(
      [row(START + MINUTE), row(START - 60 * MINUTE), { at: 'None' }, {}],
      timeOf,
      WINDOW,
    );
    expect(kept).toEqual([row(START + MINUTE), { at: 'None' }, {}]);
    expect(
      lookAt([row(START - 60 * MINUTE), {}], timeOf, WINDOW, { first: START, oldest: START, newestFirst: true }).past,
    ).toBe(false);
    expect(past).toBe(false);
  });

  it('reads a time without a zone as UTC', () => {
    expect(lookAt([{ at: '2026-03-02T08:00:00' }], timeOf, WINDOW).inside).toHaveLength(1);
  });
});
