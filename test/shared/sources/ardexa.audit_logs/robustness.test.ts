import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/ardexa.audit_logs/normalize.ts';
import { copyOf } from '../whatever-comes.ts';
import { CASES } from './cases.ts';
import { mapped, rowOf } from './rows.ts';

const bodies = CASES.map(({ row, more }) => rowOf(row, more));
const real = fc.constantFrom(...bodies);
const junk = fc.oneof(
  fc.jsonValue() as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(null, '', 'constructor', 'x'.repeat(9000), '\ud800', [], {}, [[]], true, -0, 1e300, [
    { id: [] },
  ]),
);

describe('whatever comes', () => {
  test('any JSON object has facts', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), junk), (body) => void mapped(body)));
  });

  test('any row with any values has facts', () => {
    const keys = [...new Set(bodies.flatMap(Object.keys)), 'config', 'old_value_full', 'Event Time'];
    fc.assert(
      fc.property(real, fc.dictionary(fc.constantFrom(...keys), junk), (body, more) => {
        mapped({ ...body, ...more });
      }),
    );
  });

  test('a real row with values dropped, nulled or replaced has facts', () => {
    const damages = fc.array(fc.tuple(fc.nat(), fc.constantFrom('drop', 'null', 'replace'), junk), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(real, damages, (body, list) => {
        const damaged = structuredClone(body);
        for (const [at, how, value] of list) {
          const places = placesIn(damaged);
          const place = places[at % places.length];
          if (place === undefined) break;
          const [holder, key] = place;
          if (how === 'drop') delete holder[key];
          else holder[key] = how === 'null' ? null : copyOf(value as Json);
        }
        mapped(damaged);
      }),
      { numRuns: 400 },
    );
  });

  test('the order of keys changes nothing', () => {
    fc.assert(
      fc.property(real, (body) => {
        expect(mapped(reversed(body) as JsonObject).facts).toEqual(mapped(body).facts);
      }),
    );
  });

  test('the row that came is not changed', () => {
    fc.assert(
      fc.property(real, (body) => {
        const before = JSON.stringify(body);
        normalize(body);
        expect(JSON.stringify(body)).toBe(before);
      }),
    );
  });

  test('thousands of permissions and settings, long texts and deep nesting fit', () => {
    let deep: Json = 1;
    for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
    const many = Array.from({ length: 3000 }, (_, index) => `p${index}`);
    const { facts } = mapped(
      rowOf(['org', 'user', 'update', 'permissions'], {
        new_value: many.join(','),
        new_value_full: Object.fromEntries(many.map((name) => [name, 1])),
        config: deep,
        comments: '😀'.repeat(9000),
      }),
    );
    expect(facts.targets).toHaveLength(1000);
    expect(facts.changes).toHaveLength(1000);
    expect(facts.targets[0]?.id?.isWellFormed()).toBe(true);
  });

  test('a row without an action is kept', () => {
    expect(mapped({}).facts).toMatchObject({ type: null, action: 'unknown', actor: { type: 'unknown' } });
  });
});

function placesIn(value: Json): (readonly [JsonObject, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as JsonObject;
  return Object.keys(holder).flatMap((key) => [[holder, key] as const, ...placesIn(holder[key] ?? null)]);
}

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
