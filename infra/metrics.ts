import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type IMetric, MathExpression, Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { AnnalsFunction } from './annals-function.ts';
import type { Exporting } from './export.ts';
import type { Functions } from './functions.ts';
import type { Polling } from './polling.ts';
import type { Retention } from './retain.ts';
import type { Sealing } from './seal.ts';
import type { Settings } from './settings.ts';
import { METRIC_NAMESPACE, serviceName } from './shared-grants.ts';
import type { Verification } from './verify.ts';

/** What alarms and dashboard look at. */
export interface Watched {
  readonly settings: Settings;
  readonly functions: Functions;
  readonly polling: Polling;
  readonly sealing: Sealing;
  readonly verification: Verification;
  readonly retention: Retention;
  readonly exporting: Exporting;
  readonly mapping: EventSourceMapping;
  readonly stream: CfnDeliveryStream;
  readonly events: TableV2;
  readonly control: TableV2;
  readonly api: HttpApi;
}

const PERIOD = Duration.minutes(5);
export const total: MetricOptions = { period: PERIOD, statistic: Stats.SUM };
export const highest: MetricOptions = { period: PERIOD, statistic: Stats.MAXIMUM };

/** A metric that the functions write themselves. */
export function ownMetric(settings: Settings, metricName: string, options = total): Metric {
  const dimensionsMap = { service: serviceName(settings.stage) };
  return new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap, ...options });
}

/** A metric that the functions write for each value of these dimensions: a line for every one that there was. */
export function ownMetricBy(settings: Settings, metricName: string, ...dimensions: string[]): IMetric {
  const schema = [METRIC_NAMESPACE, 'service', ...dimensions].join();
  return new MathExpression({
    label: metricName,
    expression: `SEARCH('{${schema}} MetricName="${metricName}" service="${serviceName(settings.stage)}"', 'Sum')`,
    period: PERIOD,
  });
}

export function mappingMetric(mapping: EventSourceMapping, metricName: string): Metric {
  const dimensionsMap = { EventSourceMappingUUID: mapping.eventSourceMappingId };
  return new Metric({ namespace: 'AWS/Lambda', metricName, dimensionsMap, ...total });
}

export function streamMetric(stream: CfnDeliveryStream, metricName: string, options = total): Metric {
  const dimensionsMap = { DeliveryStreamName: stream.ref };
  return new Metric({ namespace: 'AWS/Firehose', metricName, dimensionsMap, ...options });
}

export function throttledRequests(table: TableV2): IMetric {
  const metrics = ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) => table.metric(name, total));
  return addUp('throttled reads and writes', metrics);
}

/** A metric of functions that do the same. */
export function lambdaMetric(functions: readonly AnnalsFunction[], metricName: string): IMetric {
  const each = functions.map(({ handler }) => handler.metric(metricName, total));
  const [only] = each;
  if (only !== undefined && each.length === 1) return only;
  return addUp(metricName, each);
}

/** The sum of metrics, some of which may have no data. */
export function addUp(label: string, metrics: readonly IMetric[]): IMetric {
  const named = metrics.map((metric, index) => [`m${index}`, metric] as const);
  return new MathExpression({
    label,
    expression: named.map(([id]) => `FILL(${id}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(named),
    period: PERIOD,
  });
}

export const iteratorAge = ({ functions }: Watched) => functions.deliver.handler.metric('IteratorAge', highest);
export const freshness = ({ stream }: Watched) => streamMetric(stream, 'DeliveryToS3.DataFreshness', highest);

export function tableErrors(events: TableV2, control: TableV2): IMetric {
  const calls: [TableV2, string][] = [
    ...['BatchExecuteStatement', 'UpdateItem', 'BatchGetItem', 'Query'].map((one): [TableV2, string] => [events, one]),
    ...['GetItem', 'PutItem', 'UpdateItem', 'Query'].map((one): [TableV2, string] => [control, one]),
  ];
  const errors = calls.map(([table, Operation]) => {
    const dimensionsMap = { TableName: table.tableName, Operation };
    return new Metric({ namespace: 'AWS/DynamoDB', metricName: 'SystemErrors', dimensionsMap, ...total });
  });
  return addUp('errors of DynamoDB', errors);
}
