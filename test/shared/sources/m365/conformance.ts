import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Change, EventFacts, type Target } from '../../../../shared/event/schema.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import type { MappedEvent, Source } from '../../../../shared/sources/source.ts';
import type { EventType } from '../../../../shared/taxonomy.ts';
import { examplesOf, guessed, jsonFiles, readRaw, testWhateverComes } from '../whatever-comes.ts';

/** A made-up tenant, its people, and what every record of theirs has. */
export const TENANT = '7d3f0a10-0000-4000-8000-00000000f001';
export const ADA = 'ada.quill@northwind.example.com';
export const BO = 'bo.larkin@northwind.example.com';
export const ADA_ID = '0a0a0a0a-0000-4000-8000-000000000001';
export const BO_ID = '0b0b0b0b-0000-4000-8000-000000000002';

export function record(operation: string, body: JsonObject = {}): JsonObject {
  return {
    CreationTime: '2031-05-06T10:20:30',
    Id: 'e0000000-2000-4000-8000-000000000001',
    Operation: operation,
    OrganizationId: TENANT,
    UserType: 0,
    UserId: ADA,
    UserKey: ADA_ID,
    ...body,
  };
}

/** The one event of a record, its facts checked against the schema. */
export function mapped(source: Source, raw: JsonObject): MappedEvent {
  const [event, ...more] = source.normalize(raw);
  if (event === undefined || more.length > 0) throw new TypeError('expected one event');
  return { ...event, facts: EventFacts.parse(event.facts) };
}

/** A record, and what its facts must say, whatever else they say. */
export type Row = readonly [
  name: string,
  raw: JsonObject,
  expected: Partial<EventFacts> & { targets?: Target[]; changes?: Change[] },
];

export function testRows(source: Source, rows: readonly Row[]): void {
  test.each(rows)('%s', (_, raw, expected) => {
    const { facts } = mapped(source, raw);
    expect(facts.action).toBe(raw['Operation']);
    for (const [field, value] of Object.entries(expected)) {
      expect([field, facts[field as keyof EventFacts]]).toEqual([field, value]);
    }
  });
}

/** Operations with or without a final full stop; those of the table in any case, as guessing takes their capitals. */
export function testTypes(source: Source, types: Readonly<Partial<Record<EventType | 'unmapped', string>>>): void {
  const rows = Object.entries(types).flatMap(([type, operations]) =>
    operations.split(/,\s*/).map((operation) => [operation, type === 'unmapped' ? null : type] as const),
  );
  test.each(rows)('%s is %s', (operation, type) => {
    const isInTable = operation in source.actions || `${operation}.` in source.actions;
    for (const name of [operation, `${operation}.`, ...(isInTable ? [` ${operation.toUpperCase()}`] : [])]) {
      expect([name, mapped(source, record(name)).facts.type]).toEqual([name, type]);
    }
  });
}

export function testSource(source: Source, strange: readonly Json[] = []): void {
  const samples = join(import.meta.dirname, '../../../../../shared/samples', source.name);
  const areSamplesHere = existsSync(samples);
  if (!areSamplesHere) process.stdout.write(`skipped: no labelled samples of ${source.name} at ${samples}\n`);
  const filesOf = (folder: string) => jsonFiles(folder).map((name) => join(folder, name));
  const examples = filesOf(examplesOf(source));
  const labelled = areSamplesHere ? filesOf(samples) : [];
  const typeOf = (path: string) => mapped(source, readRaw(path)).facts.type;

  describe('examples', () => {
    test('there is one for each type that the source gives', () => {
      const names = examples.map((path) => basename(path));
      expect(names.toSorted()).toEqual(source.types.map((type) => `${type}.json`).toSorted());
    });

    test.each(examples)('%s has the type of its name', (path) => {
      expect(typeOf(path)).toBe(basename(path, '.json'));
    });
  });

  describe.skipIf(labelled.length === 0)('labelled samples', () => {
    test.each(labelled)('%s has the type of its name', (path) => {
      expect(typeOf(path)).toBe(basename(path).split('.')[0]);
    });
  });

  test.each([0, 1] as const)('every second operation is guessed, from the one at %i', (parity) => {
    expect(guessed(source, parity)).toBeGreaterThan(0.95);
  });

  test('what every record says', () => {
    for (const path of [...examples, ...labelled]) {
      const raw = readRaw(path);
      const event = mapped(source, raw);
      expect(event).toMatchObject({ time: `${raw['CreationTime']}Z`, vendorId: raw['Id'], raw, redacted: false });
      expect(event.facts.action).toBe(raw['Operation']);
      expect(event.facts.actor.type).not.toBe('unknown');
      expect(event.facts.ip ?? '').not.toMatch(/[[\]]|\.\d+:/);
    }
  });

  testWhateverComes(source, [
    ...[...examples, ...labelled].map(readRaw),
    ...strange.map((value) => ({
      ...record('Update user.'),
      ModifiedProperties: value,
      Parameters: value,
      Actor: value,
      Target: value,
      EventData: value,
    })),
  ]);
}
