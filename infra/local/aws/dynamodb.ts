import { z } from 'zod';
import type { TableDefinition } from '../types.ts';
import { accessesOf, accessTo, NO_KEYS } from './dynamodb/access.ts';
import {
  type AttributeValue,
  type Backend,
  type StatementResponse,
  TABLE_OPERATIONS,
  type TableOperation,
} from './dynamodb/backend.ts';
import { openDynalite } from './dynamodb/dynalite.ts';
import { startDynamoDbLocal } from './dynamodb/dynamodb-local.ts';
import { bindInsert, type Insert, parseInsert } from './dynamodb/partiql.ts';
import { streamCall } from './dynamodb/streams.ts';
import { type Authorize, AwsError, type AwsService, type ItemsFault, parseInput, readJsonCall } from './endpoint.ts';

const MAX_STATEMENTS = 25;
const batchInput = z.strictObject({
  Statements: z
    .array(
      z.strictObject({
        Statement: z.string(),
        Parameters: z.array(z.record(z.string(), z.unknown())).default([]),
      }),
    )
    .min(1)
    .max(MAX_STATEMENTS),
});

/** Which program keeps the items. DynamoDB Local keeps them in memory only. */
export type DynamoBackend = 'dynalite' | 'dynamodb-local';

/**
 * DynamoDB and DynamoDB Streams as one service of the local endpoint, with the tables made that are missing.
 *
 * With `dynalite` and a `dir` items and stream records survive under `<dir>/dynamodb`, also a kill of the process. Known
 * are the operations of TABLE_OPERATIONS, ListTables, BatchExecuteStatement with INSERT statements, and the four of
 * DynamoDB Streams; streams have the template's ARNs on both backends. `now` is the clock of the streams, in milliseconds.
 *
 * @throws ConfigurationError when the backend can't start.
 */
export async function createDynamo(options: {
  backend: DynamoBackend;
  dir?: string;
  tables: readonly TableDefinition[];
  region: string;
  accountId: string;
  now?: () => number;
}): Promise<{ service: AwsService; close(): Promise<void> }> {
  const { now = Date.now, ...rest } = options;
  const backend =
    options.backend === 'dynalite' ? await openDynalite({ ...rest, now }) : await startDynamoDbLocal(options);
  const tables = new Map(options.tables.map((table) => [table.name, table]));
  const service: AwsService = {
    name: 'dynamodb',
    async handle(request, authorize) {
      const { target, operation, input } = readJsonCall(request);
      const body =
        target === 'DynamoDBStreams_20120810'
          ? await streamCall(operation, input, { authorize, backend, tables: options.tables })
          : JSON.stringify(await tableCall(operation, input, { authorize, backend, tables }));
      return { status: 200, body };
    },
  };
  return { service, close: () => backend.close() };
}

interface Context {
  readonly authorize: Authorize;
  readonly backend: Backend;
  readonly tables: ReadonlyMap<string, TableDefinition>;
}

async function tableCall(operation: string, input: object, context: Context): Promise<object> {
  const { authorize, backend, tables } = context;
  if (operation === 'ListTables') {
    await authorize({ action: 'dynamodb:ListTables', resource: '*', input, context: NO_KEYS });
    return { TableNames: [...tables.keys()].sort() };
  }
  if (operation === 'BatchExecuteStatement') return batchExecute(input, context);
  if (!isTableOperation(operation))
    throw new AwsError('UnknownOperationException', `the local endpoint has no operation ${operation}`);

  const faults: ItemsFault[] = [];
  for (const access of accessesOf(operation, input, tables)) {
    const fault = await authorize({ ...access, input });
    if (fault !== undefined) faults.push(fault);
  }
  if (operation === 'BatchGetItem') return batchGet(input, faults, backend);
  if (faults.length > 0) throw new Error(`an items fault can't be applied to ${operation}`);
  const output = await backend.call(operation, input);
  return operation === 'DescribeTable' ? withArns(output, tables) : output;
}

