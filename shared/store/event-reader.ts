import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { LARGE_RAW_PREFIX } from '../archive/columns.ts';
import { lowestId } from '../event/id.ts';
import type { JsonObject } from '../json.ts';
import type { ObjectStore } from '../objects.ts';
import { type EntityRef, type EventFilter, matches, NO_TYPE } from '../query/filter.ts';
import type { TimeLeft } from '../retry.ts';
import { decompress } from './codecs/codec.ts';
import { type DayRow, type Days, mayHoldType } from './days.ts';
import { readItems } from './insert.ts';
import { dateOfId, type Item, parseRaw, readItem, type StoredEvent } from './item.ts';
import { entityKey, eventKey, shardOf } from './keys.ts';
import { comesBefore, type Entry, type Merged, merge, type Order } from './merge.ts';

export interface PageRequest {
  readonly tenant: string;
  readonly filter: EventFilter;
  readonly order: Order;
  /** Events a page has at most. */
  readonly limit: number;
  /** The id up to which earlier pages have looked. */
  readonly after?: string | undefined;
}

export interface Page {
  readonly events: readonly StoredEvent[];
  /** Where the next page goes on; undefined when there is nothing more. */
  readonly next: string | undefined;
}

export interface EventReaderOptions {
  readonly dynamo: DynamoDBClient;
  readonly table: string;
  readonly days: Days;
  readonly archive: ObjectStore;
}

interface Partition {
  readonly key: string;
  readonly kind: 'events' | 'pointers';
}
interface Found extends Entry {
  readonly item: Item;
}

/** A page ends when its events, as stored, reach this size: a Lambda's answer may have 6 MB. */
const PAGE_BYTES = 4 * 1024 * 1024;
const AFTER_ALL_IDS = '8';
const FILTERED_READ = 500;
/** About how many partitions are read side by side; each may bring 1 MB. */
const PARTITIONS_AT_ONCE = 32;
/** Attributes of event items without the raw blob, which most readers don't need. */
const WITHOUT_RAW = ['pk', 'sk', 'codec', 'event', 'expiresAt', 'rawSha256', 'rawSize'];

/** Reads events: pages in order of time, and single ones. Never scans, and never asks a partition that holds nothing. */
export class EventReader {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #days: Days;
  readonly #archive: ObjectStore;

