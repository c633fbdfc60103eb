import { expect } from 'vitest';
import { EventFacts } from '../../../../shared/event/schema.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { puppetActivity } from '../../../../shared/sources/puppet.activity/source.ts';
import type { MappedEvent } from '../../../../shared/sources/source.ts';

export const ADMIN_ID = '5b0f7c1e-2d7a-4d55-9b4e-6a1f00c0de01';
export const LENA_ID = '0d9c44ae-71b5-4f39-8a3b-5e2f00c0de02';
export const REMOTE_ID = '3e6b2f10-4c8d-4b7e-9a55-0f7700c0de05';
export const GROUP_ID = '77f1a2b0-6a5d-4f0f-b0a1-9d1200c0de03';
export const NODES_ID = 'c2b4e7aa-95a8-4f6b-8f6b-3f2900c0de04';
export const subject = { id: ADMIN_ID, name: 'ines.roth' };
export const TIME = '2026-03-02T08:15:06Z';

type Thing = readonly [id: string, name: string, type: string];
export const LENA: Thing = [LENA_ID, 'lena.okoro', 'users'];
export const REMOTE: Thing = [REMOTE_ID, 'timo.vance@corp.example.com', 'users'];
export const GROUP: Thing = [GROUP_ID, 'Engineers', 'user_groups'];
export const ROLE: Thing = ['7', 'Operators', 'roles'];
export const NODES: Thing = [NODES_ID, 'Web servers', 'node_groups'];
export const NODE: Thing = ['web1.example.com', 'web1.example.com', 'node'];
export const DIRECTORY: Thing = ['1', 'directory.example.com', 'directory_server_settings'];

/** A commit as v1 gives it: messages only, and no type of its object. */
export function v1([id, name]: Thing, ...messages: readonly string[]): JsonObject {
  return { object: { id, name }, subject, timestamp: TIME, events: messages.map((message) => ({ message })) };
}

export type Event = readonly [message: string, type: string, what: string, description?: string | undefined];

export function v2(objects: readonly Thing[], ...events: readonly Event[]): JsonObject {
  return {
    objects: objects.map(([id, name, type]) => ({ id, name, type })),
    subject,
    timestamp: TIME,
    ip_address: '203.0.113.24, 127.0.0.1, 127.0.0.1',
    events: events.map(([message, type, what, description]) => ({
      message,
      type,
      what,
      ...(description !== undefined && { description }),
    })),
  };
}

export function map(raw: JsonObject): (MappedEvent & { readonly facts: EventFacts })[] {
  return puppetActivity.normalize(raw).map((event) => ({ ...event, facts: EventFacts.parse(event.facts) }));
}

export function factsOf(raw: JsonObject): EventFacts {
  const mapped = map(raw);
  expect(mapped).toHaveLength(1);
  return mapped[0]!.facts;
}
