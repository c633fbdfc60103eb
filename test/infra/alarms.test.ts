import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bare, resource, resourcesOf, synthesizeTemplate, written } from './synthesized.ts';

const template = synthesizeTemplate({ alarmEmail: 'on-call@example.com' });
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(
  ([id, { Properties }]) => [bare(id).replace(/^Observability/, ''), Properties] as const,
);
const sections = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^## (.+)\n([^#]*)/gm)].map(
  ([, title, text]) => [title ?? '', text ?? ''] as const,
);

describe('runbook', () => {
  it('has one section for each alarm and none beside', () => {
    expect(sections.map(([title]) => title).sort()).toEqual(alarms.map(([name]) => name).sort());
  });

  it.each(sections)('%s says what it means, what is at risk and what to do', (_, text) => {
    for (const part of ['**Means**', '**At risk:**', '**Do:**']) expect(text).toContain(part);
  });
});

describe.each(alarms)('%s', (name, alarm) => {
  it('names its section, as GitHub anchors it', () => {
    expect(alarm.AlarmDescription).toMatch(new RegExp(`docs/runbook\\.md#${name.toLowerCase()}$`));
  });

  it('goes to the topic and stays quiet when there is nothing to measure, but for the one that is about silence', () => {
    expect(alarm.AlarmActions.map(written)).toEqual(['{ObservabilityTopic}']);
    expect([alarm.TreatMissingData, alarm.ComparisonOperator]).toEqual(
      /^(Dispatch|Retain|Seal|Verify)Silent$/.test(name)
        ? ['breaching', 'LessThanThreshold']
        : ['notBreaching', 'GreaterThanOrEqualToThreshold'],
    );
  });
});

it('watch these metrics', () => {
  const watched = alarms.map(([name, { MetricName, Namespace, Statistic, Threshold, EvaluationPeriods, Metrics }]) => [
    name,
    MetricName ? `${Namespace} ${MetricName} ${Statistic}` : Metrics[0].Expression,
    Threshold,
    EvaluationPeriods,
  ]);
  expect(watched).toEqual([
    ['DeliveryDelayed', 'AWS/Lambda IteratorAge Maximum', 1_800_000, 2],
    ['DeliveryErrors', 'AWS/Lambda Errors Sum', 1, 3],
    ['DeliveryThrottled', 'AWS/Lambda Throttles Sum', 1, 3],
    ['DeliveryRefused', 'Annals DeliveryFailed Sum', 1, 3],
    ['DeliverySetAside', 'AWS/Lambda OnFailureDestinationDeliveredEventCount Sum', 1, 1],
    ['DeliveryDropped', 'AWS/Lambda DroppedEventCount Sum', 1, 1],
    ['FailuresUnwritable', 'AWS/Lambda DestinationDeliveryFailures Sum', 1, 1],
    ['LandingStale', 'AWS/Firehose DeliveryToS3.DataFreshness Maximum', 1800, 2],
    ['ConversionFailed', 'AWS/Firehose FailedConversion.Records Sum', 1, 1],
    ['IngestErrors', 'AWS/Lambda Errors Sum', 1, 1],
    ['IngestThrottled', 'AWS/Lambda Throttles Sum', 1, 1],
    ['WebhookErrors', 'AWS/Lambda Errors Sum', 1, 1],
    ['WebhookThrottled', 'AWS/Lambda Throttles Sum', 1, 1],
    ['ApiServerErrors', 'AWS/ApiGateway 5xx Sum', 1, 1],
    ['ApiThrottled', 'Annals ApiThrottled Sum', 1, 1],
    ['EventsTableThrottled', 'FILL(m0, 0) + FILL(m1, 0)', 1, 2],
    ['ControlTableThrottled', 'FILL(m0, 0) + FILL(m1, 0)', 1, 2],
    ['TableErrors', Array.from({ length: 8 }, (_, index) => `FILL(m${index}, 0)`).join(' + '), 1, 2],
    ['EventsConflicting', 'Annals EventsConflicting Sum', 1, 1],
    ['EventsRejected', 'Annals EventsRejected Sum', 1, 1],
    ['ConnectionsFailing', 'Annals ConnectionsFailing Maximum', 1, 3],
    ['ConnectionsLagging', 'Annals ConnectionsLagging Maximum', 1, 3],
    ['ConnectionsThrottled', 'Annals ConnectionsThrottled Maximum', 1, 3],
    ['ConnectionsSilent', 'Annals ConnectionsSilent Maximum', 1, 3],
    ['CredentialsExpiring', 'Annals CredentialsExpiring Maximum', 1, 1],
    ['LateBeyondLag', 'Annals LateBeyondLag Sum', 1, 1],
    ['PollErrors', 'AWS/Lambda Errors Sum', 1, 1],
    ['PollThrottled', 'AWS/Lambda Throttles Sum', 1, 3],
    ['PollsDropped', 'AWS/Lambda AsyncEventsDropped Sum', 1, 3],
    ['DispatchErrors', 'AWS/Lambda Errors Sum', 1, 2],
    ['DispatchSilent', 'Annals ConnectionsFailing SampleCount', 1, 2],
    ['SealFailed', 'AWS/Lambda Errors Sum', 2, 1],
    ['SealLate', 'Annals SealOverdueHours Maximum', 6, 1],
    ['SealSilent', 'Annals SealOverdueHours SampleCount', 1, 2],
    ['SealUnreadable', 'Annals SealUnreadable Sum', 1, 1],
    ['VerifyFailed', 'Annals VerifyFindings Maximum', 1, 1],
    ['ArchiveIncomplete', 'Annals ReconcileMissing Maximum', 1, 1],
    ['ArchiveUnknown', 'Annals ReconcileUnknown Maximum', 1, 1],
    ['VerifyErrors', 'FILL(m0, 0) + FILL(m1, 0)', 1, 1],
    ['VerifySilent', 'Annals VerifyFindings SampleCount', 1, 26],
    ['HoldsOverdue', 'Annals HoldsOverdueHours Maximum', 24, 1],
    ['LocksShort', 'Annals LocksShort Maximum', 1, 1],
    ['RetainSilent', 'Annals HoldsOverdueHours SampleCount', 1, 26],
    ['ExportFailed', 'Annals ExportsFailed Sum', 1, 1],
    ['ExportErrors', 'AWS/Lambda Errors Sum', 1, 3],
  ]);
});

