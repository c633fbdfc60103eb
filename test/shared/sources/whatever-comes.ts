import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventFacts } from '../../../shared/event/schema.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../../shared/json.ts';
import type { MappedEvent, Source } from '../../../shared/sources/source.ts';

/** The folder of a source's own examples. */
export function examplesOf({ name }: Source): string {
  return join(import.meta.dirname, '../../../shared/sources', name, 'examples');
}

export const jsonFiles = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.json'));

export function readRaw(path: string): JsonObject {
  const raw = parseJson(readFileSync(path, 'utf8'));
  if (!isJsonObject(raw)) throw new TypeError(`${path} is not a JSON object`);
  return raw;
}

/** The share of every second action, in alphabetical order, that `guess` types as the table does. */
export function guessed({ actions, guess }: Source, parity: 0 | 1): number {
  const names = Object.keys(actions)
    .toSorted()
    .filter((_, index) => index % 2 === parity);
  return names.filter((action) => guess(action) === actions[action]).length / names.length;
}

/** What no vendor documents in any place. */
export const junk: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue() as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(null, '', 'None', 'constructor', '__proto__', 'x'.repeat(9000), '\ud800', true, -1, -0, 1e300),
  fc.constantFrom<Json>([], {}, [null], [[]], [{ id: [] }], { from: 1 }, { to: {} }),
  fc.constant(parseJson('9007199254740993123')),
);

/** Tests that a mapping gives valid facts of anything, and the same whatever the order of keys. */
export function testWhateverComes(source: Source, bodies: readonly JsonObject[]): void {
  const anyBody = fc.constantFrom(...bodies);
  const mapped = (raw: JsonObject) => {
    const events = source.normalize(raw);
    expect(events.length).toBeGreaterThan(0);
    for (const { facts, time, vendorId } of events) {
      EventFacts.parse(facts);
      expect(facts.type === null || source.types.includes(facts.type)).toBe(true);
      expect([typeof time, typeof vendorId].every((type) => type === 'string' || type === 'undefined')).toBe(true);
    }
    return events;
  };
  const said = (events: readonly MappedEvent[]) => events.map(({ raw: _, ...rest }) => rest);

  describe('whatever comes', () => {
    test('any JSON object has facts', () => {
      fc.assert(fc.property(fc.dictionary(fc.string(), junk), (raw) => void mapped(raw)));
    });

    test('any values in the fields that there are have facts', () => {
      const declared = Object.keys(source.fields).flatMap((path) => [path, path.split('.')[0] ?? path]);
      const fields = fc.constantFrom(...new Set([...bodies.flatMap(Object.keys), ...declared]));
      fc.assert(
        fc.property(fc.constantFrom({}, ...bodies), fc.dictionary(fields, junk), (body, values) => {
          mapped({ ...body, ...values });
        }),
      );
    });

    test('a real event with values dropped, nulled or replaced has facts', () => {
      const damage = fc.tuple(fc.nat(), fc.constantFrom('drop', 'null', 'replace'), junk);
      fc.assert(
        fc.property(anyBody, fc.array(damage, { minLength: 1, maxLength: 6 }), (body, list) => {
          const damaged = structuredClone(body);
          for (const [at, how, value] of list) {
            const places = placesIn(damaged);
            const place = places[at % places.length];
            if (place === undefined) break;
            const [holder, key] = place;
            if (how === 'drop') delete holder[key];
            else holder[key] = how === 'null' ? null : copyOf(value);
          }
          mapped(damaged);
        }),
        { numRuns: 500 },
      );
    });

    test('the order of keys changes nothing', () => {
      fc.assert(
        fc.property(anyBody, fc.infiniteStream(fc.nat()), (body, numbers) => {
          expect(said(mapped(shuffled(body, numbers) as JsonObject))).toEqual(said(mapped(body)));
        }),
      );
    });

    test('the event that came is not changed', () => {
      for (const body of bodies) {
        const before = JSON.stringify(body);
        mapped(body);
        expect(JSON.stringify(body)).toBe(before);
      }
    });

    test('nesting without end, in the place of every value, has facts', () => {
      let deep: Json = 1;
      for (let depth = 0; depth < 50_000; depth += 1) deep = { a: deep };
      for (const body of bodies.slice(0, 5)) {
        for (let at = 0; at < placesIn(body).length; at += 1) {
          const damaged = structuredClone(body);
          const [holder, key] = placesIn(damaged)[at] as readonly [JsonObject, string];
          holder[key] = deep;
          mapped(damaged);
        }
      }
    });
  });
}

/** A value to put into an event: a copy, as the next damage may be done inside it. Large integers stay what they are. */
export function copyOf(value: Json): Json {
  return isJsonObject(value) || Array.isArray(value) ? structuredClone(value) : value;
}

/** Every key of every object and every index of every array within. */
function placesIn(value: Json): (readonly [JsonObject, string])[] {
  if (!isJsonObject(value) && !Array.isArray(value)) return [];
  const holder = value as JsonObject;
  return Object.keys(holder).flatMap((key) => [[holder, key] as const, ...placesIn(holder[key] ?? null)]);
}

function shuffled(value: Json, numbers: fc.Stream<number>): Json {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, numbers));
  if (!isJsonObject(value)) return value;
  const keyed = Object.entries(value).map(
    ([key, item]) => [numbers.next().value, key, shuffled(item, numbers)] as const,
  );
  return Object.fromEntries(keyed.sort(([a], [b]) => a - b).map(([, key, item]) => [key, item]));
}
