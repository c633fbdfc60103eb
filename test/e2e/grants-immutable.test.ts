import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  PutItemCommand,
  ScanCommand,
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
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readTemplate } from '../../infra/local/template.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

type Item = Record<string, AttributeValue>;
interface Row {
  readonly table: string;
  readonly item: Item;
}
/** Answers whatever AWS does not throw. */
type Attempt<C, T> = (client: C, target: T) => Promise<unknown>;

const template = readTemplate(inject('templateFile'));
const roles = template.principals.map(({ name }) => name);
const STORING = /^Functions(Ingest|Webhook|Query|Admin)Role/;
/** Refused by the role; by the store, as the item is there; or unknown to the local service, and then see the policies. */
const REFUSED = /^(AccessDenied(Exception)?|PreconditionFailed|DuplicateItem|NotImplemented|UnknownOperationException|ValidationException)$/;

const key = ({ pk = { S: '' }, sk = { S: '' } }: Item): Item => ({ pk, sk });
const where = 'WHERE pk = ? AND sk = ?';
const keyParameters = ({ pk = { S: '' }, sk = { S: '' } }: Item): AttributeValue[] => [pk, sk];
const tampered = (item: Item): Item => ({ ...item, tampered: { S: 'yes' } });
const update = ({ table, item }: Row) => ({
  TableName: table,
  Key: key(item),
  UpdateExpression: 'SET tampered = :yes',
  ExpressionAttributeValues: { ':yes': { S: 'yes' } },
});
const insertStatement = ({ table, item }: Row) => ({
  Statement: `INSERT INTO "${table}" VALUE {${Object.keys(item).map((name) => `'${name}': ?`)}}`,
  Parameters: Object.values(item),
});
const updateStatement = ({ table, item }: Row) => ({
  Statement: `UPDATE "${table}" SET tampered = 'yes' ${where}`,
  Parameters: keyParameters(item),
});
const deleteStatement = ({ table, item }: Row) => ({
  Statement: `DELETE FROM "${table}" ${where}`,
  Parameters: keyParameters(item),
});
const batch = async (client: DynamoDBClient, statement: { Statement: string; Parameters: AttributeValue[] }) => {
  const { Responses } = await client.send(new BatchExecuteStatementCommand({ Statements: [statement] }));
  const error = Responses?.[0]?.Error;
  if (error !== undefined) throw Object.assign(new Error(error.Message), { name: error.Code });
};

const ITEM_ATTEMPTS: Record<string, Attempt<DynamoDBClient, Row>> = {
  PutItem: (client, { table, item }) => client.send(new PutItemCommand({ TableName: table, Item: tampered(item) })),
  UpdateItem: (client, row) => client.send(new UpdateItemCommand(update(row))),
  DeleteItem: (client, { table, item }) => client.send(new DeleteItemCommand({ TableName: table, Key: key(item) })),
  'BatchWriteItem of a put': (client, { table, item }) =>
    client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: [{ PutRequest: { Item: tampered(item) } }] } }),
    ),
  'BatchWriteItem of a delete': (client, { table, item }) =>
    client.send(new BatchWriteItemCommand({ RequestItems: { [table]: [{ DeleteRequest: { Key: key(item) } }] } })),
  'TransactWriteItems of an update': (client, row) =>
    client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: update(row) }] })),
  'TransactWriteItems of a put': (client, { table, item }) =>
    client.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: table, Item: tampered(item) } }] }),
    ),
  'TransactWriteItems of a delete': (client, { table, item }) =>
    client.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName: table, Key: key(item) } }] }),
    ),
  'PartiQL INSERT of the same key': (client, { table, item }) =>
    batch(client, insertStatement({ table, item: tampered(item) })),
  'PartiQL UPDATE': (client, row) => client.send(new ExecuteStatementCommand(updateStatement(row))),
  'PartiQL UPDATE in a batch': (client, row) => batch(client, updateStatement(row)),
  'PartiQL UPDATE in a transaction': (client, row) =>
    client.send(new ExecuteTransactionCommand({ TransactStatements: [updateStatement(row)] })),
  'PartiQL DELETE': (client, row) => client.send(new ExecuteStatementCommand(deleteStatement(row))),
  'PartiQL DELETE in a batch': (client, row) => batch(client, deleteStatement(row)),
};
const TABLE_ATTEMPTS: Record<string, Attempt<DynamoDBClient, string>> = {
  DeleteTable: (client, TableName) => client.send(new DeleteTableCommand({ TableName })),
  UpdateTimeToLive: (client, TableName) =>
    client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: 'sk', Enabled: true },
      }),
    ),
};

