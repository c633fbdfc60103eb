import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../shared/errors.ts';
import { eventId } from '../../../shared/event/id.ts';
import { parseCounts } from '../../../shared/query/counts-query.ts';
import { CATEGORIES } from '../../../shared/taxonomy.ts';

const NOW = new Date('2026-11-22T10:20:30.400Z');
const read = (query: string, now = NOW) => parseCounts(query, 'main', now);

function problemsOf(query: string, tenant = 'main', now = NOW): string[] {
  try {
    parseCounts(query, tenant, now);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return error.problems.map(({ path }) => path).sort();
  }
}

describe('the range', () => {
  it.each([
    ['', 'hour', '2026-11-15T11:00:00.000Z', '2026-11-22T11:00:00.000Z'],
    ['by=day', 'day', '2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
    ['from=2026-11-20T01:02:03Z', 'hour', '2026-11-20T01:02:03.000Z', '2026-11-22T11:00:00.000Z'],
    ['from=2026-11-01', 'day', '2026-11-01T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
    ['to=2026-11-01', 'hour', '2026-10-25T00:00:00.000Z', '2026-11-01T00:00:00.000Z'],
    ['from=2026-11-01&to=2026-11-09', 'hour', '2026-11-01T00:00:00.000Z', '2026-11-09T00:00:00.000Z'],
    ['from=2026-11-01&to=2026-11-10', 'day', '2026-11-01T00:00:00.000Z', '2026-11-10T00:00:00.000Z'],
    ['from=2026-11-01&to=2026-11-10&by=hour', 'hour', '2026-11-01T00:00:00.000Z', '2026-11-10T00:00:00.000Z'],
  ])('of "%s" is by %s', (query, by, from, to) => {
    expect(read(query)).toMatchObject({ by, query: { filter: { from, to } } });
  });

  it('has an end before the next hour or day, with what is happening now in it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('hour', 'day'),
        fc.date({ min: new Date(0), noInvalidDate: true, max: NOW }),
        (by, now) => {
          const { from, to } = read(`by=${by}`, now).query.filter;
          const unit = by === 'hour' ? 3_600_000 : 86_400_000;
          expect(Date.parse(to) - now.getTime()).toBeGreaterThan(0);
          expect(Date.parse(to) - now.getTime()).toBeLessThanOrEqual(unit);
          expect(Date.parse(to) - Date.parse(from)).toBe(7 * 86_400_000);
        },
      ),
    );
  });
});

it.each([
  ['by=week', ['by']],
  ['by=day&by=hour', ['by']],
  ['limit=1&order=oldest&fields=id&format=csv', ['fields', 'format', 'limit', 'order']],
  ['sauce=x&by=', ['by', 'sauce']],
  ['from=2026-11-24', ['from']],
  ['from=2026-01-02&to=2026-01-01', ['to']],
  ['from=2026-01-01&to=2026-02-02&by=hour', ['by']],
  ['cursor=e30', ['cursor']],
])('refuses "%s"', (query, paths) => {
  expect(problemsOf(query)).toEqual(paths);
});

describe('the cursor', () => {
  const id = eventId('2026-11-20T00:00:00.000Z', '0'.repeat(16));
  const follow = (query: string, cursor: string) => `${query}${query === '' ? '' : '&'}cursor=${cursor}`;

  it('goes on in the same range, however late it is given back', () => {
    const queries = fc.constantFrom(
      '',
      'by=day',
      'q=a',
      'source=x&source=y',
      'from=2026-11-15',
      'to=2026-11-21&by=day',
    );
    fc.assert(
      fc.property(queries, fc.nat({ max: 1e10 }), (query, later) => {
        const first = read(query);
        const second = read(follow(query, first.cursorAt(id)), new Date(NOW.getTime() + later));
        expect(second).toMatchObject({ by: first.by, after: id, query: { filter: first.query.filter } });
        const third = read(follow(query, second.cursorAt(id)), new Date(NOW.getTime() + 2 * later));
        expect(third.query.filter).toEqual(first.query.filter);
      }),
    );
  });

  it('is bound to filters, unit and tenant', () => {
    const cursor = read('q=a').cursorAt(id);
    expect(problemsOf(follow('q=a', cursor))).toEqual([]);
    for (const other of ['q=b', '', 'q=a&by=hour', 'q=a&from=2026-11-15', `q=a&category=${CATEGORIES[0]}`])
      expect(problemsOf(follow(other, cursor)), other).toEqual(['cursor']);
    expect(problemsOf(follow('q=a', cursor), 'other')).toEqual(['cursor']);
  });

  it('is refused, and nothing worse, when it is damaged', () => {
    const cursor = read('').cursorAt(id);
    fc.assert(
      fc.property(fc.nat({ max: cursor.length - 1 }), fc.base64String({ maxLength: 4 }), (at, odd) => {
        const spoiled = `${cursor.slice(0, at)}${encodeURIComponent(odd)}${cursor.slice(at + 1)}`;
        expect([[], ['cursor']]).toContainEqual(problemsOf(`cursor=${spoiled}`));
      }),
    );
    for (const odd of [
      {},
      [],
      null,
      { after: id, at: 'x', query: 'y' },
      { after: 'x', at: NOW.toISOString(), query: 'y' },
    ])
      expect(problemsOf(`cursor=${Buffer.from(JSON.stringify(odd)).toString('base64url')}`)).toEqual(['cursor']);
  });

  it('stays inside the range', () => {
    const cursor = read('').cursorAt(eventId('1990-01-01T00:00:00.000Z', '0'.repeat(16)));
    const { after, query } = read(`cursor=${cursor}`);
    expect(after).toBe(eventId(query.filter.from, '0'.repeat(16)));
  });
});
