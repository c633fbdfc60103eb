import { randomUUID } from 'node:crypto';
import { canonicalJson } from '../../../../shared/json.ts';
import { AwsError } from '../endpoint.ts';
import type { Item } from './backend.ts';
import type { LevelDb, LevelOperation } from './dynalite-library.ts';

/** One item before and after; undefined where there is none. `key` is its full key in the database. */
export interface Change {
  readonly key: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** The stream of one table: every change is written in one batch with its record. */
export interface StreamLog {
  /** Resolves when the changes and their records are written; a change that changes nothing leaves no record. */
  write(changes: readonly Change[]): Promise<void>;
  /** The position before the first record that `type` names; positions are sequence numbers. */
  position(type: string | undefined, sequenceNumber: string | undefined): string;
  /** Records after a position, as the text of a JSON array, at most `limit` and about 1 MiB, none older than 24 hours. */
  read(after: string, limit: number): Promise<{ records: string; last: string }>;
  /** Resolves when nothing waits to be written. */
  idle(): Promise<void>;
}

const RETENTION_MS = 24 * 3_600_000;
const TRIM_EVERY_MS = 60_000;
const MAX_READ_CHARACTERS = 1_048_576;

/**
 * Opens the stream of a table, goes on after its last sequence number and drops records older than 24 hours.
 *
 * One batch is under way at a time and takes all changes that came meanwhile: records become visible in the order of
 * their sequence numbers, so that a reader can't pass one that is still being written.
 */
export async function openStreamLog(
  db: LevelDb,
  options: { table: string; keyNames: readonly string[]; region: string; now: () => number },
): Promise<StreamLog> {
  const { table, keyNames, region, now } = options;
  const prefix = `stream-${table}~`;
  const lastKey = `streamlast~${table}`;
  const start = (await db.get(lastKey)) ?? 0;
  if (typeof start !== 'number') throw new TypeError(`${lastKey} holds ${JSON.stringify(start)}, not a number`);
  let assigned = start;
  let committed = start;
  let trimDue = 0;
  let waiting: { operations: Entry[]; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let running: Promise<void> | undefined;

  type Entry = { operation: LevelOperation; record?: (sequence: string) => string };

  function toEntry({ key, before, after }: Change): Entry[] {
    if (after === undefined) {
      return before === undefined
        ? []
        : [{ operation: { type: 'del', key }, record: recordOf('REMOVE', keysOf(before), undefined) }];
    }
    if (before !== undefined && canonicalJson(before) === canonicalJson(after)) return [];
    const image = JSON.stringify(after);
    const eventName = before === undefined ? 'INSERT' : 'MODIFY';
    return [
      {
        operation: { type: 'put', key, value: image, valueEncoding: 'utf8' },
        record: recordOf(eventName, keysOf(after), image),
      },
    ];
  }

  function keysOf(item: Item): string {
    return JSON.stringify(Object.fromEntries(keyNames.map((name) => [name, item[name]])));
  }

  // The record is text from the start: an image is stringified once for the item, the record and every answer.
  function recordOf(eventName: string, keys: string, image: string | undefined): (sequence: string) => string {
    const seconds = Math.floor(now() / 1000);
    return (sequence) =>
      `{"eventID":"${randomUUID().replaceAll('-', '')}","eventName":"${eventName}","eventVersion":"1.1",` +
      `"eventSource":"aws:dynamodb","awsRegion":"${region}","dynamodb":{"ApproximateCreationDateTime":${seconds},` +
      `"Keys":${keys},${image === undefined ? '' : `"NewImage":${image},`}` +
      `"SequenceNumber":"${sequence}","StreamViewType":"NEW_IMAGE"}}`;
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const taken = waiting;
      waiting = [];
      const batch: LevelOperation[] = [];
      for (const { operation, record } of taken.flatMap((one) => one.operations)) {
        batch.push(operation);
        if (record === undefined) continue;
        const sequence = sequenceNumber(++assigned);
        batch.push({ type: 'put', key: prefix + sequence, value: record(sequence), valueEncoding: 'utf8' });
      }
      batch.push({ type: 'put', key: lastKey, value: assigned });
      try {
        await db.batch(batch);
        committed = assigned;
        for (const { resolve } of taken) resolve();
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
    }
    running = undefined;
  }

  async function trim(): Promise<void> {
    if (now() < trimDue) return;
    trimDue = now() + TRIM_EVERY_MS;
    let end: string | undefined;
    for await (const [key, text] of db.iterator({ gt: prefix, lt: `${prefix}~`, valueEncoding: 'utf8' })) {
      const [, seconds] = /"ApproximateCreationDateTime":(\d+)/.exec(text) ?? [];
      if (Number(seconds) * 1000 > now() - RETENTION_MS) break;
      end = `${key}~`;
    }
    if (end !== undefined) await db.clear({ gte: prefix, lt: end });
  }

  await trim();
  return {
    write(changes) {
      const operations = changes.flatMap(toEntry);
      if (operations.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiting.push({ operations, resolve, reject });
        running ??= drain();
      });
    },
    position(type, wanted) {
      if (type === 'TRIM_HORIZON') return sequenceNumber(0);
      if (type === 'LATEST') return sequenceNumber(committed);
      if (wanted === undefined || !/^1\d{20}$/.test(wanted))
        throw new AwsError('ValidationException', `${wanted} is not a sequence number of this stream`);
      if (type === 'AFTER_SEQUENCE_NUMBER') return wanted;
      if (type === 'AT_SEQUENCE_NUMBER') return sequenceNumber(Math.max(0, Number(wanted.slice(1)) - 1));
      throw new AwsError('ValidationException', `ShardIteratorType ${type} does not exist`);
    },
    async read(after, limit) {
      await trim();
      const texts: string[] = [];
      let characters = 0;
      let last = after;
      const range = { gt: prefix + after, lt: `${prefix}~`, limit, valueEncoding: 'utf8' } as const;
      for await (const [key, text] of db.iterator(range)) {
        characters += text.length;
        if (texts.length > 0 && characters > MAX_READ_CHARACTERS) break;
        texts.push(text);
        last = key.slice(prefix.length);
      }
      return { records: `[${texts.join(',')}]`, last };
    },
    idle: async () => {
      await running;
    },
  };
}

// DynamoDB's are digits only, at least 21 of them, and rise; a leading 1 keeps that order as text and as a number.
function sequenceNumber(count: number): string {
  return `1${String(count).padStart(20, '0')}`;
}
