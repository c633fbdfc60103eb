import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationError } from '../../../../shared/errors.ts';
import type { TableDefinition } from '../../types.ts';
import { AwsError } from '../endpoint.ts';
import { type Backend, type Item, type StatementResponse, TABLE_OPERATIONS, type TableOperation } from './backend.ts';
import {
  type DynaliteStore,
  database,
  isDynaliteError,
  type LevelDb,
  loadOperation,
  type SubDb,
  type TableSchema,
  validations,
} from './dynalite-library.ts';
import type { Insert } from './partiql.ts';
import { type Change, openStreamLog, type StreamLog } from './stream-log.ts';

const SHARD = 'shardId-00000000000000000000-annals';
const putItem = loadOperation('PutItem').validation;
const operations = new Map(TABLE_OPERATIONS.map((name) => [name, loadOperation(name)]));

/** One table, its part of the database, and its stream if it has one. */
interface Table {
  readonly schema: TableSchema & { readonly TableName: string };
  readonly items: SubDb;
  readonly prefix: string;
  readonly stream?: StreamLog;
  write(changes: readonly Change[]): Promise<void>;
}

/**
 * Opens dynalite in this process, in memory or under `<dir>/dynamodb`, and makes the tables.
 *
 * @throws ConfigurationError when another process has the directory open, or a stored table has other keys.
 */
export async function openDynalite(options: {
  dir?: string;
  tables: readonly TableDefinition[];
  region: string;
  now: () => number;
}): Promise<Backend> {
  const path = options.dir === undefined ? undefined : join(options.dir, 'dynamodb');
  if (path !== undefined) await mkdir(path, { recursive: true });
  const store = database.create(path === undefined ? {} : { path });
  try {
    await store.db.open();
  } catch (cause) {
    throw new ConfigurationError(`${path} can't be opened; is it in use by another process?`, { cause });
  }
  const tables = new Map<string, Table>();
  const streams = new Map<string, StreamLog>();
  for (const definition of options.tables) {
    const table = await openTable(store, definition, options);
    tables.set(definition.name, table);
    if (definition.streamArn !== undefined && table.stream !== undefined)
      streams.set(definition.streamArn, table.stream);
  }

  function streamOf(arn: string): StreamLog {
    const stream = streams.get(arn);
    if (stream === undefined) throw new AwsError('ResourceNotFoundException', `Stream: ${arn} not found`);
    return stream;
  }

  return {
    call: (operation, input) => call(store, operation, input),
    insert: (inserts) => insert(store, tables, inserts),
    async describeStream(arn, input) {
      streamOf(arn);
      const shard = { ShardId: SHARD, SequenceNumberRange: { StartingSequenceNumber: `1${'0'.repeat(20)}` } };
      // The one shard is never closed, so a page that starts after it is empty.
      return { StreamStatus: 'ENABLED', Shards: 'ExclusiveStartShardId' in input ? [] : [shard] };
    },
    async shardIterator(arn, input) {
      const { ShardId, ShardIteratorType, SequenceNumber } = iteratorInput.parse(input);
      if (ShardId !== SHARD) throw new AwsError('ResourceNotFoundException', `Shard: ${ShardId} not found in ${arn}`);
      return streamOf(arn).position(ShardIteratorType, SequenceNumber);
    },
    async records(arn, iterator, limit = 1000) {
      const { records, last } = await streamOf(arn).read(iterator, Math.min(limit, 1000));
      return { records, next: last };
    },
    async close() {
      await Promise.all([...streams.values()].map((stream) => stream.idle()));
      await store.db.close();
    },
  };
}

const iteratorInput = z.looseObject({
  ShardId: z.string(),
  ShardIteratorType: z.string(),
  SequenceNumber: z.string().optional(),
});

async function openTable(
  store: DynaliteStore,
  definition: TableDefinition,
  { region, now }: { region: string; now: () => number },
): Promise<Table> {
  const schema = {
    TableName: definition.name,
    KeySchema: definition.keySchema,
    AttributeDefinitions: definition.attributeDefinitions,
  };
  const stored = (await store.db.get(`table~${definition.name}`)) as TableSchema | undefined;
  if (stored !== undefined && JSON.stringify(stored.KeySchema) !== JSON.stringify(schema.KeySchema))
    throw new ConfigurationError(`table ${definition.name} is stored with other keys; remove the state directory`);
  await store.db.batch([{ type: 'put', key: `table~${definition.name}`, value: { ...describe(), ...schema } }]);

  const items = store.getItemDb(definition.name);
  const prefix = `item-${definition.name}~`;
  if (definition.streamArn === undefined) return { schema, items, prefix, write: plainWriter(store.db) };

  const keyNames = definition.keySchema.map((key) => key.AttributeName);
  const stream = await openStreamLog(store.db, { table: definition.name, keyNames, region, now });
  // dynalite's actions put and delete under a lock on the key, so what is read here is what they replace.
  const change = async (key: string, after: Item | undefined): Promise<void> => {
    const before = (await store.db.get(prefix + key)) as Item | undefined;
    await stream.write([{ key: prefix + key, before, after }]);
  };
  items.put = (key, value, done) => void change(key, value).then(() => done(), done);
  items.del = (key, done) => void change(key, undefined).then(() => done(), done);
  return { schema, items, prefix, stream, write: (changes) => stream.write(changes) };
}

