import {
  type __MetadataBearer,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BucketDefinition, Statement } from '../../../../infra/local/types.ts';
import { allow, principal } from './endpoint-support.ts';
import { startS3, type TestS3 } from './s3-support.ts';

const Bucket = 'locked';
const ARN = `arn:aws:s3:::${Bucket}`;
const soon = new Date(Date.now() + 86_400_000);
const role = principal('role');
const shortLock: Statement = {
  Effect: 'Deny',
  Action: ['s3:PutObject', 's3:PutObjectRetention'],
  Resource: [`${ARN}/long/*`],
  Condition: { NumericLessThan: { 's3:object-lock-remaining-retention-days': ['30'] } },
};
const buckets: BucketDefinition[] = [{ name: Bucket, objectLock: {}, policy: [{ ...shortLock, Principal: '*' }] }];

let test: TestS3;
let client: S3Client;
let first = '';
beforeAll(async () => {
  test = await startS3([role], { buckets });
  client = test.clientFor(role);
  await put('k', 'role');
  first = await put('k');
});
afterAll(() => test.close());

const put = async (Key: string, Body = 'x', more = {}) =>
  (await test.client.send(new PutObjectCommand({ Bucket, Key, Body, Tagging: 'a=1', ...more }))).VersionId ?? '';

const Key = 'k';
const Retention = { Mode: 'GOVERNANCE', RetainUntilDate: soon } as const;
const Tagging = { TagSet: [{ Key: 't', Value: '1' }] };
const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: soon } as const;

