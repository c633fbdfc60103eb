import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseQueryObject } from '../../shared/query/object.ts';
import { SOURCES } from '../../shared/sources/registry.ts';
import type { SavedSearch, SearchQuery } from '../../web/api/types.ts';
import { parsePlace } from '../../web/app/place.ts';
import { feedRoute, filterQuery, LIST_FILTERS, TEXT_FILTERS } from '../../web/feed/route.ts';
import { groupsOf } from '../../web/searches/groups.ts';
import { askedOf, searchHref, valuesOf } from '../../web/searches/search-state.ts';

const text = fc.string({ minLength: 1, maxLength: 20 }).map((one) => `x${one}`);
const values = fc.oneof(text, fc.uniqueArray(text, { minLength: 1, maxLength: 4 }));
const name = fc.constantFrom(...LIST_FILTERS, ...TEXT_FILTERS, 'q' as const);
const one = name.chain((known) =>
  fc.tuple(fc.constant(known), (LIST_FILTERS as readonly string[]).includes(known) ? values : text),
);
const query = fc
  .uniqueArray(one, { selector: ([known]) => known })
  .map((entries): SearchQuery => Object.fromEntries(entries));

test('the feed opens with just what a search asks for', () => {
  fc.assert(
    fc.property(query, fc.option(fc.constant(['time', 'actor'])), (asked, columns) => {
      const state = feedRoute.read(parsePlace(searchHref({ query: asked, columns })));
      const lists = Object.entries(asked).map(([name, value]) => [
        name,
        (LIST_FILTERS as readonly string[]).includes(name) ? [value].flat() : value,
      ]);
      expect(filterQuery(state)).toEqual(Object.fromEntries(lists));
      expect(state.columns).toEqual(columns ?? []);
      expect(state.order).toBe('newest');
    }),
  );
});

test('a fixed time and the order are kept', () => {
  const search = { query: { from: '2026-01-01', to: '2026-02-01', order: 'oldest' }, columns: null };
  const state = feedRoute.read(parsePlace(searchHref(search)));
  expect(state).toMatchObject({ from: '2026-01-01', to: '2026-02-01', order: 'oldest' });
  expect(askedOf(search)).toEqual([{ kind: 'time', from: '2026-01-01', to: '2026-02-01' }, { kind: 'order' }]);
});

test('everything that a search asks for is told', () => {
  const search = { query: { type: ['create_user'], q: 'vpn', actor: 'jane' }, columns: ['time', 'ip'] };
  expect(askedOf(search)).toEqual([
    { kind: 'filter', name: 'type', values: ['create_user'] },
    { kind: 'filter', name: 'actor', values: ['jane'] },
    { kind: 'text', text: 'vpn' },
    { kind: 'columns', count: 2 },
  ]);
  expect(askedOf({ query: {}, columns: null })).toEqual([]);
});

test.each(SOURCES)('the search that comes with $name is opened whole', ({ name: source, suggestedSearch }) => {
  const whole = { source, ...suggestedSearch.query };
  const state = feedRoute.read(parsePlace(searchHref({ query: whole, columns: null })));
  expect(parseQueryObject(filterQuery(state)).filter).toEqual(parseQueryObject(whole).filter);
});

test('searches are grouped by whose they are; suggested ones of what is collected come first', () => {
  const search = (id: string, part: Partial<SavedSearch> = {}): SavedSearch => ({
    id,
    name: id,
    query: {},
    columns: null,
    shared: false,
    suggested: false,
    owner: null,
    mine: false,
    createdAt: '2026-11-01T00:00:00.000Z',
    updatedAt: '2026-11-01T00:00:00.000Z',
    ...part,
  });
  const groups = groupsOf(
    [
      search('mine', { mine: true, shared: true }),
      search('theirs', { shared: true }),
      search('box', { suggested: true, query: { source: 'box.admin_logs' } }),
      search('duo', { suggested: true, query: { source: ['duo.auth'] } }),
    ],
    new Set(['duo.auth']),
  );
  expect(groups.mine.map(({ id }) => id)).toEqual(['mine']);
  expect(groups.shared.map(({ id }) => id)).toEqual(['theirs']);
  expect(groups.suggested.map(({ id }) => id)).toEqual(['duo', 'box']);
  expect(valuesOf({}, 'source')).toEqual([]);
});
