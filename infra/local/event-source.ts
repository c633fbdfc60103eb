import { join } from 'node:path';
import { DescribeStreamCommand, DynamoDBStreamsClient, type Shard } from '@aws-sdk/client-dynamodb-streams';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type DiscardedBatch, deliverBatch } from './event-source/batch.ts';
import { Checkpoint } from './event-source/checkpoint.ts';
import { toFailureObject } from './event-source/failure.ts';
import { compileFilters } from './event-source/filter.ts';
import { requireListBucket, requireListStreams } from './event-source/grants.ts';
import { Pause, Stopped } from './event-source/pause.ts';
import type { StreamRecord } from './event-source/record.ts';
import { ShardReader } from './event-source/shard.ts';
import type { InvokeResult } from './lambda.ts';
import type { LocalEventSource, LocalFunction } from './template/functions.ts';

/** A running event source mapping. */
export interface EventSource {
  /** Resolves when every record written before the call was handled or discarded; rejects when closed before that. */
  drain(): Promise<void>;
  /** Starts nothing new, and waits up to `graceMs`, 0 by default, for the batch that is under way. */
  close(graceMs?: number): Promise<void>;
}

/** How often new shards are looked for. */
const DISCOVER_MS = 5_000;
/** The template's window saves invocations, which cost nothing here; waiting seconds for one's own event would be felt. */
const LONGEST_WINDOW_MS = 200;
const BACK_OFF_MS = { first: 25, longest: 500 };

/**
 * Drives a function from a DynamoDB stream, as Lambda's event source mapping does: reads with the function's role, so
 * that a missing grant stops delivery here too, filters, batches, invokes, and sets aside what can't be delivered.
 *
 * How far it came is kept in `<dir>/event-source-<id>.json`, from where it goes on after a restart; a batch may then
 * come twice. Differences from AWS: windows and back-off are short, batches of a shard never run side by side, and a
 * batch that can't be set aside is tried again until it can, where AWS drops it.
 *
 * `onWarning` is told when reading, the function or setting aside fails, once for each failure that is not the same as
 * before, and of what is set aside.
 *
 * @throws TemplateError for a filter that is not known, ConfigurationError for a checkpoint file with another content.
 */
