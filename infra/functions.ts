import { Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LARGE_RAW_PREFIX } from '../shared/archive/columns.ts';
import { AnnalsFunction } from './annals-function.ts';
import type { Bundles } from './bundle.ts';
import { allow, allowKey } from './policies.ts';
import type { Settings } from './settings.ts';

export interface FunctionsProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
  readonly events: TableV2;
  readonly control: TableV2;
  readonly archive: Bucket;
  readonly failures: Bucket;
  readonly deliveryStream: { readonly name: string; readonly arn: string };
  readonly key?: IKey | undefined;
}

/** The five functions, each with what it may do and no more. */
export class Functions extends Construct {
  readonly ingest: AnnalsFunction;
  readonly webhook: AnnalsFunction;
  readonly query: AnnalsFunction;
  readonly admin: AnnalsFunction;
  readonly deliver: AnnalsFunction;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const { settings, bundles, events, control, archive, failures, deliveryStream, key } = props;
    const { stage, logRetentionDays } = settings;
    const secretPrefix = `/annals/${stage}/`;
    const secrets = [
      Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: `annals/${stage}/*` }),
    ];
    const rawObjects = [archive.arnForObjects(`${LARGE_RAW_PREFIX}*`)];
    const largeRaw = allow('KeepLargeRaw', ['s3:PutObject'], rawObjects);
    const keepAside = (...folders: string[]) =>
      allow(
        'KeepAside',
        ['s3:PutObject'],
        folders.map((folder) => failures.arnForObjects(`${folder}/*`)),
      );

    const common = {
      STAGE: stage,
      POWERTOOLS_SERVICE_NAME: serviceName(stage),
      POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
    };
    const storing = {
      ...common,
      TENANT: settings.tenant,
      EVENTS_TABLE: events.tableName,
      CONTROL_TABLE: control.tableName,
      ARCHIVE_BUCKET: archive.bucketName,
      SHARDS: JSON.stringify(settings.shards),
      TIERS: JSON.stringify(settings.tiers),
    };

    this.ingest = new AnnalsFunction(this, 'Ingest', {
      description: 'POST /v1/events: takes events from applications, and from vendors for a connection',
      bundle: bundles.ingest,
      timeoutSeconds: 29,
      environment: { ...storing, FAILURES_BUCKET: failures.bucketName },
      grants: [...storeEvents(events, control), largeRaw, keepAside('conflicts'), ...allowKey(key, 'dynamodb', 's3')],
      logRetentionDays,
    });
    this.webhook = new AnnalsFunction(this, 'Webhook', {
      description: 'POST /v1/webhooks/{connection}: takes events from vendors',
      bundle: bundles.webhook,
      // GitHub hangs up after 10 seconds and counts the delivery as failed.
      timeoutSeconds: 10,
      environment: { ...storing, FAILURES_BUCKET: failures.bucketName, SECRET_PREFIX: secretPrefix },
      grants: [
        ...storeEvents(events, control),
        largeRaw,
        keepAside('conflicts', 'rejects'),
        allow('ReadSecrets', ['ssm:GetParameter'], secrets),
        ...allowKey(key, 'dynamodb', 's3'),
      ],
      logRetentionDays,
    });
    this.query = new AnnalsFunction(this, 'Query', {
      description: 'GET /v1/events and the other reads; records what was refused',
      bundle: bundles.query,
      timeoutSeconds: 29,
      environment: storing,
      grants: [
        ...storeEvents(events, control),
        allow('QueryTables', ['dynamodb:Query'], [events.tableArn, control.tableArn]),
        allow('ReadLargeRaw', ['s3:GetObject'], rawObjects),
        ...allowKey(key, 'dynamodb', 's3'),
      ],
      logRetentionDays,
    });
    this.admin = new AnnalsFunction(this, 'Admin', {
      description: 'API keys and connections',
      bundle: bundles.admin,
      timeoutSeconds: 29,
      environment: { ...storing, SECRET_PREFIX: secretPrefix },
      grants: [
        ...storeEvents(events, control),
        allow('ChangeControl', ['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:DeleteItem'], [control.tableArn]),
        allow('KeepSecrets', ['ssm:PutParameter', 'ssm:GetParameter', 'ssm:DeleteParameter'], secrets),
        ...allowKey(key, 'dynamodb'),
      ],
      logRetentionDays,
    });
    this.deliver = new AnnalsFunction(this, 'Deliver', {
      description: 'Takes stored events from the stream of the events table to the archive',
      bundle: bundles.deliver,
      timeoutSeconds: 120,
      environment: { ...common, DELIVERY_STREAM: deliveryStream.name },
      grants: [
        allow('PutRecords', ['firehose:PutRecordBatch'], [deliveryStream.arn]),
        ...readStream(events),
        ...setAside(failures),
        ...allowKey(key, 'dynamodb', 's3'),
      ],
      logRetentionDays,
    });
  }
}

export const METRIC_NAMESPACE = 'Annals';

/** The dimension `service` of a stage's metrics. */
export function serviceName(stage: string): string {
  return `annals-${stage}`;
}

/** What `EventStore.put` takes: it can add items, and change day rows, but neither replace nor delete an event. */
function storeEvents(events: TableV2, control: TableV2): PolicyStatement[] {
  return [
    allow('AddItems', ['dynamodb:PartiQLInsert'], [events.tableArn]),
    allow('ChangeDayRows', ['dynamodb:UpdateItem'], [events.tableArn], {
      // ForAllValues also holds for a request without leading keys, hence the second condition.
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['*#days'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    }),
    allow('ReadItems', ['dynamodb:BatchGetItem'], [events.tableArn]),
    allow('ReadControl', ['dynamodb:GetItem'], [control.tableArn]),
  ];
}

function readStream(events: TableV2): PolicyStatement[] {
  const stream = events.tableStreamArn;
  if (stream === undefined) throw new TypeError('the events table has no stream');
  return [
    allow('ReadStream', ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [stream]),
    // Lambda asks for this one too when the mapping is made, and IAM knows no resource for it.
    allow('FindStream', ['dynamodb:ListStreams'], ['*']),
  ];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html: an S3 destination for discarded batches. */
function setAside(failures: Bucket): PolicyStatement[] {
  return [
    allow('SetAside', ['s3:PutObject'], [failures.arnForObjects('aws/lambda/*')]),
    allow('FindFailures', ['s3:ListBucket'], [failures.bucketArn]),
  ];
}
