import { identifiers } from '../event/entities.ts';
import type { CanonicalEvent } from '../event/schema.ts';
import type { Item } from './item.ts';
import { entityKey, shardOf } from './keys.ts';

/** How many of an event's targets can be looked up; the others are in the event, and found by text. */
export const POINTED_TARGETS = 20;

export type Role = 'actor' | 'target' | 'both';

/**
 * The pointers of an event: one for every identifier of its actor and of its first targets, so that the activity of one
 * person, group or device is one partition. They carry what filters need, to leave out events without reading them.
 */
export function pointerItems(
  event: CanonicalEvent,
  placement: { shard: number; pointerShards: number },
  expiresAt: Item[string] | undefined,
): Item[] {
  const roles = new Map<string, Role>(identifiers(event.actor).map((identifier) => [identifier, 'actor']));
  for (const identifier of event.targets.slice(0, POINTED_TARGETS).flatMap(identifiers)) {
    roles.set(identifier, roles.has(identifier) && roles.get(identifier) !== 'target' ? 'both' : 'target');
  }
  const pointerShard = shardOf(event.id, placement.pointerShards);
  return [...roles].map(([identifier, role]) => ({
    pk: { S: entityKey(event.tenant, identifier, pointerShard) },
    sk: { S: event.id },
    role: { S: role },
    source: { S: event.source },
    shard: { N: String(placement.shard) },
    action: { S: event.action },
    outcome: { S: event.outcome },
    ...(event.type !== null && { type: { S: event.type } }),
    ...(event.ip !== undefined && { ip: { S: event.ip } }),
    ...(expiresAt && { expiresAt }),
  }));
}