function isTableOperation(operation: string): operation is TableOperation {
  return (TABLE_OPERATIONS as readonly string[]).includes(operation);
}

async function batchExecute(input: object, { authorize, backend, tables }: Context): Promise<object> {
  const { Statements } = parseInput(batchInput, input);
  const answers: (StatementResponse | undefined)[] = new Array(Statements.length);
  const inserts: (Insert | undefined)[] = new Array(Statements.length);
  for (const [index, { Statement, Parameters }] of Statements.entries()) {
    const { table } = parseInsert(Statement);
    const insert = bindInsert(Statement, Parameters as AttributeValue[]);
    if (!tables.has(table)) answers[index] = failed(table, 'ResourceNotFound', 'Requested resource not found');
    else if (insert !== undefined) inserts[index] = insert;
    else
      answers[index] = failed(table, 'ValidationError', "Number of parameters in request and statement don't match.");
  }

  for (const [name, table] of tables) {
    const items = inserts.filter((insert) => insert?.table === name).map((insert) => insert?.item ?? {});
    if (items.length === 0) continue;
    const fault = await authorize({ ...accessTo('dynamodb:PartiQLInsert', table, items), input });
    for (const index of fault?.items ?? []) {
      if (inserts[index]?.table === name) answers[index] = failed(name, fault?.code ?? '', 'injected fault');
    }
  }

  const pending = [...inserts.entries()].flatMap(([index, insert]) =>
    insert === undefined || answers[index] !== undefined ? [] : [{ index, insert }],
  );
  const written = pending.length === 0 ? [] : await backend.insert(pending.map(({ insert }) => insert));
  for (const [position, { index }] of pending.entries()) answers[index] = written[position];
  return { Responses: answers };
}

function failed(table: string, code: string, message: string): StatementResponse {
  return { TableName: table, Error: { Code: code, Message: message } };
}

const getInput = z.looseObject({ RequestItems: z.record(z.string(), z.looseObject({ Keys: z.array(z.unknown()) })) });
const getOutput = z.looseObject({
  Responses: z.record(z.string(), z.array(z.unknown())).default({}),
  UnprocessedKeys: z.record(z.string(), z.looseObject({ Keys: z.array(z.unknown()) })).default({}),
});

/** Positions count the keys of the request over all its tables; those of a fault come back unprocessed. */
async function batchGet(input: object, faults: readonly ItemsFault[], backend: Backend): Promise<object> {
  const struck = new Set(faults.flatMap(({ items }) => items));
  const { RequestItems, ...others } = parseInput(getInput, input);
  const wanted: typeof RequestItems = {};
  const refused: typeof RequestItems = {};
  let position = 0;
  for (const [name, request] of Object.entries(RequestItems)) {
    const isStruck = request.Keys.map(() => struck.has(position++));
    for (const [part, value] of [
      [wanted, false],
      [refused, true],
    ] as const) {
      const Keys = request.Keys.filter((_, index) => isStruck[index] === value);
      if (Keys.length > 0) part[name] = { ...request, Keys };
    }
  }
  const output = getOutput.parse(
    Object.keys(wanted).length === 0 ? {} : await backend.call('BatchGetItem', { ...others, RequestItems: wanted }),
  );
  // A repeated request must ask for the same, and dynalite leaves the projection out of what it did not get to.
  for (const [name, { Keys }] of Object.entries(output.UnprocessedKeys))
    refused[name] = { ...wanted[name], Keys: [...Keys, ...(refused[name]?.Keys ?? [])] };
  return { ...output, UnprocessedKeys: refused };
}

const description = z.looseObject({ Table: z.looseObject({ TableName: z.string() }) });

function withArns(output: object, tables: ReadonlyMap<string, TableDefinition>): object {
  const { Table } = description.parse(output);
  const { arn, streamArn } = tables.get(Table.TableName) ?? {};
  const stream = {
    LatestStreamArn: streamArn,
    LatestStreamLabel: streamArn?.split('/stream/')[1],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  };
  return { Table: { ...Table, TableArn: arn, ...(streamArn !== undefined && stream) } };
}
