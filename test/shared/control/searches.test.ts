import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyRecord } from '../../../shared/control/keys.ts';
import {
  changedSearch,
  isSuggested,
  maySee,
  newSearch,
  queryOf,
  SearchChange,
  Searches,
  SearchRequest,
  shownTo,
  suggestedTo,
} from '../../../shared/control/searches.ts';
import { InvalidRequestError } from '../../../shared/errors.ts';
import { SOURCES } from '../../../shared/sources/registry.ts';
import { MemoryControl } from '../../support/memory-control.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const key = (more: Partial<KeyRecord> = {}): KeyRecord => ({
  id: 'k1',
  tenant: 'main',
  name: 'jane',
  scopes: ['read'],
  createdAt: '',
  ...more,
});
const request = (more: object = {}) => SearchRequest.parse({ name: 'n', query: {}, ...more });
const made = (more: object = {}, by = key()) => newSearch(request(more), by, NOW);

function problemsOf(search: { query: unknown; columns?: unknown }): string[] {
  try {
    queryOf(made(search));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return error.problems.map(({ path }) => path).sort();
  }
}

describe('the query of a search', () => {
  it.each([
    [{ type: ['account_login', 'none'], outcome: 'failure', q: 'x', order: 'oldest' }, ['actor.email'], []],
    [{ sauce: 'x', type: 'nothing' }, undefined, ['query.sauce', 'query.type']],
    [
      { limit: '5', cursor: 'x', format: 'csv', fields: 'id' },
      undefined,
      ['query.cursor', 'query.fields', 'query.format', 'query.limit'],
    ],
    [{ q: ['a', 'b'], actor: '' }, undefined, ['query.actor', 'query.q']],
    [{}, ['nothing.here'], ['columns']],
    [{ q: 'x'.repeat(9_000) }, undefined, ['query']],
    [JSON.parse('{"__proto__": "x", "constructor": "y"}'), undefined, ['query.constructor']],
  ])('%j is checked as GET /v1/events would', (query, columns, paths) => {
    expect(problemsOf({ query, ...(columns && { columns }) })).toEqual(paths);
  });

  it('of any shape is understood or refused', () => {
    const value = fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('q', 'type', 'from')), value), (query) => {
        expect(problemsOf({ query }).every((path) => path.startsWith('query'))).toBe(true);
      }),
    );
  });
});

describe('a search', () => {
  it('is seen by the key that made it, and once it is shared by its tenant', () => {
    const mine = made();
    const other = key({ id: 'k2', scopes: ['read', 'admin'] });
    expect([maySee(key(), mine), maySee(other, mine)]).toEqual([true, false]);
    const shared = changedSearch(mine, { shared: true }, NOW);
    expect([maySee(key(), shared), maySee(other, shared)]).toEqual([true, true]);
    expect(shownTo(other, shared)).toMatchObject({ mine: false, owner: { id: 'key_k1', name: 'jane' } });
    expect(shownTo(key(), shared)).toMatchObject({ mine: true });
  });

  it('is not seen by a key that may not read what it asks for', () => {
    const limited = key({ id: 'k2', sources: ['duo.auth'] });
    const sees = (query: object) => maySee(limited, made({ query, shared: true }));
    expect([{}, { source: 'duo.auth' }, { source: ['duo.auth', 'github.audit'] }, { source: 'duo' }].map(sees)).toEqual(
      [true, true, false, false],
    );
  });

  it('changes in what is given only, and loses its columns for null', () => {
    const before = made({ columns: ['id'], query: { q: 'x' } });
    const changed = (change: object) => changedSearch(before, SearchChange.parse(change), new Date(NOW.getTime() + 1));
    expect(changed({ name: ' other ' })).toEqual({
      ...before,
      name: 'other',
      version: 2,
      updatedAt: '2026-11-22T10:00:00.001Z',
    });
    expect(changed({ columns: null })).not.toHaveProperty('columns');
    expect(changed({ columns: ['time'], shared: true })).toMatchObject({
      columns: ['time'],
      shared: true,
      query: { q: 'x' },
    });
    expect(SearchChange.safeParse({ owner: 'x' }).success).toBe(false);
  });

  it.each(['', '   ', 'x'.repeat(101)])('has a name of 1 to 100 characters: "%s"', (name) => {
    expect(SearchRequest.safeParse({ name, query: {} }).success).toBe(false);
  });
});

describe('kept searches', () => {
  it('are by name and by tenant, and changed by one at a time', async () => {
    const searches = new Searches(new MemoryControl());
    const [b, a, c] = ['b', 'a', 'c'].map((name) => made({ name }));
    const foreign = made({ name: 'foreign' }, key({ tenant: 'main-2' }));
    for (const one of [b!, a!, c!, foreign]) await searches.create(one);
    expect((await searches.list('main')).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(await searches.get('main', foreign.id)).toBeUndefined();
    const after = changedSearch(a!, { name: 'z' }, NOW);
    expect(await searches.replace(a!, after)).toBe(true);
    expect(await searches.replace(a!, after)).toBe(false);
    expect(await searches.get('main', a!.id)).toEqual(after);
    await searches.delete(after);
    expect(await searches.replace(after, changedSearch(after, { name: 'y' }, NOW))).toBe(false);
    expect((await searches.list('main')).map(({ name }) => name)).toEqual(['b', 'c']);
  });
});

it('one search comes with each source that a key may read', () => {
  expect(suggestedTo(key()).map(({ query }) => query['source'])).toEqual(SOURCES.map(({ name }) => name));
  const [only, ...more] = suggestedTo(key({ sources: ['duo.auth', 'custom.x'] }));
  expect(more).toEqual([]);
  expect(only).toMatchObject({
    suggested: true,
    shared: true,
    mine: false,
    owner: null,
    query: { source: 'duo.auth' },
  });
  expect(isSuggested(only?.id ?? '')).toBe(true);
  expect(isSuggested(made().id)).toBe(false);
});