describe('a role needs', () => {
  it.each<[string, readonly string[], (VersionId: string) => Promise<unknown>]>([
    ['a read', ['s3:GetObject'], () => client.send(new GetObjectCommand({ Bucket, Key }))],
    ['a head', ['s3:GetObject'], () => client.send(new HeadObjectCommand({ Bucket, Key }))],
    [
      'a read of a version',
      ['s3:GetObjectVersion'],
      (VersionId) => client.send(new GetObjectCommand({ Bucket, Key, VersionId })),
    ],
    [
      'a head of a version',
      ['s3:GetObjectVersion'],
      (VersionId) => client.send(new HeadObjectCommand({ Bucket, Key, VersionId })),
    ],
    ['a list of versions', ['s3:ListBucketVersions'], () => client.send(new ListObjectVersionsCommand({ Bucket }))],
    ['a delete', ['s3:DeleteObject'], () => client.send(new DeleteObjectCommand({ Bucket, Key: 'other' }))],
    [
      'a delete of a version',
      ['s3:DeleteObjectVersion'],
      () => client.send(new DeleteObjectCommand({ Bucket, Key: 'other', VersionId: 'v' })),
    ],
    [
      'a delete past governance',
      ['s3:DeleteObjectVersion', 's3:BypassGovernanceRetention'],
      () =>
        client.send(new DeleteObjectCommand({ Bucket, Key: 'other', VersionId: 'v', BypassGovernanceRetention: true })),
    ],
    ['tags', ['s3:GetObjectTagging'], () => client.send(new GetObjectTaggingCommand({ Bucket, Key }))],
    [
      'tags of a version',
      ['s3:GetObjectVersionTagging'],
      (VersionId) => client.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId })),
    ],
    ['to tag', ['s3:PutObjectTagging'], () => client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging }))],
    [
      'to tag a version',
      ['s3:PutObjectVersionTagging'],
      (VersionId) => client.send(new PutObjectTaggingCommand({ Bucket, Key, VersionId, Tagging })),
    ],
    ['to untag', ['s3:DeleteObjectTagging'], () => client.send(new DeleteObjectTaggingCommand({ Bucket, Key }))],
    [
      'to untag a version',
      ['s3:DeleteObjectVersionTagging'],
      (VersionId) => client.send(new DeleteObjectTaggingCommand({ Bucket, Key, VersionId })),
    ],
    [
      'to lock',
      ['s3:PutObjectRetention'],
      (VersionId) => client.send(new PutObjectRetentionCommand({ Bucket, Key, VersionId, Retention })),
    ],
    [
      'to loosen a lock',
      ['s3:PutObjectRetention', 's3:BypassGovernanceRetention'],
      (VersionId) =>
        client.send(
          new PutObjectRetentionCommand({ Bucket, Key, VersionId, Retention, BypassGovernanceRetention: true }),
        ),
    ],
    [
      'the lock',
      ['s3:GetObjectRetention'],
      (VersionId) => client.send(new GetObjectRetentionCommand({ Bucket, Key, VersionId })),
    ],
    [
      'to hold',
      ['s3:PutObjectLegalHold'],
      () => client.send(new PutObjectLegalHoldCommand({ Bucket, Key, LegalHold: { Status: 'OFF' } })),
    ],
    ['the hold', ['s3:GetObjectLegalHold'], () => client.send(new GetObjectLegalHoldCommand({ Bucket, Key }))],
    ['a write', ['s3:PutObject'], () => client.send(new PutObjectCommand({ Bucket, Key: 'w', Body: 'x' }))],
    [
      'a write with tags',
      ['s3:PutObject', 's3:PutObjectTagging'],
      () => client.send(new PutObjectCommand({ Bucket, Key: 'w', Body: 'x', Tagging: 'a=1' })),
    ],
    [
      'a write with a lock',
      ['s3:PutObject', 's3:PutObjectRetention'],
      () => client.send(new PutObjectCommand({ Bucket, Key: 'w', Body: 'x', ...lock })),
    ],
    [
      'a write with a hold',
      ['s3:PutObject', 's3:PutObjectLegalHold'],
      () => client.send(new PutObjectCommand({ Bucket, Key: 'w', Body: 'x', ObjectLockLegalHoldStatus: 'ON' })),
    ],
  ])('for %s: %j, and nothing else', async (_, actions, send) => {
    await test.client.send(new PutObjectRetentionCommand({ Bucket, Key, VersionId: first, Retention }));
    const grant = (names: readonly string[]) => [allow([...names], [ARN, `${ARN}/*`])];
    role.statements = grant(actions);
    await send(first);
    for (const missing of actions) {
      const all: Statement = { Effect: 'Deny', Action: [missing], Resource: ['*'] };
      role.statements = [allow(['s3:*'], ['*']), all];
      await expect(send(first)).rejects.toMatchObject({ name: expect.stringMatching(/^(AccessDenied|403|Unknown)/) });
    }
  });

  it('each action to delete many, key by key', async () => {
    const Objects = [{ Key: 'd/1' }, { Key: 'd/2', VersionId: await put('d/2') }];
    role.statements = [allow(['s3:DeleteObject'], [`${ARN}/*`])];
    const answer = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Deleted).toMatchObject([{ Key: 'd/1', DeleteMarker: true }]);
    expect(answer.Errors).toMatchObject([{ Key: 'd/2', Code: 'AccessDenied' }]);
  });

  it('rights of their own to see locks and count tags on a read', async () => {
    await put('seen', 'x', { ...lock, ObjectLockLegalHoldStatus: 'ON' });
    const head = () => client.send(new HeadObjectCommand({ Bucket, Key: 'seen' }));
    const told = async (...more: string[]) => {
      role.statements = [allow(['s3:GetObject', ...more], [`${ARN}/*`])];
      const { ObjectLockMode, ObjectLockLegalHoldStatus, TagCount } = await head();
      return [ObjectLockMode, ObjectLockLegalHoldStatus, TagCount];
    };
    expect(await told()).toEqual([undefined, undefined, undefined]);
    expect(await told('s3:GetObjectRetention')).toEqual(['GOVERNANCE', undefined, undefined]);
    expect(await told('s3:GetObjectLegalHold', 's3:GetObjectTagging')).toEqual([undefined, 'ON', 1]);
  });

  it('a tag that its condition names', async () => {
    role.statements = [
      allow(['s3:PutObjectTagging'], [`${ARN}/*`], {
        StringEquals: { 's3:RequestObjectTag/sealed': ['yes'] },
        'ForAllValues:StringEquals': { 's3:RequestObjectTagKeys': ['sealed'] },
      }),
    ];
    const tag = (...pairs: [string, string][]) =>
      client.send(
        new PutObjectTaggingCommand({
          Bucket,
          Key,
          Tagging: { TagSet: pairs.map(([name, Value]) => ({ Key: name, Value })) },
        }),
      );
    await tag(['sealed', 'yes']);
    await expect(tag(['sealed', 'no'])).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(tag(['sealed', 'yes'], ['other', ''])).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

it('a bucket policy may ask for a retention of a length', async () => {
  const until = (days: number) => ({ ...lock, ObjectLockRetainUntilDate: new Date(Date.now() + days * 86_400_000) });
  await expect(put('long/k', 'x', until(29))).rejects.toMatchObject({ name: 'AccessDenied' });
  await put('long/k', 'x', until(31));
  const change: Promise<__MetadataBearer> = test.client.send(
    new PutObjectRetentionCommand({ Bucket, Key: 'long/k', Retention, BypassGovernanceRetention: true }),
  );
  await expect(change).rejects.toMatchObject({ name: 'AccessDenied' });
});
