import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askedWindow, isBeforeWindow } from '../../../../shared/sources/m365/window.ts';

const NOW = Date.parse('2026-05-20T12:00:00Z');
const DAY_MS = 86_400_000;
const times = fc.integer({ min: NOW - 8 * DAY_MS, max: NOW });

test('a list is one that Microsoft takes, and has everything of its window in it and not at its edge', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 23 * 3_600_000 }), fc.nat({ max: 999 }), (start, span, millis) => {
      const from = new Date(start);
      const to = new Date(start + span);
      const asked = askedWindow({ from, to }, new Date(NOW + millis));
      for (const time of [asked.from, asked.to]) expect(time.getTime() % 1_000).toBe(0);
      expect(asked.to.getTime() - asked.from.getTime()).toBeLessThan(DAY_MS);
      expect(asked.from.getTime()).toBeGreaterThan(NOW + millis - 7 * DAY_MS);
      expect(asked.to.getTime()).toBeGreaterThanOrEqual(to.getTime());
      expect(asked.isCut).toBe(asked.from.getTime() + 1_000 > from.getTime());
      if (!asked.isCut) expect(from.getTime() - asked.from.getTime()).toBeGreaterThan(2_000);
    }),
  );
});

test('what two adjoining windows list belongs to exactly one of them', () => {
  const now = new Date(NOW);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: DAY_MS }), fc.integer({ min: -120_000, max: 120_000 }), (ago, offset) => {
      const edge = NOW - 2 * DAY_MS + ago;
      const created = edge + offset;
      const windows = [
        askedWindow({ from: new Date(edge - 3_600_000), to: new Date(edge) }, now),
        askedWindow({ from: new Date(edge), to: new Date(edge + 3_600_000) }, now),
      ];
      const mine = windows.filter(
        (window) =>
          created >= window.from.getTime() &&
          created < window.to.getTime() &&
          !isBeforeWindow(new Date(created).toISOString(), window),
      );
      // The end is rounded up to a second, and what comes twice does no harm.
      const isInRoundedEnd = created >= edge && created < Math.ceil(edge / 1_000) * 1_000;
      expect(mine).toHaveLength(isInRoundedEnd ? 2 : 1);
    }),
  );
});
