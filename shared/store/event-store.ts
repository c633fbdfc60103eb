import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LARGE_RAW_PREFIX } from '../archive/columns.ts';
import { atTime, compareContent, type PreparedEvent } from '../event/prepare.ts';
import type { ObjectStore } from '../objects.ts';
import { expiresAt } from '../retention.ts';
import type { TimeLeft } from '../retry.ts';
import { mapLimited } from '../retry.ts';
import { Days, type ShardCounts } from './days.ts';
import { claimFirstSeen } from './first-seen.ts';
import { insertAbsent, readItems } from './insert.ts';
import { eventItem, type Item, type LargeRaw } from './item.ts';
import { shardOf } from './keys.ts';
import { pointerItems } from './pointer.ts';

/** `stored`: new. `present`: it was there already, with the same content. `conflict`: with other content, which was not stored. */
export type PutStatus = 'stored' | 'present' | 'conflict';

export interface PutResult {
  readonly id: string;
  readonly status: PutStatus;
  /** It was there already as its vendor tells it another way: the content is the same, the raw event is not. */
  readonly retold?: true;
}

export interface EventStoreOptions {
  readonly dynamo: DynamoDBClient;
  readonly table: string;
  readonly shards: ShardCounts;
  /** The archive bucket, for raw events too large for the table. Without it such an event can't be stored. */
  readonly archive?: ObjectStore;
}

interface Candidate extends PreparedEvent {
  readonly index: number;
  /** The identity was seen before this call, so the event may be stored already. */
  readonly seenBefore: boolean;
}

interface Planned {
  readonly candidate: Candidate;
  readonly item: Item;
  readonly large?: LargeRaw;
  readonly pointers: readonly Item[];
}

const UPLOADS_AT_ONCE = 4;

/** Writes events. An event once stored never changes: the first write wins, whoever sends its id again. */
export class EventStore {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #archive: ObjectStore | undefined;
  readonly days: Days;