  constructor({ dynamo, table, days, archive }: EventReaderOptions) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#days = days;
    this.#archive = archive;
  }

  /**
   * One page of the events that match, strongly consistent. Following `next` to its end gives every matching event that was
   * stored before the first page was answered, exactly once. A page may be short, or empty, and still have a `next`: when
   * time runs out or it grows too large.
   */
  async page(request: PageRequest, options: { timeLeft: TimeLeft; withRaw: boolean }): Promise<Page> {
    const events: StoredEvent[] = [];
    let bytes = 0;
    let position = request.after;
    for await (const { entries, position: reached } of this.#walk(request, options.withRaw)) {
      for (const stored of await this.#resolve(entries, request, options)) {
        const size = sizeOf(stored, options.withRaw);
        const full = events.length === request.limit || (events.length > 0 && bytes + size > PAGE_BYTES);
        if (full) return { events, next: position };
        events.push(stored);
        bytes += size;
        position = stored.event.id;
      }
      position = reached;
      // Every page gets further than the one before, however little time it has.
      if (options.timeLeft() <= 0 && position !== request.after) return { events, next: position };
    }
    return { events, next: undefined };
  }

  /** One event by its id, or undefined. */
  async get(tenant: string, id: string, timeLeft: TimeLeft): Promise<StoredEvent | undefined> {
    const date = dateOfId(id);
    const rows = await this.#days.list(tenant, { from: date, to: date });
    const keys = rows.map((row) => itemKey(tenant, row.source, id, shardOf(id, row.shards)));
    return (await readItems(this.#dynamo, this.#table, keys, timeLeft)).map(readItem).find(isHot);
  }

  /** The raw event as it was received, wherever it is kept; undefined when there is none. */
  async raw({ raw }: StoredEvent): Promise<JsonObject | undefined> {
    if (raw === undefined) return undefined;
    if ('sha256' in raw)
      return parseRaw((await this.#archive.read(`${LARGE_RAW_PREFIX}${raw.sha256}`)).toString('utf8'));
    return parseRaw(decompress(raw.codec, raw.bytes));
  }

  /** Entries in order, group of partitions after group. */
  async *#walk(request: PageRequest, withRaw: boolean): AsyncGenerator<Merged<Found>> {
    const { tenant, filter, order, after, limit } = request;
    const rows = await this.#daysOf(request);
    const bounds = {
      low: filter.from === undefined ? '0' : lowestId(filter.from),
      high: filter.to === undefined ? AFTER_ALL_IDS : lowestId(filter.to),
    };
    const unfiltered = Object.keys(filter).every((key) => ['source', 'from', 'to'].includes(key));
    const count = unfiltered ? limit + 1 : Math.max(limit + 1, FILTERED_READ);
    const read = (partition: Partition, from: string | undefined) =>
      this.#readPartition(partition, { ...bounds, order, after: from, count, withRaw });

    const ref = filter.actor ?? filter.target ?? filter.entity;
    if (ref) {
      const shards = Math.max(0, ...rows.map(({ pointerShards }) => pointerShards));
      yield* merge(pointerPartitions(tenant, ref, shards), read, order, after);
      return;
    }
    if (order === 'newest') rows.reverse();
    for (const group of groupDays(rows)) {
      const partitions = group.flatMap((row) => dayPartitions(tenant, row));
      yield* merge(partitions, read, order, after);
      const last = group.at(-1)?.date ?? '';
      yield { entries: [], position: lowestId(`${order === 'newest' ? last : dayAfter(last)}T00:00:00.000Z`) };
    }
  }

  async #daysOf({ tenant, filter, order, after }: PageRequest): Promise<DayRow[]> {
    const range = {
      ...(filter.from !== undefined && { from: filter.from.slice(0, 10) }),
      ...(filter.to !== undefined && { to: filter.to.slice(0, 10) }),
    };
    const rows =
      filter.source === undefined
        ? await this.#days.list(tenant, range)
        : (await Promise.all(filter.source.map((source) => this.#days.list(tenant, { source, ...range })))).flat();
    const { type } = filter;
    return rows
      .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
      .filter((row) => after === undefined || !comesBefore(row.date, dateOfId(after), order))
      .filter((row) => type === undefined || type.some((one) => mayHoldType(row, one === NO_TYPE ? null : one)));
  }

  async #readPartition(
    { key, kind }: Partition,
    range: { low: string; high: string; order: Order; after: string | undefined; count: number; withRaw: boolean },
  ): Promise<{ entries: Found[]; done: boolean }> {
    const { low, high, order, after, count } = range;
    const from = order === 'oldest' ? (after ?? low) : low;
    const to = order === 'newest' ? (after ?? high) : high;
    // A cursor may stand at the edge of a day, outside the range of time; DynamoDB refuses a BETWEEN that is upside down.
    if (from > to) return { entries: [], done: true };
    const projected = kind === 'events' && !range.withRaw;
    const { Items = [], LastEvaluatedKey } = await this.#dynamo.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        ScanIndexForward: order === 'oldest',
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :low AND :high',
        ExpressionAttributeValues: {
          ':pk': { S: key },
          ':low': { S: from },
          ':high': { S: to },
        },
        Limit: count,
        ...(projected && {
          ProjectionExpression: WITHOUT_RAW.map((name) => `#${name}`).join(', '),
          ExpressionAttributeNames: Object.fromEntries(WITHOUT_RAW.map((name) => [`#${name}`, name])),
        }),
      }),
    );
    // BETWEEN includes both ends: the end of the range does not belong to it, nor does what was read before.
    const entries = Items.flatMap((item) => (item['sk']?.S === undefined ? [] : [{ id: item['sk'].S, item }])).filter(
      ({ id }) => id !== high && id !== after,
    );
    return { entries, done: LastEvaluatedKey === undefined };
  }

  /** The events behind the entries that match, in the same order. A pointer whose event is not there is skipped. */
  async #resolve(
    entries: readonly Found[],
    { tenant, filter }: PageRequest,
    { timeLeft, withRaw }: { timeLeft: TimeLeft; withRaw: boolean },
  ): Promise<StoredEvent[]> {
    const pointers = entries.filter(({ item }) => item['codec'] === undefined && mayMatch(item, filter));
    const keys = pointers.map(({ id, item }) =>
      itemKey(tenant, item['source']?.S ?? '', id, Number(item['shard']?.N ?? 0)),
    );
    const distinct = [...new Map(keys.map((key) => [key['sk']?.S, key])).values()];
    const read = await readItems(
      this.#dynamo,
      this.#table,
      distinct,
      laxly(timeLeft),
      withRaw ? {} : { attributes: WITHOUT_RAW },
    );
    const byId = new Map(read.map((item) => [item['sk']?.S, item]));
    const items = new Map(entries.map(({ id, item }) => [id, item['codec'] ? item : byId.get(id)]));
    return [...items.values()]
      .flatMap((item) => (item ? [readItem(item)] : []))
      .filter((stored) => isHot(stored) && matches(stored.event, filter));
  }
}

