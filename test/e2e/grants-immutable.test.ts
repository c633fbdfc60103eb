import { type AttributeValue, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readTemplate } from '../../infra/local/template.ts';
import {
  DELETE_ATTEMPTS,
  ITEM_ATTEMPTS,
  OBJECT_ATTEMPTS,
  outcomesOf,
  type StoredItem,
  type StoredObject,
} from '../support/grants-attempts.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

type Item = Record<string, AttributeValue>;

const KINDS = {
  event: ({ codec }: Item) => codec !== undefined,
  pointer: ({ pk }: Item) => /#entity#/.test(pk?.S ?? ''),
  'first-seen row': ({ pk }: Item) => /#first#/.test(pk?.S ?? ''),
  'day row': ({ pk }: Item) => /#days$/.test(pk?.S ?? ''),
};
const isDay = KINDS['day row'];
const roles = readTemplate(inject('templateFile')).principals.map(({ name }) => name);
const storesEvents = (role: string) =>
  /^(Functions(Ingest|Webhook|Query|Admin)|PollingPoll|ReplayingReplay)Role/.test(role);
const keepsRaws = (role: string) => /^(Functions(Ingest|Webhook)|PollingPoll|ReplayingReplay)Role/.test(role);

// What the local services don't know is refused as such: grants-policies.test.ts has what AWS would say.
const UNKNOWN = 'UnknownOperationException';
const itemOutcomes = (role: string, kind: string) => ({
  PutItem: 'AccessDeniedException',
  UpdateItem: kind === 'day row' && storesEvents(role) ? 'done' : 'AccessDeniedException',
  DeleteItem: 'AccessDeniedException',
  'BatchWriteItem, put': 'AccessDeniedException',
  'BatchWriteItem, delete': 'AccessDeniedException',
  'TransactWriteItems, put': UNKNOWN,
  'TransactWriteItems, update': UNKNOWN,
  'TransactWriteItems, delete': UNKNOWN,
  'ExecuteStatement, UPDATE': UNKNOWN,
  'ExecuteStatement, DELETE': UNKNOWN,
  'ExecuteTransaction, UPDATE': UNKNOWN,
  'ExecuteTransaction, DELETE': UNKNOWN,
  'BatchExecuteStatement, UPDATE': 'ValidationException',
  'BatchExecuteStatement, DELETE': 'ValidationException',
  'BatchExecuteStatement, INSERT': storesEvents(role) ? 'DuplicateItem' : 'AccessDeniedException',
  DeleteTable: UNKNOWN,
  UpdateTimeToLive: UNKNOWN,
});
const DELETE_OUTCOMES = {
  DeleteObject: 'AccessDenied',
  'DeleteObject, version': 'AccessDenied',
  'DeleteObject, bypass': 'AccessDenied',
  DeleteObjects: 'AccessDenied',
  DeleteBucket: 'NotImplemented',
};
const keepsHolds = (role: string) => role.startsWith('RetentionRetainRole');
const objectOutcomes = (mayWrite: boolean, mayHold: boolean) => ({
  ...DELETE_OUTCOMES,
  PutObject: 'AccessDenied',
  'PutObject, new key': 'AccessDenied',
  'PutObject, If-None-Match': mayWrite ? 'PreconditionFailed' : 'AccessDenied',
  CopyObject: 'AccessDenied',
  CreateMultipartUpload: 'NotImplemented',
  PutObjectRetention: 'AccessDenied',
  PutObjectLegalHold: mayHold ? 'done' : 'AccessDenied',
  PutBucketPolicy: 'NotImplemented',
});

let stack: TestStack;
let operator: Clients;
const stored = new Map<string, StoredItem>();
const objects = new Map<string, StoredObject>();

beforeAll(async () => {
  stack = await startTestStack();
  operator = clientsOf(stack.endpoint.credentials);
  const raw = { text: 'x'.repeat(750_000) };
  const body = { id: 'one', time: new Date().toISOString(), action: 'a', actor: { name: 'jane' }, raw };
  expect((await stack.call('POST', '/v1/events', { body })).status).toBe(202);
  await stack.flush();
  for (const [kind, is] of Object.entries(KINDS)) {
    const item = (await scan()).find(is);
    if (item === undefined) throw new Error(`there is no ${kind}`);
    stored.set(kind, { table: stack.outputs['EventsTable'] ?? '', item });
  }
  for (const Bucket of [stack.outputs['ArchiveBucket'] ?? '', stack.outputs['LandingBucket'] ?? '']) {
    const [one, ...others] = await versions(Bucket);
    if (one === undefined || others.length > 0) throw new Error(`there is not one object in ${Bucket}`);
    objects.set(Bucket, { Bucket, ...one });
  }
});
afterAll(async () => {
  operator?.dynamo.destroy();
  operator?.s3.destroy();
  await stack?.close();
});

