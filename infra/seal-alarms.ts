import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmSpec } from './alarms.ts';
import { highest, ownMetric, total, type Watched } from './metrics.ts';

/** Two ticks of the schedule, so that every period has at least one. */
const TICKS = { period: Duration.minutes(30) };

/** Every way in which sealing can stand still, or leave something out. */
export function sealAlarms({ settings, sealing }: Watched): AlarmSpec[] {
  const { handler } = sealing.seal;
  return [
    {
      name: 'SealFailed',
      meaning: 'The function that seals landing into the archive crashes or times out, and does again',
      metric: handler.metricErrors({ ...total, ...TICKS }),
      atLeast: 2,
      periods: 1,
    },
    {
      name: 'SealLate',
      meaning: 'A day is not sealed 6 hours after it was due',
      metric: ownMetric(settings, 'SealOverdueHours', { ...highest, ...TICKS }),
      atLeast: 6,
      periods: 1,
    },
    {
      name: 'SealSilent',
      meaning: 'Nothing has looked for an hour whether a day is to be sealed',
      metric: ownMetric(settings, 'SealOverdueHours', { ...TICKS, statistic: Stats.SAMPLE_COUNT }),
      below: 1,
      periods: 2,
    },
    {
      name: 'SealUnreadable',
      meaning: 'Landing objects, or rows of theirs, could not be sealed; they lie in landing, and a digest names them',
      metric: ownMetric(settings, 'SealUnreadable', { ...total, ...TICKS }),
      atLeast: 1,
      periods: 1,
    },
  ];
}