// As CreateTable leaves it, without the half second in which a table is being created.
function describe(): object {
  return {
    TableStatus: 'ACTIVE',
    CreationDateTime: Math.floor(Date.now() / 1000),
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
    ItemCount: 0,
    TableSizeBytes: 0,
  };
}

function plainWriter(db: LevelDb): (changes: readonly Change[]) => Promise<void> {
  return (changes) =>
    db.batch(
      changes.map(({ key, after }) =>
        after === undefined ? { type: 'del', key } : { type: 'put', key, value: after },
      ),
    );
}

async function call(store: DynaliteStore, name: TableOperation, input: object): Promise<object> {
  const operation = operations.get(name);
  if (operation === undefined) throw new AwsError('UnknownOperationException', `${name} is not known locally`);
  const { types, custom } = operation.validation;
  // dynalite drops what it doesn't know, and the caller would rely on something that never happens.
  const unknown = Object.keys(input).find((key) => !Object.hasOwn(types, key));
  if (unknown !== undefined)
    throw new AwsError('ValidationException', `${unknown} of ${name} is not known to the local table store`);
  try {
    const checked = validations.checkTypes(input, types);
    validations.checkValidations(checked, types, custom, store);
    return await new Promise((resolve, reject) => {
      operation.action(store, checked, (error, output) => (error ? reject(error) : resolve(output)));
    });
  } catch (error) {
    throw isDynaliteError(error) ? toAwsError(error) : error;
  }
}

function toAwsError(error: { statusCode: number; body: { __type: string; message?: string; Message?: string } }) {
  const { __type, message, Message } = error.body;
  return new AwsError(__type.slice(__type.indexOf('#') + 1), message ?? Message ?? '', error.statusCode);
}

/** A statement whose item fits its table, or the answer that says why it does not. */
interface Prepared {
  readonly index: number;
  readonly key: string;
  readonly item: Item;
}

async function insert(
  store: DynaliteStore,
  tables: ReadonlyMap<string, Table>,
  inserts: readonly Insert[],
): Promise<StatementResponse[]> {
  const answers: StatementResponse[] = inserts.map(({ table }) => ({ TableName: table }));
  const byTable = new Map<Table, Prepared[]>();
  for (const [index, one] of inserts.entries()) {
    const table = tables.get(one.table);
    if (table === undefined) throw new AwsError('ResourceNotFoundException', `table ${one.table} not found`);
    const checked = check(store, table.schema, one.item);
    if ('message' in checked) {
      answers[index] = { TableName: one.table, Error: { Code: 'ValidationError', Message: checked.message } };
      continue;
    }
    const group = byTable.get(table) ?? [];
    byTable.set(table, group);
    group.push({ index, item: checked.item, key: database.createKey(checked.item, table.schema) });
  }
  for (const group of byTable.values()) {
    if (new Set(group.map(({ key }) => key)).size !== group.length)
      throw new AwsError('ValidationException', 'Provided list of item keys contains duplicates');
  }
  for (const [table, group] of byTable) {
    for (const index of await insertInto(store.db, table, group)) {
      answers[index] = {
        TableName: table.schema.TableName,
        Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' },
      };
    }
  }
  return answers;
}

function check(
  store: DynaliteStore,
  schema: Table['schema'],
  item: Item,
): { readonly item: Item } | { readonly message: string } {
  try {
    const input = { TableName: schema.TableName, Item: item };
    const checked = validations.checkTypes(input, putItem.types) as typeof input;
    validations.checkValidations(checked, putItem.types, putItem.custom, store);
    const invalid = database.validateItem(checked.Item, schema);
    if (invalid !== null && invalid !== undefined) throw invalid;
    return { item: checked.Item };
  } catch (error) {
    if (isDynaliteError(error)) return { message: toAwsError(error).message };
    throw error;
  }
}

/** Writes the items whose keys are free, under a lock on all their keys; gives the indexes of the others. */
function insertInto(db: LevelDb, table: Table, group: readonly Prepared[]): Promise<number[]> {
  const work = async (): Promise<number[]> => {
    const stored = await db.getMany(group.map(({ key }) => table.prefix + key));
    const taken = group.filter((_, position) => stored[position] !== undefined);
    const free = group.filter((_, position) => stored[position] === undefined);
    await table.write(free.map(({ key, item }) => ({ key: table.prefix + key, before: undefined, after: item })));
    return taken.map(({ index }) => index);
  };
  return new Promise((resolve, reject) => {
    table.items.lock(
      group.map(({ key }) => key),
      (release) => void work().then(release(resolve), release(reject)),
    );
  });
}
