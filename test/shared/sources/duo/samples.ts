import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseTime } from '../../../../shared/event/time.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { driftOf } from '../../../../shared/sources/drift.ts';
import type { Source } from '../../../../shared/sources/source.ts';
import { examplesOf, jsonFiles, readRaw, testWhateverComes } from '../whatever-comes.ts';

/** Tests a source against its own examples, the labelled samples where they are, and whatever else may come. */
export function testSamples(source: Source, more: readonly JsonObject[] = []): void {
  const examples = examplesOf(source);
  const samples = join(import.meta.dirname, '../../../../../shared/samples', source.name);
  const labelled = existsSync(samples) ? jsonFiles(samples) : [];
  if (labelled.length === 0) process.stdout.write(`skipped: no labelled samples of ${source.name} at ${samples}\n`);

  describe('examples', () => {
    test('there is one for each type that the source gives', () => {
      expect(jsonFiles(examples).toSorted()).toEqual(source.types.map((type) => `${type}.json`).toSorted());
    });

    test.each(jsonFiles(examples))('%s has the type of its name, a time, and the fields as declared', (name) => {
      const raw = readRaw(join(examples, name));
      const [event, ...others] = source.normalize(raw);
      expect(others).toEqual([]);
      expect(event?.facts.type).toBe(name.replace('.json', ''));
      expect(parseTime(event?.time ?? '')).toBeDefined();
      expect(event?.raw).toEqual(raw);
      expect(driftOf(source.fields, raw)).toEqual([]);
    });
  });

  describe.skipIf(labelled.length === 0)('labelled samples', () => {
    test.each(labelled)('%s has the type of its name', (name) => {
      const types = source.normalize(readRaw(join(samples, name))).map(({ facts }) => facts.type);
      expect(types).toEqual([name.split('.')[0]]);
    });
  });

  const bodies = [
    ...jsonFiles(examples).map((name) => readRaw(join(examples, name))),
    ...labelled.map((name) => readRaw(join(samples, name))),
    ...more,
  ];
  testWhateverComes(source, bodies);
}
