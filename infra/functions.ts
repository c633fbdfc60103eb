import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AnnalsFunction } from './annals-function.ts';
import type { Bundles } from './bundle.ts';
import type { Exporting } from './export.ts';
import { allow, allowKey } from './policies.ts';
import type { Polling } from './polling.ts';
import type { Retention } from './retain.ts';
import type { Settings } from './settings.ts';
import {
  archiveLock,
  commonEnvironment,
  connectionSecrets,
  keepAside,
  keepLargeRaw,
  largeRawObjects,
  noteKeyUse,
  onlyPartitions,
  type Stores,
  storeEvents,
  storingEnvironment,
} from './shared-grants.ts';
import type { Verification } from './verify.ts';

export interface FunctionsProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
  readonly stores: Stores;
  readonly deliveryStream: { readonly name: string; readonly arn: string };
  readonly polling: Polling;
  readonly verification: Verification;
  readonly retention: Retention;
  readonly exporting: Exporting;
}

/** The functions behind the API and the one that delivers, each with what it may do and no more. */
export class Functions extends Construct {
  readonly ingest: AnnalsFunction;
  readonly webhook: AnnalsFunction;
  readonly query: AnnalsFunction;
  readonly admin: AnnalsFunction;
  readonly deliver: AnnalsFunction;
  readonly page: AnnalsFunction;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const { settings, bundles, stores, deliveryStream, polling, verification, retention, exporting } = props;
    const { events, control, archive, failures, key } = stores;
    const { logRetentionDays } = settings;
    const secrets = connectionSecrets(this, settings);
    const storing = storingEnvironment(settings, stores);
    const store = [...storeEvents(events), allow('ReadControl', ['dynamodb:GetItem'], [control.tableArn])];

    this.ingest = new AnnalsFunction(this, 'Ingest', {
      description: 'POST /v1/events: takes events from applications, and from vendors for a connection',
      bundle: bundles.ingest,
      timeoutSeconds: 29,
      environment: { ...storing, ARCHIVE_LOCK: archiveLock(settings), FAILURES_BUCKET: failures.bucketName },
      grants: [
        ...store,
        noteKeyUse(control),
        keepLargeRaw(archive),
        keepAside(failures, 'conflicts'),
        ...allowKey(key, 'dynamodb', 's3'),
      ],
      logRetentionDays,
    });
    this.webhook = new AnnalsFunction(this, 'Webhook', {
      description: 'POST /v1/webhooks/{connection}: takes events from vendors',
      bundle: bundles.webhook,
      // GitHub hangs up after 10 seconds and counts the delivery as failed.
      timeoutSeconds: 10,
      environment: {
        ...storing,
        ARCHIVE_LOCK: archiveLock(settings),
        FAILURES_BUCKET: failures.bucketName,
        SECRET_PREFIX: secrets.prefix,
      },
      grants: [
        ...store,
        keepLargeRaw(archive),
        keepAside(failures, 'conflicts', 'rejects'),
        allow('ReadSecrets', ['ssm:GetParameter'], secrets.arns),
        allow('HastenPolls', ['dynamodb:PutItem'], [control.tableArn], onlyPartitions('hastened')),
        ...allowKey(key, 'dynamodb', 's3'),
      ],
      logRetentionDays,
    });
    this.query = new AnnalsFunction(this, 'Query', {
      description: 'GET /v1/events and the other reads; records what was refused',
      bundle: bundles.query,
      timeoutSeconds: 29,
      environment: { ...storing, ...exporting.names, VERIFY_FUNCTION: verification.verify.handler.functionName },
      grants: [
        ...store,
        noteKeyUse(control),
        verification.mayLocate(),
        ...exporting.mayOffer(),
        allow('QueryTables', ['dynamodb:Query'], [events.tableArn, control.tableArn]),
        allow('ReadLargeRaw', ['s3:GetObject'], largeRawObjects(archive)),
        ...allowKey(key, 'dynamodb', 's3'),
      ],
      logRetentionDays,
    });
    this.admin = new AnnalsFunction(this, 'Admin', {
      description: 'API keys, connections, legal holds and saved searches',
      bundle: bundles.admin,
      timeoutSeconds: 29,
      environment: {
        ...storing,
        SECRET_PREFIX: secrets.prefix,
        RETAIN_FUNCTION: retention.retain.handler.functionName,
        ...polling.names,
      },
      grants: [
        ...store,
        polling.mayInvoke('TestConnections'),
        retention.mayInvoke(),
        allow('ChangeControl', ['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:DeleteItem'], [control.tableArn]),
        allow('KeepSecrets', ['ssm:PutParameter', 'ssm:GetParameter', 'ssm:DeleteParameter'], secrets.arns),
        ...allowKey(key, 'dynamodb'),
      ],
      logRetentionDays,
    });
    this.deliver = new AnnalsFunction(this, 'Deliver', {
      description: 'Takes stored events from the stream of the events table to the archive',
      bundle: bundles.deliver,
      timeoutSeconds: 120,
      environment: { ...commonEnvironment(settings), DELIVERY_STREAM: deliveryStream.name },
      grants: [
        allow('PutRecords', ['firehose:PutRecordBatch'], [deliveryStream.arn]),
        ...readStream(events),
        ...setAside(failures),
        ...allowKey(key, 'dynamodb', 's3'),
      ],
      logRetentionDays,
    });
    this.page = new AnnalsFunction(this, 'Page', {
      description: 'GET /: the page, which asks the API from the browser',
      bundle: bundles.page,
      timeoutSeconds: 10,
      environment: commonEnvironment(settings),
      // It serves files to anyone, and so must have nothing to give away.
      grants: [],
      logRetentionDays,
    });
  }
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