describe.each(roles)('%s', (role) => {
  let own: Clients;
  beforeAll(() => {
    const principal = stack.principals.find(({ name }) => name === role);
    if (principal === undefined) throw new Error(`there is no role ${role}`);
    own = clientsOf(principal);
  });
  afterAll(() => {
    own.dynamo.destroy();
    own.s3.destroy();
  });

  it.each(Object.keys(KINDS))('can not change or delete what is stored: %s', async (kind) => {
    const before = await scan();
    expect(await outcomesOf(ITEM_ATTEMPTS, own.dynamo, stored.get(kind)!)).toEqual(itemOutcomes(role, kind));
    const after = await scan();
    expect(after.filter((item) => !isDay(item))).toEqual(before.filter((item) => !isDay(item)));
    expect(after.filter(isDay)).toMatchObject(before.filter(isDay));
  });

  it('can not change or delete what is archived', async () => {
    const Bucket = stack.outputs['ArchiveBucket'] ?? '';
    const before = await contents(Bucket);
    expect(await outcomesOf(OBJECT_ATTEMPTS, own.s3, objects.get(Bucket)!)).toEqual(
      objectOutcomes(keepsRaws(role), keepsHolds(role)),
    );
    expect(await contents(Bucket)).toEqual(before);
  });

  it('can not delete what has landed', async () => {
    const Bucket = stack.outputs['LandingBucket'] ?? '';
    const before = await contents(Bucket);
    expect(await outcomesOf(DELETE_ATTEMPTS, own.s3, objects.get(Bucket)!)).toEqual(DELETE_OUTCOMES);
    expect(await contents(Bucket)).toEqual(before);
  });
});

it('Even who may do everything can not change or delete what is archived', async () => {
  const Bucket = stack.outputs['ArchiveBucket'] ?? '';
  const before = await contents(Bucket);
  expect(await outcomesOf(OBJECT_ATTEMPTS, operator.s3, objects.get(Bucket)!)).toEqual({
    // A lock is not shortened by it; a hold that is lifted changes nothing of what is there.
    ...objectOutcomes(true, true),
  });
  expect(await contents(Bucket)).toEqual(before);
});

interface Clients {
  readonly dynamo: DynamoDBClient;
  readonly s3: S3Client;
}

function clientsOf(credentials: { accessKeyId: string; secretAccessKey: string }): Clients {
  const { url: endpoint, region } = stack.endpoint;
  const options = { endpoint, region, credentials, maxAttempts: 1 };
  return { dynamo: new DynamoDBClient(options), s3: new S3Client({ ...options, forcePathStyle: true }) };
}

/** Everything in the events table. */
async function scan(): Promise<Item[]> {
  const { Items = [], LastEvaluatedKey } = await operator.dynamo.send(
    new ScanCommand({ TableName: stack.outputs['EventsTable'] }),
  );
  if (LastEvaluatedKey !== undefined) throw new Error('the table is larger than one page');
  return Items;
}

/** @throws Error when there is a delete marker. */
async function versions(Bucket: string): Promise<{ Key: string; VersionId: string }[]> {
  const { Versions = [], DeleteMarkers = [] } = await operator.s3.send(new ListObjectVersionsCommand({ Bucket }));
  if (DeleteMarkers.length > 0) throw new Error(`${DeleteMarkers[0]?.Key} was deleted`);
  return Versions.map(({ Key = '', VersionId = '' }) => ({ Key, VersionId }));
}

/** Every version of a bucket, by key and id. */
async function contents(Bucket: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const one of await versions(Bucket)) {
    const { Body } = await operator.s3.send(new GetObjectCommand({ Bucket, ...one }));
    found[`${one.Key} ${one.VersionId}`] = (await Body?.transformToString('base64')) ?? '';
  }
  return found;
}
