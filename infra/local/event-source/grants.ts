import { AnnalsError } from '../../../shared/errors.ts';
import { isAllowed } from '../aws/iam.ts';
import type { Principal } from '../types.ts';

/** A function's role lacks a grant that Lambda asks for, though nothing here makes use of it. */
export class MissingGrantError extends AnnalsError {
  readonly code = 'missing_grant';
}

/**
 * What Lambda asks for when it makes a mapping, beside the actions that reading the stream takes
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html).
 *
 * @throws MissingGrantError
 */
export function requireListStreams(role: Principal): void {
  requireGrant(role, 'dynamodb:ListStreams', '*');
}

/**
 * What Lambda asks for a destination in S3, beside PutObject
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html).
 *
 * @throws MissingGrantError
 */
export function requireListBucket(role: Principal, bucket: string): void {
  requireGrant(role, 's3:ListBucket', `arn:aws:s3:::${bucket}`);
}

function requireGrant(role: Principal, action: string, resource: string): void {
  if (!isAllowed(role.statements, { action, resource }))
    throw new MissingGrantError(`role ${role.name} lacks ${action} on ${resource}`);
}
