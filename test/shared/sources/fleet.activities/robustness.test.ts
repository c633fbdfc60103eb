import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/fleet.activities/normalize.ts';
import { copyOf } from '../whatever-comes.ts';
import { activity, mapped, type Row } from './activities.ts';
import { access } from './rows/access.ts';
import { integrations } from './rows/integrations.ts';
import { inventory } from './rows/inventory.ts';
import { settings } from './rows/settings.ts';

const rows: readonly Row[] = [...access, ...settings, ...inventory, ...integrations];
const real = fc.constantFrom(...rows.map(([action, details]) => activity(action, details)));
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

  test('any activity with any details has facts', () => {
    const keys = [...new Set(rows.flatMap(([, details]) => Object.keys(details ?? {})))];
    const actions = [...new Set(rows.map(([action]) => action))];
    fc.assert(
      fc.property(fc.constantFrom(...actions), fc.dictionary(fc.constantFrom(...keys), junk), (action, details) => {
        mapped(activity(action, details));
      }),
    );
  });

  test('a real activity with values dropped, nulled or replaced has facts', () => {
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

  test('the activity that came is not changed', () => {
    fc.assert(
      fc.property(real, (body) => {
        const before = JSON.stringify(body);
        normalize(body);
        expect(JSON.stringify(body)).toBe(before);
      }),
    );
  });

  test('thousands of hosts, long texts and deep nesting fit', () => {
    let deep: Json = 1;
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep];
    const { facts } = mapped(
      activity('transferred_hosts', {
        team_id: 1,
        team_name: '😀'.repeat(9000),
        host_ids: Array.from({ length: 3000 }, (_, id) => id),
        configuration: deep,
      }),
    );
    expect(facts.targets).toHaveLength(1000);
    expect(facts.changes).toContainEqual({ attribute: 'configuration', new: '[nested too deeply]' });
  });

  test('an activity without a type is kept', () => {
    expect(mapped({}).facts).toMatchObject({ type: null, action: 'unknown' });
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
