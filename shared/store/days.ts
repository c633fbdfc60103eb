import { type AttributeValue, type DynamoDBClient, paginateQuery, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { isTransient } from '../aws-errors.ts';
import { StoreUnavailableError } from '../errors.ts';
import type { CanonicalEvent } from '../event/schema.ts';
import { TIERS, type Tier } from '../retention.ts';
import { backOff, mapLimited, type TimeLeft } from '../retry.ts';
import { readItems } from './insert.ts';
import type { Item } from './item.ts';
import { daySortKey, daysKey } from './keys.ts';

/** What is known of one source's day: how its events are spread, and what kinds were seen. */
export interface DayRow {
  readonly source: string;
  readonly date: string;
  /** How many partitions its events lie in; fixed when the day's first event came. */
  readonly shards: number;
  /** The same for the pointers of its events. */
  readonly pointerShards: number;
  /** EMM types seen; `-` stands for events that fit none. */
  readonly types: readonly string[];
  readonly tiers: readonly Tier[];
  /** About how many events of each type were stored. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Shards per source; `default` for those not named. */
export type ShardCounts = Readonly<Record<string, number>>;

export const UNTYPED = '-';
/** Before the names of attributes that count the events of a type. */
const COUNT_PREFIX = 'n:';
const UPDATES_AT_ONCE = 8;
const REMEMBERED_DAYS = 10_000;

/**
 * The day rows of the table. A row is written before the first event of its source-day, so that readers, who read rows
 * first, never ask an empty partition and never miss one.
 */
export class Days {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #shards: ShardCounts;
  readonly #known = new Map<string, DayRow>();

  constructor(dynamo: DynamoDBClient, table: string, shards: ShardCounts) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#shards = shards;
  }

  /**
   * Makes sure that the rows of these events' days exist and name their types and tiers.
   *
   * @returns a lookup of the row by event.
   * @throws StoreUnavailableError when DynamoDB refuses until time runs out.
   */
  async ensure(events: readonly CanonicalEvent[], timeLeft: TimeLeft): Promise<(event: CanonicalEvent) => DayRow> {
    const wanted = new Map<string, { event: CanonicalEvent; types: Set<string>; tiers: Set<Tier> }>();
    for (const event of events) {
      const key = dayKey(event);
      const day = wanted.get(key) ?? { event, types: new Set(), tiers: new Set() };
      day.types.add(event.type ?? UNTYPED);
      day.tiers.add(event.tier);
      wanted.set(key, day);
    }
    await this.#recall(
      [...wanted].filter(([key]) => !this.#known.has(key)).map(([, { event }]) => event),
      timeLeft,
    );
    const rows = new Map<string, DayRow>();
    await mapLimited([...wanted], UPDATES_AT_ONCE, async ([key, { event, types, tiers }]) => {
      const known = this.#known.get(key);
      const row =
        known && isSubset(types, known.types) && isSubset(tiers, known.tiers)
          ? known
          : await this.#update(event, types, tiers, timeLeft);
      rows.set(key, row);
      this.#remember(key, row);
    });
    return (event) => {
      const row = rows.get(dayKey(event));
      if (!row) throw new TypeError('asked for the day of an event that was not ensured');
      return row;
    };
  }

  /**
   * The day rows of a tenant, oldest first, strongly consistent.
   *
   * @param dates first and last day, both inclusive.
   */
  async list(tenant: string, options: { source?: string; from?: string; to?: string } = {}): Promise<DayRow[]> {
    const { source, from = '0000', to = '9999' } = options;
    const rows: DayRow[] = [];
    const pages = paginateQuery(
      { client: this.#dynamo },
      {
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: source === undefined ? 'pk = :pk' : 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': { S: daysKey(tenant) },
          ...(source !== undefined && {
            ':from': { S: daySortKey(source, from) },
            ':to': { S: daySortKey(source, to) },
          }),
        },
      },
    );
    for await (const page of pages) {
      for (const item of page.Items ?? []) {
        const row = readRow(item);
        if (row.date >= from && row.date <= to) rows.push(row);
      }
    }
    return rows.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.source < b.source ? -1 : 1));
  }

  /**
   * Adds to the counts of events by type. They are approximate: what fails is let go, as the events themselves are stored.
   */
  async count(events: readonly CanonicalEvent[]): Promise<void> {
    const byDay = Map.groupBy(events, dayKey);
    await mapLimited([...byDay.values()], UPDATES_AT_ONCE, async (day) => {
      const [first] = day;
      if (!first) return;
      const byType = [...Map.groupBy(day, ({ type }) => type ?? UNTYPED)];
      const update = new UpdateItemCommand({
        TableName: this.#table,
        Key: rowKey(first),
        UpdateExpression: `ADD ${byType.map((_, index) => `#n${index} :n${index}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(
          byType.map(([type], index) => [`#n${index}`, COUNT_PREFIX + type]),
        ),
        ExpressionAttributeValues: Object.fromEntries(
          byType.map(([, some], index) => [`:n${index}`, { N: String(some.length) }]),
        ),
      });
      await this.#dynamo.send(update).catch(() => {});
    });
  }

  /** Reads rows that this process does not know: mostly they are there, and reading costs an eighth of an update. */
  async #recall(events: readonly CanonicalEvent[], timeLeft: TimeLeft): Promise<void> {
    const byRow = new Map(events.map((event) => [`${daysKey(event.tenant)}|${rowKey(event)['sk']?.S}`, event]));
    const keys = [...byRow.values()].map((event) => rowKey(event) as Item);
    for (const item of await readItems(this.#dynamo, this.#table, keys, timeLeft)) {
      const event = byRow.get(`${item['pk']?.S}|${item['sk']?.S}`);
      if (event) this.#remember(dayKey(event), readRow(item));
    }
  }

  #remember(key: string, row: DayRow): void {
    if (this.#known.size >= REMEMBERED_DAYS) this.#known.clear();
    this.#known.set(key, row);
  }

  async #update(event: CanonicalEvent, types: Set<string>, tiers: Set<Tier>, timeLeft: TimeLeft): Promise<DayRow> {
    const { source } = event;
    const count = String(this.#shards[source] ?? this.#shards['default'] ?? 1);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { Attributes } = await this.#dynamo.send(
          new UpdateItemCommand({
            TableName: this.#table,
            Key: rowKey(event),
            UpdateExpression:
              'SET shards = if_not_exists(shards, :count), pointerShards = if_not_exists(pointerShards, :count) ADD #types :types, tiers :tiers',
            ExpressionAttributeNames: { '#types': 'types' },
            ExpressionAttributeValues: {
              ':count': { N: count },
              ':types': { SS: [...types] },
              ':tiers': { SS: [...tiers] },
            },
            ReturnValues: 'ALL_NEW',
          }),
        );
        return readRow(Attributes ?? {});
      } catch (cause) {
        if (!isTransient(cause)) throw cause;
        if (!(await backOff(attempt, timeLeft))) {
          throw new StoreUnavailableError('DynamoDB refused a day row until time ran out', { cause });
        }
      }
    }
  }
}

