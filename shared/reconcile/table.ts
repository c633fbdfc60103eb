import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { TimeLeft } from '../retry.ts';
import { readItems } from '../store/insert.ts';
import type { Item } from '../store/item.ts';
import { eventKey, shardOf } from '../store/keys.ts';
import type { HotDay } from './source-day.ts';

/** The events table as far as reconciling reads it. */
export class EventIds {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;

  constructor(dynamo: DynamoDBClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  /** The ids of a source-day, partition by partition. */
  async *ids({ tenant, source, date, row }: HotDay): AsyncGenerator<string> {
    for (let shard = 0; shard < row.shards; shard += 1) {
      const pages = paginateQuery(
        { client: this.#dynamo },
        {
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: eventKey(tenant, source, date, shard) } },
          ProjectionExpression: 'sk',
        },
      );
      for await (const { Items = [] } of pages) for (const { sk } of Items) if (sk?.S !== undefined) yield sk.S;
    }
  }

  /** The items of some events of a source-day. */
  async items({ tenant, source, date, row }: HotDay, ids: readonly string[], timeLeft: TimeLeft): Promise<Item[]> {
    const keys = ids.map((id) => ({
      pk: { S: eventKey(tenant, source, date, shardOf(id, row.shards)) },
      sk: { S: id },
    }));
    return readItems(this.#dynamo, this.#table, keys, timeLeft);
  }
}
