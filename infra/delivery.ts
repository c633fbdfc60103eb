import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, type IFunction, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface DeliveryProps {
  readonly events: TableV2;
  readonly deliver: IFunction;
  readonly failures: Bucket;
}

/** Invokes `deliver` with new events from the stream of the events table. */
export class Delivery extends Construct {
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, { events, deliver, failures }: DeliveryProps) {
    super(scope, id);
    this.mapping = new EventSourceMapping(this, 'Mapping', {
      target: deliver,
      ...(events.tableStreamArn && { eventSourceArn: events.tableStreamArn }),
      startingPosition: StartingPosition.TRIM_HORIZON,
      // Only event items carry a codec: pointers, day rows and removals by TTL cost no invocation.
      filters: [
        {
          pattern: JSON.stringify({
            eventName: ['INSERT'],
            dynamodb: { NewImage: { codec: { S: [{ exists: true }] } } },
          }),
        },
      ],
      // Larger batches fill Firehose records better (it bills in steps of 5 KB); Firehose itself waits for minutes.
      batchSize: 500,
      maxBatchingWindow: Duration.seconds(5),
      // Order does not matter to the archive; this is for catching up after a halt, before the stream forgets.
      parallelizationFactor: 4,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // The stream keeps a record for 24 hours. A record that can't be delivered goes to S3, whole, well before: after
      // 20 tries if something is wrong with it, and at 20 hours if nothing could be tried.
      retryAttempts: 20,
      maxRecordAge: Duration.hours(20),
      onFailure: { bind: () => ({ destination: failures.bucketArn }) },
      supportS3OnFailureDestination: true,
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
  }
}
