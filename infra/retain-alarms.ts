import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmSpec } from './alarms.ts';
import { highest, ownMetric, total, type Watched } from './metrics.ts';

/** The function runs once a day: an alarm rings until it has found better. */
const DAILY = { period: Duration.days(1) };
const HOURLY = { period: Duration.hours(1) };

/** What could let an object of the archive go that is to be kept. */
export function retainAlarms({ settings }: Watched): AlarmSpec[] {
  return [
    {
      name: 'HoldsOverdue',
      meaning: 'A legal hold that was made or released more than a day ago has not come to all its objects',
      metric: ownMetric(settings, 'HoldsOverdueHours', { ...highest, ...DAILY }),
      atLeast: 24,
      periods: 1,
    },
    {
      name: 'LocksShort',
      meaning: 'Locks that are to be renewed every year have less than a year left',
      metric: ownMetric(settings, 'LocksShort', { ...highest, ...DAILY }),
      atLeast: 1,
      periods: 1,
    },
    {
      name: 'RetainSilent',
      meaning: 'Nothing has looked after legal holds and locks for more than a day',
      metric: ownMetric(settings, 'HoldsOverdueHours', { ...total, ...HOURLY, statistic: Stats.SAMPLE_COUNT }),
      below: 1,
      periods: 26,
    },
  ];
}
