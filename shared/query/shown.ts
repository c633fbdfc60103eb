import type { JsonObject } from '../json.ts';
import type { EventReader } from '../store/event-reader.ts';
import type { StoredEvent } from '../store/item.ts';

/** A stored event as callers see it, before its fields are picked: with its raw event if that is asked for. */
export async function asJson(
  reader: Pick<EventReader, 'raw'>,
  stored: StoredEvent,
  withRaw: boolean,
): Promise<JsonObject> {
  const raw = withRaw ? await reader.raw(stored) : undefined;
  return { ...(stored.event as unknown as JsonObject), ...(raw && { raw }) };
}
