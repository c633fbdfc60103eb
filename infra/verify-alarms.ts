import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmSpec } from './alarms.ts';
import { highest, lambdaMetric, ownMetric, total, type Watched } from './metrics.ts';

/** The functions run once a day: an alarm rings until they have found better. */
const DAILY = { period: Duration.days(1) };
const HOURLY = { period: Duration.hours(1) };

/** What is wrong with what is archived, and whatever keeps that from being seen. */
export function verifyAlarms({ settings, verification }: Watched): AlarmSpec[] {
  const { verify, reconcile } = verification;
  const found = (name: string) => ownMetric(settings, name, { ...highest, ...DAILY });
  return [
    {
      name: 'VerifyFailed',
      meaning: 'The archive is not as it was sealed',
      metric: found('VerifyFindings'),
      atLeast: 1,
      periods: 1,
    },
    {
      name: 'ArchiveIncomplete',
      meaning: 'Events of the table were missing in landing and archive; they were sent there again',
      metric: found('ReconcileMissing'),
      atLeast: 1,
      periods: 1,
    },
    {
      name: 'ArchiveUnknown',
      meaning: 'Landing or archive have events that the table never had',
      metric: found('ReconcileUnknown'),
      atLeast: 1,
      periods: 1,
    },
    {
      name: 'VerifyErrors',
      meaning: 'The daily verify or reconcile crashes or times out',
      metric: lambdaMetric([verify, reconcile], 'Errors'),
      atLeast: 1,
      periods: 1,
    },
    {
      name: 'VerifySilent',
      meaning: 'The archive has not been verified for more than a day',
      metric: ownMetric(settings, 'VerifyFindings', { ...total, ...HOURLY, statistic: Stats.SAMPLE_COUNT }),
      below: 1,
      periods: 26,
    },
  ];
}
