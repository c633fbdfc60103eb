import type { ApiKey, KeyRequest } from './types.ts';

export const DAY_MS = 86_400_000;
const SOON_MS = 14 * DAY_MS;
const IDLE_MS = 90 * DAY_MS;

export type KeyState = 'good' | 'expired' | 'revoked';

export function stateOf({ revokedAt, expiresAt }: ApiKey, now: number): KeyState {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && Date.parse(expiresAt) <= now ? 'expired' : 'good';
}

export interface KeyGroups {
  /** Good keys that see events or may make keys that do, the one used last first. */
  readonly readers: readonly ApiKey[];
  /** Good keys that only send. */
  readonly senders: readonly ApiKey[];
  /** Revoked or expired, the latest first. */
  readonly ended: readonly ApiKey[];
}

export function groupsOf(keys: readonly ApiKey[], now: number): KeyGroups {
  const good = keys.filter((key) => stateOf(key, now) === 'good').sort(byLastUse);
  const reads = ({ scopes }: ApiKey) => scopes.includes('read') || scopes.includes('admin');
  return {
    readers: good.filter(reads),
    senders: good.filter((key) => !reads(key)),
    ended: keys.filter((key) => stateOf(key, now) !== 'good').sort((a, b) => (endOf(a) < endOf(b) ? 1 : -1)),
  };
}

/** When a key stopped, or will stop, being good; empty for never. */
export function endOf({ revokedAt, expiresAt }: ApiKey): string {
  return revokedAt ?? expiresAt ?? '';
}

function byLastUse(a: ApiKey, b: ApiKey): number {
  const [one, other] = [a.lastUsedAt ?? '', b.lastUsedAt ?? ''];
  if (one === other) return a.name < b.name ? -1 : 1;
  return one < other ? 1 : -1;
}

/** Whoever has it needs another one within two weeks. */
export function endsSoon(key: ApiKey, now: number): boolean {
  return stateOf(key, now) === 'good' && key.expiresAt !== undefined && Date.parse(key.expiresAt) - now < SOON_MS;
}

/** A good key that nobody has used for three months. */
export function isIdle(key: ApiKey, now: number): boolean {
  return stateOf(key, now) === 'good' && now - Date.parse(key.lastUsedAt ?? key.createdAt) >= IDLE_MS;
}

export const EXPIRIES = ['30d', '90d', '365d', 'day', 'never'] as const;
export type Expiry = (typeof EXPIRIES)[number];

/** When a key that is made now ends; undefined for never. @param day for `day`: YYYY-MM-DD, its end in UTC. */
export function expiryOf(expiry: Expiry, day: string, now: number): string | undefined {
  if (expiry === 'never') return undefined;
  if (expiry === 'day') return `${day}T23:59:59Z`;
  return new Date(now + Number.parseInt(expiry, 10) * DAY_MS).toISOString();
}

/** Asks for a key like another: it is good for as long as that one was meant to be. */
export function likeKey({ name, scopes, sources, createdAt, expiresAt }: ApiKey, now: number): KeyRequest {
  const lifeMs = expiresAt === undefined ? undefined : Date.parse(expiresAt) - Date.parse(createdAt);
  return {
    name,
    scopes: [...scopes],
    ...(sources && { sources: [...sources] }),
    ...(lifeMs !== undefined && { expiresAt: new Date(now + lifeMs).toISOString() }),
  };
}

/** What somebody types to confirm: the name, or the id where the name is not easily typed. */
export function wordToType(name: string, id: string): string {
  return /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(name) && name.length <= 40 ? name : id;
}
