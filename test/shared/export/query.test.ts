import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../shared/errors.ts';
import { ExportRequest, filterOf, fixRequest } from '../../../shared/export/query.ts';
import { parseQuery } from '../../../shared/query/parameters.ts';

const NOW = new Date('2026-05-01T12:00:00Z');
const fix = (query: object, more: object = {}) =>
  fixRequest(ExportRequest.parse({ format: 'csv', query, ...more }), NOW);
function problemsOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.problems;
  }
  throw new Error('nothing is wrong');
}

describe('a request for an export', () => {
  it('asks for what GET /v1/events would with the same filters', () => {
    const { query, asked } = fix({
      source: ['a.b', 'c.d'],
      type: 'none',
      actor: 'User:Jane',
      q: 'x & y',
      from: '2026-01-01',
    });
    const { filter } = parseQuery('source=a.b&source=c.d&type=none&actor=User:Jane&q=x%20%26%20y&from=2026-01-01');
    expect(asked.filter).toEqual({ ...filter, to: NOW.toISOString() });
    expect(filterOf(query)).toEqual(asked.filter);
  });

  it('ends at the moment in which it is made', () => {
    const to = (query: object) => fix(query).query['to'];
    expect(to({})).toBe(NOW.toISOString());
    expect(to({ to: '2026-05-02' })).toBe(NOW.toISOString());
    expect(to({ to: '2026-04-30T02:00:00+02:00' })).toBe('2026-04-30T00:00:00.000Z');
  });

  it.each<[object, object, string]>([
    [{ type: 'no_such_type' }, {}, 'query.type'],
    [{ from: 'yesterday' }, {}, 'query.from'],
    [{ from: '2026-05-02' }, {}, 'query.from'],
    [{ from: '2026-04-02', to: '2026-04-01' }, {}, 'query.to'],
    [{ q: ['a', 'b'] }, {}, 'query.q'],
    [{ q: 'x'.repeat(1_000), session: Array(20).fill('y'.repeat(500)) }, {}, 'query'],
    [{}, { columns: ['id', 'nonsense'] }, 'columns'],
  ])('with %j %j is refused', (query, more, path) => {
    expect(problemsOf(() => fix(query, more)).map((problem) => problem.path)).toEqual([path]);
  });

  it.each([
    { format: 'json', query: {} },
    { format: 'ndjson', query: {}, columns: ['id'] },
    { format: 'csv', query: {}, columns: ['id,time'] },
    { format: 'csv', query: { limit: '5' } },
    { format: 'csv', query: { order: 'newest' } },
    { format: 'csv' },
    { format: 'csv', query: {}, more: 1 },
  ])('like %j is none', (body) => {
    expect(ExportRequest.safeParse(body).success).toBe(false);
  });

  it('stays what it is when it is fixed again later', () => {
    const text = fc.string({ minLength: 1, maxLength: 20 }).filter((one) => !one.includes('\0') && one.isWellFormed());
    fc.assert(
      fc.property(fc.record({ q: text, action: fc.uniqueArray(text, { minLength: 1 }) }), (query) => {
        const first = fix(query);
        const again = fixRequest({ format: 'csv', query: first.query }, new Date('2027-01-01'));
        expect(again).toEqual(first);
      }),
    );
  });
});