function itemKey(tenant: string, source: string, id: string, shard: number): Item {
  return { pk: { S: eventKey(tenant, source, dateOfId(id), shard) }, sk: { S: id } };
}

/**
 * Rows, in order of their days, in groups that are read together: one day, another, then two, four and so on. The latest
 * page reads no more than it shows, and a sparse filter does not wait for a year of days one by one.
 */
function groupDays(rows: readonly DayRow[]): DayRow[][] {
  const groups: DayRow[][] = [];
  let group: DayRow[] = [];
  let days = 0;
  let partitions = 0;
  for (const [, day] of Map.groupBy(rows, ({ date }) => date)) {
    group.push(...day);
    days += 1;
    partitions += day.reduce((sum, { shards }) => sum + shards, 0);
    if (days >= 2 ** Math.max(0, groups.length - 1) || partitions >= PARTITIONS_AT_ONCE) {
      groups.push(group);
      group = [];
      days = 0;
      partitions = 0;
    }
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

function dayPartitions(tenant: string, { source, date, shards }: DayRow): Partition[] {
  return Array.from({ length: shards }, (_, shard) => ({ key: eventKey(tenant, source, date, shard), kind: 'events' }));
}

/** `user:jane` may mean the value `jane` of kind `user`, or a value that has a colon: both partitions are asked. */
function pointerPartitions(tenant: string, { whole, value }: EntityRef, shards: number): Partition[] {
  const values = value === undefined ? [whole] : [whole, value];
  return values.flatMap((one) =>
    Array.from({ length: shards }, (_, shard) => ({ key: entityKey(tenant, one, shard), kind: 'pointers' as const })),
  );
}

/** What a pointer alone can rule out. */
function mayMatch(pointer: Item, filter: EventFilter): boolean {
  const role = pointer['role']?.S;
  const allows = (wanted: readonly string[] | undefined, value: string | undefined) =>
    wanted === undefined || (value !== undefined && wanted.includes(value));
  return (
    !(filter.actor && role === 'target') &&
    !(filter.actor === undefined && filter.target && role === 'actor') &&
    allows(filter.source, pointer['source']?.S) &&
    allows(filter.type, pointer['type']?.S ?? NO_TYPE) &&
    allows(filter.action, pointer['action']?.S) &&
    allows(filter.outcome, pointer['outcome']?.S) &&
    allows(filter.ip, pointer['ip']?.S)
  );
}

/** DynamoDB deletes expired items days late; until then they must not be seen. */
function isHot({ expiresAt }: StoredEvent): boolean {
  return expiresAt === undefined || expiresAt > Date.now() / 1000;
}

function sizeOf({ event, raw }: StoredEvent, withRaw: boolean): number {
  return JSON.stringify(event).length + (withRaw ? (raw?.size ?? 0) : 0);
}

/** A page that has begun is finished: reading the events of one chunk may outlast the page's time a little. */
function laxly(timeLeft: TimeLeft): TimeLeft {
  return () => Math.max(timeLeft(), 0) + 2_000;
}

function dayAfter(date: string): string {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
}
