import { expect, test } from 'vitest';
import { barTitle, barWords, chartWords, unitWords } from '../../../web/feed/bar-words.ts';
import { bucketsOf } from '../../../web/feed/buckets.ts';

const count = (start: string, count: number) => ({ start, source: 'custom.crm', type: null, count });
const counts = [count('2026-03-02T00:00:00.000Z', 1), count('2026-03-04T00:00:00.000Z', 1_200)];
const bucketsFrom = (from: string, by: 'day' | 'hour') =>
  bucketsOf(counts, by, { from, to: '2026-03-05T00:00:00.000Z' }, Date.parse('2026-03-05T00:00:00.000Z'));

test('bars of a day', () => {
  const unit = { by: 'day', isUtc: true } as const;
  const buckets = bucketsFrom('2026-03-01T00:00:00.000Z', 'day');
  expect(unitWords(buckets, unit)).toBe('by day (UTC)');
  expect([0, 1, 3].map((bar) => barWords(buckets, bar, unit))).toEqual([
    '1 Mar 2026: 0 events',
    '2 Mar 2026: 1 event',
    '4 Mar 2026: 1,200 events',
  ]);
  expect(chartWords(buckets, unit)).toBe('1,201 events by day (UTC); the most, 1,200, 4 Mar 2026');
});

test('bars of several days say so', () => {
  const unit = { by: 'day', isUtc: true } as const;
  const buckets = bucketsFrom('2025-03-05T00:00:00.000Z', 'day');
  expect(unitWords(buckets, unit)).toBe('by 3 days (UTC)');
  expect(barTitle(buckets, 0, unit)).toBe('3 days from 5 Mar 2025');
});

test('bars of an hour, and a chart without any event', () => {
  const unit = { by: 'hour', isUtc: true } as const;
  const buckets = bucketsFrom('2026-03-04T12:00:00.000Z', 'hour');
  expect(barTitle(buckets, 2, unit)).toBe('4 Mar 2026, 14:00');
  expect(chartWords(buckets, unit)).toBe('0 events by hour');
});
