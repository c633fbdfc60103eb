import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  type BatchStatementResponse,
  type DynamoDBClient,
  type KeysAndAttributes,
} from '@aws-sdk/client-dynamodb';
import { isTransient } from '../aws-errors.ts';
import { StoreUnavailableError } from '../errors.ts';
import { backOff, chunksOf, mapLimited, type TimeLeft } from '../retry.ts';
import type { Item } from './item.ts';

const STATEMENTS_PER_BATCH = 25;
/** DynamoDB takes 16 MiB a call; base64 and JSON need a third of it. */
const BYTES_PER_BATCH = 8 * 1024 * 1024;
const KEYS_PER_GET = 100;
const CALLS_AT_ONCE = 8;

/** What a batch says of one statement that only says "not now". */
const TRANSIENT = new Set([
  'InternalServerError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'ThrottlingError',
  'TransactionConflict',
]);
/**
 * Inserts each item unless its key is taken, by PartiQL `INSERT`: unlike PutItem it can neither replace nor delete, and the
 * role needs no permission that could.
 *
 * @returns for every item, in order, whether it was inserted; false means that the key was there already.
 * @throws StoreUnavailableError when DynamoDB still refuses some when time runs out. Doing it all again is safe.
 */
export async function insertAbsent(
  dynamo: DynamoDBClient,
  table: string,
  items: readonly Item[],
  timeLeft: TimeLeft,
): Promise<boolean[]> {
  const inserted = new Array<boolean>(items.length);
  await mapLimited(batchesOf(items), CALLS_AT_ONCE, async (batch) => {
    let pending = batch;
    if (timeLeft() <= 0) throw new StoreUnavailableError('time ran out before everything was sent to DynamoDB');
    for (let attempt = 1; pending.length > 0; attempt += 1) {
      const responses = await tryCall(() =>
        executeInserts(
          dynamo,
          table,
          pending.map(({ item }) => item),
        ),
      );
      pending = pending.filter(({ index }, position) => {
        const error = responses?.[position]?.Error;
        if (responses === undefined || (error?.Code !== undefined && TRANSIENT.has(error.Code))) return true;
        if (error && error.Code !== 'DuplicateItem') {
          throw new Error(`DynamoDB refused an insert: ${error.Code}: ${error.Message}`);
        }
        inserted[index] = error === undefined;
        return false;
      });
      if (pending.length > 0 && !(await backOff(attempt, timeLeft))) {
        throw new StoreUnavailableError(`DynamoDB refused ${pending.length} inserts until time ran out`);
      }
    }
  });
  return inserted;
}

export interface ReadOptions {
  /** Only these; absent means all. */
  readonly attributes?: readonly string[];
  /** `eventual` costs half, and may miss what was written a moment ago. */
  readonly consistency?: 'strong' | 'eventual';
}

/**
 * Reads items by their keys, in no order; absent ones are left out.
 *
 * @throws StoreUnavailableError when DynamoDB does not answer for some until time runs out.
 */
export async function readItems(
  dynamo: DynamoDBClient,
  table: string,
  keys: readonly Item[],
  timeLeft: TimeLeft,
  { attributes, consistency = 'strong' }: ReadOptions = {},
): Promise<Item[]> {
  const projection = attributes && {
    ProjectionExpression: attributes.map((_, index) => `#${index}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name, index) => [`#${index}`, name])),
  };
  const found = await mapLimited(chunksOf(keys, KEYS_PER_GET), CALLS_AT_ONCE, async (chunk) => {
    const items: Item[] = [];
    const asked = { Keys: chunk, ConsistentRead: consistency === 'strong', ...projection };
    let request: Record<string, KeysAndAttributes> = { [table]: asked };
    for (let attempt = 1; Object.keys(request).length > 0; attempt += 1) {
      const current = request;
      const answer = await tryCall(() => dynamo.send(new BatchGetItemCommand({ RequestItems: current })));
      items.push(...(answer?.Responses?.[table] ?? []));
      const rest = answer === undefined ? current : (answer.UnprocessedKeys ?? {});
      const advanced = (answer?.Responses?.[table]?.length ?? 0) > 0;
      request = rest;
      // A full answer of 16 MB leaves keys over without being throttled: only a call that brought nothing has to wait.
      if (Object.keys(rest).length > 0 && !advanced && !(await backOff(attempt, timeLeft))) {
        throw new StoreUnavailableError('DynamoDB did not answer a read until time ran out');
      }
    }
    return items;
  });
  return found.flat();
}

async function executeInserts(
  dynamo: DynamoDBClient,
  table: string,
  items: readonly Item[],
): Promise<BatchStatementResponse[]> {
  const { Responses } = await dynamo.send(
    new BatchExecuteStatementCommand({
      Statements: items.map((item) => ({
        Statement: `INSERT INTO "${table}" VALUE {${Object.keys(item)
          .map((name) => `'${name}': ?`)
          .join(', ')}}`,
        Parameters: Object.values(item),
      })),
    }),
  );
  return Responses ?? [];
}

/** Undefined when the call may be repeated. The SDK has repeated it a few times by then. */
async function tryCall<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isTransient(error)) return undefined;
    throw error;
  }
}

function batchesOf(items: readonly Item[]): { item: Item; index: number }[][] {
  const batches: { item: Item; index: number }[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [index, item] of items.entries()) {
    const size = blobBytes(item);
    const last = batches.at(-1);
    if (last === undefined || last.length === STATEMENTS_PER_BATCH || bytes + size > BYTES_PER_BATCH) {
      batches.push([{ item, index }]);
      bytes = size;
    } else {
      last.push({ item, index });
      bytes += size;
    }
  }
  return batches;
}

function blobBytes(item: Item): number {
  return Object.values(item).reduce((sum, value: AttributeValue) => sum + (value.B?.length ?? value.S?.length ?? 8), 0);
}
