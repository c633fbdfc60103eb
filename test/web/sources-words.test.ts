import { expect, test } from 'vitest';
import { backfillWords } from '../../web/sources/backfill-words.ts';
import { manageHref, newConnectionHref } from '../../web/sources/links.ts';
import { sourcesRoute } from '../../web/sources/route.ts';
import { rangeOfSpan } from '../../web/sources/span-range.ts';

const rate = { events: 1, rangeSeconds: 3600 };

test.each([
  [{ state: 'finished', remainingSeconds: 0, rate }, 'Finished'],
  [{ state: 'running', remainingSeconds: 86_400 * 30, rate }, 'About 12 minutes to go'],
  [{ state: 'running', remainingSeconds: 10, rate }, 'Almost done'],
  [{ state: 'waiting', remainingSeconds: 10, rate: { events: 0, rangeSeconds: 0 } }, 'Waiting for its turn'],
  [{ state: 'paused', remainingSeconds: 10, rate }, 'Paused with its connection'],
  [{ state: 'failing', remainingSeconds: 10, rate }, 'Failing, and tried again'],
] as const)('%j', (backfill, words) => {
  expect(backfillWords(backfill)).toBe(words);
});

test('a span ends now; all of it begins with what is known, or a day ago', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  const none = { collected: [], gaps: [] };
  const old = {
    collected: [],
    gaps: [
      {
        stream: 'a',
        from: '2025-01-01T00:00:00.000Z',
        to: '2025-02-01T00:00:00.000Z',
        reason: 'paused',
        open: false,
        notedAt: null,
      },
    ],
  };
  expect(rangeOfSpan('7d', old, now)).toEqual({ from: now - 7 * 86_400_000, to: now });
  expect(rangeOfSpan('all', old, now)).toEqual({ from: Date.parse('2025-01-01T00:00:00Z'), to: now });
  expect(rangeOfSpan('all', none, now)).toEqual({ from: now - 86_400_000, to: now });
});

test('a connection has an address, its span in it', () => {
  expect(sourcesRoute.href({ span: '1y' }, 'main.octo-org')).toBe('#/sources/main.octo-org?span=1y');
});

test('administration is led to by source and by connection', () => {
  expect(newConnectionHref()).toBe('#/admin/connections?new=1');
  expect(newConnectionHref('github.audit')).toBe('#/admin/connections?new=github.audit');
  expect(manageHref('main.octo-org')).toBe('#/admin/connections?open=main.octo-org');
});
