import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EventFacts } from '../../../../shared/event/schema.ts';
import { appomniAudit } from '../../../../shared/sources/appomni.audit/source.ts';
import { examplesOf, guessed, jsonFiles, readRaw, testWhateverComes } from '../whatever-comes.ts';

const examples = examplesOf(appomniAudit);
const samples = join(import.meta.dirname, '../../../../../shared/samples/appomni.audit');
const areSamplesHere = existsSync(samples);
if (!areSamplesHere) process.stdout.write(`skipped: no labelled samples of appomni.audit at ${samples}\n`);

const typesOf = (path: string) =>
  appomniAudit.normalize(readRaw(path)).map(({ facts }) => EventFacts.parse(facts).type);

describe('examples', () => {
  test('there is one for each type that the source gives', () => {
    expect(jsonFiles(examples).toSorted()).toEqual(appomniAudit.types.map((type) => `${type}.json`).toSorted());
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

test.each([0, 1] as const)('actions outside the table are guessed (%i)', (parity) => {
  expect(guessed(appomniAudit, parity)).toBeGreaterThanOrEqual(0.8);
});

const bodies = jsonFiles(examples).map((name) => readRaw(join(examples, name)));
testWhateverComes(appomniAudit, bodies);
