import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { SourceName, TenantName } from '../names.ts';
import type { ControlTable } from './table.ts';

export const SCOPES = ['ingest', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What the maker of an API key says. */
export const KeyRequest = z.strictObject({
  name: z.string().min(1).max(128),
  /** `ingest` sends events, `read` queries them, `admin` manages keys and connections. */
  scopes: z.array(z.enum(SCOPES)).min(1),
  /** Only these sources may be sent or read; absent means all. */
  sources: z.array(SourceName).min(1).max(50).optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});
export type KeyRequest = z.infer<typeof KeyRequest>;

/** An API key as it is stored and listed: never the secret. */
export const KeyRecord = KeyRequest.extend({
  id: z.string(),
  tenant: TenantName,
  createdAt: z.string(),
  revokedAt: z.string().optional(),
});
export type KeyRecord = z.infer<typeof KeyRecord>;

/** A key that can make keys can make one without limits, so limits on it would only seem to be there. */
export const NewKeyRequest = KeyRequest.refine(({ scopes, sources }) => !(sources && scopes.includes('admin')), {
  path: ['sources'],
  error: 'can not limit a key with the scope admin, as it can make keys without limits',
});

const StoredKey = KeyRecord.extend({ secretHash: z.string() });

const ID = /^[0-9a-f]{16}$/;
const PRESENTED = /^annals_([a-z0-9][a-z0-9-]{0,31})_([0-9a-f]{16})_([A-Za-z0-9-]{43})$/;

/** Why a presented key is refused. `tenant` is set only when the key names an existing one's key. */
export type Refusal =
  | { readonly why: 'malformed' | 'unknown' }
  | { readonly why: 'wrong secret' | 'revoked' | 'expired'; readonly record: KeyRecord };

/** A key that is not stored yet: `text` is what its holder presents, shown this once. */
export interface NewKey {
  readonly text: string;
  readonly record: KeyRecord;
  readonly secretHash: string;
}

/**
 * Makes up an API key `annals_<tenant>_<id>_<secret>`. The secret is 256 random bits, stored as SHA-256: a slow hash would
 * add nothing against guessing 256 bits.
 */
export function newApiKey(request: KeyRequest & { tenant: string }, now: Date): NewKey {
  const { tenant, ...rest } = request;
  const id = randomBytes(8).toString('hex');
  // '-' for '_' keeps the key's parts apart; the text is only ever hashed.
  const secret = randomBytes(32).toString('base64url').replaceAll('_', '-');
  const record: KeyRecord = { ...rest, tenant, id, createdAt: now.toISOString() };
  return { text: `annals_${tenant}_${id}_${secret}`, record, secretHash: hash(secret).toString('hex') };
}

/** Makes the key good. */
export async function storeApiKey(control: ControlTable, { record, secretHash }: NewKey): Promise<void> {
  await control.put(partition(record.tenant), record.id, { ...record, secretHash }, 'absent');
}

/** Makes an API key that is good at once. */
export async function createApiKey(
  control: ControlTable,
  request: KeyRequest & { tenant: string },
): Promise<{ key: string; record: KeyRecord }> {
  const made = newApiKey(request, new Date());
  await storeApiKey(control, made);
  return { key: made.text, record: made.record };
}

/** Finds out whose key this is. Reads the table each time, so that a revoked key is refused at once. */
export async function authenticate(control: ControlTable, key: string, now: Date): Promise<KeyRecord | Refusal> {
  const [, tenant, id, secret] = PRESENTED.exec(key) ?? [];
  if (tenant === undefined || id === undefined || secret === undefined) return { why: 'malformed' };
  const item = await control.get(partition(tenant), id);
  if (!item) return { why: 'unknown' };
  const { secretHash, ...record } = StoredKey.parse(withoutKey(item));
  if (!timingSafeEqual(Buffer.from(secretHash, 'hex'), hash(secret))) return { why: 'wrong secret', record };
  if (record.revokedAt !== undefined) return { why: 'revoked', record };
  if (record.expiresAt !== undefined && Date.parse(record.expiresAt) <= now.getTime())
    return { why: 'expired', record };
  return record;
}

export async function listKeys(control: ControlTable, tenant: string): Promise<KeyRecord[]> {
  return (await control.list(partition(tenant))).map((item) => {
    const { secretHash: _, ...record } = StoredKey.parse(withoutKey(item));
    return record;
  });
}

/** Revokes a key for good; it stays listed, as events name the key that sent them. Undefined when there is no such key. */
export async function revokeKey(
  control: ControlTable,
  tenant: string,
  id: string,
  now: Date,
): Promise<KeyRecord | undefined> {
  if (!ID.test(id)) return undefined;
  const item = await control.get(partition(tenant), id);
  if (!item) return undefined;
  const stored = StoredKey.parse(withoutKey(item));
  const { secretHash, ...record } = { ...stored, revokedAt: stored.revokedAt ?? now.toISOString() };
  await control.put(partition(tenant), id, { ...record, secretHash }, 'present');
  return record;
}

export function isRefusal(result: KeyRecord | Refusal): result is Refusal {
  return 'why' in result;
}

function partition(tenant: string): string {
  return `${tenant}#key`;
}

function withoutKey({ pk: _pk, sk: _sk, ...item }: Record<string, unknown>): Record<string, unknown> {
  return item;
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
