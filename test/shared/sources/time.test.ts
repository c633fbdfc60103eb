import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../shared/json.ts';
import { timeOfMilliseconds, timeOfSeconds } from '../../../shared/sources/time.ts';

describe('numbers of seconds and milliseconds', () => {
  test.each([
    [1716314997, '2024-05-21T18:09:57.000Z'],
    ['1716314997', '2024-05-21T18:09:57.000Z'],
    [1716314997.825, '2024-05-21T18:09:57.825Z'],
    [0, '1970-01-01T00:00:00.000Z'],
    [-1, '1969-12-31T23:59:59.000Z'],
  ])('%j seconds are %s', (value, time) => {
    expect(timeOfSeconds(value)).toBe(time);
  });

  test('milliseconds are not rounded', () => {
    expect(timeOfMilliseconds(1716314997825)).toBe('2024-05-21T18:09:57.825Z');
  });

  test.each(['noon', '', '1e9', ' 1 ', true, null, {}, [1], Number.NaN, 1e300, parseJson('9007199254740993123')])(
    '%j is no time',
    (value) => {
      expect(timeOfSeconds(value)).toBeUndefined();
      expect(timeOfMilliseconds(value)).toBeUndefined();
    },
  );

  test('every date comes back', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(timeOfMilliseconds(date.getTime())).toBe(date.toISOString());
        expect(timeOfSeconds(Math.trunc(date.getTime() / 1000))).toBe(
          new Date(Math.trunc(date.getTime() / 1000) * 1000).toISOString(),
        );
      }),
    );
  });

  test('is a date or nothing, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const time = timeOfSeconds(value);
        expect(time === undefined || !Number.isNaN(Date.parse(time))).toBe(true);
      }),
    );
  });
});
