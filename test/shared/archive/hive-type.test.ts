import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../../shared/archive/columns.ts';
import { type HiveType, parseHiveType, trinoType } from '../../../shared/archive/hive-type.ts';

const PRIMITIVES = {
  string: 'varchar',
  timestamp: 'timestamp',
  boolean: 'boolean',
  bigint: 'bigint',
  double: 'double',
  int: 'integer',
} as const;

/** A type together with its spellings, each put together without the code under test. */
interface Spelled {
  readonly type: HiveType;
  readonly hive: string;
  readonly trino: string;
}
const primitive: fc.Arbitrary<Spelled> = fc
  .constantFrom(...(Object.keys(PRIMITIVES) as (keyof typeof PRIMITIVES)[]))
  .map((name) => ({ type: { kind: 'primitive', name }, hive: name, trino: PRIMITIVES[name] }));
const fieldName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
const { type: spelled } = fc.letrec<{ type: Spelled }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4 },
    primitive,
    tie('type').map(
      (element): Spelled => ({
        type: { kind: 'array', element: element.type },
        hive: `array<${element.hive}>`,
        trino: `array(${element.trino})`,
      }),
    ),
    fc.tuple(primitive, tie('type')).map(
      ([key, value]): Spelled => ({
        type: { kind: 'map', key: key.type, value: value.type },
        hive: `map<${key.hive},${value.hive}>`,
        trino: `map(${key.trino}, ${value.trino})`,
      }),
    ),
    fc
      .uniqueArray(fc.tuple(fieldName, tie('type')), {
        minLength: 1,
        maxLength: 4,
        selector: ([name]) => name.toLowerCase(),
      })
      .map(
        (fields): Spelled => ({
          type: { kind: 'struct', fields: fields.map(([name, { type }]) => ({ name, type })) },
          hive: `struct<${fields.map(([name, { hive }]) => `${name}:${hive}`).join(',')}>`,
          trino: `row(${fields.map(([name, { trino }]) => `${name} ${trino}`).join(', ')})`,
        }),
      ),
  ),
}));

describe('parseHiveType', () => {
  it('reads every type back from its spelling', () => {
    fc.assert(
      fc.property(spelled, ({ type, hive }) => {
        expect(parseHiveType(hive)).toEqual(type);
      }),
    );
  });

  it('takes no part of a type for a type', () => {
    fc.assert(
      fc.property(spelled, fc.nat(), ({ hive }, cut) => {
        const part = hive.slice(0, cut % hive.length);
        if (!(part in PRIMITIVES))
          expect(() => parseHiveType(part)).toThrow(/^Hive type .*expected .* at position \d+$/);
        expect(() => parseHiveType(`${hive}>`)).toThrow('expected the end');
      }),
    );
  });

  it.each([
    ['', /a type at position 0/],
    ['varchar', /one of string, timestamp/],
    ['String', /at position 0/],
    ['decimal(10,2)', /at position 0/],
    ['array<>', /at position 6/],
    ['array<string', /expected >/],
    ['map<array<int>,int>', /at position 4/],
    ['map<string>', /expected ,/],
    ['struct<>', /a field name/],
    ['struct<a:int,A:int>', /no second field A/],
    ['struct<a int>', /expected :/],
    ['struct<a: int>', /at position 9/],
    ['constructor', /at position 0/],
  ])('refuses %j and says where', (text, message) => {
    expect(() => parseHiveType(text)).toThrow(message);
  });
});

describe('trinoType', () => {
  it('spells every type in Trino’s words', () => {
    fc.assert(
      fc.property(spelled, ({ hive, trino }) => {
        expect(trinoType(hive)).toBe(trino);
      }),
    );
  });

  it('is needed without quotes: no field of the columns is a reserved word of Trino', () => {
    // https://trino.io/docs/current/language/reserved.html
    const reserved = `alter and as auto between by case cast constraint create cross cube current_catalog current_date
      current_path current_role current_schema current_time current_timestamp current_user deallocate delete describe
      distinct drop else end escape except exists extract false for from full group grouping having in inner insert
      intersect into is join json_array json_exists json_object json_query json_table json_value left like listagg localtime
      localtimestamp natural normalize not null on or order outer prepare recursive right rollup select skip table then
      trim true uescape union unnest using values when where with`.split(/\s+/);
    const fieldsOf = (type: HiveType): string[] => {
      if (type.kind === 'struct') return type.fields.flatMap((field) => [field.name, ...fieldsOf(field.type)]);
      return type.kind === 'array' ? fieldsOf(type.element) : [];
    };
    const fields = COLUMNS.flatMap(({ type }) => fieldsOf(parseHiveType(type)));
    expect(fields).toContain('email');
    expect(fields.filter((name) => reserved.includes(name.toLowerCase()))).toEqual([]);
  });
});
