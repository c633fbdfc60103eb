import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { openDuckDb } from '../../../shared/archive/duckdb.ts';
import type { DeliveryStreamDefinition } from '../types.ts';
import { type Authorize, AwsError, type AwsRequest, type AwsService, readJsonCall } from './endpoint.ts';
import { delivery } from './firehose/deliver.ts';
import { checkRecords, describe } from './firehose/protocol.ts';
import { openQueue, type Queue } from './firehose/queue.ts';
import { openSpool } from './firehose/spool.ts';
import { encodeSegment } from './s3/paths.ts';
import type { S3 } from './s3.ts';

const Named = z.object({ DeliveryStreamName: z.string() });
const Entry = z.object({ Data: z.string() });
const PutRecord = Named.extend({ Record: Entry });
const PutRecordBatch = Named.extend({ Records: z.array(Entry) });

export interface FirehoseOptions {
  /** The data directory: records wait under `<dir>/firehose/<stream>` until they are delivered. */
  readonly dir: string;
  readonly streams: readonly DeliveryStreamDefinition[];
  readonly s3: S3;
  /** How long records are gathered, in milliseconds. @default 500 */
  readonly flushMs?: number;
  /** The time of arrival. @default the clock */
  readonly now?: () => Date;
  /** Hears why a delivery fails, once for each reason. @default a warning of the process */
  readonly onError?: (error: unknown) => void;
}

export interface Firehose {
  readonly service: AwsService;
  /** Resolves when all records accepted so far lie in S3. @throws DeliveryError or what else stood against it. */
  flush(): Promise<void>;
  /** Stops delivering. What is not delivered yet waits for the next start. */
  close(): Promise<void>;
}

interface Stream {
  readonly definition: DeliveryStreamDefinition;
  readonly queue: Queue;
}

/**
 * A local Firehose: PutRecord, PutRecordBatch and DescribeDeliveryStream of Direct PUT streams that convert JSON to Parquet
 * on S3. Delivery is at least once, with the permissions of the stream's role.
 *
 * @throws ConfigurationError when a stream's prefixes or columns have something that is not known.
 */
export function createFirehose(options: FirehoseOptions): Firehose {
  const { s3, flushMs = 500, now = () => new Date() } = options;
  const onError = options.onError ?? ((error) => process.emitWarning(error instanceof Error ? error : String(error)));
  let opened: Promise<DuckDBInstance> | undefined;
  const duckDb = () => (opened ??= openDuckDb());
  const streams = new Map(options.streams.map((definition) => [definition.name, start(definition)]));

  function start(definition: DeliveryStreamDefinition): Stream {
    const dir = join(options.dir, 'firehose', encodeSegment(definition.name));
    const deliver = delivery({ stream: definition, s3, now, dir, duckDb });
    return { definition, queue: openQueue({ spool: openSpool(dir), deliver, flushMs, onError }) };
  }

  function find(name: string): Stream {
    const stream = streams.get(name);
    if (stream === undefined) throw new AwsError('ResourceNotFoundException', `Firehose ${name} not found.`);
    return stream;
  }

  function accept({ queue }: Stream, records: readonly { readonly Data: string }[]): void {
    if (records.length === 0) return;
    const arrival = now().getTime();
    try {
      queue.append(records.map(({ Data }) => ({ arrival, data: Data })));
    } catch (cause) {
      throw new AwsError('ServiceUnavailableException', `the records could not be stored: ${cause}`, 503, { cause });
    }
  }

  const operations: Readonly<Record<string, (input: object, authorize: Authorize) => Promise<object>>> = {
    async PutRecord(raw, authorize) {
      const input = parse(PutRecord, raw);
      const stream = find(input.DeliveryStreamName);
      const fault = await authorize({ action: 'firehose:PutRecord', resource: stream.definition.arn, input });
      checkRecords([input.Record]);
      if (fault?.items.includes(0)) throw new AwsError(fault.code, 'injected fault', 503);
      accept(stream, [input.Record]);
      return { RecordId: randomUUID(), Encrypted: false };
    },
    async PutRecordBatch(raw, authorize) {
      const input = parse(PutRecordBatch, raw);
      const stream = find(input.DeliveryStreamName);
      const fault = await authorize({ action: 'firehose:PutRecordBatch', resource: stream.definition.arn, input });
      checkRecords(input.Records);
      const failed = new Set(fault?.items);
      accept(
        stream,
        input.Records.filter((_, index) => !failed.has(index)),
      );
      const RequestResponses = input.Records.map((_, index) =>
        failed.has(index) ? { ErrorCode: fault?.code, ErrorMessage: 'injected fault' } : { RecordId: randomUUID() },
      );
      const FailedPutCount = RequestResponses.filter((one) => 'ErrorCode' in one).length;
      return { FailedPutCount, Encrypted: false, RequestResponses };
    },
    async DescribeDeliveryStream(raw, authorize) {
      const { definition } = find(parse(Named, raw).DeliveryStreamName);
      await authorize({ action: 'firehose:DescribeDeliveryStream', resource: definition.arn, input: raw });
      return { DeliveryStreamDescription: describe(definition) };
    },
  };

  return {
    service: {
      name: 'firehose',
      async handle(request: AwsRequest, authorize) {
        const { operation, input } = readJsonCall(request);
        const operate = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
        if (operate === undefined)
          throw new AwsError('UnknownOperationException', `the local Firehose does not know ${operation}`);
        return { status: 200, body: JSON.stringify(await operate(input, authorize)) };
      },
    },
    async flush() {
      const results = await Promise.allSettled(Array.from(streams.values(), ({ queue }) => queue.flush()));
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    },
    async close() {
      await Promise.all(Array.from(streams.values(), ({ queue }) => queue.close()));
      (await opened)?.closeSync();
    },
  };
}

function parse<T>(schema: z.ZodType<T>, input: object): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AwsError('SerializationException', z.prettifyError(result.error).replaceAll('\n', ' '));
}
