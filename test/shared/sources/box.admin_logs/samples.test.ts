import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EventFacts } from '../../../../shared/event/schema.ts';
import { boxAdminLogs } from '../../../../shared/sources/box.admin_logs/source.ts';
import { driftOf } from '../../../../shared/sources/drift.ts';
import { examplesOf, jsonFiles, readRaw, testWhateverComes } from '../whatever-comes.ts';

const examples = examplesOf(boxAdminLogs);
const samples = join(import.meta.dirname, '../../../../../shared/samples/box.admin_logs');
const areSamplesHere = existsSync(samples);
if (!areSamplesHere) process.stdout.write(`skipped: no labelled samples of box.admin_logs at ${samples}\n`);

const typesOf = (path: string) =>
  boxAdminLogs.normalize(readRaw(path)).map(({ facts }) => EventFacts.parse(facts).type);

describe('examples', () => {
  test('there is one for each type that the source gives', () => {
    expect(jsonFiles(examples).toSorted()).toEqual(boxAdminLogs.types.map((type) => `${type}.json`).toSorted());
  });

  test.each(jsonFiles(examples))('%s has the type of its name, and its fields the declared types', (name) => {
    expect(typesOf(join(examples, name))).toEqual([name.replace('.json', '')]);
    expect(driftOf(boxAdminLogs.fields, readRaw(join(examples, name)))).toEqual([]);
  });
});

describe.skipIf(!areSamplesHere)('labelled samples', () => {
  test.each(areSamplesHere ? jsonFiles(samples) : [])('%s has the type of its name', (name) => {
    expect(typesOf(join(samples, name))).toEqual([name.split('.')[0]]);
    expect(driftOf(boxAdminLogs.fields, readRaw(join(samples, name)))).toEqual([]);
  });
});

testWhateverComes(boxAdminLogs, [
  ...jsonFiles(examples).map((name) => readRaw(join(examples, name))),
  ...(areSamplesHere ? jsonFiles(samples).map((name) => readRaw(join(samples, name))) : []),
]);
