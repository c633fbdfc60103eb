import { expect } from 'vitest';
import type { Change, EventFacts, Target } from '../../../../shared/event/schema.ts';
import { EventFacts as EventFactsSchema } from '../../../../shared/event/schema.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/ardexa.audit_logs/normalize.ts';
import type { MappedEvent } from '../../../../shared/sources/source.ts';

/** What users do, the row that Ardexa logs of it, its EMM type, and what its facts must say besides who and where. */
export interface Case {
  readonly what: string;
  /** Controller, entity, action and attribute; '' for one that is empty. */
  readonly row: readonly [controller: string, entity: string, action: string, attribute?: string | undefined];
  readonly more?: JsonObject;
  readonly type: EventFacts['type'];
  readonly targets?: readonly Target[];
  readonly changes?: readonly Change[];
  readonly rest?: Partial<EventFacts>;
}

export const INES = { id: 'ines.calder@example.com', email: 'ines.calder@example.com', type: 'user' } as const;
export const WORKGROUP: Target = { type: 'workgroup', id: 'wg-4711' };
export const DEVICE: Target = { type: 'device', name: 'inverter-1' };

export function rowOf([controller, entity, action, attribute]: Case['row'], more: JsonObject = {}): JsonObject {
  return {
    event_time: '2025-05-06T10:20:30.123Z',
    controller,
    entity,
    action,
    workgroup_id: 'wg-4711',
    user_id: 'ines.calder@example.com',
    status: 'success',
    ...(attribute !== undefined && { attribute }),
    ...more,
  };
}

/** What a row is mapped to, with facts that the schema accepts. */
export function mapped(raw: JsonObject): MappedEvent {
  const events = normalize(raw);
  expect(events).toHaveLength(1);
  const [event] = events;
  if (event === undefined) throw new TypeError('no event');
  return { ...event, facts: EventFactsSchema.parse(event.facts) };
}
