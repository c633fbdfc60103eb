import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilters } from '../../../infra/local/event-source/filter.ts';
import { TemplateError } from '../../../infra/local/template/error.ts';

const record = {
  eventName: 'INSERT',
  size: 5,
  gone: null,
  empty: '',
  flag: true,
  tags: ['a', 'b'],
  dynamodb: { NewImage: { codec: { S: 'd1' }, count: { N: '5' } } },
  list: [{ id: 1 }, { id: 2 }],
};
const matches = (...patterns: unknown[]) => compileFilters(patterns)(record);

it('lets everything through without a pattern, and what one of several matches', () => {
  expect(matches()).toBe(true);
  expect(matches({ eventName: ['REMOVE'] }, { eventName: ['INSERT'] })).toBe(true);
  expect(matches({ eventName: ['REMOVE'] }, { eventName: ['MODIFY'] })).toBe(false);
});

it('takes inserts of items that have an attribute, and nothing else', () => {
  const isEvent = compileFilters([
    { eventName: ['INSERT'], dynamodb: { NewImage: { codec: { S: [{ exists: true }] } } } },
  ]);
  const image = (NewImage?: object, eventName = 'INSERT') => ({
    eventName,
    dynamodb: { ...(NewImage && { NewImage }) },
  });
  expect(isEvent(image({ codec: { S: 'd1' }, pk: { S: 'x' } }))).toBe(true);
  expect(isEvent(image({ codec: { N: '1' } }))).toBe(false);
  expect(isEvent(image({ pk: { S: 'x' } }))).toBe(false);
  expect(isEvent(image({ codec: { S: 'd1' } }, 'MODIFY'))).toBe(false);
  expect(isEvent(image(undefined, 'REMOVE'))).toBe(false);
});

it.each([
  [{ eventName: ['INSERT', 'MODIFY'] }, true],
  [{ size: [5] }, true],
  [{ size: ['5'] }, false],
  [{ gone: [null] }, true],
  [{ empty: [''] }, true],
  [{ flag: [true] }, true],
  [{ tags: ['b'] }, true],
  [{ tags: ['c'] }, false],
  [{ list: { id: [2] } }, true],
  [{ list: { id: [3] } }, false],
  [{ size: [{ exists: true }] }, true],
  [{ missing: [{ exists: true }] }, false],
  [{ missing: [{ exists: false }] }, true],
  [{ missing: { deeper: [{ exists: false }] } }, true],
  [{ dynamodb: [{ exists: true }] }, false],
  [{ eventName: [{ prefix: 'INS' }] }, true],
  [{ eventName: [{ suffix: 'ERT' }] }, true],
  [{ eventName: [{ suffix: 'INS' }] }, false],
  [{ eventName: [{ 'equals-ignore-case': 'insert' }] }, true],
  [{ eventName: [{ 'anything-but': 'REMOVE' }] }, true],
  [{ eventName: [{ 'anything-but': ['REMOVE', 'INSERT'] }] }, false],
  [{ eventName: [{ 'anything-but': { prefix: 'INS' } }] }, false],
  [{ missing: [{ 'anything-but': 'x' }] }, false],
  [{ size: [{ numeric: ['>', 1, '<=', 5] }] }, true],
  [{ size: [{ numeric: ['=', 4] }] }, false],
  [{ dynamodb: { NewImage: { count: { N: [{ numeric: ['=', 5] }] } } } }, false],
  [{ $or: [{ size: [6] }, { eventName: ['INSERT'] }] }, true],
  [{ $or: [{ size: [6] }, { size: [7] }], eventName: ['INSERT'] }, false],
])('%j: %s', (pattern, expected) => {
  expect(matches(pattern)).toBe(expected);
});

it.each([
  [{ a: [{ cidr: '10.0.0.0/8' }] }],
  [{ a: [{ prefix: 5 }] }],
  [{ a: [{ exists: 'yes' }] }],
  [{ a: [{ numeric: ['~', 5] }] }],
  [{ a: [{ numeric: ['>', 1, '<'] }] }],
  [{ a: [{ prefix: 'a', suffix: 'b' }] }],
  [{ a: [{ constructor: 'a' }] }],
  [{ a: [] }],
  [{ a: [['nested']] }],
  [{ a: 'text' }],
  [{ $or: { a: ['b'] } }],
  [{}],
  ['text'],
])('refuses %j when it is compiled', (pattern) => {
  expect(() => compileFilters([pattern])).toThrow(TemplateError);
});

describe('any values', () => {
  const literal = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const path = fc.array(
    fc.string().filter((name) => name !== '$or' && name !== '__proto__'),
    { minLength: 1, maxLength: 4 },
  );
  const nest = (names: readonly string[], leaf: unknown) =>
    names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), leaf);

  it('equality finds exactly the values listed, at any depth', () => {
    fc.assert(
      fc.property(path, fc.array(literal, { minLength: 1 }), literal, (names, list, value) => {
        expect(compileFilters([nest(names, list)])(nest(names, value))).toBe(list.includes(value));
      }),
    );
  });

  it('anything-but is the opposite of equality for what is there', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string(), (list, value) => {
        const equal = compileFilters([{ a: list }])({ a: value });
        expect(compileFilters([{ a: [{ 'anything-but': list }] }])({ a: value })).toBe(!equal);
      }),
    );
  });

  it('either compiles or refuses, and a compiled filter never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (pattern, value) => {
        let filter: (value: unknown) => boolean;
        try {
          filter = compileFilters([pattern]);
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
          return;
        }
        expect(typeof filter(value)).toBe('boolean');
      }),
    );
  });
});
