import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { startEndpoint } from '../../../../infra/local/aws/endpoint.ts';
import { createS3, type S3 } from '../../../../infra/local/aws/s3.ts';
import type { BucketDefinition, Principal } from '../../../../infra/local/types.ts';
import { clientOf, principal } from './endpoint-support.ts';

export const BUCKETS: readonly BucketDefinition[] = [
  { name: 'plain', policy: [] },
  {
    name: 'guarded',
    policy: [
      // As CDK writes enforceSSL and the archive's own rule.
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: ['s3:*'],
        Resource: ['arn:aws:s3:::guarded', 'arn:aws:s3:::guarded/*'],
        Condition: { Bool: { 'aws:SecureTransport': ['false'] } },
      },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: ['s3:PutObject'],
        Resource: ['arn:aws:s3:::guarded/*'],
        Condition: { Null: { 's3:if-none-match': ['true'] } },
      },
      { Effect: 'Allow', Principal: '*', Action: ['s3:*'], Resource: ['*'] },
    ],
  },
  { name: 'versioned', versioned: true, policy: [] },
  { name: 'locked', objectLock: {}, policy: [] },
  { name: 'kept', objectLock: { defaultRetention: { mode: 'GOVERNANCE', length: 7, unit: 'days' } }, policy: [] },
];

/** Of the test that kills. */
export const KILLED_BUCKETS: readonly BucketDefinition[] = [
  { name: 'b', policy: [] },
  { name: 'versions', versioned: true, policy: [] },
];

export interface TestS3 {
  readonly dir: string;
  readonly url: string;
  readonly s3: S3;
  /** A client of the operator. */
  readonly client: S3Client;
  clientFor(who: Principal): S3Client;
  close(): Promise<void>;
}

/** Temporary folder, S3 and endpoint; `principals` may sign beside the operator. */
export async function startS3(
  principals: readonly Principal[] = [],
  { buckets = BUCKETS, clock }: { buckets?: readonly BucketDefinition[]; clock?: () => Date } = {},
): Promise<TestS3> {
  const dir = await mkdtemp(join(tmpdir(), 'annals-s3-'));
  const s3 = createS3({ dir, buckets, ...(clock && { clock }) });
  const operator = principal('operator');
  const endpoint = await startEndpoint({ services: [s3.service], principals: [operator, ...principals] });
  const clients: S3Client[] = [];
  const clientFor = (who: Principal) => {
    const client = new S3Client(clientOf(endpoint.url, who));
    clients.push(client);
    return client;
  };
  return {
    dir,
    url: endpoint.url,
    s3,
    client: clientFor(operator),
    clientFor,
    async close() {
      for (const client of clients) client.destroy();
      await endpoint.close();
      await rm(dir, { recursive: true });
    },
  };
}
