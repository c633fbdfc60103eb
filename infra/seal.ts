import { Aws, Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { LANDING_PREFIX } from '../shared/archive/columns.ts';
import { DIGEST_PREFIX, KEY_PREFIX, PLAN_PREFIX, SEALED_PREFIX } from '../shared/archive/digest.ts';
import { HOLD_PARTITION } from '../shared/archive/hold.ts';
import { DIGEST_TAG, EXPIRED_TAG } from '../shared/archive/seal/tag.ts';
import { AnnalsFunction } from './annals-function.ts';
import type { Bundles } from './bundle.ts';
import { allow, allowKey, exactRole } from './policies.ts';
import type { Settings } from './settings.ts';
import { archiveLock, archiveRetention, commonEnvironment, onlyPartitions, type Stores } from './shared-grants.ts';

export interface SealProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
  readonly stores: Stores;
  readonly landing: Bucket;
}

/** The next tick goes on with whatever this one did not do. */
const ONCE = { retryAttempts: 0, maxEventAge: Duration.minutes(5) };
const OWN_PREFIXES = [SEALED_PREFIX, PLAN_PREFIX, DIGEST_PREFIX, KEY_PREFIX];

/** The function that seals landing into the archive, its schedule, and the key that it signs with. */
export class Sealing extends Construct {
  readonly seal: AnnalsFunction;
  readonly signingKey: Key;

  constructor(scope: Construct, id: string, { settings, bundles, stores, landing }: SealProps) {
    super(scope, id);
    const { archive, control, key } = stores;
    this.signingKey = new Key(this, 'SigningKey', {
      description: `Signs the digests of the archive of Annals, stage ${settings.stage}`,
      // Signatures are to hold for longer than 2030, up to which 2,048 bits are advised (NIST SP 800-57, part 1).
      keySpec: KeySpec.RSA_3072,
      keyUsage: KeyUsage.SIGN_VERIFY,
      // A day that was to be signed with it may not be yet, whatever becomes of the stack.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.seal = new AnnalsFunction(this, 'Seal', {
      description: 'Daily: takes landing into the archive, each event once, and signs what it did',
      bundle: bundles.seal,
      timeoutSeconds: 900,
      memoryMb: 3008,
      temporary: Size.gibibytes(10),
      environment: {
        ...commonEnvironment(settings),
        LANDING_BUCKET: landing.bucketName,
        ARCHIVE_BUCKET: archive.bucketName,
        SIGNING_KEY: this.signingKey.keyArn,
        ...(expires(settings) && { CONTROL_TABLE: control.tableName }),
        ARCHIVE_RETENTION: archiveRetention(settings),
        ARCHIVE_LOCK: archiveLock(settings),
      },
      grants: [
        ...takeFromLanding(landing),
        ...addToArchive(archive),
        ...letExpire(settings, stores),
        allow('SignDigests', ['kms:Sign', 'kms:GetPublicKey'], [this.signingKey.keyArn]),
        ...allowKey(key, ...(expires(settings) ? ['dynamodb' as const] : []), 's3'),
      ],
      logRetentionDays: settings.logRetentionDays,
    });
    this.seal.handler.configureAsyncInvoke(ONCE);
    new Schedule(this, 'Schedule', {
      description: 'Looks whether a day is to be sealed, as one is at 01:00 UTC, or something is left to do',
      schedule: ScheduleExpression.cron({ minute: '0/15' }),
      target: new LambdaInvoke(this.seal.handler, {
        ...ONCE,
        role: exactRole(
          this,
          'ScheduleRole',
          new ServicePrincipal('scheduler.amazonaws.com', {
            conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
          }),
          [allow('Tick', ['lambda:InvokeFunction'], [this.seal.handler.functionArn])],
        ),
      }),
    });
  }
}

function takeFromLanding(landing: Bucket): PolicyStatement[] {
  const objects = [landing.arnForObjects(`${LANDING_PREFIX}*`)];
  return [
    allow('ReadLanding', ['s3:GetObjectVersion'], objects),
    allow('TagSealed', ['s3:PutObjectVersionTagging'], objects),
    // Without s3:ListBucket, S3 does not tell an object that is gone from one that may not be read.
    allow('ListLanding', ['s3:ListBucket', 's3:ListBucketVersions'], [landing.bucketArn]),
  ];
}

/**
 * PutObjectRetention goes with a PutObject that brings a lock of its own
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html); by itself it can only lengthen one.
 */
function addToArchive(archive: Bucket): PolicyStatement[] {
  const objects = OWN_PREFIXES.map((prefix) => archive.arnForObjects(`${prefix}*`));
  return [
    allow('ReadSealed', ['s3:GetObjectVersion'], objects),
    allow('AddSealed', ['s3:PutObject', 's3:PutObjectRetention'], objects),
    allow('ListSealed', ['s3:ListBucketVersions'], [archive.bucketArn], {
      StringLike: { 's3:prefix': OWN_PREFIXES.map((prefix) => `${prefix}*`) },
    }),
  ];
}

/** Whether the files of any tenant go. */
function expires({ archive: { tenants } }: Settings): boolean {
  return Object.keys(tenants).length > 0;
}

/** To see whether a sealed file may go, and to mark it so: with no other tag, and nothing else. */
function letExpire(settings: Settings, { archive, control }: Stores): PolicyStatement[] {
  if (!expires(settings)) return [];
  const files = [archive.arnForObjects(`${SEALED_PREFIX}*`)];
  return [
    allow('SeeLocks', ['s3:GetObjectRetention', 's3:GetObjectLegalHold', 's3:GetObjectVersionTagging'], files),
    allow('TagExpired', ['s3:PutObjectVersionTagging'], files, {
      StringEquals: Object.fromEntries(
        Object.entries(EXPIRED_TAG).map(([name, value]) => [`s3:RequestObjectTag/${name}`, value]),
      ),
      'ForAllValues:StringEquals': { 's3:RequestObjectTagKeys': [...Object.keys(EXPIRED_TAG), DIGEST_TAG] },
    }),
    allow('KnowHolds', ['dynamodb:Query'], [control.tableArn], onlyPartitions(HOLD_PARTITION)),
  ];
}
