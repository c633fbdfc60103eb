import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindInsert, parseInsert } from '../../../../infra/local/aws/dynamodb/partiql.ts';
import { AwsError } from '../../../../infra/local/aws/endpoint.ts';

const space = fc.stringMatching(/^[ \n\t]{1,3}$/);
const gap = fc.stringMatching(/^[ \n\t]{0,3}$/);
const table = fc.oneof(
  fc.stringMatching(/^[A-Za-z_]\w{0,8}$/).map((name) => ({ name, text: name })),
  fc.string({ minLength: 1 }).map((name) => ({ name, text: `"${name.replaceAll('"', '""')}"` })),
);
const attributes = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 6 });
const keyword = (word: string) =>
  fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((upper) =>
      [...word].map((letter, index) => (upper[index] ? letter.toUpperCase() : letter.toLowerCase())).join(''),
    );

describe('parseInsert', () => {
  it('reads back any table and any attributes, however spaced', () => {
    fc.assert(
      fc.property(
        table,
        attributes,
        fc.tuple(keyword('insert'), keyword('into'), keyword('value')),
        space,
        gap,
        (into, names, [insert, to, value], wide, narrow) => {
          const pairs = names.map((name) => `${narrow}'${name.replaceAll("'", "''")}'${narrow}:${narrow}?${narrow}`);
          const text = [insert, to, into.text, value, `{${pairs.join(',')}}`].join(wide) + narrow;
          expect(parseInsert(text)).toEqual({ table: into.name, attributes: names });
        },
      ),
    );
  });

  it('refuses everything else with a ValidationException', () => {
    const piece = fc.constantFrom(
      'INSERT',
      'INTO',
      '"events"',
      'VALUE',
      '{',
      '}',
      "'pk'",
      ':',
      '?',
      ',',
      "'",
      'x',
      ';',
    );
    const shape = /^INSERT INTO ("events"|x|INSERT|INTO|VALUE) VALUE \{ 'pk' : \? \}$/;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join(' ')),
        ),
        (text) => {
          fc.pre(!shape.test(text));
          expect(() => parseInsert(text)).toThrow(AwsError);
        },
      ),
    );
  });
});

describe('bindInsert', () => {
  it('puts each parameter under its attribute, also under odd names', () => {
    const statement = `INSERT INTO t VALUE {'pk': ?, '__proto__': ?, 'constructor': ?}`;
    const bound = bindInsert(statement, [{ S: 'a' }, { S: 'b' }, { S: 'c' }]);
    expect(Object.entries(bound?.item ?? {})).toEqual([
      ['pk', { S: 'a' }],
      ['__proto__', { S: 'b' }],
      ['constructor', { S: 'c' }],
    ]);
  });

  it('wants as many parameters as attributes', () => {
    const statement = `INSERT INTO t VALUE {'a': ?, 'b': ?}`;
    expect(bindInsert(statement, [{ S: 'a' }])).toBeUndefined();
    expect(bindInsert(statement, [{ S: 'a' }, { S: 'b' }, { S: 'c' }])).toBeUndefined();
  });
});
