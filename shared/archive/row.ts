import { createHash } from 'node:crypto';
import { entitiesOf } from '../event/entities.ts';
import type { CanonicalEvent } from '../event/schema.ts';

/** The raw event as the archive row shows it: its text, or only what finds it when it is kept aside. */
export interface RowRaw {
  readonly text: string | null;
  readonly sha256: string | null;
  readonly size: number | null;
}

/**
 * The archive row of an event: one key per column of `COLUMNS`, objects flattened, absent values null. Firehose turns it
 * into Parquet by the Glue table's columns.
 */
export function archiveRow(event: CanonicalEvent, raw: RowRaw): Record<string, unknown> {
  const { actor, location, device, credential, mfa } = event;
  const row: Record<string, unknown> = {
    id: event.id,
    time: event.time,
    received_at: event.receivedAt,
    tenant: event.tenant,
    connection: event.connection,
    source: event.source,
    product: event.product,
    category: event.category,
    type: event.type,
    action: event.action,
    outcome: event.outcome,
    actor_id: actor.id,
    actor_name: actor.name,
    actor_email: actor.email,
    actor_type: actor.type,
    actor_role: actor.role,
    targets: event.targets,
    entities: entitiesOf(event),
    ip: event.ip,
    user_agent: event.userAgent,
    session: event.session,
    location_country: location?.country,
    location_region: location?.region,
    location_city: location?.city,
    location_asn: location?.asn,
    device_id: device?.id,
    device_name: device?.name,
    device_type: device?.type,
    device_os: device?.os,
    reason: event.reason,
    credential_id: credential?.id,
    credential_name: credential?.name,
    credential_type: credential?.type,
    identity_provider: event.identityProvider,
    mfa_method: mfa?.method,
    mfa_flagged: mfa?.flagged,
    mfa_enrollment: mfa?.enrollment,
    changes: event.changes,
    attributes: [...new Set(event.changes.map(({ attribute }) => attribute.toLowerCase()))],
    tier: event.tier,
    flags: event.flags ?? [],
    raw: raw.text,
    raw_sha256: raw.sha256,
    raw_size: raw.size,
  };
  for (const [name, value] of Object.entries(row)) if (value === undefined) row[name] = null;
  return row;
}

/** SHA-256 of a raw event's bytes, in hexadecimal: its name where it is kept aside. */
export function sha256Hex(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
