import { Aws } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { AILMENTS } from '../shared/polling/health.ts';
import { alarmSpecs } from './alarms.ts';
import {
  freshness,
  highest,
  iteratorAge,
  lambdaMetric,
  mappingMetric,
  ownMetric,
  ownMetricBy,
  streamMetric,
  throttledRequests,
  type Watched,
} from './metrics.ts';
import { METRIC_NAMESPACE } from './shared-grants.ts';

export interface ObservabilityProps extends Watched {
  readonly accessLogs: LogGroup;
}

/** Alarms, the topic they go to, and a dashboard. */
export class Observability extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    this.topic = alarmTopic(this, props.settings.alarmEmail);
    // HTTP APIs have no metric for what they throttle; CloudWatch's `4xx` has every wrong key in it too.
    new MetricFilter(this, 'ThrottledRequests', {
      logGroup: props.accessLogs,
      filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
      metricNamespace: METRIC_NAMESPACE,
      metricName: 'ApiThrottled',
      dimensions: { service: '$.service' },
    });
    const action = new SnsAction(this.topic);
    const alarms = alarmSpecs(props).map(({ name, meaning, metric, periods, ...bound }) => {
      const isFloor = 'below' in bound;
      const alarm = new Alarm(this, name, {
        alarmDescription: `${meaning}. What to do: docs/runbook.md#${name.toLowerCase()}`,
        metric,
        threshold: isFloor ? bound.below : bound.atLeast,
        comparisonOperator: isFloor
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: periods,
        // Most metrics have no data when nothing happens.
        treatMissingData: isFloor ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
    dashboard(this, props, alarms);
  }
}

function alarmTopic(scope: Construct, email: string | undefined): Topic {
  const topic = new Topic(scope, 'Topic', { enforceSSL: true });
  // A topic with a policy of its own has none of the default's permissions.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
  return topic;
}

function dashboard(scope: Construct, watched: ObservabilityProps, alarms: Alarm[]): void {
  const { settings, polling, mapping, stream, events, api } = watched;
  const handlers = handlersOf(watched);
  const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 8 });
  const own = (...names: string[]) => names.map((name) => ownMetric(settings, name));
  new Dashboard(scope, 'Dashboard', {
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 4 })],
      [
        graph('Requests', api.metricCount(), api.metricClientError(), api.metricServerError()),
        graph('Unusual events', ...own('EventsConflicting', 'EventsRejected', 'StoreUnavailable')),
        graph(
          'Events table: events stored, write units',
          ...own('EventsStored'),
          events.metricConsumedWriteCapacityUnits(),
          throttledRequests(events),
        ),
      ],
      [
        graph('Delivery: age of the oldest record (ms)', iteratorAge(watched)),
        graph(
          'Delivery: events',
          mappingMetric(mapping, 'InvokedEventCount'),
          mappingMetric(mapping, 'OnFailureDestinationDeliveredEventCount'),
          mappingMetric(mapping, 'DroppedEventCount'),
          ...own('EventsDelivered', 'DeliveryFailed'),
        ),
        graph('Firehose: age of the oldest record (s)', freshness(watched)),
      ],
      [
        graph('Events without a type, by source', ownMetricBy(settings, 'EventsUnmapped', 'source')),
        graph('Vendor fields of another type than declared', ownMetricBy(settings, 'FieldDrift', 'source', 'field')),
      ],
      [
        graph('Connections that ail', ...AILMENTS.map((name) => ownMetric(settings, name, highest))),
        graph('Polls', ...own('TasksStarted', 'PollsCaughtUp', 'PollsFailed', 'PollsThrottled', 'LateBeyondLag')),
        graph(
          'Polls: events new, events read again',
          ...own('EventsStored', 'EventsPresent'),
          lambdaMetric(polling.pollers(), 'Invocations'),
        ),
      ],
      [
        graph('Firehose: bytes in', streamMetric(stream, 'IncomingBytes')),
        graph('Function errors', ...handlers.map((one) => one.metricErrors())),
        graph('Function duration (ms)', ...handlers.map((one) => one.metricDuration())),
      ],
    ],
  });
}

function handlersOf({ functions, polling, sealing, verification, retention, exporting }: Watched) {
  const { ingest, webhook, query, admin, page, deliver } = functions;
  const archive = [sealing.seal, verification.verify, verification.reconcile, retention.retain, exporting.export];
  return [ingest, webhook, query, admin, page, deliver, polling.dispatch, ...polling.pollers(), ...archive].map(
    ({ handler }) => handler,
  );
}
