import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EVENT_TYPES } from '../../../shared/taxonomy.ts';
import { barTotal, bucketsOf, countsOf, rangeBetween, STACKS, stackTotal } from '../../../web/feed/buckets.ts';
import { bucketOf, LASTS, rangeOf } from '../../../web/feed/range.ts';
import { countsKey } from '../../../web/feed/use-counts.ts';
import { eventOf } from '../support.ts';

const NOW = Date.parse('2026-11-22T12:30:00.000Z');
const count = (start: string, number: number) => ({
  start,
  source: 's',
  type: 'account_login' as const,
  count: number,
});

test('bars without gaps from the first day to now', () => {
  const range = { from: '2026-11-20T08:00:00.000Z' };
  const buckets = bucketsOf(
    [count('2026-11-20T00:00:00.000Z', 3), count('2026-11-22T00:00:00.000Z', 1)],
    'day',
    range,
    NOW,
  );
  expect(buckets.starts.map((start) => new Date(start).toISOString().slice(0, 10))).toEqual([
    '2026-11-20',
    '2026-11-21',
    '2026-11-22',
  ]);
  expect(buckets.counts.authentication).toEqual([3, 0, 1]);
  expect([0, 1, 2].map((bar) => barTotal(buckets, bar))).toEqual([3, 0, 1]);
});

test('what lies outside the range is not counted', () => {
  const range = { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' };
  expect(bucketsOf([count('2026-11-21T00:00:00.000Z', 9)], 'day', range, NOW).total).toBe(0);
});

test('years become bars of several days', () => {
  const buckets = bucketsOf([], 'day', { from: '2020-01-01T00:00:00.000Z' }, NOW);
  expect(buckets.starts.length).toBeLessThanOrEqual(180);
  expect(buckets.step % 86_400_000).toBe(0);
});

test('events add to the counts of their day or hour', () => {
  const event = eventOf({ time: '2026-11-22T09:59:59.999Z', type: null });
  expect(countsOf([event], 'hour')).toEqual([
    { start: '2026-11-22T09:00:00.000Z', source: 'github.audit', type: null, count: 1 },
  ]);
  expect(countsOf([event], 'day')[0]?.start).toBe('2026-11-22T00:00:00.000Z');
});

const anyCount = fc.record({
  start: fc
    .date({ min: new Date('2026-10-01'), max: new Date(NOW), noInvalidDate: true })
    .map((date) => date.toISOString()),
  source: fc.constant('s'),
  type: fc.option(fc.constantFrom(...EVENT_TYPES)),
  count: fc.nat(1_000),
});

test('nothing within the range is lost, whatever the bars', () => {
  fc.assert(
    fc.property(fc.array(anyCount), fc.constantFrom('day' as const, 'hour' as const), (counts, by) => {
      const buckets = bucketsOf(counts, by, { from: '2026-10-01T00:00:00.000Z' }, NOW);
      const whole = counts.reduce((sum, one) => sum + one.count, 0);
      expect(buckets.total).toBe(whole);
      expect(buckets.starts.reduce((sum, _, bar) => sum + barTotal(buckets, bar), 0)).toBe(whole);
      expect(STACKS.reduce((sum, stack) => sum + stackTotal(buckets, stack), 0)).toBe(whole);
    }),
  );
});

test('a selection is widened to whole bars', () => {
  const buckets = bucketsOf([], 'day', { from: '2026-11-15T00:00:00.000Z' }, NOW);
  const at = (text: string) => Date.parse(text);
  expect(rangeBetween(buckets, at('2026-11-18T15:00:00Z'), at('2026-11-16T03:00:00Z'))).toEqual({
    from: '2026-11-16T00:00:00.000Z',
    to: '2026-11-19T00:00:00.000Z',
  });
});

test('any selection is a range within the chart', () => {
  const buckets = bucketsOf([], 'hour', { from: '2026-11-21T00:00:00.000Z' }, NOW);
  fc.assert(
    fc.property(fc.integer({ min: NOW - 3e8, max: NOW + 3e8 }), fc.nat(3e8), (a, length) => {
      const { from = '', to = '' } = rangeBetween(buckets, a, a + length);
      expect(from < to).toBe(true);
    }),
  );
});

test.each(LASTS)('%s is a range that ends now', (last) => {
  const { from, to } = rangeOf({ last, from: null, to: null }, NOW);
  expect(to).toBeUndefined();
  expect(from === undefined).toBe(last === 'all');
});

test('times that are given rule out the relative range', () => {
  expect(rangeOf({ last: '7d', from: null, to: '2026-01-01' }, NOW)).toEqual({ to: '2026-01-01' });
});

test.each([
  ['1h', 'hour'],
  ['24h', 'hour'],
  ['7d', 'day'],
  ['all', 'day'],
] as const)('%s is counted by %s', (last, by) => {
  expect(bucketOf(rangeOf({ last, from: null, to: null }, NOW), NOW)).toBe(by);
});

test('days are counted whole, which the deployment knows without reading an event', () => {
  const range = { from: '2026-11-01T10:11:12.000Z', to: '2026-11-20T01:00:00.000Z' };
  expect(JSON.parse(countsKey({ source: ['a'] }, range, 'day', null) ?? '')).toEqual({
    source: ['a'],
    from: '2026-11-01T00:00:00.000Z',
    to: '2026-11-21T00:00:00.000Z',
    by: 'day',
  });
});

test('without a beginning nothing is counted until the first day is known', () => {
  expect(countsKey({}, {}, 'day', null)).toBeNull();
});
