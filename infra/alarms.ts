import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { exportAlarms } from './export-alarms.ts';
import {
  freshness,
  iteratorAge,
  mappingMetric,
  ownMetric,
  streamMetric,
  tableErrors,
  throttledRequests,
  total,
  type Watched,
} from './metrics.ts';
import { pollingAlarms } from './polling-alarms.ts';
import { retainAlarms } from './retain-alarms.ts';
import { sealAlarms } from './seal-alarms.ts';
import { verifyAlarms } from './verify-alarms.ts';

/** One alarm. `name` is its section in docs/runbook.md; it rings after `periods` periods, which are 5 minutes
 * long where the metric does not say otherwise. */
export type AlarmSpec = {
  readonly name: string;
  readonly meaning: string;
  readonly metric: IMetric;
  readonly periods: number;
} & (
  | { readonly atLeast: number }
  /** Rings too when there is nothing to measure. */
  | { readonly below: number }
);

/** Every way in which events can be lost, or producers fail, that some metric shows. */
export function alarmSpecs(watched: Watched): AlarmSpec[] {
  const { settings, functions, mapping, stream, events, control, api } = watched;
  const { ingest, webhook, deliver } = functions;
  const at = (atLeast: number, periods: number) => ({ atLeast, periods });
  return [
    // From the table to the archive.
    {
      name: 'DeliveryDelayed',
      meaning: 'Stored events wait more than 30 minutes for their way to the archive',
      metric: iteratorAge(watched),
      ...at(30 * 60_000, 2),
    },
    {
      name: 'DeliveryErrors',
      meaning: 'The function that delivers to the archive crashes or times out',
      metric: deliver.handler.metricErrors(total),
      ...at(1, 3),
    },
    {
      name: 'DeliveryThrottled',
      meaning: 'The function that delivers to the archive is not let run',
      metric: deliver.handler.metricThrottles(total),
      ...at(1, 3),
    },
    {
      name: 'DeliveryRefused',
      meaning: 'Firehose keeps refusing records; they are tried again',
      metric: ownMetric(settings, 'DeliveryFailed'),
      ...at(1, 3),
    },
    {
      name: 'DeliverySetAside',
      meaning: 'Events were given up by delivery and lie whole in the failures bucket; they are missing in the archive',
      metric: mappingMetric(mapping, 'OnFailureDestinationDeliveredEventCount'),
      ...at(1, 1),
    },
    {
      name: 'DeliveryDropped',
      meaning: 'Events were given up by delivery without reaching the failures bucket; only the hot store has them',
      metric: mappingMetric(mapping, 'DroppedEventCount'),
      ...at(1, 1),
    },
    {
      name: 'FailuresUnwritable',
      meaning: 'What delivery gave up could not be written to the failures bucket',
      metric: deliver.handler.metric('DestinationDeliveryFailures', total),
      ...at(1, 1),
    },
    {
      name: 'LandingStale',
      meaning: 'Firehose has held a record for more than 30 minutes; after 24 hours it is gone',
      metric: freshness(watched),
      ...at(30 * 60, 2),
    },
    {
      name: 'ConversionFailed',
      meaning: 'Records did not fit the table and lie under errors/ in the landing bucket, where no query sees them',
      metric: streamMetric(stream, 'FailedConversion.Records'),
      ...at(1, 1),
    },
    // From producers to the table.
    {
      name: 'IngestErrors',
      meaning: 'POST /v1/events crashes or times out',
      metric: ingest.handler.metricErrors(total),
      ...at(1, 1),
    },
    {
      name: 'IngestThrottled',
      meaning: 'POST /v1/events is not let run: the account has no Lambda concurrency left',
      metric: ingest.handler.metricThrottles(total),
      ...at(1, 1),
    },
    {
      name: 'WebhookErrors',
      meaning: 'POST /v1/webhooks crashes or times out',
      metric: webhook.handler.metricErrors(total),
      ...at(1, 1),
    },
    {
      name: 'WebhookThrottled',
      meaning: 'POST /v1/webhooks is not let run: the account has no Lambda concurrency left',
      metric: webhook.handler.metricThrottles(total),
      ...at(1, 1),
    },
    {
      name: 'ApiServerErrors',
      meaning: 'The API answers with 5xx',
      metric: api.metricServerError(total),
      ...at(1, 1),
    },
    {
      name: 'ApiThrottled',
      meaning: 'The API answers 429: more requests than the setting throttle allows',
      metric: ownMetric(settings, 'ApiThrottled'),
      ...at(1, 1),
    },
    {
      name: 'EventsTableThrottled',
      meaning: 'DynamoDB throttles the events table',
      metric: throttledRequests(events),
      ...at(1, 2),
    },
    {
      name: 'ControlTableThrottled',
      meaning: 'DynamoDB throttles the control table',
      metric: throttledRequests(control),
      ...at(1, 2),
    },
    {
      name: 'TableErrors',
      meaning: 'DynamoDB answers with errors of its own',
      metric: tableErrors(events, control),
      ...at(1, 2),
    },
    {
      name: 'EventsConflicting',
      meaning:
        'An event came again with other content; the first stands, and what a vendor sent is kept under conflicts/',
      metric: ownMetric(settings, 'EventsConflicting'),
      ...at(1, 1),
    },
    {
      name: 'EventsRejected',
      meaning: 'A vendor sent something that is no event; its bytes are kept under rejects/',
      metric: ownMetric(settings, 'EventsRejected'),
      ...at(1, 1),
    },
    ...pollingAlarms(watched),
    ...sealAlarms(watched),
    ...verifyAlarms(watched),
    ...retainAlarms(watched),
    ...exportAlarms(watched),
  ];
}