export function startEventSource(options: {
  definition: LocalEventSource;
  function: LocalFunction;
  invoke: (functionId: string, event: unknown) => Promise<InvokeResult>;
  endpointUrl: string;
  region: string;
  dir: string;
  onWarning?: (message: string) => void;
}): EventSource {
  const { definition, function: target, invoke, dir, onWarning = () => {} } = options;
  const { id, streamArn, failureBucket } = definition;
  const matches = compileFilters(definition.filters);
  const checkpoint = new Checkpoint(join(dir, `event-source-${id}.json`), streamArn);
  const pause = new Pause();
  const { role } = target;
  const credentials = { accessKeyId: role.accessKeyId, secretAccessKey: role.secretAccessKey };
  const connection = { endpoint: options.endpointUrl, region: options.region, credentials };
  const client = new DynamoDBStreamsClient(connection);
  const s3 = new S3Client({ ...connection, forcePathStyle: true });
  const readers = new Map<string, { reader: ShardReader; running: Promise<void> }>();
  let warned = '';

  function warn(error: unknown, doing: string): void {
    const message = error === undefined ? '' : `${target.id} ${doing}: ${String(error)}`;
    if (message !== '' && message !== warned) onWarning(message);
    warned = message;
  }

  async function discard(shardId: string, batch: DiscardedBatch): Promise<void> {
    if (failureBucket === undefined) {
      onWarning(`${target.id} gave up on ${batch.records.length} records, and the template names nowhere to put them`);
      return;
    }
    const about = { mappingId: id, functionArn: target.arn, streamArn, shardId, now: Date.now() };
    const { key, body } = toFailureObject(batch, about);
    for (let attempt = 1; ; attempt++) {
      try {
        requireListBucket(role, failureBucket);
        await s3.send(new PutObjectCommand({ Bucket: failureBucket, Key: key, Body: body }), {
          abortSignal: pause.signal,
        });
        onWarning(`${target.id} gave up on ${batch.records.length} records; they are in ${failureBucket}/${key}`);
        return;
      } catch (error) {
        pause.check();
        warn(error, `can't set records aside in ${failureBucket}`);
        await backOff(attempt);
      }
    }
  }

  async function backOff(attempt: number): Promise<void> {
    const longest = Math.min(BACK_OFF_MS.longest, BACK_OFF_MS.first * 2 ** Math.min(attempt, 10));
    await pause.sleep(longest * (0.5 + Math.random() / 2));
  }

  function deliver(shardId: string, records: readonly StreamRecord[]): Promise<void> {
    return deliverBatch(records, definition, {
      async invoke(Records) {
        pause.check();
        const result = await invoke(definition.functionId, { Records });
        if ('error' in result) {
          // A function that was ended with everything else has not failed.
          pause.check();
          warn(`${result.error.errorType}: ${result.error.errorMessage}`, 'fails');
        }
        return result;
      },
      handled: (record) => checkpoint.save(shardId, record.dynamodb.SequenceNumber),
      discard: (batch) => discard(shardId, batch),
      backOff,
      now: Date.now,
    });
  }

  function read(shardId: string): void {
    const reader = new ShardReader({
      client,
      streamArn,
      shardId,
      checkpoint,
      batchSize: definition.batchSize,
      windowMs: Math.min(definition.batchingWindowSeconds * 1000, LONGEST_WINDOW_MS),
      matches,
      deliver: (records) => deliver(shardId, records),
      pause,
      onRead: (error) => warn(error, "can't read its stream"),
    });
    const running = reader.run().then(
      () => void readers.delete(shardId),
      () => void readers.delete(shardId),
    );
    readers.set(shardId, { reader, running });
  }

  /** Starts readers for shards that have none, children after their parents, and says how many. */
  async function discover(): Promise<number> {
    const shards = await listShards(client, streamArn, pause.signal);
    requireListStreams(role);
    const ids = new Set(shards.map(({ ShardId = '' }) => ShardId));
    checkpoint.keep(ids);
    const isDone = (shardId: string | undefined) =>
      shardId === undefined || !ids.has(shardId) || checkpoint.position(shardId) === true;
    const ready = shards.filter(
      ({ ShardId = '', ParentShardId }) => !isDone(ShardId) && !readers.has(ShardId) && isDone(ParentShardId),
    );
    for (const { ShardId = '' } of ready) read(ShardId);
    return ready.length;
  }

  async function watch(): Promise<void> {
    for (;;) {
      try {
        await discover();
        if (readers.size > 0) warn(undefined, '');
      } catch (error) {
        pause.check();
        warn(error, "can't read its stream");
      }
      await pause.sleep(DISCOVER_MS);
    }
  }

  async function drain(): Promise<void> {
    do {
      while (
        !(await discover().then(
          () => true,
          () => false,
        ))
      )
        await pause.sleep(100);
      const drained = [...readers.values()].map(({ reader, running }) => Promise.race([reader.drain(), running]));
      await Promise.all(drained);
      pause.check();
    } while ((await discover()) > 0);
  }

  const watching = watch().catch((error: unknown) => {
    if (!(error instanceof Stopped)) onWarning(`${target.id} is no longer driven by its stream: ${String(error)}`);
  });
  return {
    drain,
    async close(graceMs = 0) {
      pause.stop();
      const all = Promise.all([watching, ...[...readers.values()].map(({ running }) => running)]);
      await Promise.race([all, new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
      client.destroy();
      s3.destroy();
    },
  };
}

async function listShards(
  client: DynamoDBStreamsClient,
  streamArn: string,
  abortSignal: AbortSignal,
): Promise<Shard[]> {
  const shards: Shard[] = [];
  let last: string | undefined;
  do {
    const { StreamDescription } = await client.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ...(last !== undefined && { ExclusiveStartShardId: last }) }),
      { abortSignal },
    );
    shards.push(...(StreamDescription?.Shards ?? []));
    last = StreamDescription?.LastEvaluatedShardId;
  } while (last !== undefined);
  return shards;
}
