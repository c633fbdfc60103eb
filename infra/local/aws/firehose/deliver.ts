import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import type { JsonObject } from '../../../../shared/json.ts';
import type { DeliveryStreamDefinition } from '../../types.ts';
import type { S3 } from '../s3.ts';
import { ConversionError } from './conversion-error.ts';
import { recordConverter } from './convert.ts';
import { requireGrants } from './grants.ts';
import { toParquet } from './parquet.ts';
import { expandPrefix, objectSuffix } from './prefix.ts';
import { readSpool, type SpooledRecord } from './spool.ts';

const CONVERSION_FAILED = 'format-conversion-failed';

export interface DeliverOptions {
  readonly stream: DeliveryStreamDefinition;
  readonly s3: S3;
  readonly now: () => Date;
  /** For temporary files. */
  readonly dir: string;
  duckDb(): Promise<DuckDBInstance>;
}

/**
 * Makes the function that brings one spool file to S3: what converts as one Parquet object, the rest as one object of
 * JSON lines under the error prefix. It throws, and has to be called again, when not everything is there.
 *
 * @throws ConfigurationError when the stream's columns or prefixes have something that is not known.
 */
export function delivery({ stream, s3, now, dir, duckDb }: DeliverOptions): (path: string) => Promise<void> {
  const convert = recordConverter(stream.columns);
  expandPrefix(stream.prefix, now());
  expandPrefix(stream.errorPrefix, now(), CONVERSION_FAILED);

  function failureLine({ arrival, data }: SpooledRecord, error: ConversionError): string {
    const { account, database, table, region } = stream.glue;
    return JSON.stringify({
      attemptsMade: 1,
      arrivalTimestamp: arrival,
      lastErrorCode: error.code,
      lastErrorMessage: error.message,
      attemptEndingTimestamp: now().getTime(),
      rawData: data,
      sequenceNumber: null,
      subSequenceNumber: null,
      dataCatalogTable: {
        catalogId: account,
        databaseName: database,
        tableName: table,
        region,
        versionId: 'LATEST',
        catalogArn: null,
      },
    });
  }

  return async (path) => {
    const records = await readSpool(path);
    if (records.length === 0) return;
    const rows: JsonObject[] = [];
    const failures: string[] = [];
    for (const record of records) {
      try {
        for (const row of convert(Buffer.from(record.data, 'base64'))) rows.push(row);
      } catch (error) {
        if (!(error instanceof ConversionError)) throw error;
        failures.push(failureLine(record, error));
      }
    }
    // "Approximate arrival of the oldest record in the object" is what the guide says a prefix shows.
    const at = new Date(records.reduce((oldest, { arrival }) => Math.min(oldest, arrival), Number.POSITIVE_INFINITY));
    const suffix = objectSuffix(stream.name, at, uuidOf(path, records));
    const dataKey = `${expandPrefix(stream.prefix, at)}${suffix}${stream.fileExtension}`;
    const errorKey = `${expandPrefix(stream.errorPrefix, at, CONVERSION_FAILED)}${suffix}`;
    const keys = [...(rows.length > 0 ? [dataKey] : []), ...(failures.length > 0 ? [errorKey] : [])];
    requireGrants(
      stream,
      keys.map((key) => `arn:aws:s3:::${stream.bucket}/${key}`),
    );
    if (failures.length > 0)
      await s3.putObject(stream.role, stream.bucket, errorKey, Buffer.from(`${failures.join('\n')}\n`));
    if (rows.length > 0) {
      const bytes = await toParquet(await duckDb(), stream, rows, dir);
      await s3.putObject(stream.role, stream.bucket, dataKey, bytes);
    }
  };
}

// The same file gives the same name, so that a second attempt overwrites what the first one brought.
function uuidOf(path: string, records: readonly SpooledRecord[]): string {
  const hash = createHash('sha256').update(basename(path));
  for (const { arrival, data } of records) hash.update(`\n${arrival} ${data}`);
  return hash.digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
