import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EventFacts } from '../../../../shared/event/schema.ts';
import { driftOf } from '../../../../shared/sources/drift.ts';
import { githubAudit } from '../../../../shared/sources/github.audit/source.ts';
import { examplesOf, jsonFiles, readRaw, testWhateverComes } from '../whatever-comes.ts';

const examples = examplesOf(githubAudit);
const samples = join(import.meta.dirname, '../../../../../shared/samples/github.audit');
const areSamplesHere = existsSync(samples);
if (!areSamplesHere) process.stdout.write(`skipped: no labelled samples of github.audit at ${samples}\n`);

/**
 * A team that was admin becomes maintain. The same row is labelled both ways; GitHub lists the roles "from least access
 * to most access" with maintain below admin:
 * https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
 */
const CONTRADICTED: Readonly<Record<string, string>> = { 'add_permission.1.json': 'remove_permission' };

const typesOf = (path: string) => githubAudit.normalize(readRaw(path)).map(({ facts }) => EventFacts.parse(facts).type);

describe('examples', () => {
  test('there is one for each type that the source gives', () => {
    expect(jsonFiles(examples).toSorted()).toEqual(githubAudit.types.map((type) => `${type}.json`).toSorted());
  });

  test.each(jsonFiles(examples))('%s has the type of its name, and its fields the declared types', (name) => {
    expect(typesOf(join(examples, name))).toEqual([name.replace('.json', '')]);
    expect(driftOf(githubAudit.fields, readRaw(join(examples, name)))).toEqual([]);
  });
});

describe.skipIf(!areSamplesHere)('labelled samples', () => {
  test.each(areSamplesHere ? jsonFiles(samples) : [])('%s has the type of its name', (name) => {
    expect(typesOf(join(samples, name))).toEqual([CONTRADICTED[name] ?? name.split('.')[0]]);
    expect(driftOf(githubAudit.fields, readRaw(join(samples, name)))).toEqual([]);
  });
});

testWhateverComes(githubAudit, [
  ...jsonFiles(examples).map((name) => readRaw(join(examples, name))),
  ...(areSamplesHere ? jsonFiles(samples).map((name) => readRaw(join(samples, name))) : []),
]);
