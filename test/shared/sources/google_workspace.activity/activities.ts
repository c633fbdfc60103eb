import { expect, test } from 'vitest';
import type { Change, Target } from '../../../../shared/event/schema.ts';
import { EventFacts } from '../../../../shared/event/schema.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/google_workspace.activity/normalize.ts';

/** Parameters by name: a list is a `multiValue`, an object is written as it is, anything else by its kind. */
export type Given = Readonly<Record<string, Json>>;

export function parameters(given: Given): JsonObject[] {
  return Object.entries(given).map(([name, value]) => {
    if (Array.isArray(value)) return { name, multiValue: value };
    if (isJsonObject(value)) return { name, ...value };
    if (typeof value === 'boolean') return { name, boolValue: value };
    return typeof value === 'number' ? { name, intValue: String(value) } : { name, value };
  });
}

export function event(name: string, given: Given = {}, rest: JsonObject = {}): JsonObject {
  return { name, parameters: parameters(given), ...rest };
}

/** An activity of ada.quill@example.com with the events. */
export function activity(application: string, events: readonly JsonObject[], rest: JsonObject = {}): JsonObject {
  return {
    kind: 'admin#reports#activity',
    id: {
      time: '2031-05-06T10:20:30.125Z',
      uniqueQualifier: '-7015033223676593170',
      applicationName: application,
      customerId: 'C01example',
    },
    actor: { callerType: 'USER', email: 'Ada.Quill@Example.com', profileId: '105250506097979000001' },
    ipAddress: '2001:db8::7',
    events: [...events],
    ...rest,
  };
}

/** The facts of an activity that is one event, checked against the schema. */
export function factsOf(raw: JsonObject): EventFacts {
  const mapped = normalize(raw);
  expect(mapped).toHaveLength(1);
  return EventFacts.parse(mapped[0]?.facts);
}

export const BO: Target = { type: 'user', email: 'bo.larkin@example.com' };
export const GROUP: Target = { type: 'group', email: 'field@example.com' };

/** `application.name`, its parameters, its type, and what its facts say besides that ada.quill did it with success. */
export type Row = readonly [
  key: string,
  given: Given,
  type: EventFacts['type'],
  targets: readonly Target[],
  changes?: readonly Change[],
  rest?: Partial<EventFacts>,
];

export function testRows(rows: readonly Row[]): void {
  test.each(rows.map((row) => [row[0], row] as const))(
    '%s',
    (key, [, given, type, targets, changes = [], rest = {}]) => {
      const [application = '', name = ''] = key.split('.');
      expect(factsOf(activity(application, [event(name, given)]))).toEqual({
        type,
        action: name,
        outcome: 'success',
        actor: { id: '105250506097979000001', email: 'ada.quill@example.com', type: 'user', role: 'USER' },
        targets,
        ip: '2001:db8::7',
        changes,
        ...rest,
      });
    },
  );
}
