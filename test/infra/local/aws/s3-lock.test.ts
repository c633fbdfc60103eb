import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allow, clientOf, principal } from './endpoint-support.ts';
import { startS3, type TestS3 } from './s3-support.ts';

const NOW = new Date('2026-11-22T10:00:00.000Z');
const days = (count: number) => new Date(NOW.getTime() + count * 86_400_000);
const everyone = principal('everyone', [allow(['s3:*'], ['*'])]);
const AccessDenied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };
const ProtectedMessage = { ...AccessDenied, message: 'Access Denied because object protected by object lock.' };

let now = NOW;
let test: TestS3;
beforeAll(async () => {
  test = await startS3([everyone], { clock: () => now });
});
afterAll(() => test.close());

const Bucket = 'locked';
const put = async (Key: string, more = {}) =>
  (await test.client.send(new PutObjectCommand({ Bucket, Key, Body: Key, ...more }))).VersionId ?? '';
const lock = (Mode: 'GOVERNANCE' | 'COMPLIANCE', until: number) => ({
  ObjectLockMode: Mode,
  ObjectLockRetainUntilDate: days(until),
});
const remove = (Key: string, VersionId?: string, BypassGovernanceRetention?: boolean) =>
  test.client.send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention }));
const retain = (Key: string, Retention: { Mode?: 'GOVERNANCE' | 'COMPLIANCE'; RetainUntilDate?: Date }, more = {}) =>
  test.client.send(new PutObjectRetentionCommand({ Bucket, Key, Retention, ...more }));
const retention = async (Key: string) =>
  (await test.client.send(new GetObjectRetentionCommand({ Bucket, Key }))).Retention;
const hold = (Key: string, Status: 'ON' | 'OFF') =>
  test.client.send(new PutObjectLegalHoldCommand({ Bucket, Key, LegalHold: { Status } }));

