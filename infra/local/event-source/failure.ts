import { randomUUID } from 'node:crypto';
import type { DiscardedBatch } from './batch.ts';

/**
 * The object that Lambda writes for a discarded batch: its key, and its JSON text with the whole event as text under
 * `payload`. (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html)
 */
export function toFailureObject(
  batch: DiscardedBatch,
  about: { mappingId: string; functionArn: string; streamArn: string; shardId: string; now: number },
): { key: string; body: string } {
  const { mappingId, functionArn, streamArn, shardId, now } = about;
  const timestamp = new Date(now).toISOString();
  const [day = '', time = ''] = timestamp.split(/[T.]/);
  const first = batch.records[0]?.dynamodb;
  const last = batch.records.at(-1)?.dynamodb;
  const body = {
    requestContext: {
      requestId: randomUUID(),
      functionArn,
      condition: batch.condition,
      approximateInvokeCount: batch.invokeCount,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: batch.functionError ? 'Unhandled' : null,
    },
    version: '1.0',
    timestamp,
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: toInstant(first?.ApproximateCreationDateTime),
      approximateArrivalOfLastRecord: toInstant(last?.ApproximateCreationDateTime),
      batchSize: batch.records.length,
      streamArn,
    },
    payload: JSON.stringify({ Records: batch.records }),
  };
  const path = `aws/lambda/${mappingId}/${shardId}/${day.replaceAll('-', '/')}`;
  return { key: `${path}/${day}T${time.replaceAll(':', '.')}-${randomUUID()}`, body: JSON.stringify(body) };
}

/** An instant of whole seconds, without a fraction. */
function toInstant(seconds = 0): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}
