import { createHash } from 'node:crypto';

/** Table keys. Tenants and sources hold no `#` (their names are checked where they are made). */

/** Which of a day's partitions an event lies in: spread by the id's hash, so that a busy source is not one hot partition. */
export function shardOf(id: string, shards: number): number {
  return shards === 1 ? 0 : Number.parseInt(createHash('sha256').update(id).digest('hex').slice(0, 8), 16) % shards;
}

export function eventKey(tenant: string, source: string, date: string, shard: number): string {
  return `${tenant}#${source}#${date}#${shard}`;
}

const LONGEST_PLAIN_IDENTIFIER = 512;

/** `identifier` is in lower case, as `identifiers` gives it; long ones are hashed, as a key has at most 2,048 bytes. */
export function entityKey(tenant: string, identifier: string, shard: number): string {
  const key =
    identifier.length <= LONGEST_PLAIN_IDENTIFIER
      ? identifier
      : `sha256:${createHash('sha256').update(identifier).digest('hex')}`;
  return `${tenant}#entity#${key}#${shard}`;
}

/** The partition of day rows. Its ending is what the functions' roles allow UpdateItem on. */
export function daysKey(tenant: string): string {
  return `${tenant}#days`;
}

export function daySortKey(source: string, date: string): string {
  return `${source}#${date}`;
}

/** First-seen rows are spread by the first character of the identity, 32 ways. */
export function firstSeenKey(tenant: string, source: string, identity: string): string {
  return `${tenant}#first#${source}#${identity.charAt(0)}`;
}
