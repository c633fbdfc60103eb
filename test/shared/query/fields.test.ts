import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';
import { toCsv } from '../../../shared/query/csv.ts';
import { pick, valuesAt } from '../../../shared/query/fields.ts';

const event: JsonObject = {
  id: '1',
  actor: { id: 'u1', name: 'Jo' },
  targets: [{ type: 'user', id: 'a' }, { type: 'group' }],
  raw: { deep: { list: [{ x: 1 }, { x: 2 }], big: 'y' } },
};

describe('pick', () => {
  it.each<[string[], JsonObject]>([
    [['id'], { id: '1' }],
    [['actor.id'], { actor: { id: 'u1' } }],
    [['actor.id', 'actor.name'], { actor: { id: 'u1', name: 'Jo' } }],
    [['targets.id'], { targets: [{ id: 'a' }, {}] }],
    [['targets.id', 'targets.type'], { targets: [{ id: 'a', type: 'user' }, { type: 'group' }] }],
    [['raw.deep.list.x'], { raw: { deep: { list: [{ x: 1 }, { x: 2 }] } } }],
    [['raw.none', 'ip'], {}],
    [['id.length', 'raw.toString'], {}],
  ])('%j', (fields, expected) => {
    expect(pick(event, fields)).toEqual(expected);
  });

  it('gives the whole back for all of its fields, and only own properties for any path', () => {
    const object = fc.dictionary(fc.string({ unit: fc.constantFrom('a', 'b', '_') }), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.array(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'a.b', '')), (any, fields) => {
        expect(pick(any as JsonObject, Object.keys(any))).toEqual(any);
        const picked = pick(any as JsonObject, fields);
        expect(Object.getPrototypeOf(picked)).toBe(Object.prototype);
        for (const key of Object.keys(picked)) expect(Object.hasOwn(any, key)).toBe(true);
      }),
    );
  });
});

describe('toCsv', () => {
  it('has a header line and a cell per path', () => {
    expect(toCsv([event], ['id', 'targets.type', 'targets.id', 'ip'])).toBe(
      'id,targets.type,targets.id,ip\r\n1,user; group,a,\r\n',
    );
  });

  it('disarms what a spreadsheet would run', () => {
    expect(toCsv([{ action: '=cmd()' }, { action: 'a,"b"\n' }], ['action'])).toBe(
      `action\r\n'=cmd()\r\n"a,""b""\n"\r\n`,
    );
  });

  it('writes what is no scalar as JSON', () => {
    expect(valuesAt(event, ['raw', 'deep', 'big'])).toEqual(['y']);
    expect(toCsv([event], ['actor'])).toBe(`actor\r\n"{""id"":""u1"",""name"":""Jo""}"\r\n`);
  });
});
