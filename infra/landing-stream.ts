import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LANDING_PARTITION, LANDING_PREFIX } from '../shared/archive/columns.ts';
import { allow, allowKey, exactRole } from './policies.ts';

export interface LandingStreamProps {
  readonly bucket: Bucket;
  readonly database: CfnDatabase;
  readonly table: CfnTable;
  readonly logRetentionDays: number;
  readonly key?: IKey | undefined;
}

/** The Firehose stream that turns JSON into Parquet under `landing/`, by day of receipt. */
export class LandingStream extends Construct {
  readonly stream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, props: LandingStreamProps) {
    super(scope, id);
    const { bucket, database, table, key } = props;
    const stack = Stack.of(this);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logStream = new LogStream(this, 'LogStream', { logGroup, removalPolicy: RemovalPolicy.DESTROY });
    const glue = (resource: string, resourceName?: string) =>
      stack.formatArn({ service: 'glue', resource, ...(resourceName && { resourceName }) });

    // The actions that https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html names for a destination in
    // S3 and for format conversion.
    const role = exactRole(this, 'Role', 'firehose.amazonaws.com', [
      allow(
        'WriteObjects',
        ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
        [bucket.arnForObjects(`${LANDING_PREFIX}*`), bucket.arnForObjects('errors/*')],
      ),
      allow(
        'FindBucket',
        ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        [bucket.bucketArn],
      ),
      allow(
        'ReadSchema',
        ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
        [glue('catalog'), glue('database', database.ref), glue('table', `${database.ref}/${table.ref}`)],
      ),
      allow(
        'WriteLogs',
        ['logs:PutLogEvents'],
        [
          stack.formatArn({
            service: 'logs',
            resource: 'log-group',
            resourceName: `${logGroup.logGroupName}:log-stream:${logStream.logStreamName}`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
      ),
      ...allowKey(key, 's3', 'firehose'),
    ]);

    this.stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: key
        ? { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: key.keyArn }
        : { keyType: 'AWS_OWNED_CMK' },
      extendedS3DestinationConfiguration: {
        bucketArn: bucket.bucketArn,
        roleArn: role.roleArn,
        prefix: `${LANDING_PREFIX}${LANDING_PARTITION}=!{timestamp:yyyy-MM-dd}/`,
        errorOutputPrefix: 'errors/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/',
        fileExtension: '.parquet',
        bufferingHints: { sizeInMBs: 128, intervalInSeconds: 300 },
        // Parquet compresses itself; Firehose refuses any other value together with conversion.
        compressionFormat: 'UNCOMPRESSED',
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: logGroup.logGroupName,
          logStreamName: logStream.logStreamName,
        },
        dataFormatConversionConfiguration: {
          enabled: true,
          inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
          outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
          schemaConfiguration: {
            catalogId: Aws.ACCOUNT_ID,
            region: Aws.REGION,
            databaseName: database.ref,
            tableName: table.ref,
            roleArn: role.roleArn,
            versionId: 'LATEST',
          },
        },
      },
    });
  }
}
