import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmSpec } from './alarms.ts';
import { highest, lambdaMetric, ownMetric, total, type Watched } from './metrics.ts';

/** Every way in which collecting can stand still, or miss something. `dispatch` writes the first five every minute. */
export function pollingAlarms({ settings, polling }: Watched): AlarmSpec[] {
  const { dispatch } = polling;
  const ailing = (name: string) => ownMetric(settings, name, highest);
  const pollers = (metricName: string) => lambdaMetric(polling.pollers(), metricName);
  const at = (atLeast: number, periods: number) => ({ atLeast, periods });
  return [
    {
      name: 'ConnectionsFailing',
      meaning: 'A connection has failed at least three times in a row, for a quarter of an hour',
      metric: ailing('ConnectionsFailing'),
      ...at(1, 3),
    },
    {
      name: 'ConnectionsLagging',
      meaning: 'What a connection has collected ends further back than its vendor makes it',
      metric: ailing('ConnectionsLagging'),
      ...at(1, 3),
    },
    {
      name: 'ConnectionsThrottled',
      meaning: 'A vendor throttles a connection so much that it falls behind',
      metric: ailing('ConnectionsThrottled'),
      ...at(1, 3),
    },
    {
      name: 'ConnectionsSilent',
      meaning: 'A connection works and brings nothing, for far longer than it ever has',
      metric: ailing('ConnectionsSilent'),
      ...at(1, 3),
    },
    {
      name: 'CredentialsExpiring',
      meaning: 'A secret of a connection expires within 14 days',
      metric: ailing('CredentialsExpiring'),
      ...at(1, 1),
    },
    {
      name: 'LateBeyondLag',
      meaning: 'A backfill found events that came later than their vendor documents; there may be more',
      metric: ownMetric(settings, 'LateBeyondLag'),
      ...at(1, 1),
    },
    {
      name: 'PollErrors',
      meaning: 'A function that polls crashes or times out',
      metric: pollers('Errors'),
      ...at(1, 1),
    },
    {
      name: 'PollThrottled',
      meaning: 'The functions that poll are not let run: the account has no Lambda concurrency left',
      metric: pollers('Throttles'),
      ...at(1, 3),
    },
    {
      name: 'PollsDropped',
      meaning: 'Polls that were started did not run within a minute, again and again',
      metric: pollers('AsyncEventsDropped'),
      ...at(1, 3),
    },
    {
      name: 'DispatchErrors',
      meaning: 'The function that starts polls crashes or times out',
      metric: dispatch.handler.metricErrors(total),
      ...at(1, 2),
    },
    {
      name: 'DispatchSilent',
      meaning: 'Nothing has looked for 10 minutes what is to be polled',
      // Written at the end of every tick that succeeds: whatever stops ticks stops it.
      metric: ownMetric(settings, 'ConnectionsFailing', { ...total, statistic: Stats.SAMPLE_COUNT }),
      below: 1,
      periods: 2,
    },
  ];
}
