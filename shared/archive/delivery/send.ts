import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { backOff, type TimeLeft } from '../../retry.ts';
import type { Packed } from './pack.ts';

const RECORDS_PER_CALL = 500;
const BYTES_PER_CALL = 4 * 1024 * 1024;
/** Few: Lambda hands the batch in again, and sets it aside in the end. */
const MAX_ATTEMPTS = 3;

/** A message and what it is about, for the log. */
type Warn = (message: string, about: { error?: Error; records?: number; refused?: number; of?: number }) => void;

/**
 * Sends records to Firehose, again those that it did not take, a few times.
 *
 * @param warn hears of what was not taken at once.
 * @returns the sequence numbers of the stream records that did not get through.
 */
export async function send(
  firehose: FirehoseClient,
  stream: string,
  records: readonly Packed[],
  timeLeft: TimeLeft,
  warn: Warn = () => {},
): Promise<string[]> {
  const failed: string[] = [];
  for (const call of callsOf(records)) {
    let pending = call;
    for (let attempt = 1; pending.length > 0; attempt += 1) {
      pending = await tryOnce(firehose, stream, pending, warn);
      if (pending.length === 0 || (attempt < MAX_ATTEMPTS && (await backOff(attempt, timeLeft)))) continue;
      failed.push(...pending.flatMap(({ sequences }) => sequences));
      break;
    }
  }
  return failed;
}

/** @returns the records that Firehose did not take. A call can half succeed, and then answers 200. */
async function tryOnce(firehose: FirehoseClient, stream: string, records: Packed[], warn: Warn): Promise<Packed[]> {
  try {
    const { FailedPutCount, RequestResponses = [] } = await firehose.send(
      new PutRecordBatchCommand({ DeliveryStreamName: stream, Records: records.map(({ data }) => ({ Data: data })) }),
    );
    if (!FailedPutCount) return [];
    const refused = records.filter((_, index) => RequestResponses[index]?.ErrorCode !== undefined);
    warn('Firehose took only part of a batch', { refused: refused.length, of: records.length });
    return refused;
  } catch (error) {
    warn('Firehose did not take a batch', { error: error as Error, records: records.length });
    return records;
  }
}

function callsOf(records: readonly Packed[]): Packed[][] {
  const calls: Packed[][] = [];
  let bytes = 0;
  for (const record of records) {
    const last = calls.at(-1);
    if (last && last.length < RECORDS_PER_CALL && bytes + record.data.length <= BYTES_PER_CALL) {
      last.push(record);
      bytes += record.data.length;
    } else {
      calls.push([record]);
      bytes = record.data.length;
    }
  }
  return calls;
}
