import { randomUUID } from 'node:crypto';
import { prepareEvents } from './event/prepare.ts';
import type { JsonObject } from './json.ts';
import type { TimeLeft } from './retry.ts';
import type { AuditRecord } from './sources/annals.audit/record.ts';
import { annalsAudit } from './sources/annals.audit/source.ts';
import type { EventStore } from './store/event-store.ts';

export type AuditEntry = Omit<AuditRecord, 'id' | 'time'>;

/** Writes down an administrative act. It is stored when this returns. */
export async function recordAct(
  store: EventStore,
  tenant: string,
  entry: AuditEntry,
  now: Date,
  timeLeft: TimeLeft,
): Promise<void> {
  await record(store, tenant, { ...entry, id: randomUUID(), time: now.toISOString() }, now, timeLeft);
}

/** Writes down a refused attempt: the same caller, refused for the same reason, once a minute. */
export async function recordRefusal(
  store: EventStore,
  tenant: string,
  entry: AuditEntry,
  now: Date,
  timeLeft: TimeLeft,
): Promise<void> {
  const minute = `${now.toISOString().slice(0, 16)}:00.000Z`;
  const { action, actor, ip = '', reason = '', target } = entry;
  const id = [minute, action, actor.id ?? '', ip, reason, target?.id ?? ''].join('|');
  await record(store, tenant, { ...entry, id, time: minute }, now, timeLeft);
}

async function record(
  store: EventStore,
  tenant: string,
  raw: AuditRecord,
  now: Date,
  timeLeft: TimeLeft,
): Promise<void> {
  const { name, product, defaultOrigin, defaultTier } = annalsAudit;
  const prepared = prepareEvents(annalsAudit.normalize(raw as JsonObject), {
    tenant,
    connection: name,
    source: name,
    product,
    origin: defaultOrigin,
    tier: defaultTier,
    receivedAt: now.toISOString(),
  });
  await store.put(prepared, timeLeft);
}
