import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Identity } from '../event/id.ts';
import type { CanonicalEvent } from '../event/schema.ts';
import type { TimeLeft } from '../retry.ts';
import { insertAbsent, readItems } from './insert.ts';
import type { Item } from './item.ts';
import { firstSeenKey } from './keys.ts';

/** Longer than any vendor redelivers (GitHub: 3 days, GitHub Enterprise Server: 7). */
const FIRST_SEEN_SECONDS = 35 * 86_400;

/** An event whose identity alone says which one it is; `expiresAt` is that of the event's own item. */
export interface Claim {
  readonly event: CanonicalEvent;
  readonly identity: Identity;
  readonly expiresAt: number | undefined;
}

/** The time under which an identity was first seen, and whether that was before this call. */
export interface FirstSeen {
  readonly time: string;
  readonly before: boolean;
}

/**
 * Fixes the time of each identity to the first that was ever seen with it, and so the event's id. A row is kept as long as
 * the event is hot, at least 35 days.
 *
 * @throws StoreUnavailableError when DynamoDB refuses until time runs out.
 */
export async function claimFirstSeen(
  dynamo: DynamoDBClient,
  table: string,
  claims: readonly Claim[],
  timeLeft: TimeLeft,
): Promise<Map<Identity, FirstSeen>> {
  const first = new Map<Identity, Claim>();
  for (const claim of claims) if (!first.has(claim.identity)) first.set(claim.identity, claim);
  const distinct = [...first.values()];
  const inserted = await insertAbsent(dynamo, table, distinct.map(rowOf), timeLeft);
  const seen = new Map<Identity, FirstSeen>();
  const taken: Claim[] = [];
  for (const [index, claim] of distinct.entries()) {
    if (inserted[index]) seen.set(claim.identity, { time: claim.event.time, before: false });
    else taken.push(claim);
  }
  for (const row of await readItems(dynamo, table, taken.map(keyOf), timeLeft)) {
    const time = row['time']?.S;
    if (row['sk']?.S !== undefined && time !== undefined) seen.set(row['sk'].S, { time, before: true });
  }
  // A row that expired between the insert and the read: the event is as good as new.
  for (const { identity, event } of taken)
    if (!seen.has(identity)) seen.set(identity, { time: event.time, before: false });
  return seen;
}

function keyOf({ event, identity }: Claim): Item {
  return { pk: { S: firstSeenKey(event.tenant, event.source, identity) }, sk: { S: identity } };
}

function rowOf(claim: Claim): Item {
  const { event, expiresAt } = claim;
  const earliest = Math.ceil(Date.parse(event.receivedAt) / 1000) + FIRST_SEEN_SECONDS;
  const keptUntil = event.tier === 'indefinite' ? earliest : Math.max(earliest, expiresAt ?? 0);
  return { ...keyOf(claim), time: { S: event.time }, expiresAt: { N: String(keptUntil) } };
}
