import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../shared/json.ts';
import { modifiedChanges, namedValues, unwrap } from '../../../../shared/sources/m365/properties.ts';

describe('a value', () => {
  test.each([
    ['[\r\n  "Test Group"\r\n]', 'Test Group'],
    ['[\r\n  true\r\n]', 'true'],
    ['[\r\n  9007199254740993123\r\n]', '9007199254740993123'],
    ['[\r\n  {\r\n "b": 1,\r\n "a": null\r\n }\r\n]', '{"a":null,"b":1}'],
    ['["a","b"]', '["a","b"]'],
    ['"quoted"', 'quoted'],
    ['{"x": 1}', '{"x":1}'],
    ['plain, text', 'plain, text'],
    ['[KeyIdentifier=7]', '[KeyIdentifier=7]'],
    ['[\r\n  "cut off', '[\r\n  "cut off'],
    [7, '7'],
    [['one'], 'one'],
    ['[]', undefined],
    ['[""]', undefined],
    ['[null]', undefined],
    ['', undefined],
    [[], undefined],
    [null, undefined],
    [undefined, undefined],
  ] as [Json | undefined, string | undefined][])('%j is %j', (value, text) => {
    expect(unwrap(value)).toBe(text);
  });

  test('that is one text in a list comes out as it went in', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        expect(unwrap(JSON.stringify([text], null, 2).replaceAll('\n', '\r\n'))).toBe(text);
      }),
    );
  });

  test('of any kind is text or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.string(), fc.json()), (value) => {
        const text = unwrap(value as Json);
        expect(text === undefined || (typeof text === 'string' && text !== '')).toBe(true);
      }),
    );
  });
});

describe('changes', () => {
  test('have old and new values, without what describes actor and target', () => {
    expect(
      modifiedChanges({
        ModifiedProperties: [
          { Name: 'DisplayName', OldValue: '["Old"]', NewValue: '["New"]' },
          { Name: 'Gone', OldValue: '["x"]', NewValue: '[]' },
          { Name: 'Nothing', OldValue: '', NewValue: '[]' },
          { Name: 'Included Updated Properties', OldValue: '', NewValue: 'DisplayName, Gone, Withheld' },
          { Name: 'TargetId.UserType', OldValue: '', NewValue: 'Member' },
          { Name: 'ActorId.ServicePrincipalNames', OldValue: '', NewValue: 'x' },
          { Name: 'SPN', OldValue: '', NewValue: 'x' },
          { OldValue: 'nameless' },
          7,
          null,
        ],
      }),
    ).toEqual([
      { attribute: 'DisplayName', old: 'Old', new: 'New' },
      { attribute: 'Gone', old: 'x', new: undefined },
      { attribute: 'Withheld' },
    ]);
  });

  test('of a mailbox are names', () => {
    expect(modifiedChanges({ ModifiedProperties: ['MapiSubject', ''] })).toEqual([{ attribute: 'MapiSubject' }]);
  });
});

test('the first of equal names counts', () => {
  const list = [
    { Name: 'a', Value: 'x' },
    { Name: 'a', Value: 'y' },
    { Name: 'b' },
    'c',
    { Name: 'constructor', Value: 1 },
  ];
  expect([...namedValues({ list }, 'list')]).toEqual([
    ['a', 'x'],
    ['constructor', '1'],
  ]);
});
