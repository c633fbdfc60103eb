import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COLUMNS, cellText, columnsNamed, FIRST_COLUMNS } from '../../../web/feed/columns.ts';
import { inputOf, timeOf } from '../../../web/feed/local-time.ts';
import { feedRoute, filterQuery, isUnfiltered } from '../../../web/feed/route.ts';
import { rowsOf } from '../../../web/feed/rows.ts';
import { suggestionsFor } from '../../../web/feed/suggest.ts';
import { absoluteTime, bytesOf, dayHeading, plural, relativeTime, words } from '../../../web/ui/format.ts';
import { anyEvent, eventOf } from '../support.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');

test('rows that begin a day say so', () => {
  const at = (time: string) => eventOf({ time });
  const rows = rowsOf([at('2026-11-22T11:00:00Z'), at('2026-11-22T01:00:00Z'), at('2026-11-21T23:00:00Z')], 'utc', NOW);
  expect(rows.map(({ day }) => day)).toEqual(['Today', null, 'Yesterday']);
});

test.each([
  ['2026-11-22T11:59:40Z', 'just now'],
  ['2026-11-22T11:57:00Z', '3 minutes ago'],
  ['2026-11-20T11:57:00Z', '2 days ago'],
  ['2026-11-24T13:00:00Z', 'in 2 days'],
  ['no time', ''],
])('%s is %s', (time, said) => {
  expect(relativeTime(time, NOW)).toBe(said);
});

test('times and days in words', () => {
  expect(absoluteTime('2026-11-22T20:20:51Z', 'utc')).toBe('22 Nov 2026, 20:20:51 UTC');
  expect(dayHeading('2026-11-15T20:20:51Z', 'utc', NOW)).toBe('Sunday 15 November');
  expect(dayHeading('2025-11-15T20:20:51Z', 'utc', NOW)).toContain('2025');
  expect(absoluteTime('no time', 'utc')).toBe('no time');
});

test('counts, sizes and keys in words', () => {
  expect([plural(1, 'event'), plural(12_345, 'event')]).toEqual(['1 event', '12,345 events']);
  expect([0, 999, 3_400_000, 120_000].map(bytesOf)).toEqual(['0 B', '999 B', '3.4 MB', '120 kB']);
  expect([words('mfa_verification'), words('create_user')]).toEqual(['MFA verification', 'Create user']);
});

test('a time put in is the time shown again, to the minute', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1971-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), (date) => {
      const minute = new Date(Math.floor(date.getTime() / 60_000) * 60_000).toISOString();
      expect(timeOf(inputOf(minute, 'utc'), 'utc')).toBe(minute);
    }),
  );
});

test('no time is no time', () => {
  expect([timeOf('', 'utc'), timeOf('soon', 'local'), inputOf('soon', 'utc')]).toEqual([null, null, '']);
});

describe('columns', () => {
  test('each has a name of its own, and the first are among them', () => {
    expect(new Set(COLUMNS.map(({ name }) => name)).size).toBe(COLUMNS.length);
    expect(columnsNamed(FIRST_COLUMNS)).toHaveLength(FIRST_COLUMNS.length);
  });

  test('those that there are not are left out', () => {
    expect(columnsNamed(['ip', 'constructor', 'time']).map(({ name }) => name)).toEqual(['ip', 'time']);
  });

  test('any dot path into an event is one', () => {
    const event = eventOf({
      targets: [
        { type: 'user', name: 'Bo' },
        { type: 'group', name: 'Admins' },
      ],
    });
    expect(columnsNamed(['targets.name', 'nothing.name', 'actor.email']).map(({ title }) => title)).toEqual([
      'targets.name',
      'actor.email',
    ]);
    expect([cellText(event, 'targets.name'), cellText(event, 'actor.__proto__')]).toEqual(['Bo; Admins', '']);
  });

  test('any event has a text for any of them', () => {
    fc.assert(
      fc.property(anyEvent, fc.constantFrom(...COLUMNS), (event, { name }) => {
        expect(cellText(event, name)).not.toContain('undefined');
      }),
    );
  });

  test('changes and places in a cell', () => {
    const event = eventOf({ changes: [{ attribute: 'role', new: 'x' }], location: { city: 'Leeds', country: 'GB' } });
    expect([cellText(event, 'changes'), cellText(event, 'location')]).toEqual(['role: ∅ → x', 'Leeds, GB']);
  });
});

test('values in sight are suggested, the most frequent first', () => {
  const events = [eventOf({ ip: '::1' }), eventOf({ ip: '::2' }), eventOf({ ip: '::2' })];
  expect(suggestionsFor('ip', events)).toEqual(['::2', '::1']);
  expect(suggestionsFor('actor', events)).toEqual(['user:jane@example.com']);
  expect(suggestionsFor('session', events)).toEqual([]);
});

test('filters as parameters of the API', () => {
  const state = { ...feedRoute.initial, source: ['a', 'b'], q: 'x' };
  expect(filterQuery(state)).toEqual({ source: ['a', 'b'], q: 'x' });
  expect([isUnfiltered(state), isUnfiltered(feedRoute.initial)]).toEqual([false, true]);
});
