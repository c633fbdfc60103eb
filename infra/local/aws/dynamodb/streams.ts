import { z } from 'zod';
import type { TableDefinition } from '../../types.ts';
import { type Authorize, AwsError, parseInput } from '../endpoint.ts';
import { NO_KEYS } from './access.ts';
import type { Backend } from './backend.ts';

interface Context {
  readonly authorize: Authorize;
  readonly backend: Backend;
  readonly tables: readonly TableDefinition[];
}

const listInput = z.looseObject({ TableName: z.string().optional() });
const streamInput = z.looseObject({ StreamArn: z.string() });
const recordsInput = z.looseObject({
  ShardIterator: z.string(),
  Limit: z.number().int().min(1).max(1000).optional(),
});

/**
 * Answers an operation of DynamoDB Streams with the text of a JSON object. Iterators carry the stream's ARN, since
 * GetRecords names nothing else and its permission is on the stream.
 *
 * @throws AwsError as DynamoDB Streams would.
 */
export async function streamCall(operation: string, input: object, context: Context): Promise<string> {
  const { authorize, backend, tables } = context;
  const action = `dynamodb:${operation}`;
  switch (operation) {
    case 'ListStreams': {
      const { TableName } = parseInput(listInput, input);
      await authorize({ action, resource: '*', input, context: NO_KEYS });
      const streams = tables.filter(({ name }) => TableName === undefined || TableName === name).flatMap(streamOf);
      return JSON.stringify({ Streams: streams });
    }
    case 'DescribeStream': {
      const { StreamArn } = parseInput(streamInput, input);
      await authorize({ action, resource: StreamArn, input, context: NO_KEYS });
      const table = tables.find(({ streamArn }) => streamArn === StreamArn);
      const description = await backend.describeStream(StreamArn, input);
      const names = table === undefined ? {} : { ...streamOf(table)[0], KeySchema: table.keySchema };
      return JSON.stringify({ StreamDescription: { ...description, StreamViewType: 'NEW_IMAGE', ...names } });
    }
    case 'GetShardIterator': {
      const { StreamArn } = parseInput(streamInput, input);
      await authorize({ action, resource: StreamArn, input, context: NO_KEYS });
      const iterator = await backend.shardIterator(StreamArn, input);
      return JSON.stringify({ ShardIterator: writeIterator(StreamArn, iterator) });
    }
    case 'GetRecords': {
      const { ShardIterator, Limit } = parseInput(recordsInput, input);
      const { arn, iterator } = readIterator(ShardIterator);
      await authorize({ action, resource: arn, input, context: NO_KEYS });
      const { records, next } = await backend.records(arn, iterator, Limit);
      const end = next === undefined ? '' : `,"NextShardIterator":${JSON.stringify(writeIterator(arn, next))}`;
      return `{"Records":${records}${end}}`;
    }
    default:
      throw new AwsError('UnknownOperationException', `DynamoDB Streams has no operation ${operation}`);
  }
}

function streamOf({ name, streamArn }: TableDefinition): object[] {
  if (streamArn === undefined) return [];
  return [{ StreamArn: streamArn, TableName: name, StreamLabel: streamArn.split('/stream/')[1] ?? '' }];
}

function writeIterator(arn: string, iterator: string): string {
  return Buffer.from(JSON.stringify([arn, iterator])).toString('base64url');
}

const iteratorContent = z.tuple([z.string(), z.string()]);

function readIterator(text: string): { arn: string; iterator: string } {
  try {
    const [arn, iterator] = iteratorContent.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { arn, iterator };
  } catch (cause) {
    throw new AwsError('ValidationException', 'Invalid ShardIterator', 400, { cause });
  }
}
