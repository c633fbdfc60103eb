import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Something that must not succeed. */
export type Attempt<Client, Target> = (client: Client, target: Target) => Promise<unknown>;

export interface StoredItem {
  readonly table: string;
  readonly item: Readonly<Record<string, AttributeValue>>;
}

export interface StoredObject {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId: string;
}

/** Every way there is to change or delete an item. */
export const ITEM_ATTEMPTS: Readonly<Record<string, Attempt<DynamoDBClient, StoredItem>>> = {
  PutItem: (client, stored) => client.send(new PutItemCommand(put(stored))),
  UpdateItem: (client, stored) => client.send(new UpdateItemCommand(update(stored))),
  DeleteItem: (client, stored) => client.send(new DeleteItemCommand(itemKey(stored))),
  'BatchWriteItem, put': (client, stored) =>
    client.send(new BatchWriteItemCommand({ RequestItems: { [stored.table]: [{ PutRequest: put(stored) }] } })),
  'BatchWriteItem, delete': (client, stored) =>
    client.send(new BatchWriteItemCommand({ RequestItems: { [stored.table]: [{ DeleteRequest: itemKey(stored) }] } })),
  'TransactWriteItems, put': (client, stored) =>
    client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: put(stored) }] })),
  'TransactWriteItems, update': (client, stored) =>
    client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: update(stored) }] })),
  'TransactWriteItems, delete': (client, stored) =>
    client.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete: itemKey(stored) }] })),
  'ExecuteStatement, UPDATE': (client, stored) => client.send(new ExecuteStatementCommand(partiQlUpdate(stored))),
  'ExecuteStatement, DELETE': (client, stored) => client.send(new ExecuteStatementCommand(partiQlDelete(stored))),
  'ExecuteTransaction, UPDATE': (client, stored) =>
    client.send(new ExecuteTransactionCommand({ TransactStatements: [partiQlUpdate(stored)] })),
  'ExecuteTransaction, DELETE': (client, stored) =>
    client.send(new ExecuteTransactionCommand({ TransactStatements: [partiQlDelete(stored)] })),
  'BatchExecuteStatement, UPDATE': (client, stored) => executeBatch(client, partiQlUpdate(stored)),
  'BatchExecuteStatement, DELETE': (client, stored) => executeBatch(client, partiQlDelete(stored)),
  'BatchExecuteStatement, INSERT': (client, stored) => executeBatch(client, partiQlInsert(stored)),
  DeleteTable: (client, { table }) => client.send(new DeleteTableCommand({ TableName: table })),
  UpdateTimeToLive: (client, { table }) =>
    client.send(
      new UpdateTimeToLiveCommand({
        TableName: table,
        TimeToLiveSpecification: { AttributeName: 'sk', Enabled: true },
      }),
    ),
};

/** Every way there is to delete an object. */
export const DELETE_ATTEMPTS: Readonly<Record<string, Attempt<S3Client, StoredObject>>> = {
  DeleteObject: (client, { Bucket, Key }) => client.send(new DeleteObjectCommand({ Bucket, Key })),
  'DeleteObject, version': (client, stored) => client.send(new DeleteObjectCommand(stored)),
  'DeleteObject, bypass': (client, stored) =>
    client.send(new DeleteObjectCommand({ ...stored, BypassGovernanceRetention: true })),
  DeleteObjects: async (client, { Bucket, Key }) => {
    const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }));
    throwCode(Errors?.[0]?.Code);
  },
  DeleteBucket: (client, { Bucket }) => client.send(new DeleteBucketCommand({ Bucket })),
};

/** Every way there is to change or delete what is archived. */
export const OBJECT_ATTEMPTS: Readonly<Record<string, Attempt<S3Client, StoredObject>>> = {
  ...DELETE_ATTEMPTS,
  PutObject: (client, { Bucket, Key }) => client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' })),
  'PutObject, new key': (client, { Bucket, Key }) =>
    client.send(new PutObjectCommand({ Bucket, Key: `${Key}-new`, Body: 'x' })),
  'PutObject, If-None-Match': (client, { Bucket, Key }) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', IfNoneMatch: '*' })),
  CopyObject: (client, { Bucket, Key }) =>
    client.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${Key}` })),
  CreateMultipartUpload: (client, { Bucket, Key }) => client.send(new CreateMultipartUploadCommand({ Bucket, Key })),
  PutObjectRetention: (client, stored) => {
    const RetainUntilDate = new Date(Date.now() + 60_000);
    return client.send(
      new PutObjectRetentionCommand({ ...stored, Retention: { Mode: 'GOVERNANCE', RetainUntilDate } }),
    );
  },
  PutObjectLegalHold: (client, stored) =>
    client.send(new PutObjectLegalHoldCommand({ ...stored, LegalHold: { Status: 'OFF' } })),
  PutBucketPolicy: (client, { Bucket }) => client.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' })),
};

/** What each attempt came to: the name of its error, or `done`. */
export async function outcomesOf<Client, Target>(
  attempts: Readonly<Record<string, Attempt<Client, Target>>>,
  client: Client,
  target: Target,
): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    outcomes[name] = await attempt(client, target).then(
      () => 'done',
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
  }
  return outcomes;
}

function itemKey({ table, item }: StoredItem) {
  const { pk = { S: '' }, sk = { S: '' } } = item;
  return { TableName: table, Key: { pk, sk } };
}

function put({ table, item }: StoredItem) {
  return { TableName: table, Item: { ...item, tampered: { S: 'yes' } } };
}

function update(stored: StoredItem) {
  return {
    ...itemKey(stored),
    UpdateExpression: 'SET tampered = :yes',
    ExpressionAttributeValues: { ':yes': { S: 'yes' } },
  };
}

function partiQlInsert(stored: StoredItem) {
  const { Item } = put(stored);
  const attributes = Object.keys(Item).map((name) => `'${name}': ?`);
  return {
    Statement: `INSERT INTO "${stored.table}" VALUE {${attributes.join(', ')}}`,
    Parameters: Object.values(Item),
  };
}

function partiQlUpdate(stored: StoredItem) {
  return onKey(stored, `UPDATE "${stored.table}" SET tampered = 'yes'`);
}

function partiQlDelete(stored: StoredItem) {
  return onKey(stored, `DELETE FROM "${stored.table}"`);
}

function onKey(stored: StoredItem, statement: string) {
  return { Statement: `${statement} WHERE pk = ? AND sk = ?`, Parameters: Object.values(itemKey(stored).Key) };
}

async function executeBatch(
  client: DynamoDBClient,
  statement: { Statement: string; Parameters: AttributeValue[] },
): Promise<void> {
  const { Responses } = await client.send(new BatchExecuteStatementCommand({ Statements: [statement] }));
  throwCode(Responses?.[0]?.Error?.Code);
}

/** An error among the answers of a batch, as if the call had thrown it. */
function throwCode(name: string | undefined): void {
  if (name !== undefined) throw Object.assign(new Error(name), { name });
}
