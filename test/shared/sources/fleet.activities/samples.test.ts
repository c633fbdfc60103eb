import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject, parseJson } from '../../../../shared/json.ts';
import { fleetActivities } from '../../../../shared/sources/fleet.activities/source.ts';
import { mapped } from './activities.ts';

const root = join(import.meta.dirname, '../../../..');
const examples = join(root, 'shared/sources/fleet.activities/examples');
const samples = join(root, '../shared/samples/fleet.activities');
const areSamplesHere = existsSync(samples);
if (!areSamplesHere) process.stdout.write(`skipped: no labelled samples of fleet.activities at ${samples}\n`);

function read(path: string): JsonObject {
  const raw = parseJson(readFileSync(path, 'utf8'));
  if (!isJsonObject(raw)) throw new TypeError(`${path} is not a JSON object`);
  return raw;
}

const jsonFiles = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('examples', () => {
  test('there is one for each type that the source gives', () => {
    expect(jsonFiles(examples).toSorted()).toEqual(fleetActivities.types.map((type) => `${type}.json`).toSorted());
  });

  test.each(jsonFiles(examples))('%s has the type of its name', (name) => {
    expect(mapped(read(join(examples, name))).facts.type).toBe(name.replace('.json', ''));
  });
});

describe.skipIf(!areSamplesHere)('labelled samples', () => {
  // They are named by Fleet's own activity type.
  test.each(areSamplesHere ? jsonFiles(samples) : [])('%s has the type that the table gives its activity', (name) => {
    const { facts } = mapped(read(join(samples, name)));
    const action = name.split('.')[0] ?? '';
    expect(facts).toMatchObject({ action, type: fleetActivities.actions[action] });
    expect(facts.type).not.toBeNull();
  });
});
