import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type LifecycleRule,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LANDING_PREFIX } from '../shared/archive/columns.ts';
import { SEALED_PREFIX } from '../shared/archive/digest.ts';
import { EXPIRED_TAG, SEALED_TAG } from '../shared/archive/seal/tag.ts';
import type { Settings } from './settings.ts';

export interface ArchiveProps {
  readonly settings: Settings;
  /** @default - keys that S3 manages */
  readonly key?: IKey | undefined;
}

/** What is kept for good: the buckets. */
export class Archive extends Construct {
  /** Where Firehose writes; nothing here is expired until it is known to be in the archive. */
  readonly landing: Bucket;
  /** Write-once: no key is ever written twice, nobody deletes. Large raw events lie here. */
  readonly archive: Bucket;
  /** What could not be delivered, contradicted a stored event, or could not be read. */
  readonly failures: Bucket;

  constructor(scope: Construct, id: string, { settings, key }: ArchiveProps) {
    super(scope, id);
    const { removal } = settings;
    const removalPolicy = removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const common: BucketProps = {
      ...(key
        ? { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      versioned: true,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ id: 'AbortUploads', abortIncompleteMultipartUploadAfter: Duration.days(7) }],
      removalPolicy,
    };
    this.landing = new Bucket(this, 'Landing', {
      ...common,
      lifecycleRules: [...(common.lifecycleRules ?? []), ...expireSealed()],
    });
    this.archive = new Bucket(this, 'Archive', {
      ...common,
      lifecycleRules: [...(common.lifecycleRules ?? []), ...expireListed(settings), ...moveSealed(settings)],
      objectLockEnabled: true,
    });
    this.failures = new Bucket(this, 'Failures', common);

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html: with no exemption by
    // s3:ObjectCreationOperation, so that uploads in parts, which can't carry the header, are refused as well.
    this.archive.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyNewKeys',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.archive.arnForObjects('*')],
        conditions: { Null: { 's3:if-none-match': 'true' } },
      }),
    );
    if (removal === 'retain') {
      this.archive.addToResourcePolicy(
        new PolicyStatement({
          sid: 'NobodyDeletes',
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'],
          resources: [this.archive.arnForObjects('*')],
          conditions: {
            StringNotEquals: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root` },
          },
        }),
      );
    }
    // A bucket that outlives the stack keeps its rules.
    for (const bucket of [this.landing, this.archive, this.failures]) bucket.policy?.applyRemovalPolicy(removalPolicy);
  }
}

/** In a versioned bucket an object that expires is hidden first, and gone when what is hidden expires. */
function expireSealed(): LifecycleRule[] {
  return [
    {
      id: 'ExpireSealed',
      prefix: LANDING_PREFIX,
      tagFilters: SEALED_TAG,
      expiration: Duration.days(7),
      noncurrentVersionExpiration: Duration.days(1),
    },
    // Of what hid them; it may not be said in one rule with a tag.
    { id: 'TidyUp', prefix: LANDING_PREFIX, expiredObjectDeleteMarker: true },
  ];
}

/**
 * Files that a signed digest lists as expired are hidden within a day, and gone a week later. Days count from when an object was
 * made, so that the week can't be given before it is hidden. What is locked is not removed, and no bucket policy keeps lifecycle
 * rules from their work (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html): without a tenant whose files go, there is none.
 */
function expireListed({ archive: { tenants } }: Settings): LifecycleRule[] {
  if (Object.keys(tenants).length === 0) return [];
  return [
    {
      id: 'ExpireListed',
      prefix: SEALED_PREFIX,
      tagFilters: EXPIRED_TAG,
      expiration: Duration.days(1),
      noncurrentVersionExpiration: Duration.days(7),
    },
    { id: 'TidyUp', prefix: SEALED_PREFIX, expiredObjectDeleteMarker: true },
  ];
}

/** Digests, plans and keys stay where they are: they are small, and read often. */
function moveSealed({ archive: { storageClass, transitionAfterDays = 90 } }: Settings): LifecycleRule[] {
  if (storageClass === 'standard') return [];
  const transitionAfter = Duration.days(transitionAfterDays);
  return [
    {
      id: 'MoveSealed',
      prefix: SEALED_PREFIX,
      transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter }],
    },
  ];
}
