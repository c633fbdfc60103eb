import { sha256Hex } from '../shared/archive/row.ts';
import type { StoredConnection } from '../shared/control/connections.ts';
import type { PreparedEvent, Provenance } from '../shared/event/prepare.ts';
import { mapLimited } from '../shared/retry.ts';
import { tierOf } from '../shared/sources/registry.ts';
import type { PutResult } from '../shared/store/event-store.ts';
import { environment } from './environment.ts';
import { failures } from './services.ts';
import { count, countUnmapped, logger } from './telemetry.ts';

const OBJECTS_AT_ONCE = 4;

/** Where events of a connection come from. */
export function provenanceOf(connection: StoredConnection, now: Date): Omit<Provenance, 'source' | 'product'> {
  const { tenant, name, origin, source, tier } = connection;
  return {
    tenant,
    connection: name,
    origin,
    tier: tier ?? tierOf(source, environment('TIERS')),
    receivedAt: now.toISOString(),
  };
}

/**
 * Counts what became of vendor events. One that came again with other content is kept aside: vendors send old events again
 * with parts missing, and what is stored does not change. So is one that its vendor tells another way, which is nothing to
 * worry about.
 */
export async function noteVendorResults(
  prepared: readonly PreparedEvent[],
  results: readonly PutResult[],
): Promise<void> {
  const withStatus = (status: PutResult['status']) =>
    prepared.filter((_, index) => results[index]?.status === status).map(({ event }) => event);
  const stored = withStatus('stored');
  const aside = prepared.flatMap(({ event }, index) => {
    const { id, status, retold } = results[index] ?? {};
    return id !== undefined && (status === 'conflict' || retold) ? [{ id, status, event }] : [];
  });
  count('EventsStored', stored.length);
  count('EventsPresent', withStatus('present').length);
  count('EventsConflicting', withStatus('conflict').length);
  const [first] = stored;
  if (first)
    countUnmapped(
      first.source,
      stored.filter(({ type }) => type === null).map(({ action }) => action),
    );
  await mapLimited(aside, OBJECTS_AT_ONCE, async ({ id, status, event }) => {
    const { connection } = event;
    if (status === 'conflict')
      logger.warn('an event came again with other content, which is kept aside', { id, connection });
    const text = JSON.stringify(event.raw);
    const key = `conflicts/${event.tenant}/${event.source}/${id}/${sha256Hex(text)}`;
    await failures().putIfAbsent(key, Buffer.from(text), 'application/json');
  });
}
