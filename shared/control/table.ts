import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** What a {@link ControlTable} can do. */
export type Control = Pick<ControlTable, 'get' | 'list' | 'put' | 'replace' | 'delete'>;

/** The table of what Annals is told, and of what it remembers of collecting. Small, always read strongly. */
export class ControlTable {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;

  constructor(dynamo: DynamoDBClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  /** The item as it was written, without its key; undefined when there is none. */
  async get(pk: string, sk: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#dynamo.send(
      new GetItemCommand({ TableName: this.#table, Key: keyOf(pk, sk), ConsistentRead: true }),
    );
    return Item && unmarshall(Item);
  }

  /** The items of a partition in the order of their sort keys, or those whose sort key begins with `prefix`. */
  async list(pk: string, prefix?: string): Promise<Record<string, unknown>[]> {
    const pages = paginateQuery(
      { client: this.#dynamo },
      {
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: prefix === undefined ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': { S: pk }, ...(prefix !== undefined && { ':prefix': { S: prefix } }) },
      },
    );
    const items: Record<string, unknown>[] = [];
    for await (const { Items = [] } of pages) items.push(...Items.map((item) => unmarshall(item)));
    return items;
  }

  /**
   * Writes an item if there is none under its key (`absent`), only if there is one (`present`), or only if that has this
   * version.
   *
   * @returns false if it was not written.
   */
  async put(pk: string, sk: string, item: object, when: 'absent' | 'present' | { version: number }): Promise<boolean> {
    try {
      await this.#dynamo.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: { ...marshall(item, { removeUndefinedValues: true }), ...keyOf(pk, sk) },
          ...conditionOf(when),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
      throw error;
    }
  }

  /** Writes an item, whatever was under its key. */
  async replace(pk: string, sk: string, item: object): Promise<void> {
    await this.#dynamo.send(
      new PutItemCommand({ TableName: this.#table, Item: { ...marshall(item), ...keyOf(pk, sk) } }),
    );
  }

  /** Deletes an item; false if there was none. */
  async delete(pk: string, sk: string): Promise<boolean> {
    const { Attributes } = await this.#dynamo.send(
      new DeleteItemCommand({ TableName: this.#table, Key: keyOf(pk, sk), ReturnValues: 'ALL_OLD' }),
    );
    return Attributes !== undefined;
  }
}

function conditionOf(when: 'absent' | 'present' | { version: number }) {
  if (when === 'absent') return { ConditionExpression: 'attribute_not_exists(pk)' };
  if (when === 'present') return { ConditionExpression: 'attribute_exists(pk)' };
  return {
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': { N: String(when.version) } },
  };
}

function keyOf(pk: string, sk: string): Record<string, AttributeValue> {
  return { pk: { S: pk }, sk: { S: sk } };
}
