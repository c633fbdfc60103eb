import { createHash, createPublicKey, verify } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { repeatExpiry } from '../../../infra/local/stack/expiry.ts';
import { startStack } from '../../../infra/local/stack.ts';
import { tempDir, writeAssembly } from './template-support.ts';

const HOUR_MS = 3_600_000;
const templateFile = writeAssembly(
  {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
    Landing: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: {
          Rules: [{ Status: 'Enabled', TagFilters: [{ Key: 'sealed', Value: 'yes' }], ExpirationInDays: 7 }],
        },
      },
    },
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: {
        KeySpec: 'RSA_2048',
        KeyUsage: 'SIGN_VERIFY',
        KeyPolicy: {
          Statement: {
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::Sub': `arn:aws:iam::\${AWS::AccountId}:root` } },
            Action: 'kms:*',
            Resource: '*',
          },
        },
      },
    },
  },
  { rest: { Outputs: { Bucket: { Value: { Ref: 'Landing' } }, Key: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] } } } } },
);

describe('a stack', () => {
  it('expires objects by the rules of its buckets and signs with its keys, the same after a restart', async () => {
    const dir = tempDir();
    const keys: string[] = [];
    for (const round of ['first', 'second']) {
      const stack = await startStack({ templateFile, dir, port: 0, schedules: false, log: () => {} });
      const { url: endpoint, region, credentials } = stack.endpoint;
      const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
      const kms = new KMSClient({ endpoint, region, credentials });
      try {
        const Bucket = stack.outputs['Bucket'];
        const Key = `landing/${round}`;
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', Tagging: 'sealed=yes' }));
        expect(await stack.expire()).toEqual([]);
        const later = new Date(Date.now() + 8 * 24 * HOUR_MS);
        expect(await stack.expire(later)).toMatchObject([{ key: Key, action: 'hidden' }]);
        await expect(s3.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NoSuchKey' });

        const KeyId = stack.outputs['Key'];
        const Message = Buffer.from('the same');
        const SigningAlgorithm = 'RSASSA_PKCS1_V1_5_SHA_256';
        const { Signature = new Uint8Array() } = await kms.send(new SignCommand({ KeyId, Message, SigningAlgorithm }));
        const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId }));
        const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
        expect(verify('sha256', Message, publicKey, Signature)).toBe(true);
        keys.push(createHash('sha256').update(PublicKey).digest('hex'));
      } finally {
        s3.destroy();
        kms.destroy();
        await stack.close();
      }
    }
    expect(keys[0]).toBe(keys[1]);
    expect((await stat(join(dir, 'kms'))).mode & 0o777).toBe(0o700);
  });
});

describe('lifecycle rules by the clock', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are applied at once and every hour, never twice at a time, until the end', async () => {
    vi.useFakeTimers();
    const runs: AbortSignal[] = [];
    const told: string[] = [];
    let finish = () => {};
    const expire = (signal: AbortSignal) => {
      runs.push(signal);
      if (runs.length === 2) return Promise.reject(new Error('the disk is full'));
      return runs.length < 4 ? Promise.resolve() : new Promise<void>((resolve) => (finish = resolve));
    };
    const end = repeatExpiry(expire, (message) => told.push(message));
    await vi.advanceTimersByTimeAsync(0);
    expect(runs).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
    expect(runs).toHaveLength(3);
    expect(told).toEqual([expect.stringContaining('the disk is full')]);
    await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
    // The fourth has not ended.
    expect(runs).toHaveLength(4);
    let ended = false;
    const ending = end().then(() => (ended = true));
    expect(runs[3]?.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(ended).toBe(false);
    finish();
    await ending;
    expect(runs).toHaveLength(4);
  });
});