describe('a retention', () => {
  it('comes with the write, and is told', async () => {
    const id = await put('told', { ...lock('GOVERNANCE', 2), ObjectLockLegalHoldStatus: 'ON' });
    expect(await retention('told')).toEqual({ Mode: 'GOVERNANCE', RetainUntilDate: days(2) });
    const head = await test.client.send(new HeadObjectCommand({ Bucket, Key: 'told', VersionId: id }));
    expect(head).toMatchObject({ ...lock('GOVERNANCE', 2), ObjectLockLegalHoldStatus: 'ON' });
    const held = await test.client.send(new GetObjectLegalHoldCommand({ Bucket, Key: 'told' }));
    expect(held.LegalHold).toEqual({ Status: 'ON' });
  });

  it.each(['GOVERNANCE', 'COMPLIANCE'] as const)(
    'in %s mode keeps the version until its day, hidden or not',
    async (mode) => {
      const Key = `until/${mode}`;
      const id = await put(Key, lock(mode, 2));
      await expect(remove(Key, id)).rejects.toMatchObject(ProtectedMessage);
      await put(Key);
      await remove(Key);
      await expect(remove(Key, id)).rejects.toMatchObject(ProtectedMessage);
      if (mode === 'COMPLIANCE') await expect(remove(Key, id, true)).rejects.toMatchObject(ProtectedMessage);
      now = days(2);
      try {
        expect(await remove(Key, id)).toMatchObject({ VersionId: id });
      } finally {
        now = NOW;
      }
    },
  );

  it('in governance mode yields to who asks to pass over it', async () => {
    const id = await put('bypassed', lock('GOVERNANCE', 2));
    await remove('bypassed', id, true);
    const { Versions } = await test.client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'bypassed' }));
    expect(Versions).toBeUndefined();
  });

  it('is refused version by version when many are deleted', async () => {
    const [kept, free] = [await put('many/kept', lock('COMPLIANCE', 1)), await put('many/free')];
    const Objects = [
      { Key: 'many/kept', VersionId: kept },
      { Key: 'many/free', VersionId: free },
    ];
    const answer = await test.client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects }, BypassGovernanceRetention: true }),
    );
    expect(answer.Deleted).toEqual([Objects[1]]);
    expect(answer.Errors).toMatchObject([{ ...Objects[0], Code: 'AccessDenied' }]);
  });

  it.each([
    ['GOVERNANCE', { Mode: 'GOVERNANCE', RetainUntilDate: days(5) }, true, true],
    ['GOVERNANCE', { Mode: 'GOVERNANCE', RetainUntilDate: days(1) }, false, true],
    ['GOVERNANCE', { Mode: 'COMPLIANCE', RetainUntilDate: days(5) }, false, true],
    ['GOVERNANCE', {}, false, true],
    ['COMPLIANCE', { Mode: 'COMPLIANCE', RetainUntilDate: days(5) }, true, true],
    ['COMPLIANCE', { Mode: 'COMPLIANCE', RetainUntilDate: days(1) }, false, false],
    ['COMPLIANCE', { Mode: 'GOVERNANCE', RetainUntilDate: days(5) }, false, false],
    ['COMPLIANCE', {}, false, false],
  ] as const)('in %s mode to %o: without bypass %s, with it %s', async (mode, Retention, plain, bypassed) => {
    for (const [BypassGovernanceRetention, allowed] of [
      [false, plain],
      [true, bypassed],
    ]) {
      const Key = `change/${JSON.stringify([mode, Retention, BypassGovernanceRetention])}`;
      await put(Key, lock(mode, 2));
      const change = retain(Key, Retention, { BypassGovernanceRetention });
      if (!allowed) {
        await expect(change).rejects.toMatchObject(ProtectedMessage);
        expect(await retention(Key)).toEqual({ Mode: mode, RetainUntilDate: days(2) });
        continue;
      }
      await change;
      if ('Mode' in Retention) expect(await retention(Key)).toEqual(Retention);
      else await expect(retention(Key)).rejects.toMatchObject({ name: 'NoSuchObjectLockConfiguration' });
    }
  });

  it('can be set on an object that had none, and on an older version', async () => {
    const id = await put('later');
    await put('later');
    await expect(retention('later')).rejects.toMatchObject({ name: 'NoSuchObjectLockConfiguration' });
    await retain('later', { Mode: 'COMPLIANCE', RetainUntilDate: days(1) }, { VersionId: id });
    await expect(remove('later', id)).rejects.toMatchObject(ProtectedMessage);
    await expect(retention('later')).rejects.toMatchObject({ name: 'NoSuchObjectLockConfiguration' });
  });

  it.each([
    [{ ObjectLockMode: 'COMPLIANCE' }, 'InvalidArgument'],
    [lock('COMPLIANCE', 0), 'InvalidArgument'],
    [{ ...lock('COMPLIANCE', 1), ObjectLockMode: 'FOREVER' }, 'InvalidArgument'],
    [{ ObjectLockLegalHoldStatus: 'MAYBE' }, 'InvalidArgument'],
    [{ ...lock('COMPLIANCE', 1), Bucket: 'versioned' }, 'InvalidRequest'],
    [{ ObjectLockLegalHoldStatus: 'ON', Bucket: 'plain' }, 'InvalidRequest'],
  ] as const)('that makes no sense is refused: %o', async (more, name) => {
    await expect(put('nonsense', more)).rejects.toMatchObject({ name });
    await expect(test.client.send(new HeadObjectCommand({ Bucket, Key: 'nonsense' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('needs something to be put on', async () => {
    await expect(retain('nothing', { Mode: 'GOVERNANCE', RetainUntilDate: days(1) })).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    await put('marked');
    const { VersionId } = await remove('marked');
    await expect(
      retain('marked', { Mode: 'GOVERNANCE', RetainUntilDate: days(1) }, { VersionId }),
    ).rejects.toMatchObject({ name: 'MethodNotAllowed' });
  });
});

describe('a legal hold', () => {
  it('keeps a version, whatever its retention, until it is lifted', async () => {
    const id = await put('held');
    await hold('held', 'ON');
    await expect(remove('held', id)).rejects.toMatchObject(ProtectedMessage);
    await expect(remove('held', id, true)).rejects.toMatchObject(ProtectedMessage);
    await hold('held', 'OFF');
    await remove('held', id);
  });
});

describe('a write that S3 would lock', () => {
  it('needs a checksum or Content-MD5', async () => {
    const client = new S3Client({ ...clientOf(test.url, everyone), requestChecksumCalculation: 'WHEN_REQUIRED' });
    const write = (more = {}) => client.send(new PutObjectCommand({ Bucket, Key: 'unchecked', Body: 'x', ...more }));
    const refused = { name: 'InvalidRequest', message: /^Content-MD5 OR x-amz-checksum- HTTP header is required/ };
    try {
      await expect(write(lock('GOVERNANCE', 1))).rejects.toMatchObject(refused);
      await expect(write({ ObjectLockLegalHoldStatus: 'OFF' })).rejects.toMatchObject(refused);
      await expect(write({ Bucket: 'kept' })).rejects.toMatchObject(refused);
      await write();
      await write({ Bucket: 'kept', ContentMD5: createHash('md5').update('x').digest('base64') });
      await write({ ...lock('GOVERNANCE', 1), ChecksumAlgorithm: 'SHA256' });
    } finally {
      client.destroy();
    }
  });

  it('gets the default retention of its bucket, unless it brings its own', async () => {
    const send = (Key: string, more = {}) =>
      test.client.send(new PutObjectCommand({ Bucket: 'kept', Key, Body: 'x', ...more }));
    const of = async (Key: string) =>
      (await test.client.send(new GetObjectRetentionCommand({ Bucket: 'kept', Key }))).Retention;
    await send('default');
    expect(await of('default')).toEqual({ Mode: 'GOVERNANCE', RetainUntilDate: days(7) });
    await send('own', lock('COMPLIANCE', 1));
    expect(await of('own')).toEqual({ Mode: 'COMPLIANCE', RetainUntilDate: days(1) });
    await expect(test.s3.putObject(principal('operator'), 'kept', 'inside', Buffer.from('x'))).rejects.toMatchObject({
      code: 'InvalidRequest',
    });
  });
});
