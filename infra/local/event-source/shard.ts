import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { Checkpoint } from './checkpoint.ts';
import type { Pause } from './pause.ts';
import { type StreamRecord, toStreamRecord } from './record.ts';

/** GetRecords' largest page. */
const PAGE = 1000;
/** Lambda polls a shard four times a second. So does this when nothing comes; after a record the next is soon seen. */
const POLL_MS = { first: 25, longest: 250 };
const RETRY_MS = 500;
/** Room for `{"Records":[...]}` and a comma a record under Lambda's 6 MB. */
const BATCH_BYTES = 6_200_000;

export interface ShardOptions {
  readonly client: DynamoDBStreamsClient;
  readonly streamArn: string;
  readonly shardId: string;
  readonly checkpoint: Checkpoint;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly matches: (record: StreamRecord) => boolean;
  /** Resolves when every record was handled or discarded; saves positions on the way. */
  readonly deliver: (records: readonly StreamRecord[]) => Promise<void>;
  readonly pause: Pause;
  /** Told of a read that failed, and with undefined of the first that did not. */
  readonly onRead: (error: unknown) => void;
}

interface Waiter {
  readonly since: number;
  readonly resolve: () => void;
}

/** Reads one shard to its end, gathers matching records into batches and has them delivered, one batch at a time. */
export class ShardReader {
  readonly #options: ShardOptions;
  #iterator: string | undefined;
  #pending: StreamRecord[] = [];
  #pendingSince = 0;
  #pollMs = POLL_MS.first;
  #waiters: Waiter[] = [];
  #done = false;

  constructor(options: ShardOptions) {
    this.#options = options;
  }

  /** Resolves when every record that was in the shard at the call has been handled. */
  drain(): Promise<void> {
    if (this.#done) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ since: Date.now(), resolve });
      this.#options.pause.wake();
    });
  }

  /** Resolves at the end of a closed shard, rejects when `pause` is stopped. */
  async run(): Promise<void> {
    const { pause, onRead } = this.#options;
    while (!this.#done) {
      pause.check();
      try {
        await this.#step();
        onRead(undefined);
      } catch (error) {
        pause.check();
        this.#recover(error);
        onRead(error);
        await pause.sleep(RETRY_MS);
      }
    }
    this.#release(() => true);
  }

  async #step(): Promise<void> {
    const { client, streamArn, shardId, checkpoint, matches, pause } = this.#options;
    const asked = [...this.#waiters];
    this.#iterator ??= await this.#position();
    const { Records = [], NextShardIterator } = await client.send(
      new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: PAGE }),
      { abortSignal: pause.signal },
    );
    const records = Records.map((record) => toStreamRecord(record, streamArn));
    const matching = records.filter(matches);
    if (this.#pending.length === 0) this.#pendingSince = Date.now();
    this.#pending.push(...matching);

    const end = NextShardIterator === undefined;
    const newest = records.at(-1)?.dynamodb.ApproximateCreationDateTime ?? Number.POSITIVE_INFINITY;
    // Creation times are whole seconds: only a later second is surely after the call.
    const satisfied = asked.filter(({ since }) => end || newest > Math.floor(since / 1000));
    await this.#deliver(end || satisfied.length > 0);
    const last = records.at(-1)?.dynamodb.SequenceNumber;
    if (this.#pending.length === 0 && last !== undefined) await checkpoint.save(shardId, last);
    this.#iterator = NextShardIterator;
    if (end) {
      await checkpoint.save(shardId, true);
      this.#done = true;
    }
    this.#release((waiter) => satisfied.includes(waiter));
    this.#pollMs = records.length > 0 ? POLL_MS.first : Math.min(this.#pollMs * 1.2, POLL_MS.longest);
    if (!end && records.length === 0 && this.#waiters.length === 0) await pause.sleep(this.#pollMs);
  }

  async #position(): Promise<string> {
    const { client, streamArn, shardId, checkpoint, pause } = this.#options;
    const position = checkpoint.position(shardId);
    const from =
      typeof position === 'string'
        ? ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position } as const)
        : ({ ShardIteratorType: 'TRIM_HORIZON' } as const);
    const { ShardIterator = '' } = await client.send(
      new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shardId, ...from }),
      { abortSignal: pause.signal },
    );
    return ShardIterator;
  }

  async #deliver(all: boolean): Promise<void> {
    const { batchSize, windowMs, deliver } = this.#options;
    const due = all || Date.now() - this.#pendingSince >= windowMs;
    while (this.#pending.length >= batchSize || (due && this.#pending.length > 0)) {
      const batch = firstBatch(this.#pending, batchSize);
      await deliver(batch);
      this.#pending = this.#pending.slice(batch.length);
    }
  }

  /** A failed read starts again from the last position saved: what was gathered after it is read again. */
  #recover(error: unknown): void {
    this.#iterator = undefined;
    this.#pending = [];
    if (error instanceof Error && error.name === 'TrimmedDataAccessException')
      this.#options.checkpoint.forget(this.#options.shardId);
  }

  #release(isDone: (waiter: Waiter) => boolean): void {
    const done = this.#waiters.filter(isDone);
    this.#waiters = this.#waiters.filter((waiter) => !done.includes(waiter));
    for (const { resolve } of done) resolve();
  }
}

function firstBatch(records: readonly StreamRecord[], batchSize: number): StreamRecord[] {
  let bytes = 0;
  const end = records.findIndex((record, index) => {
    bytes += Buffer.byteLength(JSON.stringify(record)) + 1;
    return index > 0 && (index === batchSize || bytes > BATCH_BYTES);
  });
  return end < 0 ? [...records] : records.slice(0, end);
}
