import { z } from 'zod';
import { identityOfId } from '../event/id.ts';
import { FROM_ARCHIVE, type PreparedEvent } from '../event/prepare.ts';
import { CanonicalEvent } from '../event/schema.ts';
import { isJsonObject, type JsonObject, parseJson } from '../json.ts';

/** A row of the archive as DuckDB reads it, with `time` and `received_at` as ISO-8601. */
export type Row = Readonly<Record<string, unknown>>;

const WHOLE_EVENT = CanonicalEvent.omit({ raw: true });
const RowRaw = z.object({
  raw: z.string().nullish(),
  raw_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullish(),
  raw_size: z
    .union([z.number(), z.bigint()])
    .nullish()
    .transform((size) => (size === null || size === undefined ? undefined : Number(size))),
});

/**
 * The event that a row of the archive was made from, ready to be stored again: the reverse of `archiveRow`.
 *
 * @param keepUntil epoch seconds.
 * @returns undefined when the row holds no event of this version.
 */
export function eventOfRow(row: Row, keepUntil: number): PreparedEvent | undefined {
  const parsed = WHOLE_EVENT.safeParse(canonicalOf(row));
  const kept = RowRaw.safeParse(row);
  if (!parsed.success || !kept.success) return undefined;
  const { raw: text, raw_sha256: sha256, raw_size: size } = kept.data;
  const isAside = typeof text !== 'string' && typeof sha256 === 'string';
  const raw = typeof text === 'string' ? readRaw(text) : undefined;
  if (raw === null || (isAside && size === undefined)) return undefined;
  return {
    event: { ...parsed.data, ...(raw && { raw }) },
    identity: identityOfId(parsed.data.id),
    contentHash: FROM_ARCHIVE,
    archived: { keepUntil, ...(isAside && size !== undefined && { raw: { sha256, size } }) },
  };
}

function canonicalOf(row: Row): Record<string, unknown> {
  const { actor_id, actor_name, actor_email, actor_type, actor_role } = row;
  const flags = row['flags'];
  return {
    id: row['id'],
    time: row['time'],
    tenant: row['tenant'],
    connection: row['connection'],
    source: row['source'],
    product: row['product'],
    tier: row['tier'],
    receivedAt: row['received_at'],
    category: row['category'] ?? null,
    type: row['type'] ?? null,
    action: row['action'],
    outcome: row['outcome'],
    actor: present({ id: actor_id, name: actor_name, email: actor_email, type: actor_type, role: actor_role }),
    targets: listOf(row['targets']),
    ...present({
      ip: row['ip'],
      userAgent: row['user_agent'],
      session: row['session'],
      location: group(row, 'location', ['country', 'region', 'city', 'asn']),
      device: group(row, 'device', ['id', 'name', 'type', 'os']),
      reason: row['reason'],
      credential: group(row, 'credential', ['id', 'name', 'type']),
      identityProvider: row['identity_provider'],
      mfa: group(row, 'mfa', ['method', 'flagged', 'enrollment']),
    }),
    changes: listOf(row['changes']),
    ...(Array.isArray(flags) && flags.length > 0 && { flags }),
  };
}

/** Columns `<prefix>_<name>` as the object they were; undefined when none has a value. */
function group(row: Row, prefix: string, names: readonly string[]): object | undefined {
  const found = present(Object.fromEntries(names.map((name) => [name, row[`${prefix}_${name}`]])));
  return Object.keys(found).length === 0 ? undefined : found;
}

function present(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
}

function listOf(value: unknown): unknown {
  return Array.isArray(value)
    ? value.map((one) => (typeof one === 'object' && one !== null ? present({ ...one }) : one))
    : [];
}

/** Null when the text is no JSON object. */
function readRaw(text: string): JsonObject | null {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
