import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** The table of what Annals is told: API keys and connections. Small, always read strongly. */
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

  async list(pk: string): Promise<Record<string, unknown>[]> {
    const pages = paginateQuery(
      { client: this.#dynamo },
      {
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: pk } },
      },
    );
    const items: Record<string, unknown>[] = [];
    for await (const { Items = [] } of pages) items.push(...Items.map((item) => unmarshall(item)));
    return items;
  }

  /** Writes an item if there is none under its key (`absent`) or only if there is one (`present`); false if not written. */
  async put(pk: string, sk: string, item: object, when: 'absent' | 'present'): Promise<boolean> {
    try {
      await this.#dynamo.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: { ...marshall(item, { removeUndefinedValues: true }), ...keyOf(pk, sk) },
          ConditionExpression: when === 'absent' ? 'attribute_not_exists(pk)' : 'attribute_exists(pk)',
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
      throw error;
    }
  }

  /** Deletes an item; false if there was none. */
  async delete(pk: string, sk: string): Promise<boolean> {
    const { Attributes } = await this.#dynamo.send(
      new DeleteItemCommand({ TableName: this.#table, Key: keyOf(pk, sk), ReturnValues: 'ALL_OLD' }),
    );
    return Attributes !== undefined;
  }
}

function keyOf(pk: string, sk: string): Record<string, AttributeValue> {
  return { pk: { S: pk }, sk: { S: sk } };
}
