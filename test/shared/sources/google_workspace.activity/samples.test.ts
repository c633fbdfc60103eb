import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EventFacts } from '../../../../shared/event/schema.ts';
import { isJsonObject, parseJson } from '../../../../shared/json.ts';
import { googleWorkspaceActivity } from '../../../../shared/sources/google_workspace.activity/source.ts';

const root = join(import.meta.dirname, '../../../..');
const examples = join(root, 'shared/sources/google_workspace.activity/examples');
const samples = join(root, '../shared/samples/google_workspace.activity');
const areSamplesHere = existsSync(samples);
if (!areSamplesHere) process.stdout.write(`skipped: no labelled samples of google_workspace.activity at ${samples}\n`);

function typesOf(path: string): (string | null)[] {
  const raw = parseJson(readFileSync(path, 'utf8'));
  if (!isJsonObject(raw)) throw new TypeError(`${path} is not a JSON object`);
  return googleWorkspaceActivity.normalize(raw).map(({ facts }) => EventFacts.parse(facts).type);
}

const jsonFiles = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('examples', () => {
  test('there is one for each type that the source gives', () => {
    expect(jsonFiles(examples).toSorted()).toEqual(
      googleWorkspaceActivity.types.map((type) => `${type}.json`).toSorted(),
    );
  });

  test.each(jsonFiles(examples))('%s has the type of its name', (name) => {
    expect(typesOf(join(examples, name))).toEqual([name.replace('.json', '')]);
  });
});

describe.skipIf(!areSamplesHere)('labelled samples', () => {
  test.each(areSamplesHere ? jsonFiles(samples) : [])('%s has the type of its name', (name) => {
    expect(typesOf(join(samples, name))).toEqual([name.split('.')[0]]);
  });
});
