import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventFacts } from '../../../shared/event/schema.ts';
import { parseJson } from '../../../shared/json.ts';
import {
  arrayAt,
  CHANGE_MAX,
  changeText,
  clip,
  entryOf,
  firstText,
  fitFacts,
  objectAt,
  objectsAt,
  TEXT_MAX,
  textAt,
  valueAt,
} from '../../../shared/sources/read.ts';

const raw = parseJson(
  '{"a":{"b":[{"c":"x"},{"c":7}],"n":null,"t":false,"e":""},"id":9007199254740993123,"d.e":{"f":1},"__proto__":{"p":1}}',
);

describe('valueAt', () => {
  test.each([
    ['a.b.0.c', 'x'],
    ['a.b.1.c', 7],
    ['a.n', null],
    ['a.t', false],
    [['d.e', 'f'], 1],
    ['__proto__.p', 1],
  ])('%j is %j', (path, value) => {
    expect(valueAt(raw, path)).toBe(value);
  });

  test.each([
    'b',
    'a.b.2',
    'a.b.c',
    'a.b.length',
    'a.b.-1',
    'a.n.x',
    'a.e.length',
    'd.e.f',
    'a.constructor',
    'toString',
    '',
  ])('there is nothing at %j', (path) => {
    expect(valueAt(raw, path)).toBeUndefined();
  });

  test('a large integer has no inside', () => {
    expect(valueAt(raw, 'id.rawJSON')).toBeUndefined();
  });

  test('nothing throws, whatever the value and the path', () => {
    fc.assert(
      fc.property(fc.anything(), fc.oneof(fc.string(), fc.array(fc.string())), (value, path) => {
        valueAt(value, path);
        objectAt(value, path);
        expect(Array.isArray(arrayAt(value, path))).toBe(true);
        expect(firstText(value, [path, path])).toBe(textAt(value, path));
      }),
    );
  });

  test('finds every value where it was put', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.jsonValue(), (path, value) => {
        const nested = path.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), value);
        expect(valueAt(nested, path)).toBe(value);
      }),
    );
  });
});

describe('reading a kind of value', () => {
  test('texts are strings, numbers and booleans, digit by digit', () => {
    expect(textAt(raw, 'id')).toBe('9007199254740993123');
    expect(textAt(raw, 'a.b.1.c')).toBe('7');
    expect(textAt(raw, 'a.t')).toBe('false');
    for (const path of ['a.e', 'a.n', 'a.b', 'a', 'x']) expect(textAt(raw, path)).toBeUndefined();
  });

  test('firstText passes over what has no text', () => {
    expect(firstText(raw, ['x', 'a.e', 'a.n', 'a.b.0.c', 'id'])).toBe('x');
    expect(firstText(raw, [])).toBeUndefined();
  });

  test('objects and arrays are taken for nothing else', () => {
    expect(objectAt(raw, 'a.b.0')).toEqual({ c: 'x' });
    for (const path of ['a.b', 'id', 'a.n', 'x']) expect(objectAt(raw, path)).toBeUndefined();
    expect(arrayAt(raw, 'a.b')).toHaveLength(2);
    for (const path of ['a', 'id', 'a.e', 'x']) expect(arrayAt(raw, path)).toEqual([]);
    expect(objectsAt({ list: [1, null, { a: 1 }, [{}], { b: 2 }] }, 'list')).toEqual([{ a: 1 }, { b: 2 }]);
  });

  test('a table has the entries it was given', () => {
    expect(entryOf({ a: 1 }, 'a')).toBe(1);
    for (const key of ['b', 'constructor', '__proto__', undefined]) expect(entryOf({ a: 1 }, key)).toBeUndefined();
  });
});

