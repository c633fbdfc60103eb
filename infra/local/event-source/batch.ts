import { z } from 'zod';
import type { InvokeResult } from '../lambda.ts';
import type { LocalEventSource } from '../template/functions.ts';
import type { StreamRecord } from './record.ts';

/** Records given up on, and why. */
export interface DiscardedBatch {
  readonly records: readonly StreamRecord[];
  readonly condition: 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded';
  readonly invokeCount: number;
  /** The function failed as a whole, rather than naming records. */
  readonly functionError: boolean;
}

/** What delivering a batch needs from around it. */
export interface BatchDoors {
  invoke(records: readonly StreamRecord[]): Promise<InvokeResult>;
  /** Everything up to this record has been handled. */
  handled(record: StreamRecord): Promise<void>;
  discard(batch: DiscardedBatch): Promise<void>;
  /** Waits before the next attempt; rejects when delivery is to stop. `attempt` counts from 1. */
  backOff(attempt: number): Promise<void>;
  now(): number;
}

type Policy = Pick<
  LocalEventSource,
  'bisectBatchOnError' | 'reportBatchItemFailures' | 'retryAttempts' | 'maxRecordAgeSeconds'
>;

const Report = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Hands records to a function until each is handled or discarded, in order, by the rules of Lambda's stream mappings:
 * the lowest sequence number that a function reports is where it goes on, a batch that fails whole is halved where the
 * mapping says so (which costs no attempt), and what is too old or has failed too often is discarded.
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html)
 */
export async function deliverBatch(
  records: readonly StreamRecord[],
  policy: Policy,
  doors: BatchDoors,
  attemptsBefore = 0,
): Promise<void> {
  let batch = records;
  let attempts = attemptsBefore;
  let functionError = false;
  while (batch.length > 0) {
    const now = doors.now();
    const old = batch.findLastIndex((record) => isTooOld(record, policy, now)) + 1;
    if (old > 0) {
      await discard(batch.slice(0, old), 'MaximumRecordAgeExceeded');
      batch = batch.slice(old);
      continue;
    }
    const result = await doors.invoke(batch);
    attempts++;
    functionError = 'error' in result;
    const failed = firstFailure(result, batch, policy.reportBatchItemFailures);
    if (failed > 0) await handled(batch.slice(0, failed));
    if (failed === batch.length) return;
    if (failed > 0) {
      batch = batch.slice(failed);
      // The record that heads the batch now has failed once.
      attempts = 1;
    } else if (functionError && policy.bisectBatchOnError && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await doors.backOff(attempts);
      await deliverBatch(batch.slice(0, middle), policy, doors, attempts - 1);
      batch = batch.slice(middle);
      attempts--;
      continue;
    }
    if (policy.retryAttempts >= 0 && attempts > policy.retryAttempts) {
      await discard(batch, 'RetryAttemptsExhausted');
      return;
    }
    await doors.backOff(attempts);
  }

  async function discard(given: readonly StreamRecord[], condition: DiscardedBatch['condition']): Promise<void> {
    await doors.discard({ records: given, condition, invokeCount: attempts, functionError });
    await handled(given);
  }

  async function handled(given: readonly StreamRecord[]): Promise<void> {
    const last = given.at(-1);
    if (last !== undefined) await doors.handled(last);
  }
}

/** How many records from the start were handled; all of them when none failed. */
function firstFailure(result: InvokeResult, batch: readonly StreamRecord[], reports: boolean): number {
  if ('error' in result) return 0;
  if (!reports || result.payload === null) return batch.length;
  const report = Report.safeParse(result.payload);
  // An answer that can't be read counts as a failure of the whole batch, as does an unknown sequence number.
  if (!report.success) return 0;
  const positions = (report.data.batchItemFailures ?? []).map(({ itemIdentifier }) =>
    batch.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  return positions.includes(-1) ? 0 : Math.min(batch.length, ...positions);
}

function isTooOld(record: StreamRecord, { maxRecordAgeSeconds }: Policy, now: number): boolean {
  return maxRecordAgeSeconds >= 0 && now / 1000 - record.dynamodb.ApproximateCreationDateTime > maxRecordAgeSeconds;
}
