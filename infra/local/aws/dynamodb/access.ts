import { z } from 'zod';
import type { TableDefinition } from '../../types.ts';
import { AwsError, parseInput } from '../endpoint.ts';
import type { AttributeValue, Item, TableOperation } from './backend.ts';

/** The condition keys of a request that names no item. */
export const NO_KEYS = { 'dynamodb:LeadingKeys': [] } as const;

/** What one request asks of IAM, for one table. */
export interface Access {
  readonly action: string;
  readonly resource: string;
  readonly context: { readonly 'dynamodb:LeadingKeys': readonly string[] };
}

const item = z.record(z.string(), z.record(z.string(), z.unknown()));
const named = z.looseObject({ TableName: z.string(), IndexName: z.string().optional() });
const keyed = z.looseObject({ Key: item });
const put = z.looseObject({ Item: item });
const query = z.looseObject({
  KeyConditionExpression: z.string(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: item.default({}),
});
const batchGet = z.looseObject({ RequestItems: z.record(z.string(), z.looseObject({ Keys: z.array(item) })) });
const batchWrite = z.looseObject({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.union([
        z.looseObject({ PutRequest: put }).transform(({ PutRequest }) => PutRequest.Item),
        z.looseObject({ DeleteRequest: keyed }).transform(({ DeleteRequest }) => DeleteRequest.Key),
      ]),
    ),
  ),
});

/**
 * The tables that a request is about, with the distinct partition keys it names (none for a Scan).
 *
 * @throws AwsError ValidationException when the input has another shape or lacks a partition key,
 *   ResourceNotFoundException for a table that does not exist.
 */
export function accessesOf(
  operation: TableOperation,
  input: object,
  tables: ReadonlyMap<string, TableDefinition>,
): Access[] {
  const action = `dynamodb:${operation}`;
  if (operation === 'BatchGetItem')
    return Object.entries(parseInput(batchGet, input).RequestItems).map(([name, { Keys }]) =>
      accessTo(action, tableNamed(name, tables), Keys),
    );
  if (operation === 'BatchWriteItem')
    return Object.entries(parseInput(batchWrite, input).RequestItems).map(([name, items]) =>
      accessTo(action, tableNamed(name, tables), items),
    );

  const { TableName, IndexName } = parseInput(named, input);
  const table = tableNamed(TableName, tables);
  const access = accessTo(action, table, keysOf(operation, input, table));
  return [IndexName === undefined ? access : { ...access, resource: `${access.resource}/index/${IndexName}` }];
}

/** The access of an action on a table and items or keys of it. */
export function accessTo(action: string, table: TableDefinition, items: readonly Item[]): Access {
  const name = partitionKeyOf(table);
  const keys = new Set(items.map((one) => keyText(one[name], name)));
  return { action, resource: table.arn, context: { 'dynamodb:LeadingKeys': [...keys] } };
}

/** @throws AwsError ResourceNotFoundException. */
export function tableNamed(name: string, tables: ReadonlyMap<string, TableDefinition>): TableDefinition {
  const table = tables.get(name);
  if (table === undefined)
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
  return table;
}

function keysOf(operation: TableOperation, input: object, table: TableDefinition): Item[] {
  switch (operation) {
    case 'GetItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [parseInput(keyed, input).Key];
    case 'PutItem':
      return [parseInput(put, input).Item];
    case 'Query':
      return queriedKeys(parseInput(query, input), partitionKeyOf(table));
    default:
      return [];
  }
}

// The expression itself is checked by the backend; here every value that the partition key is compared with counts.
const EQUALITY = /(#?[\w.-]+)\s*=\s*(:\w+)|(:\w+)\s*=\s*(#?[\w.-]+)/g;

function queriedKeys(input: z.output<typeof query>, name: string): Item[] {
  const keys: Item[] = [];
  for (const [, left, leftValue, rightValue, right] of input.KeyConditionExpression.matchAll(EQUALITY)) {
    const attribute = left ?? right ?? '';
    if ((input.ExpressionAttributeNames[attribute] ?? attribute) !== name) continue;
    keys.push({ [name]: input.ExpressionAttributeValues[leftValue ?? rightValue ?? ''] ?? {} });
  }
  if (keys.length === 0)
    throw new AwsError('ValidationException', `Query condition missed key schema element: ${name}`);
  return keys;
}

function partitionKeyOf(table: TableDefinition): string {
  const key = table.keySchema.find(({ KeyType }) => KeyType === 'HASH');
  if (key === undefined) throw new TypeError(`table ${table.name} has no partition key`);
  return key.AttributeName;
}

function keyText(value: AttributeValue | undefined, name: string): string {
  const [text] = [value?.['S'], value?.['N'], value?.['B']].filter((one) => typeof one === 'string');
  if (text === undefined) throw new AwsError('ValidationException', `the partition key ${name} is missing`);
  return text;
}
