import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choice, flag, list, maybe, readParams, type Shape, text, writeParams } from '../../web/app/params.ts';
import { parsePlace, writePlace } from '../../web/app/place.ts';
import { route } from '../../web/app/route.ts';
import { feedRoute } from '../../web/feed/route.ts';

const wellFormed = fc.string({ unit: 'grapheme' });
const filled = fc.string({ unit: 'grapheme', minLength: 1 });
const place = fc.record({
  page: filled,
  id: fc.option(filled),
  params: fc.array(fc.tuple(wellFormed, wellFormed)),
});

test('a place written is the place read', () => {
  fc.assert(
    fc.property(place, (one) => {
      expect(parsePlace(writePlace(one))).toEqual(one);
    }),
  );
});

test('any text is a place', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (any) => {
      const read = parsePlace(any);
      expect(read.page).not.toBe('');
      expect(parsePlace(writePlace(read))).toEqual({
        ...read,
        page: read.page.toWellFormed(),
        id: read.id?.toWellFormed() ?? null,
      });
    }),
  );
});

test.each(['', '#', '#/', '#/?'])('%j is the activity', (fragment) => {
  expect(parsePlace(fragment)).toEqual({ page: 'events', id: null, params: [] });
});

test('a damaged escape is taken as it stands', () => {
  expect(parsePlace('#/entity/100%')).toEqual({ page: 'entity', id: '100%', params: [] });
});

test('an address that reads well', () => {
  expect(writePlace({ page: 'entity', id: 'user:jane@example.com', params: [['last', '7d']] })).toBe(
    '#/entity/user:jane@example.com?last=7d',
  );
});

const shape = {
  words: list(),
  one: text(),
  order: choice(['newest', 'oldest'], 'newest'),
  side: maybe(['left', 'right']),
  open: flag(),
} satisfies Shape;
const state = fc.record({
  words: fc.uniqueArray(filled),
  one: fc.option(filled),
  order: fc.constantFrom('newest' as const, 'oldest' as const),
  side: fc.option(fc.constantFrom('left' as const, 'right' as const)),
  open: fc.boolean(),
});

test('a state written is the state read, whatever else the address holds', () => {
  const noise = fc.array(
    fc.tuple(
      filled.map((name) => `x-${name}`),
      wellFormed,
    ),
  );
  fc.assert(
    fc.property(state, noise, (one, others) => {
      const page = route('some', shape);
      const written = parsePlace(page.href(one));
      expect(page.read({ ...written, params: [...others, ...written.params] })).toEqual(one);
    }),
  );
});

test('any parameters make a state that can be written', () => {
  const name = fc.constantFrom(...Object.keys(shape), 'other');
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.oneof(wellFormed, fc.constantFrom('oldest', 'left', '1')))), (params) => {
      const read = readParams(shape, params);
      expect(readParams(shape, writeParams(shape, read))).toEqual(read);
    }),
  );
});

test('what is as by default stays out of the address', () => {
  expect(feedRoute.href(feedRoute.initial)).toBe('#/events');
  expect(feedRoute.href({ source: ['github.audit'], from: '2026-01-01' })).toBe(
    '#/events?source=github.audit&from=2026-01-01',
  );
});

test('a word that is not known is as if it were absent', () => {
  expect(feedRoute.read(parsePlace('#/events?last=9y&order=sideways')).last).toBe('30d');
});