describe('changeText', () => {
  test.each([
    ['', ''],
    ['text', 'text'],
    [0, '0'],
    [false, 'false'],
    [[], '[]'],
    [{ b: 1, a: [{ d: 1, c: 2 }] }, '{"a":[{"c":2,"d":1}],"b":1}'],
    [null, undefined],
    [undefined, undefined],
  ])('%j is %j', (value, text) => {
    expect(changeText(value)).toBe(text);
  });

  test('rounds no large integer, by itself or inside', () => {
    expect(changeText(valueAt(raw, 'id'))).toBe('9007199254740993123');
    expect(changeText(parseJson('{"id":9007199254740993123}'))).toBe('{"id":9007199254740993123}');
  });

  test('says so when nesting exhausts the stack', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    expect(changeText(deep)).toBe('[nested too deeply]');
  });
});

describe('clip', () => {
  test('leaves what fits, and marks what was cut', () => {
    expect(clip('abc', 3)).toBe('abc');
    expect(clip('abcd', 3)).toBe('ab…');
    expect(clip('a😀d', 3)).toBe('a…');
  });

  test('never exceeds its length and never breaks a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const clipped = clip(text, max);
        expect(clipped.length).toBeLessThanOrEqual(max);
        expect(clipped.isWellFormed()).toBe(true);
        expect(text.startsWith(clipped.replace(/…$/, ''))).toBe(true);
        expect(clipped === text).toBe(text.length <= max);
      }),
    );
  });
});

describe('fitFacts', () => {
  const long = 'x'.repeat(CHANGE_MAX + 1);
  const bare: EventFacts = {
    type: null,
    action: 'a',
    outcome: 'success',
    actor: { type: 'user' },
    targets: [],
    changes: [],
  };

  test('leaves facts that fit as they are', () => {
    const facts: EventFacts = {
      ...bare,
      type: 'create_user',
      action: 'x'.repeat(TEXT_MAX),
      actor: { type: 'user', name: 'ada' },
      targets: [{ type: 'user', id: '1', email: 'bo@x.example' }],
      location: { country: 'NL' },
      device: { os: 'plan9' },
      credential: { type: 'key' },
      mfa: { method: 'push', flagged: false },
      changes: [{ attribute: 'a', old: '', new: 'x'.repeat(CHANGE_MAX) }],
    };
    expect(fitFacts(facts)).toEqual(facts);
  });

  test('drops empty texts, and whatever has no type or attribute', () => {
    expect(
      fitFacts({
        ...bare,
        action: '',
        reason: '',
        ip: undefined,
        actor: { type: 'user', name: '' },
        targets: [{ type: '' }, { type: 'user', id: '' }],
        changes: [{ attribute: '' }, { attribute: 'a', old: '' }],
      }),
    ).toStrictEqual({
      ...bare,
      action: 'unknown',
      targets: [{ type: 'user' }],
      changes: [{ attribute: 'a', old: '' }],
    });
  });

  test('fits anything of the right shape into the schema', () => {
    const text = fc.oneof(fc.string(), fc.constant(long), fc.constant(''));
    const maybe = fc.option(text, { nil: undefined });
    const record = <K extends string>(...keys: K[]) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, maybe])) as Record<K, typeof maybe>, { requiredKeys: [] });
    const list = <T>(item: fc.Arbitrary<T>) =>
      fc.oneof(
        fc.array(item, { maxLength: 5 }),
        item.map((one) => Array.from({ length: 1001 }, () => one)),
      );
    fc.assert(
      fc.property(
        text,
        record('id', 'name', 'email', 'role'),
        list(fc.tuple(text, record('id', 'name', 'email'))),
        list(fc.tuple(text, record('old', 'new'))),
        record('ip', 'userAgent', 'session', 'reason', 'identityProvider'),
        record('country', 'city'),
        record('id', 'type'),
        (action, actor, targets, changes, rest, location, credential) => {
          const facts = fitFacts({
            ...bare,
            ...rest,
            action,
            actor: { ...actor, type: 'unknown' },
            targets: targets.map(([type, target]) => ({ ...target, type })),
            changes: changes.map(([attribute, change]) => ({ ...change, attribute })),
            location,
            credential,
            device: credential,
            mfa: { method: action },
          });
          expect(EventFacts.parse(facts)).toEqual(facts);
        },
      ),
    );
  });
});
