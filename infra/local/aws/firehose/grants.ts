import { AnnalsError } from '../../../../shared/errors.ts';
import type { DeliveryStreamDefinition } from '../../types.ts';
import { type AccessRequest, isAllowed } from '../iam.ts';

/** Firehose could not deliver; the records stay and are tried again. */
export class DeliveryError extends AnnalsError {
  readonly code = 'delivery_failed';
}

/**
 * Checks that the stream's role has every grant that Firehose's guide asks for: on the table, the bucket, the objects to be
 * written and the log stream ("Controlling access with Amazon Data Firehose").
 *
 * @throws DeliveryError naming all that is missing.
 */
export function requireGrants(stream: DeliveryStreamDefinition, objectArns: readonly string[]): void {
  const missing = requestsOf(stream, objectArns).filter((request) => !isAllowed(stream.role.statements, request));
  if (missing.length === 0) return;
  const list = missing.map(({ action, resource }) => `${action} on ${resource}`).join(', ');
  throw new DeliveryError(`delivery stream ${stream.name}: its role ${stream.role.name} lacks ${list}`);
}

function requestsOf(stream: DeliveryStreamDefinition, objectArns: readonly string[]): AccessRequest[] {
  const { region, account, database, table } = stream.glue;
  const glue = `arn:aws:glue:${region}:${account}`;
  const bucket = `arn:aws:s3:::${stream.bucket}`;
  const requests: AccessRequest[] = [];
  const ask = (actions: readonly string[], resources: readonly string[]) =>
    requests.push(...actions.flatMap((action) => resources.map((resource) => ({ action, resource }))));

  ask(
    ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
    [`${glue}:catalog`, `${glue}:database/${database}`, `${glue}:table/${database}/${table}`],
  );
  ask(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], [bucket]);
  ask(['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], objectArns);
  if (stream.logGroupArn !== undefined && stream.logStream !== undefined)
    // CloudFormation's Arn of a log group ends in `:*`.
    ask(['logs:PutLogEvents'], [`${stream.logGroupArn.replace(/:\*$/, '')}:log-stream:${stream.logStream}`]);
  return requests;
}
