import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type JsonObject, parseJson } from '../../../../shared/json.ts';
import { ardexaAuditLogs } from '../../../../shared/sources/ardexa.audit_logs/source.ts';
import { mapped } from './rows.ts';

const root = join(import.meta.dirname, '../../../..');
const examples = join(root, 'shared/sources/ardexa.audit_logs/examples');
const samples = join(root, '../shared/samples/ardexa.audit_logs');
const areSamplesHere = existsSync(samples);
if (!areSamplesHere) process.stdout.write(`skipped: no labelled samples of ardexa.audit_logs at ${samples}\n`);

function read(path: string): JsonObject {
  const raw = parseJson(readFileSync(path, 'utf8'));
  if (!isJsonObject(raw)) throw new TypeError(`${path} is not a JSON object`);
  return raw;
}

const jsonFiles = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('examples', () => {
  test('there is one for each type that the source gives', () => {
    expect(jsonFiles(examples).toSorted()).toEqual(ardexaAuditLogs.types.map((type) => `${type}.json`).toSorted());
  });

  test.each(jsonFiles(examples))('%s has the type of its name', (name) => {
    expect(mapped(read(join(examples, name))).facts.type).toBe(name.replace('.json', ''));
  });
});

describe.skipIf(!areSamplesHere)('labelled samples', () => {
  test.each(areSamplesHere ? jsonFiles(samples) : [])('%s has the type of its name', (name) => {
    expect(mapped(read(join(samples, name))).facts.type).toBe(name.split('.')[0]);
  });
});
