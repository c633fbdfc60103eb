import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { DIGEST_PREFIX } from '../shared/archive/digest.ts';
import { EXPORT_PARTITION } from '../shared/export/exports.ts';
import { EXPORT_PREFIX } from '../shared/export/run.ts';
import { AnnalsFunction } from './annals-function.ts';
import type { Bundles } from './bundle.ts';
import { allow, allowKey, exactRole } from './policies.ts';
import type { Settings } from './settings.ts';
import { largeRawObjects, onlyPartitions, type Stores, storingEnvironment } from './shared-grants.ts';

export interface ExportingProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
  readonly stores: Stores;
}

/** The next tick goes on with whatever this one did not do. */
const ONCE = { retryAttempts: 0, maxEventAge: Duration.minutes(5) };

/** The function that makes exports, its schedule, the bucket that they lie in for a week, and the key that it signs with. */
export class Exporting extends Construct {
  readonly export: AnnalsFunction;
  readonly bucket: Bucket;
  readonly signingKey: Key;
  readonly #stores: Stores;

  constructor(scope: Construct, id: string, { settings, bundles, stores }: ExportingProps) {
    super(scope, id);
    const { events, control, archive, key } = stores;
    this.#stores = stores;
    // A bucket of its own: what lies here is a copy that is to be gone, without versions, and links lead here only.
    this.bucket = new Bucket(this, 'Bucket', {
      ...(key
        ? { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ id: 'Expire', expiration: Duration.days(7) }],
      removalPolicy: settings.removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.bucket.policy?.applyRemovalPolicy(
      settings.removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    );
    this.signingKey = new Key(this, 'SigningKey', {
      description: `Signs the manifests of exports of Annals, stage ${settings.stage}`,
      keySpec: KeySpec.RSA_3072,
      keyUsage: KeyUsage.SIGN_VERIFY,
      // Whoever got an export may ask for the public key years later.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.export = new AnnalsFunction(this, 'Export', {
      description: 'Makes the files of exports, and goes on with those that were cut short',
      bundle: bundles.export,
      timeoutSeconds: 900,
      memoryMb: 1769,
      environment: {
        ...storingEnvironment(settings, stores),
        EXPORTS_BUCKET: this.bucket.bucketName,
        SIGNING_KEY: this.signingKey.keyArn,
      },
      grants: [
        allow('ReadEvents', ['dynamodb:Query', 'dynamodb:BatchGetItem'], [events.tableArn]),
        allow('ReadLargeRaw', ['s3:GetObject'], largeRawObjects(archive)),
        allow(
          'KeepPosition',
          ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
          [control.tableArn],
          onlyPartitions(EXPORT_PARTITION),
        ),
        allow(
          'FindExportsAndGaps',
          ['dynamodb:Query'],
          [control.tableArn],
          onlyPartitions(EXPORT_PARTITION, 'connection', 'job'),
        ),
        allow('WriteFiles', ['s3:PutObject'], [this.bucket.arnForObjects(`${EXPORT_PREFIX}*`)]),
        allow('ListDigests', ['s3:ListBucketVersions'], [archive.bucketArn], {
          StringLike: { 's3:prefix': [`${DIGEST_PREFIX}*`] },
        }),
        allow('ReadDigests', ['s3:GetObjectVersion'], [archive.arnForObjects(`${DIGEST_PREFIX}*`)]),
        allow('SignManifests', ['kms:Sign', 'kms:GetPublicKey'], [this.signingKey.keyArn]),
        ...allowKey(key, 'dynamodb', 's3'),
      ],
      logRetentionDays: settings.logRetentionDays,
    });
    this.export.handler.configureAsyncInvoke(ONCE);
    new Schedule(this, 'Schedule', {
      description: 'Looks every minute whether an export was cut short',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(this.export.handler, {
        ...ONCE,
        role: exactRole(
          this,
          'ScheduleRole',
          new ServicePrincipal('scheduler.amazonaws.com', {
            conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
          }),
          [allow('Tick', ['lambda:InvokeFunction'], [this.export.handler.functionArn])],
        ),
      }),
    });
  }

  /** What the function is told that takes requests for exports. */
  get names(): Record<string, string> {
    return { EXPORTS_BUCKET: this.bucket.bucketName, EXPORT_FUNCTION: this.export.handler.functionName };
  }

  /** What it may do: a link gives to its holder what the role that signed it may. */
  mayOffer(): PolicyStatement[] {
    const { control } = this.#stores;
    return [
      allow('QueueExports', ['dynamodb:PutItem'], [control.tableArn], onlyPartitions(EXPORT_PARTITION)),
      allow('StartExports', ['lambda:InvokeFunction'], [this.export.handler.functionArn]),
      allow('LinkToExports', ['s3:GetObject'], [this.bucket.arnForObjects(`${EXPORT_PREFIX}*`)]),
    ];
  }
}
