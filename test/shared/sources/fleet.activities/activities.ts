import { expect } from 'vitest';
import type { Change, EventFacts, Target } from '../../../../shared/event/schema.ts';
import { EventFacts as EventFactsSchema } from '../../../../shared/event/schema.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/fleet.activities/normalize.ts';
import type { MappedEvent } from '../../../../shared/sources/source.ts';

/** An activity, its EMM type, and everything its facts must say besides that Ines Calder did it with success. */
export type Row = readonly [
  action: string,
  details: JsonObject | null,
  type: EventFacts['type'],
  targets: readonly Target[],
  changes?: readonly Change[],
  rest?: Partial<EventFacts>,
];

export const ines = { actor_id: 31, actor_full_name: 'Ines Calder', actor_email: 'ines.calder@example.com' };
export const INES = { id: '31', name: 'Ines Calder', email: 'ines.calder@example.com', type: 'user' } as const;

/** Things as activities' details name them, and the targets they become. */
export const team = { team_id: 12, team_name: 'Field laptops' };
export const TEAM: Target = { type: 'group', id: '12', name: 'Field laptops' };
export const fleet = { fleet_id: 12, fleet_name: 'Field laptops' };
export const user = { user_id: 44, user_name: 'Otto Brandt', user_email: 'otto.brandt@example.com' };
export const OTTO: Target = { type: 'user', id: '44', name: 'Otto Brandt', email: 'otto.brandt@example.com' };
export const host = { host_id: 905, host_display_name: 'otto-thinkpad' };
export const HOST: Target = { type: 'device', id: '905', name: 'otto-thinkpad' };
export const setting = (id: string, name = id): Target => ({ type: 'setting', id, name });
export const integration = (id: string, name = id): Target => ({ type: 'integration', id, name });

export function activity(type: string, details: JsonObject | null, more: JsonObject = {}): JsonObject {
  return { id: 4101, created_at: '2025-04-03T10:14:07Z', ...ines, actor_gravatar: '', type, details, ...more };
}

/** What an activity is mapped to, with facts that the schema accepts. */
export function mapped(raw: JsonObject): MappedEvent {
  const events = normalize(raw);
  expect(events).toHaveLength(1);
  const [event] = events;
  if (event === undefined) throw new TypeError('no event');
  return { ...event, facts: EventFactsSchema.parse(event.facts) };
}
