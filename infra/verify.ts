import { Aws, Duration, Size } from 'aws-cdk-lib';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { LANDING_PREFIX, LARGE_RAW_PREFIX } from '../shared/archive/columns.ts';
import { DIGEST_PREFIX, KEY_PREFIX, SEALED_PREFIX } from '../shared/archive/digest.ts';
import { VERIFY_PARTITION } from '../shared/archive/verify/record.ts';
import { RECONCILE_PARTITION } from '../shared/reconcile/settled.ts';
import { AnnalsFunction } from './annals-function.ts';
import type { Bundles } from './bundle.ts';
import { allow, allowKey, exactRole } from './policies.ts';
import type { Settings } from './settings.ts';
import { archiveRetention, commonEnvironment, onlyPartitions, readVersions, type Stores } from './shared-grants.ts';

export interface VerificationProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
  readonly stores: Stores;
  readonly landing: Bucket;
  readonly deliveryStream: { readonly name: string; readonly arn: string };
  /** What digests are signed with: the verify trusts no other. */
  readonly signingKey: Key;
}

/** Started by hand or again tomorrow; not twice at once. */
const ONCE = { retryAttempts: 0, maxEventAge: Duration.hours(1) };

/** The functions that see daily whether the archive is as it was sealed, and whether it has all that the table has. */
export class Verification extends Construct {
  readonly verify: AnnalsFunction;
  readonly reconcile: AnnalsFunction;

  constructor(scope: Construct, id: string, props: VerificationProps) {
    super(scope, id);
    const { settings, bundles, stores, landing, deliveryStream, signingKey } = props;
    const { events, control, archive, key } = stores;
    const common = { timeoutSeconds: 900, temporary: Size.gibibytes(10), logRetentionDays: settings.logRetentionDays };
    this.verify = new AnnalsFunction(this, 'Verify', {
      ...common,
      description: 'Daily: verifies the archive by its digests, and says where an event is sealed',
      bundle: bundles.verify,
      memoryMb: 2048,
      environment: {
        ...commonEnvironment(settings),
        CONTROL_TABLE: control.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        ARCHIVE_RETENTION: archiveRetention(settings),
        SIGNING_KEY: signingKey.keyArn,
      },
      grants: [
        ...readVersions('Archive', archive, SEALED_PREFIX, DIGEST_PREFIX, KEY_PREFIX, LARGE_RAW_PREFIX),
        allow('KnowKey', ['kms:GetPublicKey'], [signingKey.keyArn]),
        allow(
          'KeepVerdict',
          ['dynamodb:GetItem', 'dynamodb:PutItem'],
          [control.tableArn],
          onlyPartitions(VERIFY_PARTITION),
        ),
        ...allowKey(key, 'dynamodb', 's3'),
      ],
    });
    this.reconcile = new AnnalsFunction(this, 'Reconcile', {
      ...common,
      description: 'Daily: compares the events table with landing and archive, and sends what is missing there again',
      bundle: bundles.reconcile,
      memoryMb: 2048,
      environment: {
        ...commonEnvironment(settings),
        TENANT: settings.tenant,
        SHARDS: JSON.stringify(settings.shards),
        EVENTS_TABLE: events.tableName,
        CONTROL_TABLE: control.tableName,
        LANDING_BUCKET: landing.bucketName,
        ARCHIVE_BUCKET: archive.bucketName,
        ARCHIVE_RETENTION: archiveRetention(settings),
        DELIVERY_STREAM: deliveryStream.name,
      },
      grants: [
        ...readVersions('Landing', landing, LANDING_PREFIX),
        ...readVersions('Archive', archive, SEALED_PREFIX, DIGEST_PREFIX),
        allow('ReadEvents', ['dynamodb:Query', 'dynamodb:BatchGetItem'], [events.tableArn]),
        allow('FindTenants', ['dynamodb:Query'], [control.tableArn], onlyPartitions('connection', RECONCILE_PARTITION)),
        allow('RememberDays', ['dynamodb:PutItem'], [control.tableArn], onlyPartitions(RECONCILE_PARTITION)),
        allow('PutRecords', ['firehose:PutRecordBatch'], [deliveryStream.arn]),
        ...allowKey(key, 'dynamodb', 's3'),
      ],
    });
    // After 13:00, when the digest of the day before yesterday must be there.
    this.#daily('VerifySchedule', this.verify, 'Verifies the archive', '14');
    this.#daily('ReconcileSchedule', this.reconcile, 'Compares the table with the archive', '5');
  }

  mayLocate(): PolicyStatement {
    return allow('LocateEvents', ['lambda:InvokeFunction'], [this.verify.handler.functionArn]);
  }

  #daily(id: string, { handler }: AnnalsFunction, description: string, hour: string): void {
    handler.configureAsyncInvoke(ONCE);
    const conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    const scheduler = new ServicePrincipal('scheduler.amazonaws.com', { conditions });
    new Schedule(this, id, {
      description: `${description}, daily`,
      schedule: ScheduleExpression.cron({ minute: '0', hour }),
      target: new LambdaInvoke(handler, {
        ...ONCE,
        role: exactRole(this, `${id}Role`, scheduler, [
          allow('Start', ['lambda:InvokeFunction'], [handler.functionArn]),
        ]),
      }),
    });
  }
}
