import { expect, test } from 'vitest';
import {
  type Change,
  type EventFacts,
  EventFacts as EventFactsSchema,
  type Target,
} from '../../../../shared/event/schema.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/box.admin_logs/normalize.ts';

const user = (id: string, name: string, login: string) => ({ type: 'user', id, name, login });

/** Made-up people and things, as Box writes them, and the targets they become. */
export const ada = user('9001', 'Ada Quill', 'ada@example.com');
export const bo = user('9002', 'Bo Larkin', 'bo@example.com');
export const unknown = user('2', 'Unknown User', '');
export const parent = { type: 'folder', id: '7001', name: 'Masts' };
export const file = { item_type: 'file', item_id: '8001', item_name: 'barometer.xlsx', parent, owned_by: bo };
export const group = { group_id: '5001', group_name: 'Engineers' };

export const BO: Target = { type: 'user', id: '9002', name: 'Bo Larkin', email: 'bo@example.com' };
export const FILE: Target = { type: 'file', id: '8001', name: 'barometer.xlsx' };
export const FOLDER: Target = { type: 'folder', id: '7001', name: 'Masts' };
export const GROUP: Target = { type: 'group', id: '5001', name: 'Engineers' };

/** An event, its type, and everything its facts must say besides that Ada Quill did it with success. */
export type Row = readonly [
  eventType: string,
  fields: JsonObject,
  type: EventFacts['type'],
  targets: readonly Target[],
  changes?: readonly Change[],
  rest?: Partial<EventFacts>,
];

export function event(event_type: string, fields: JsonObject = {}): JsonObject {
  return {
    type: 'event',
    event_id: 'e1',
    event_type,
    created_at: '2026-03-02T09:05:00-07:00',
    created_by: ada,
    action_by: null,
    session_id: null,
    ...fields,
  };
}

/** The facts of an event, checked against the schema. */
export function factsOf(eventType: string, fields: JsonObject = {}): EventFacts {
  const mapped = normalize(event(eventType, fields));
  expect(mapped).toHaveLength(1);
  return EventFactsSchema.parse(mapped[0]?.facts);
}

export function testRows(rows: readonly Row[]): void {
  test.each(rows.map((one) => [one[0], one] as const))(
    '%s',
    (_, [action, fields, type, targets, changes = [], rest = {}]) => {
      expect(factsOf(action, fields)).toEqual({
        type,
        action,
        outcome: 'success',
        actor: { id: '9001', name: 'Ada Quill', email: 'ada@example.com', type: 'user' },
        targets,
        changes,
        ...rest,
      });
    },
  );
}