  constructor({ dynamo, table, shards, archive }: EventStoreOptions) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#archive = archive;
    this.days = new Days(dynamo, table, shards);
  }

  /**
   * Stores events of one tenant. When this returns, every `stored` event is durable; the order of writes (first-seen rows,
   * day rows, pointers, raws, events) leaves nothing that a reader could trip over if it is cut short.
   *
   * @param options `mostlyPresent` asks first which events are there, as reading costs a tenth of a refused write.
   * @returns the result of each event, in order.
   * @throws StoreUnavailableError when not all could be stored in time. Sending all again is safe.
   */
  async put(
    prepared: readonly PreparedEvent[],
    timeLeft: TimeLeft,
    { mostlyPresent = false }: { mostlyPresent?: boolean } = {},
  ): Promise<PutResult[]> {
    const results = new Array<PutResult>(prepared.length);
    const settled = await this.#settle(prepared, results, timeLeft);
    const firsts = new Map(settled.toReversed().map((candidate) => [candidate.event.id, candidate]));
    const fresh = settled.filter((candidate) => firsts.get(candidate.event.id) === candidate);
    const shardCounts = await this.days.ensure(
      fresh.map(({ event }) => event),
      timeLeft,
    );
    const planned = fresh.map((candidate) => plan(candidate, shardCounts(candidate.event)));
    const [seen, unseen] = partition(planned, ({ candidate }) => candidate.seenBefore);
    const there = await this.#storedHashes(seen, timeLeft);
    // What was stored a moment ago may be missing here; its insert is refused then, which does no harm.
    const likely = mostlyPresent ? await this.#storedHashes(unseen, timeLeft, 'eventual') : [];
    for (const [id, hash] of likely) there.set(id, hash);
    const toWrite = planned.filter(({ candidate }) => !there.has(candidate.event.id));

    await insertAbsent(
      this.#dynamo,
      this.#table,
      toWrite.flatMap(({ pointers }) => pointers),
      timeLeft,
    );
    await this.#keepAside(toWrite.flatMap(({ large }) => (large ? [large] : [])));
    const inserted = await insertAbsent(
      this.#dynamo,
      this.#table,
      toWrite.map(({ item }) => item),
      timeLeft,
    );
    for (const [position, { candidate }] of toWrite.entries()) {
      if (inserted[position]) results[candidate.index] = { id: candidate.event.id, status: 'stored' };
    }
    const refused = toWrite.filter((_, position) => !inserted[position]);
    for (const [id, hash] of await this.#storedHashes(refused, timeLeft)) there.set(id, hash);
    for (const { event, index, contentHash } of settled) {
      const first = firsts.get(event.id)?.contentHash ?? contentHash;
      results[index] ??= repeated(event.id, there.get(event.id) ?? first, contentHash);
    }
    // What comes back was counted when it first came.
    const stored = toWrite.filter(({ candidate }, position) => inserted[position] && !candidate.archived);
    await this.days.count(stored.map(({ candidate }) => candidate.event));
    return results;
  }

  /** Gives events that claim their identity their time, and finds those that contradict it. */
  async #settle(prepared: readonly PreparedEvent[], results: PutResult[], timeLeft: TimeLeft): Promise<Candidate[]> {
    const claims = prepared.flatMap(({ event, identity, claim }) =>
      claim ? [{ event, identity, expiresAt: expiresAt(event.time, event.receivedAt, event.tier) }] : [],
    );
    const firstSeen = await claimFirstSeen(this.#dynamo, this.#table, claims, timeLeft);
    return prepared.flatMap((one, index): Candidate[] => {
      const seen = one.claim && firstSeen.get(one.identity);
      if (!seen) return [{ ...one, index, seenBefore: false }];
      const event = atTime(one.event, one.identity, seen.time);
      if (one.claim === 'insist' && event.id !== one.event.id) {
        results[index] = { id: event.id, status: 'conflict' };
        return [];
      }
      return [{ ...one, event, index, seenBefore: seen.before }];
    });
  }

  /** The content hashes of those events that are stored, by id. */
  async #storedHashes(
    planned: readonly Planned[],
    timeLeft: TimeLeft,
    consistency: 'strong' | 'eventual' = 'strong',
  ): Promise<Map<string, string>> {
    const keys = planned.map(({ item: { pk, sk } }) => ({ pk, sk }) as Item);
    const options = { attributes: ['sk', 'contentHash'], consistency };
    const stored = await readItems(this.#dynamo, this.#table, keys, timeLeft, options);
    return new Map(stored.map((item) => [item['sk']?.S ?? '', item['contentHash']?.S ?? '']));
  }

  async #keepAside(raws: readonly LargeRaw[]): Promise<void> {
    if (raws.length === 0) return;
    const archive = this.#archive;
    if (!archive) throw new TypeError('an event has a large raw, but this store was given no bucket for it');
    await mapLimited(raws, UPLOADS_AT_ONCE, ({ sha256, bytes }) =>
      archive.putIfAbsent(`${LARGE_RAW_PREFIX}${sha256}`, bytes, 'application/json'),
    );
  }
}

function partition<T>(all: readonly T[], test: (one: T) => boolean): [T[], T[]] {
  return [all.filter(test), all.filter((one) => !test(one))];
}

function plan(candidate: Candidate, day: { shards: number; pointerShards: number }): Planned {
  const shard = shardOf(candidate.event.id, day.shards);
  const { item, large } = eventItem(candidate, shard);
  const pointers = pointerItems(candidate.event, { shard, pointerShards: day.pointerShards }, item['expiresAt']);
  return { candidate, item, pointers, ...(large && { large }) };
}

/** What became of an event whose id another has: by what that one says. */
function repeated(id: string, there: string, came: string): PutResult {
  const compared = compareContent(there, came);
  if (compared === 'other') return { id, status: 'conflict' };
  return { id, status: 'present', ...(compared === 'retold' && { retold: true }) };
}
