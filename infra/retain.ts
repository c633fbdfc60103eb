import { Aws, Duration } from 'aws-cdk-lib';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { LARGE_RAW_PREFIX } from '../shared/archive/columns.ts';
import { DIGEST_PREFIX, KEY_PREFIX, PLAN_PREFIX, SEALED_PREFIX } from '../shared/archive/digest.ts';
import { HOLD_PARTITION } from '../shared/archive/hold.ts';
import { AnnalsFunction } from './annals-function.ts';
import type { Bundles } from './bundle.ts';
import { allow, allowKey, exactRole } from './policies.ts';
import type { Settings } from './settings.ts';
import { archiveLock, commonEnvironment, onlyPartitions, readVersions, type Stores } from './shared-grants.ts';

export interface RetentionProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
  readonly stores: Stores;
}

/** The next run goes on with whatever this one did not do. */
const ONCE = { retryAttempts: 0, maxEventAge: Duration.hours(1) };

/** The function that puts legal holds in place and renews locks, daily and when a hold is made or released. */
export class Retention extends Construct {
  readonly retain: AnnalsFunction;

  constructor(scope: Construct, id: string, { settings, bundles, stores }: RetentionProps) {
    super(scope, id);
    const { archive, control, key } = stores;
    this.retain = new AnnalsFunction(this, 'Retain', {
      description: 'Daily: puts legal holds in place and renews locks; says which files a hold is about',
      bundle: bundles.retain,
      timeoutSeconds: 900,
      environment: {
        ...commonEnvironment(settings),
        CONTROL_TABLE: control.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        ARCHIVE_LOCK: archiveLock(settings),
      },
      grants: [
        ...readVersions('Digests', archive, DIGEST_PREFIX),
        ...keepObjects(archive),
        allow('KnowHolds', ['dynamodb:Query'], [control.tableArn], onlyPartitions(HOLD_PARTITION)),
        ...allowKey(key, 'dynamodb', 's3'),
      ],
      logRetentionDays: settings.logRetentionDays,
    });
    this.retain.handler.configureAsyncInvoke(ONCE);
    const conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    const scheduler = new ServicePrincipal('scheduler.amazonaws.com', { conditions });
    new Schedule(this, 'Schedule', {
      description: 'Puts legal holds in place and renews locks, daily',
      // When the day that is due at 01:00 is usually sealed.
      schedule: ScheduleExpression.cron({ minute: '0', hour: '3' }),
      target: new LambdaInvoke(this.retain.handler, {
        ...ONCE,
        role: exactRole(this, 'ScheduleRole', scheduler, [
          allow('Start', ['lambda:InvokeFunction'], [this.retain.handler.functionArn]),
        ]),
      }),
    });
  }

  mayInvoke(): PolicyStatement {
    return allow('KeepHolds', ['lambda:InvokeFunction'], [this.retain.handler.functionArn]);
  }
}

/** No file is read. Without the permission to bypass it, a lock can be made longer and never shorter. */
function keepObjects(archive: Bucket): PolicyStatement[] {
  const objects = (...prefixes: string[]) => prefixes.map((prefix) => archive.arnForObjects(`${prefix}*`));
  return [
    allow(
      'LengthenLocks',
      ['s3:GetObjectRetention', 's3:PutObjectRetention'],
      objects(SEALED_PREFIX, PLAN_PREFIX, DIGEST_PREFIX, KEY_PREFIX, LARGE_RAW_PREFIX),
    ),
    allow('Hold', ['s3:GetObjectLegalHold', 's3:PutObjectLegalHold'], objects(SEALED_PREFIX, LARGE_RAW_PREFIX)),
  ];
}
