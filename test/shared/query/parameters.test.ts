import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../shared/errors.ts';
import { eventId } from '../../../shared/event/id.ts';
import { readCursor, writeCursor } from '../../../shared/query/cursor.ts';
import { parseQuery } from '../../../shared/query/parameters.ts';

function problemsOf(query: string): string[] {
  try {
    parseQuery(query);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return error.problems.map(({ path }) => path);
  }
}

describe('parseQuery', () => {
  it('has defaults', () => {
    expect(parseQuery('')).toEqual({ filter: {}, order: 'newest', limit: 100 });
  });

  it('reads every kind of parameter', () => {
    expect(
      parseQuery(
        'source=a.b&source=c.d&actor=User:Jane&q=X&from=2026-01-31&to=2026-02-01T01:00:00%2B01:00&order=oldest&limit=7&fields=id,raw.x&format=csv&type=none',
      ),
    ).toEqual({
      filter: {
        source: ['a.b', 'c.d'],
        type: ['none'],
        actor: { whole: 'user:jane', kind: 'user', value: 'jane' },
        q: 'X',
        from: '2026-01-31T00:00:00.000Z',
        to: '2026-02-01T00:00:00.000Z',
      },
      order: 'oldest',
      limit: 7,
      fields: ['id', 'raw.x'],
      format: 'csv',
    });
  });

  it('takes the plus of an offset that was not escaped', () => {
    expect(parseQuery('from=2026-02-01T01:00:00+01:00').filter.from).toBe('2026-02-01T00:00:00.000Z');
  });

  it.each([
    ['colour=red', ['colour']],
    ['limit=0', ['limit']],
    ['limit=1001', ['limit']],
    ['limit=1.5', ['limit']],
    ['order=up', ['order']],
    ['format=xml', ['format']],
    ['type=login', ['type']],
    ['category=all', ['category']],
    ['outcome=ok', ['outcome']],
    ['from=yesterday', ['from']],
    ['from=2026-02-01&to=2026-01-01', ['to']],
    ['fields=colour.x', ['fields']],
    ['q=a&q=b', ['q']],
    ['actor=', ['actor']],
    ['toString=1&limit=x&order=y', ['toString', 'order', 'limit']],
  ])('%s is refused, naming %j', (query, names) => {
    expect(problemsOf(query)).toEqual(names);
  });

  it('reads any query string or names what is wrong', () => {
    fc.assert(fc.property(fc.webQueryParameters(), (query) => void problemsOf(query)));
  });
});

describe('cursors', () => {
  const query = parseQuery('source=a&from=2026-01-01');
  const id = eventId('2026-01-01T00:00:00.000Z', '0123456789ABCDEF');

  it('come back from what was written, also with another limit or format', () => {
    const cursor = writeCursor(id, query, 'main');
    expect(readCursor(cursor, parseQuery('limit=3&from=2026-01-01&source=a&format=csv'), 'main')).toBe(id);
  });

  it('are refused for another query or tenant', () => {
    const cursor = writeCursor(id, query, 'main');
    expect(() => readCursor(cursor, parseQuery('source=b&from=2026-01-01'), 'main')).toThrow(InvalidRequestError);
    expect(() => readCursor(cursor, query, 'other')).toThrow(InvalidRequestError);
  });

  it('are refused when damaged, always as the same kind of error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (text) => {
          expect(() => readCursor(text, query, 'main')).toThrow(InvalidRequestError);
        },
      ),
    );
  });
});