interface Stored {
  readonly Bucket: string;
  readonly Key: string;
}
const DELETE_ATTEMPTS: Record<string, Attempt<S3Client, Stored>> = {
  DeleteObject: (client, target) => client.send(new DeleteObjectCommand(target)),
  'DeleteObject of a version': (client, target) =>
    client.send(new DeleteObjectCommand({ ...target, VersionId: 'null' })),
  DeleteObjects: async (client, { Bucket, Key }) => {
    const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }));
    const [error] = Errors ?? [];
    if (error !== undefined) throw Object.assign(new Error(error.Message), { name: error.Code });
  },
  DeleteBucket: (client, { Bucket }) => client.send(new DeleteBucketCommand({ Bucket })),
};
const ARCHIVE_ATTEMPTS: Record<string, Attempt<S3Client, Stored>> = {
  ...DELETE_ATTEMPTS,
  'PutObject without If-None-Match': (client, target) => client.send(new PutObjectCommand({ ...target, Body: 'x' })),
  'PutObject of a new key without If-None-Match': (client, { Bucket, Key }) =>
    client.send(new PutObjectCommand({ Bucket, Key: `${Key}-new`, Body: 'x' })),
  'PutObject over an object': (client, target) =>
    client.send(new PutObjectCommand({ ...target, Body: 'x', IfNoneMatch: '*' })),
  CopyObject: (client, target) =>
    client.send(new CopyObjectCommand({ ...target, CopySource: `${target.Bucket}/${target.Key}` })),
  CreateMultipartUpload: (client, target) => client.send(new CreateMultipartUploadCommand(target)),
  PutObjectRetention: (client, target) =>
    client.send(new PutObjectRetentionCommand({ ...target, Retention: { Mode: 'GOVERNANCE' } })),
  PutObjectLegalHold: (client, target) =>
    client.send(new PutObjectLegalHoldCommand({ ...target, LegalHold: { Status: 'OFF' } })),
  PutBucketPolicy: (client, { Bucket }) => client.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' })),
};

let stack: TestStack;
let operator: { readonly dynamo: DynamoDBClient; readonly s3: S3Client };
let rows: Record<string, Row>;
let large: Stored;
let landed: Stored;
const clients: { destroy(): void }[] = [];

beforeAll(async () => {
  stack = await startTestStack();
  operator = { dynamo: dynamoOf(stack.endpoint.credentials), s3: s3Of(stack.endpoint.credentials) };
  const body = {
    id: 'one',
    time: new Date().toISOString(),
    action: 'a',
    actor: { name: 'jane' },
    raw: { text: 'x'.repeat(750_000) },
  };
  expect((await stack.call('POST', '/v1/events', { body })).status).toBe(202);
  await stack.flush();
  const table = stack.outputs['EventsTable'] ?? '';
  const items = await scan();
  const kind = (mark: RegExp): Row => ({ table, item: items.find(({ pk }) => mark.test(pk?.S ?? '')) ?? {} });
  rows = {
    event: { table, item: items.find(({ codec }) => codec !== undefined) ?? {} },
    pointer: kind(/#entity#/),
    'first-seen row': kind(/#first#/),
    'day row': kind(/#days$/),
  };
  for (const [name, { item }] of Object.entries(rows)) expect(item['pk'], name).toBeDefined();
  large = await onlyObject('ArchiveBucket');
  landed = await onlyObject('LandingBucket');
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await stack?.close();
});

describe.each(roles)('%s', (role) => {
  const credentials = () => {
    const found = stack.principals.find(({ name }) => name === role);
    if (found === undefined) throw new Error(`there is no role ${role}`);
    return found;
  };

  describe.each(['event', 'pointer', 'first-seen row', 'day row'])('can not change or delete: %s', (kind) => {
    const mayUpdate = kind === 'day row' && STORING.test(role);
    const attempts = Object.entries(ITEM_ATTEMPTS).filter(([name]) => !(mayUpdate && name === 'UpdateItem'));
    it.each(attempts)('%s', async (_name, attempt) => {
      const row = rows[kind] ?? { table: '', item: {} };
      const before = await scan();
      await expectRefused(attempt(dynamoOf(credentials()), row));
      expect(await scan()).toEqual(before);
    });
  });
});
