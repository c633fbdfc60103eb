import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { identifiers } from '../event/entities.ts';
import type { PreparedEvent } from '../event/prepare.ts';
import type { TimeLeft } from '../retry.ts';
import type { EventStore } from '../store/event-store.ts';
import { readItems } from '../store/insert.ts';
import type { Item } from '../store/item.ts';
import { entityKey, eventKey, shardOf } from '../store/keys.ts';
import { POINTED_TARGETS } from '../store/pointer.ts';

/**
 * What became of an event: `stored` again, `present` as it had not left the table, or `waiting`: what TTL has ended, DynamoDB
 * deletes some days later, item by item, and nobody else may.
 */
export type Restored = 'stored' | 'present' | 'waiting';

export interface RestoreOptions {
  readonly dynamo: DynamoDBClient;
  readonly table: string;
  readonly store: EventStore;
  readonly now: Date;
}

/** A pointer that goes sooner than that is as good as gone. */
const SOON_SECONDS = 86_400;

/**
 * Puts events that have left the hot store into it again, unchanged.
 *
 * @param events of one tenant, with `archived` set.
 * @returns what became of each, in order.
 * @throws StoreUnavailableError when not all could be stored in time. Doing it again is safe.
 */
export async function restore(
  events: readonly PreparedEvent[],
  { dynamo, table, store, now }: RestoreOptions,
  timeLeft: TimeLeft,
): Promise<Restored[]> {
  const day = await store.days.ensure(
    events.map(({ event }) => event),
    timeLeft,
  );
  const keys = events.map(({ event }) => ({
    event: eventKeyOf(event, day(event)),
    pointers: pointerKeys(event, day(event)),
  }));
  const wanted = keys.flatMap((one) => [one.event, ...one.pointers]);
  const distinct = [...new Map(wanted.map((key) => [nameOf(key), key])).values()];
  const there = await readItems(dynamo, table, distinct, timeLeft, { attributes: ['pk', 'sk', 'expiresAt'] });
  const ends = new Map(there.map((item) => [nameOf(item), Number(item['expiresAt']?.N ?? Number.POSITIVE_INFINITY)]));

  const seconds = now.getTime() / 1000;
  const results = new Array<Restored>(events.length);
  const toPut: { readonly index: number; readonly prepared: PreparedEvent }[] = [];
  for (const [index, prepared] of events.entries()) {
    const { event, pointers } = keys[index] ?? { event: {}, pointers: [] };
    const end = ends.get(nameOf(event));
    // An event must not outlive what finds it.
    const found = Math.min(...pointers.map((key) => ends.get(nameOf(key)) ?? Number.POSITIVE_INFINITY));
    const keepUntil = Math.min(prepared.archived?.keepUntil ?? 0, found);
    if (end !== undefined) results[index] = end > seconds ? 'present' : 'waiting';
    else if (found <= seconds + SOON_SECONDS) results[index] = 'waiting';
    else toPut.push({ index, prepared: { ...prepared, archived: { ...prepared.archived, keepUntil } } });
  }
  const put = await store.put(
    toPut.map(({ prepared }) => prepared),
    timeLeft,
  );
  for (const [position, { index }] of toPut.entries())
    results[index] = put[position]?.status === 'stored' ? 'stored' : 'present';
  return results;
}

function eventKeyOf({ tenant, source, time, id }: PreparedEvent['event'], { shards }: { shards: number }): Item {
  return { pk: { S: eventKey(tenant, source, time.slice(0, 10), shardOf(id, shards)) }, sk: { S: id } };
}

function pointerKeys(event: PreparedEvent['event'], { pointerShards }: { pointerShards: number }): Item[] {
  const shard = shardOf(event.id, pointerShards);
  const names = [event.actor, ...event.targets.slice(0, POINTED_TARGETS)].flatMap(identifiers);
  return [...new Set(names)].map((name) => ({ pk: { S: entityKey(event.tenant, name, shard) }, sk: { S: event.id } }));
}

function nameOf({ pk, sk }: Item): string {
  return `${pk?.S}\n${sk?.S}`;
}