/** True if an event of this EMM type (null: of none) may be among the day's. */
export function mayHoldType(row: DayRow, type: string | null): boolean {
  return row.types.includes(type ?? UNTYPED);
}

function isSubset(some: Iterable<string>, all: readonly string[]): boolean {
  return [...some].every((one) => all.includes(one));
}

function rowKey({ tenant, source, time }: CanonicalEvent): Record<string, AttributeValue> {
  return { pk: { S: daysKey(tenant) }, sk: { S: daySortKey(source, time.slice(0, 10)) } };
}

function dayKey({ tenant, source, time }: CanonicalEvent): string {
  return `${tenant}#${source}#${time.slice(0, 10)}`;
}

function readRow(item: Record<string, AttributeValue>): DayRow {
  const [source = '', date = ''] = item['sk']?.S?.split('#') ?? [];
  return {
    source,
    date,
    shards: Number(item['shards']?.N ?? 1),
    pointerShards: Number(item['pointerShards']?.N ?? 1),
    types: item['types']?.SS ?? [],
    tiers: (item['tiers']?.SS ?? []).filter((tier): tier is Tier => (TIERS as readonly string[]).includes(tier)),
    counts: Object.fromEntries(
      Object.entries(item).flatMap(([name, { N }]) =>
        name.startsWith(COUNT_PREFIX) && N !== undefined ? [[name.slice(COUNT_PREFIX.length), Number(N)]] : [],
      ),
    ),
  };
}
