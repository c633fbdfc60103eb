import { NotFoundError } from '../../../../shared/errors.ts';
import type { BucketDefinition, Principal, Statement } from '../../types.ts';
import { type Authorize, AwsError } from '../endpoint.ts';
import { type AccessRequest, checkStatements, decide, isAllowed } from '../iam.ts';

export const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`;
export const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;

/** Decides who may do what to the buckets: roles as the endpoint knows them, and the buckets' own policies. */
export interface Access {
  /** Asks the endpoint about the caller of a request, then the bucket's policy. @throws AwsError AccessDenied. */
  check(authorize: Authorize, bucket: string, request: AccessRequest): Promise<void>;
  /** The same for a caller inside this process. @throws AwsError AccessDenied. */
  checkPrincipal(principal: Principal, bucket: string, request: AccessRequest): void;
  /** Whether {@link checkPrincipal} would pass. */
  allows(principal: Principal, bucket: string, request: AccessRequest): boolean;
  /** What S3 answers where there is no object, or no such version: only who may list the bucket is told so. */
  missing(principal: Principal, bucket: string, key: string, versionId?: string): AwsError;
}

/**
 * Every Deny of a bucket's policy holds for every caller, whomever it names. Allows grant nothing here: a role needs
 * its own grant, which is enough within one account.
 *
 * @throws ConfigurationError when a Deny has something that can't be evaluated.
 */
export function createAccess(buckets: readonly BucketDefinition[]): Access {
  const denials = new Map(buckets.map(({ name, policy }) => [name, policy.flatMap(denial)]));
  for (const statements of denials.values()) checkStatements(statements);

  // The endpoint is loopback HTTP; "only over TLS" in a policy is about the bucket in the cloud.
  const local = (request: AccessRequest): AccessRequest => ({
    ...request,
    context: { ...request.context, 'aws:SecureTransport': ['true'] },
  });

  function isDenied(bucket: string, request: AccessRequest): boolean {
    const statements = denials.get(bucket);
    if (statements === undefined) throw new NotFoundError(`there is no bucket ${bucket}`);
    return decide(statements, request) === 'deny';
  }

  function requirePolicy(bucket: string, request: AccessRequest): void {
    if (isDenied(bucket, request))
      throw denied(`${request.action} on ${request.resource} is denied by the bucket policy`);
  }

  return {
    async check(authorize, bucket, request) {
      const full = local(request);
      await authorize(full);
      requirePolicy(bucket, full);
    },
    checkPrincipal(principal, bucket, request) {
      const full = local(request);
      if (!mayDo(principal, full))
        throw denied(
          `User: ${principal.name} is not authorized to perform: ${request.action} on resource: ${request.resource}`,
        );
      requirePolicy(bucket, full);
    },
    allows: (principal, bucket, request) => mayDo(principal, local(request)) && !isDenied(bucket, local(request)),
    missing: (principal, bucket, key, versionId) =>
      mayDo(principal, local({ action: 's3:ListBucket', resource: bucketArn(bucket) }))
        ? versionId === undefined
          ? new AwsError('NoSuchKey', `The specified key does not exist: ${key}`, 404)
          : new AwsError('NoSuchVersion', `The specified version does not exist: ${versionId} of ${key}`, 404)
        : denied('Access Denied: who may not list the bucket is not told whether the key exists'),
  };
}

function denial({ Principal: _everyCaller, ...statement }: Statement & { Principal?: unknown }): Statement[] {
  return statement.Effect === 'Deny' ? [statement] : [];
}

function mayDo(principal: Principal, request: AccessRequest): boolean {
  return principal.name === 'operator' || isAllowed(principal.statements, request);
}

function denied(message: string): AwsError {
  return new AwsError('AccessDenied', message, 403);
}
