import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import middy from '@middy/core';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { pack } from '../../shared/archive/delivery/pack.ts';
import { send } from '../../shared/archive/delivery/send.ts';
import { archiveDocument } from '../../shared/archive/document.ts';
import { environment } from '../environment.ts';
import { count, logger, publishMetrics } from '../telemetry.ts';

const SETTLING_MS = 5_000;
const firehose = new FirehoseClient({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000 } });

export const handler = middy(deliver)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(publishMetrics());

/**
 * Hands events newly in the table to Firehose. Reports the records that did not get through one by one; Lambda repeats from
 * the first of them, and what is sent twice shows once in the view `events`.
 */
async function deliver(event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> {
  const documents: { sequence: string; json: string }[] = [];
  const failed: string[] = [];
  for (const record of event.Records) {
    const sequence = record.dynamodb?.SequenceNumber ?? '';
    try {
      documents.push({ sequence, json: archiveDocument(imageOf(record)) });
    } catch (error) {
      logger.error('an item could not be read for the archive', { error: error as Error, sequence });
      failed.push(sequence);
    }
  }
  const timeLeft = () => context.getRemainingTimeInMillis() - SETTLING_MS;
  const warn = (message: string, about: object) => logger.warn(message, { ...about });
  failed.push(...(await send(firehose, environment('DELIVERY_STREAM'), pack(documents), timeLeft, warn)));
  count('EventsDelivered', event.Records.length - failed.length);
  count('DeliveryFailed', failed.length);
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Lambda gives the stream's image as JSON, with binary values in base64. */
function imageOf(record: DynamoDBRecord): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(record.dynamodb?.NewImage ?? {}).map(([name, value]) => [
      name,
      value.B === undefined ? (value as AttributeValue) : { B: Buffer.from(value.B, 'base64') },
    ]),
  );
}
