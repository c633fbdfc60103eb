import { z } from 'zod';
import type { DeliveryStreamDefinition, Principal, TableDefinition } from '../types.ts';
import { TemplateError } from './error.ts';
import type { Resources } from './resources.ts';
import { parseProperties } from './source.ts';

const TableProperties = z.object({
  KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) })),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  StreamSpecification: z.object({ StreamViewType: z.literal('NEW_IMAGE') }).optional(),
  GlobalSecondaryIndexes: z.array(z.never()).optional(),
  LocalSecondaryIndexes: z.array(z.never()).optional(),
});

const Destination = z.object({
  BucketARN: z.string(),
  Prefix: z.string(),
  ErrorOutputPrefix: z.string(),
  FileExtension: z.string().default(''),
  RoleARN: z.string(),
  DataFormatConversionConfiguration: z.object({
    Enabled: z.literal(true).default(true),
    OutputFormatConfiguration: z.object({
      Serializer: z.strictObject({
        ParquetSerDe: z.object({ Compression: z.enum(['SNAPPY', 'GZIP', 'UNCOMPRESSED']).default('SNAPPY') }),
      }),
    }),
    SchemaConfiguration: z.object({
      TableName: z.string(),
      DatabaseName: z.string(),
      Region: z.string(),
      CatalogId: z.string(),
    }),
  }),
  CloudWatchLoggingOptions: z
    .object({ Enabled: z.boolean(), LogGroupName: z.string(), LogStreamName: z.string() })
    .optional(),
  DynamicPartitioningConfiguration: z.never().optional(),
  ProcessingConfiguration: z.never().optional(),
});
const DeliveryStreamProperties = z.object({ ExtendedS3DestinationConfiguration: Destination });

const GlueTableProperties = z.object({
  TableInput: z.object({
    StorageDescriptor: z.object({ Columns: z.array(z.object({ Name: z.string(), Type: z.string() })) }),
  }),
});

/** @throws TemplateError for a table with indexes or another stream view, which the local tables do not have. */
export function readTables(resources: Resources): TableDefinition[] {
  return resources.of('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map((resource) => {
    const properties = parseProperties(TableProperties, resource);
    const { ref, attributes } = resource.identity;
    return {
      name: ref,
      arn: attributes['Arn'] ?? '',
      keySchema: properties.KeySchema,
      attributeDefinitions: properties.AttributeDefinitions,
      ...(properties.StreamSpecification !== undefined && { streamArn: attributes['StreamArn'] ?? '' }),
    };
  });
}

/** @throws TemplateError for a stream that is not Direct PUT to Parquet on S3, or whose table or role is elsewhere. */
export function readDeliveryStreams(
  resources: Resources,
  principals: ReadonlyMap<string, Principal>,
): DeliveryStreamDefinition[] {
  return resources.of('AWS::KinesisFirehose::DeliveryStream').map((resource) => {
    const destination = parseProperties(DeliveryStreamProperties, resource).ExtendedS3DestinationConfiguration;
    const { OutputFormatConfiguration, SchemaConfiguration } = destination.DataFormatConversionConfiguration;
    const asked = `delivery stream ${resource.id}`;
    const { TableName, DatabaseName, Region, CatalogId } = SchemaConfiguration;
    const table = resources.find(TableName, asked, 'AWS::Glue::Table');
    const logging = destination.CloudWatchLoggingOptions;
    const role = principals.get(resources.find(destination.RoleARN, asked, 'AWS::IAM::Role').id);
    if (role === undefined) throw new TemplateError(`${asked} has no role`);
    return {
      name: resource.identity.ref,
      arn: resource.identity.attributes['Arn'] ?? '',
      bucket: resources.find(destination.BucketARN, asked, 'AWS::S3::Bucket').identity.ref,
      prefix: destination.Prefix,
      errorPrefix: destination.ErrorOutputPrefix,
      fileExtension: destination.FileExtension,
      compression: OutputFormatConfiguration.Serializer.ParquetSerDe.Compression,
      columns: parseProperties(GlueTableProperties, table).TableInput.StorageDescriptor.Columns.map(
        ({ Name, Type }) => ({ name: Name, type: Type }),
      ),
      glue: { region: Region, account: CatalogId, database: DatabaseName, table: TableName },
      ...(logging?.Enabled && {
        logGroupArn:
          resources.find(logging.LogGroupName, asked, 'AWS::Logs::LogGroup').identity.attributes['Arn'] ?? '',
        logStream: logging.LogStreamName,
      }),
      role,
    };
  });
}