it('watch every function that polls', () => {
  const vpc = { id: 'vpc-0a1b2c3d', subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] };
  const both = synthesizeTemplate({ vpc });
  const { Metrics } = resource(both, 'AWS::CloudWatch::Alarm', 'ObservabilityPollErrors').Properties;
  const [sum, ...parts] = Metrics;
  expect(sum.Expression).toBe('FILL(m0, 0) + FILL(m1, 0)');
  const names = parts.map(({ MetricStat }: { MetricStat: { Metric: { Dimensions: { Value: unknown }[] } } }) =>
    written(MetricStat.Metric.Dimensions[0]?.Value),
  );
  expect(names).toEqual(['{PollingPollHandler}', '{PollingPrivatePollHandler}']);
});

it('watch under the name that the functions give their metrics', () => {
  const names = resourcesOf(template, 'AWS::Lambda::Function').map(([, { Properties }]) => [
    Properties.Environment.Variables.POWERTOOLS_METRICS_NAMESPACE,
    Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME,
  ]);
  const own = alarms.filter(([, { Namespace }]) => Namespace === 'Annals');
  expect(own).not.toHaveLength(0);
  for (const [, { Namespace, Dimensions }] of own) {
    expect(Dimensions).toEqual([{ Name: 'service', Value: 'annals-prod' }]);
    for (const name of names) expect(name).toEqual([Namespace, 'annals-prod']);
  }
});

it('count what API Gateway throttles from a line of the access log', () => {
  const filter = resource(template, 'AWS::Logs::MetricFilter', 'ObservabilityThrottledRequests').Properties;
  const format = JSON.parse(
    resource(template, 'AWS::ApiGatewayV2::Stage', 'ApiStage').Properties.AccessLogSettings.Format,
  );
  expect(written(filter.LogGroupName)).toBe('{ApiAccessLogs}');
  expect(filter.FilterPattern).toBe('{ $.status = "429" }');
  expect(format).toMatchObject({ status: '$context.status', service: 'annals-prod' });
  expect(filter.MetricTransformations).toEqual([
    {
      MetricName: 'ApiThrottled',
      MetricNamespace: 'Annals',
      MetricValue: '1',
      Dimensions: [{ Key: 'service', Value: '$.service' }],
    },
  ]);
});

it('reach the address that is set, over a topic that CloudWatch may publish to', () => {
  const [[, subscription] = []] = resourcesOf(template, 'AWS::SNS::Subscription');
  expect(subscription?.Properties).toMatchObject({ Protocol: 'email', Endpoint: 'on-call@example.com' });
  const { PolicyDocument } = resource(template, 'AWS::SNS::TopicPolicy', 'ObservabilityTopicPolicy').Properties;
  expect(PolicyDocument.Statement).toContainEqual(
    expect.objectContaining({
      Effect: 'Allow',
      Action: 'sns:Publish',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    }),
  );
});

it('have a dashboard beside them, which shows every source that drifts', () => {
  const [[, dashboard] = []] = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
  const body = written(dashboard?.Properties.DashboardBody);
  for (const [name, schema] of [
    ['EventsUnmapped', 'Annals,service,source'],
    ['FieldDrift', 'Annals,service,source,field'],
  ]) {
    expect(body).toContain(`SEARCH('{${schema}} MetricName=\\"${name}\\" service=\\"annals-prod\\"', 'Sum')`);
  }
});
