import type { DeliveryStreamDefinition } from '../../types.ts';
import { AwsError } from '../endpoint.ts';

const MAX_RECORDS = 500;
const MAX_RECORD_BYTES = 1000 * 1024;
const MAX_CALL_BYTES = 4 * 1024 * 1024;

/**
 * Checks the records of one call against Firehose's fixed quotas: 500 records, 1,000 KiB each, 4 MiB together, all before
 * base64 ("Amazon Data Firehose quota").
 *
 * @throws AwsError ValidationException, InvalidArgumentException, SerializationException.
 */
export function checkRecords(records: readonly { readonly Data: string }[]): void {
  if (records.length === 0) throw constraint("at 'records'", 'have length greater than or equal to 1');
  if (records.length > MAX_RECORDS)
    throw constraint("at 'records'", `have length less than or equal to ${MAX_RECORDS}`);
  let total = 0;
  records.forEach(({ Data }, index) => {
    const bytes = decodedLength(Data);
    if (bytes > MAX_RECORD_BYTES)
      throw constraint(
        `at 'records.${index + 1}.member.data'`,
        `have length less than or equal to ${MAX_RECORD_BYTES}`,
      );
    total += bytes;
  });
  if (total > MAX_CALL_BYTES) throw new AwsError('InvalidArgumentException', 'Records size exceeds 4 MB limit');
}

/** What DescribeDeliveryStream tells of a stream. */
export function describe(stream: DeliveryStreamDefinition): object {
  return {
    DeliveryStreamName: stream.name,
    DeliveryStreamARN: stream.arn,
    DeliveryStreamStatus: 'ACTIVE',
    DeliveryStreamType: 'DirectPut',
    VersionId: '1',
    HasMoreDestinations: false,
    Destinations: [
      {
        DestinationId: 'destinationId-000000000001',
        ExtendedS3DestinationDescription: {
          BucketARN: `arn:aws:s3:::${stream.bucket}`,
          Prefix: stream.prefix,
          ErrorOutputPrefix: stream.errorPrefix,
          FileExtension: stream.fileExtension,
        },
      },
    ],
  };
}

function decodedLength(base64: string): number {
  const bytes = Buffer.byteLength(base64, 'base64');
  // Node passes over what is not base64; a producer's mistake must not become other bytes.
  if (base64.length % 4 === 0 && !/[^A-Za-z0-9+/=]|=(?!=?$)/.test(base64)) return bytes;
  throw new AwsError('SerializationException', 'the data of a record is not base64');
}

function constraint(where: string, rule: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value ${where} failed to satisfy constraint: Member must ${rule}`,
  );
}
