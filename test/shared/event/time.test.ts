import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlausible, parseTime } from '../../../shared/event/time.ts';

describe('parseTime', () => {
  it.each([
    ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T10:30:00+01:00', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T10:30:00+0100', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00.123456789Z', '2026-01-31T09:30:00.123Z'],
    ['2026-01-31T09:30:00.1z', '2026-01-31T09:30:00.100Z'],
    ['2024-02-29T00:00:00-23:59', '2024-02-29T23:59:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01',
    '',
    'now',
    '2026-01-01T00:00:60Z',
    '0000-01-01T00:00:00+14:00',
    '2026-01-01T00:00:00+25:00',
  ])('%j is not a time', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('gives any instant back, whatever its offset', () => {
    const date = fc.date({ min: new Date('0001-01-02'), max: new Date('9998-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.integer({ min: -1439, max: 1439 }), (instant, minutes) => {
        const local = new Date(instant.getTime() + minutes * 60_000).toISOString().replace('Z', '');
        const size = Math.abs(minutes);
        const pad = (n: number) => String(n).padStart(2, '0');
        const zone = `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
        expect(parseTime(local + zone)).toBe(instant.toISOString());
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(['undefined', 'string']).toContain(typeof parseTime(text));
      }),
    );
  });
});

describe('isPlausible', () => {
  const now = Date.parse('2026-06-01T00:00:00Z');
  it.each([
    ['1969-12-31T23:59:59.999Z', false],
    ['1970-01-01T00:00:00.000Z', true],
    ['2026-06-01T23:59:59.999Z', true],
    ['2026-06-02T00:00:00.000Z', false],
  ])('%s: %s', (time, expected) => {
    expect(isPlausible(time, now)).toBe(expected);
  });
});
