import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allow, principal } from './endpoint-support.ts';
import { startS3, type TestS3 } from './s3-support.ts';

const writer = principal('writer', [allow(['s3:PutObject'], ['arn:aws:s3:::plain/in/*', 'arn:aws:s3:::guarded/*'])]);
const reader = principal('reader', [allow(['s3:GetObject'], ['arn:aws:s3:::plain/*'])]);
const lister = principal('lister', [
  allow(['s3:ListBucket'], ['arn:aws:s3:::plain'], { StringLike: { 's3:prefix': ['in/*'] } }),
  allow(['s3:ListBucket'], ['arn:aws:s3:::guarded']),
  allow(['s3:GetObject'], ['arn:aws:s3:::guarded/*']),
]);
const AccessDenied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };

let test: TestS3;
beforeAll(async () => {
  test = await startS3([writer, reader, lister]);
});
afterAll(() => test.close());

const put = (who: typeof writer, Bucket: string, Key: string, more = {}) =>
  test.clientFor(who).send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...more }));

describe('a role', () => {
  it('writes where its grant says and nowhere else', async () => {
    await put(writer, 'plain', 'in/a');
    await expect(put(writer, 'plain', 'out')).rejects.toMatchObject(AccessDenied);
    await expect(put(reader, 'plain', 'in/b')).rejects.toMatchObject(AccessDenied);
    await expect(
      test.clientFor(writer).send(new GetObjectCommand({ Bucket: 'plain', Key: 'in/a' })),
    ).rejects.toMatchObject(AccessDenied);
  });

  it('is held to the same inside the process', async () => {
    const bytes = Buffer.from('x');
    await test.s3.putObject(writer, 'plain', 'in/process', bytes, { contentType: 'text/plain', metadata: { a: '1' } });
    const head = await test.clientFor(reader).send(new HeadObjectCommand({ Bucket: 'plain', Key: 'in/process' }));
    expect(head).toMatchObject({ ContentType: 'text/plain', Metadata: { a: '1' } });
    await expect(test.s3.putObject(writer, 'plain', 'out', bytes)).rejects.toMatchObject({
      code: 'AccessDenied',
      message: 'User: writer is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::plain/out',
    });
    await expect(test.s3.putObject(writer, 'guarded', 'k', bytes)).rejects.toMatchObject({ code: 'AccessDenied' });
    await test.s3.putObject(writer, 'guarded', 'k', bytes, { ifNoneMatch: '*' });
    await expect(test.s3.putObject(writer, 'guarded', 'k', bytes, { ifNoneMatch: '*' })).rejects.toMatchObject({
      code: 'PreconditionFailed',
    });
  });

  it('lists under the prefixes of its condition', async () => {
    const list = (Prefix?: string) =>
      test.clientFor(lister).send(new ListObjectsV2Command({ Bucket: 'plain', Prefix }));
    expect((await list('in/')).$metadata.httpStatusCode).toBe(200);
    await expect(list('out/')).rejects.toMatchObject(AccessDenied);
    await expect(list()).rejects.toMatchObject(AccessDenied);
  });

  it('learns that a key is missing only when it may list', async () => {
    await expect(
      test.clientFor(reader).send(new GetObjectCommand({ Bucket: 'plain', Key: 'none' })),
    ).rejects.toMatchObject(AccessDenied);
    await expect(
      test.clientFor(lister).send(new GetObjectCommand({ Bucket: 'guarded', Key: 'none' })),
    ).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('deletes nothing without the grant, key by key', async () => {
    await put(writer, 'plain', 'in/kept');
    const Delete = { Objects: [{ Key: 'in/kept' }] };
    const answer = await test.clientFor(writer).send(new DeleteObjectsCommand({ Bucket: 'plain', Delete }));
    expect(answer.Deleted).toBeUndefined();
    expect(answer.Errors).toEqual([
      { Key: 'in/kept', Code: 'AccessDenied', Message: expect.stringContaining('s3:DeleteObject') },
    ]);
    await test.clientFor(reader).send(new GetObjectCommand({ Bucket: 'plain', Key: 'in/kept' }));
  });

  it('loses a grant the moment it is taken away', async () => {
    const passing = principal('passing', [allow(['s3:PutObject'], ['arn:aws:s3:::plain/*'])]);
    const one = await startS3([passing]);
    try {
      const client = one.clientFor(passing);
      await client.send(new PutObjectCommand({ Bucket: 'plain', Key: 'a', Body: 'x' }));
      passing.statements = [];
      await expect(client.send(new PutObjectCommand({ Bucket: 'plain', Key: 'b', Body: 'x' }))).rejects.toMatchObject(
        AccessDenied,
      );
    } finally {
      await one.close();
    }
  });
});

describe('a bucket policy', () => {
  it('denies a write without If-None-Match to everybody, the operator too', async () => {
    const message = /denied by the bucket policy/;
    await expect(put(writer, 'guarded', 'w')).rejects.toMatchObject({ ...AccessDenied, message });
    await expect(
      test.client.send(new PutObjectCommand({ Bucket: 'guarded', Key: 'w', Body: 'x' })),
    ).rejects.toMatchObject({ ...AccessDenied, message });
    await put(writer, 'guarded', 'w', { IfNoneMatch: '*' });
  });

  it('that wants TLS does not keep loopback out', async () => {
    await put(writer, 'guarded', 'tls', { IfNoneMatch: '*' });
  });

  it('grants nothing by its Allow', async () => {
    await expect(put(reader, 'guarded', 'r', { IfNoneMatch: '*' })).rejects.toMatchObject(AccessDenied);
  });
});
