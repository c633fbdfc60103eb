import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventFacts } from '../../../../shared/event/schema.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts';
import { googleWorkspaceActivity } from '../../../../shared/sources/google_workspace.activity/source.ts';
import { copyOf } from '../whatever-comes.ts';
import { activity, event } from './activities.ts';

const { normalize, actions, fields } = googleWorkspaceActivity;
const folder = join(import.meta.dirname, '../../../../shared/sources/google_workspace.activity/examples');
const examples = readdirSync(folder).map((name): JsonObject => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const anyExample = fc.constantFrom(...examples);
const junk = fc.oneof(
  fc.jsonValue() as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    null,
    '',
    'constructor',
    '__proto__',
    'x'.repeat(9000),
    '\ud800',
    [],
    {},
    [[]],
    true,
    -0,
    1e300,
  ),
);

function mapped(raw: JsonObject): EventFacts[] {
  const events = normalize(raw);
  expect(events.length).toBeGreaterThan(0);
  for (const each of events) expect(each.raw).toBe(raw);
  return events.map(({ facts }) => EventFacts.parse(facts));
}

describe('whatever comes', () => {
  test('any JSON object has facts', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), junk), (raw) => void mapped(raw)));
  });

  test('any known field with any value has facts', () => {
    const keys = Object.keys(fields).filter((key) => !key.includes('.'));
    fc.assert(fc.property(fc.dictionary(fc.constantFrom(...keys), junk), (raw) => void mapped(raw)));
  });

  test('any known action with any parameters has facts', () => {
    const names = 'USER_EMAIL doc_id OLD_VALUE new_value NEW_ OLD start_time login_challenge_method scope_data'.split(
      ' ',
    );
    const kinds = ['value', 'intValue', 'boolValue', 'multiValue', 'messageValue', 'multiMessageValue'];
    const parameter = fc
      .tuple(fc.constantFrom(...names), fc.constantFrom(...kinds), junk)
      .map(([name, kind, value]): JsonObject => ({ name, [kind]: value }));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(actions)), fc.array(parameter), (key, parameters) => {
        const [application = '', name = ''] = key.split('.');
        mapped(activity(application, [event(name, {}, { parameters })]));
      }),
    );
  });

  test('an example with values dropped, nulled or replaced has facts', () => {
    const damages = fc.array(fc.tuple(fc.nat(), fc.constantFrom('drop', 'null', 'replace'), junk), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(anyExample, damages, (example, list) => {
        const damaged = structuredClone(example);
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
      { numRuns: 300 },
    );
  });

  test('the order of keys changes nothing', () => {
    fc.assert(
      fc.property(anyExample, fc.infiniteStream(fc.nat()), (example, numbers) => {
        const other = shuffled(example, numbers) as JsonObject;
        expect(normalize(other).map(({ raw: _, ...rest }) => rest)).toEqual(
          normalize(example).map(({ raw: _, ...rest }) => rest),
        );
      }),
    );
  });

  test('the activity that came is not changed', () => {
    for (const example of examples) {
      const before = JSON.stringify(example);
      normalize(example);
      expect(JSON.stringify(example)).toBe(before);
    }
  });

  test('nesting without end, long texts and long lists fit', () => {
    let message: JsonObject = { parameter: [] };
    let deep: Json = 1;
    for (let depth = 0; depth < 20_000; depth += 1) {
      message = { parameter: [{ name: 'inner', messageValue: message }] };
      deep = { deep };
    }
    const [facts] = mapped(
      activity('admin', [
        event('A'.repeat(20_000), {
          SETTING_METADATA: { messageValue: message },
          OLD_VALUE: { value: deep },
          NEW_VALUE: 'n'.repeat(100_000),
          USER_EMAIL: Array.from({ length: 2000 }, (_, n) => `u${n}@example.com`),
        }),
      ]),
    );
    expect(facts?.targets).toHaveLength(1000);
    expect(facts?.changes[0]?.new).toHaveLength(65_536);
  });
});

/** Every key of every object and every index of every array within. */
function placesIn(value: Json): (readonly [JsonObject, string])[] {
  if (typeof value !== 'object' || value === null) return [];
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
