import { ConfigurationError } from '../errors.ts';

const PRIMITIVES = ['string', 'timestamp', 'boolean', 'bigint', 'double', 'int'] as const;
export type HivePrimitive = (typeof PRIMITIVES)[number];

/** The type of a Glue column, parsed from Hive's spelling. */
export type HiveType =
  | { readonly kind: 'primitive'; readonly name: HivePrimitive }
  | { readonly kind: 'array'; readonly element: HiveType }
  | { readonly kind: 'map'; readonly key: HiveType; readonly value: HiveType }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: HiveType }[] };

/**
 * Parses `string`, `timestamp`, `boolean`, `bigint`, `double`, `int`, `array<…>`, `map<primitive,…>` and
 * `struct<name:…,…>`, without white space, as Glue stores them.
 *
 * @throws ConfigurationError naming the place where the text stops being one of these.
 */
export function parseHiveType(text: string): HiveType {
  let at = 0;

  function fail(wanted: string): never {
    throw new ConfigurationError(`Hive type ${text}: expected ${wanted} at position ${at}`);
  }
  function word(wanted: string): string {
    const found = /[A-Za-z_][A-Za-z0-9_]*/y;
    found.lastIndex = at;
    const [name] = found.exec(text) ?? fail(wanted);
    at += name.length;
    return name;
  }
  function take(character: string): void {
    if (text[at] !== character) fail(character);
    at++;
  }
  function primitive(): HiveType {
    const start = at;
    const name = word('a type');
    const known = PRIMITIVES.find((one) => one === name);
    if (known === undefined) {
      at = start;
      fail(`one of ${PRIMITIVES.join(', ')}, array, map, struct`);
    }
    return { kind: 'primitive', name: known };
  }
  function fields(): { name: string; type: HiveType }[] {
    const list: { name: string; type: HiveType }[] = [];
    for (;;) {
      const name = word('a field name');
      // Hive knows field names without regard to case.
      if (list.some((field) => field.name.toLowerCase() === name.toLowerCase())) fail(`no second field ${name}`);
      take(':');
      list.push({ name, type: type() });
      if (text[at] !== ',') return list;
      at++;
    }
  }
  function type(): HiveType {
    const [, container] = /^(array|map|struct)</.exec(text.slice(at, at + 7)) ?? [];
    if (container === undefined) return primitive();
    at += container.length + 1;
    let result: HiveType;
    if (container === 'array') result = { kind: 'array', element: type() };
    else if (container === 'struct') result = { kind: 'struct', fields: fields() };
    else {
      const key = primitive();
      take(',');
      result = { kind: 'map', key, value: type() };
    }
    take('>');
    return result;
  }

  const result = type();
  if (at !== text.length) fail('the end');
  return result;
}

/** A Hive type in another system's spelling: names of primitives, and how the containers are put together. */
export interface TypeSpelling {
  readonly primitives: Readonly<Record<HivePrimitive, string>>;
  array(element: string): string;
  map(key: string, value: string): string;
  struct(fields: readonly { readonly name: string; readonly type: string }[]): string;
}

/** Spells a Hive type in another system's words. */
export function spell(type: HiveType, spelling: TypeSpelling): string {
  switch (type.kind) {
    case 'primitive':
      return spelling.primitives[type.name];
    case 'array':
      return spelling.array(spell(type.element, spelling));
    case 'map':
      return spelling.map(spell(type.key, spelling), spell(type.value, spelling));
    case 'struct':
      return spelling.struct(type.fields.map(({ name, type: field }) => ({ name, type: spell(field, spelling) })));
  }
}

const TRINO: TypeSpelling = {
  primitives: {
    string: 'varchar',
    timestamp: 'timestamp',
    boolean: 'boolean',
    bigint: 'bigint',
    double: 'double',
    int: 'integer',
  },
  array: (element) => `array(${element})`,
  map: (key, value) => `map(${key}, ${value})`,
  struct: (fields) => `row(${fields.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
};

/**
 * A Hive type as Trino and Athena's view definitions spell it: `array<struct<id:string>>` is `array(row(id varchar))`.
 * Field names are not quoted, so they must not be reserved words of SQL.
 *
 * @throws ConfigurationError when the text is not a type that {@link parseHiveType} knows.
 */
export function trinoType(hive: string): string {
  return spell(parseHiveType(hive), TRINO);
}
