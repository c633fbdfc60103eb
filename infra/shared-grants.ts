import { Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LARGE_RAW_PREFIX } from '../shared/archive/columns.ts';
import { KEY_USE_PARTITION } from '../shared/control/key-use.ts';
import { allow } from './policies.ts';
import type { Settings } from './settings.ts';

/** Where everything is kept that functions read and write. */
export interface Stores {
  readonly events: TableV2;
  readonly control: TableV2;
  readonly archive: Bucket;
  readonly failures: Bucket;
  readonly key?: IKey | undefined;
}

export const METRIC_NAMESPACE = 'Annals';
const RENEWED_LOCK_YEARS = 7;

/** The dimension `service` of a stage's metrics. */
export function serviceName(stage: string): string {
  return `annals-${stage}`;
}

/** What every function is told. */
export function commonEnvironment({ stage }: Settings): Record<string, string> {
  return {
    STAGE: stage,
    POWERTOOLS_SERVICE_NAME: serviceName(stage),
    POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
  };
}

/** How what is put into the archive is locked, as text. What is kept for good is locked for a time, and again before that is over. */
export function archiveLock({ archive: { mode, retentionYears } }: Settings): string {
  const renewed = retentionYears === 'indefinite';
  return JSON.stringify({ mode: mode.toUpperCase(), years: renewed ? RENEWED_LOCK_YEARS : retentionYears, renewed });
}

/** By tenant, the years that sealed files are kept, as text. */
export function archiveRetention({ archive: { tenants } }: Settings): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(tenants).map(([tenant, one]) => [tenant, one.retentionYears])),
  );
}

/** What a function is told that stores events. */
export function storingEnvironment(settings: Settings, { events, control, archive }: Stores): Record<string, string> {
  return {
    ...commonEnvironment(settings),
    TENANT: settings.tenant,
    EVENTS_TABLE: events.tableName,
    CONTROL_TABLE: control.tableName,
    ARCHIVE_BUCKET: archive.bucketName,
    SHARDS: JSON.stringify(settings.shards),
    TIERS: JSON.stringify(settings.tiers),
  };
}

/** What `EventStore.put` takes: it can add items, and change day rows, but neither replace nor delete an event. */
export function storeEvents(events: TableV2): PolicyStatement[] {
  return [
    allow('AddItems', ['dynamodb:PartiQLInsert'], [events.tableArn]),
    allow('ChangeDayRows', ['dynamodb:UpdateItem'], [events.tableArn], onlyPartitions('*#days')),
    allow('ReadItems', ['dynamodb:BatchGetItem'], [events.tableArn]),
  ];
}

/** What a function takes that asks for API keys: it notes when each was last used, and can't change the keys. */
export function noteKeyUse(control: TableV2): PolicyStatement {
  return allow('NoteKeyUse', ['dynamodb:PutItem'], [control.tableArn], onlyPartitions(KEY_USE_PARTITION));
}

/** Holds for requests that name partition keys like these, and no others. */
export function onlyPartitions(...patterns: string[]): Record<string, Record<string, string | string[]>> {
  return {
    // ForAllValues also holds for a request without leading keys, hence the second condition.
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}

export function largeRawObjects(archive: Bucket): string[] {
  return [archive.arnForObjects(`${LARGE_RAW_PREFIX}*`)];
}

/**
 * Raws too large for an item are kept in the archive, under a lock, which takes PutObjectRetention
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html).
 */
export function keepLargeRaw(archive: Bucket): PolicyStatement {
  return allow('KeepLargeRaw', ['s3:PutObject', 's3:PutObjectRetention'], largeRawObjects(archive));
}

/** What is refused, or contradicts what is stored, is kept in the failures bucket. */
export function keepAside(failures: Bucket, ...folders: string[]): PolicyStatement {
  const objects = folders.map((folder) => failures.arnForObjects(`${folder}/*`));
  return allow('KeepAside', ['s3:PutObject'], objects);
}

/** Finds and reads every version of what lies under some prefixes, as what goes by digests does. */
export function readVersions(name: string, bucket: Bucket, ...prefixes: string[]): PolicyStatement[] {
  return [
    allow(`List${name}`, ['s3:ListBucketVersions'], [bucket.bucketArn]),
    allow(
      `Read${name}`,
      ['s3:GetObjectVersion'],
      prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
    ),
  ];
}

/** The SSM parameters that hold connections' secrets, and nothing else. */
export function connectionSecrets(scope: Construct, { stage }: Settings): { prefix: string; arns: string[] } {
  const folder = `annals/${stage}/connections`;
  const arn = Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName: `${folder}/*` });
  return { prefix: `/${folder}/`, arns: [arn] };
}
