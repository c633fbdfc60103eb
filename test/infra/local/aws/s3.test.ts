import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3 } from '../../../../infra/local/aws/s3.ts';
import { principal } from './endpoint-support.ts';
import { startS3, type TestS3 } from './s3-support.ts';

let test: TestS3;
beforeAll(async () => {
  test = await startS3();
});
afterAll(() => test.close());

const Bucket = 'plain';
const put = (Key: string, Body: string | Buffer, more = {}) =>
  test.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string, more = {}) => test.client.send(new GetObjectCommand({ Bucket, Key, ...more }));
const textOf = async (Key: string, more = {}) => (await get(Key, more)).Body?.transformToString();

describe('PutObject and GetObject', () => {
  it('give back bytes, type, metadata, entity tag and checksum', async () => {
    const Body = Buffer.from([0, 255, 13, 10, 128]);
    const Metadata = { 'raw-size': '5', note: 'a b' };
    const written = await put('round/trip', Body, {
      ContentType: 'application/gzip',
      ContentEncoding: 'gzip',
      Metadata,
      ChecksumAlgorithm: 'SHA256',
    });
    const etag = `"${createHash('md5').update(Body).digest('hex')}"`;
    const checksum = createHash('sha256').update(Body).digest('base64');
    expect(written).toMatchObject({ ETag: etag, ChecksumSHA256: checksum });

    const read = await get('round/trip');
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? [])).toEqual(Body);
    const known = { ContentType: 'application/gzip', ContentEncoding: 'gzip', ContentLength: 5, ETag: etag, Metadata };
    expect(read).toMatchObject({ ...known, ChecksumSHA256: checksum });
    const head = await test.client.send(new HeadObjectCommand({ Bucket, Key: 'round/trip' }));
    expect(head).toMatchObject(known);
    expect(Date.now() - (head.LastModified?.getTime() ?? 0)).toBeLessThan(60_000);
  });

  it('overwrite without a condition, with the new metadata', async () => {
    await put('over', 'one', { Metadata: { n: '1' } });
    await put('over', 'two', { Metadata: { n: '2' } });
    await put('over', 'two', { Metadata: { n: '3' } });
    expect(await textOf('over')).toBe('two');
    expect((await get('over')).Metadata).toEqual({ n: '3' });
  });

  it('take a body in chunks with its checksum behind it', async () => {
    const bytes = Buffer.alloc(300_000, 'chunked ');
    const Body = Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]);
    const written = await test.client.send(
      new PutObjectCommand({ Bucket, Key: 'chunked', Body, ContentLength: bytes.length }),
    );
    expect(written.ChecksumCRC32).toBeDefined();
    const read = await get('chunked');
    expect(read.ContentEncoding).toBeUndefined();
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
  });

  it('keep an empty object', async () => {
    await put('empty', '');
    expect(await get('empty')).toMatchObject({ ContentLength: 0, ContentType: 'application/octet-stream' });
    expect(await textOf('empty')).toBe('');
  });

  it.each([
    'a b',
    'é/日本',
    'a//b/',
    '/lead',
    '..',
    'up/../../../etc/passwd',
    '.',
    'p%2Fq',
    'x?y#z',
    "it's&<>",
    '%',
    'a\nb',
  ])('take the key %j for what it is', async (key) => {
    await put(key, key);
    expect(await textOf(key)).toBe(key);
    const { Contents } = await test.client.send(new ListObjectsV2Command({ Bucket, Prefix: key }));
    expect(Contents?.map(({ Key }) => Key)).toContain(key);
    expect(test.s3.pathOf(Bucket, key).startsWith(`${join(test.dir, 's3', Bucket)}/`)).toBe(true);
    expect(await readFile(test.s3.pathOf(Bucket, key), 'utf8')).toBe(key);
  });

  it('leave partition folders as they are, for whoever reads the files', () => {
    const key = 'landing/ingest_date=2026-11-22/annals-1-2026-11-22-10-00-00-x.parquet';
    expect(test.s3.pathOf('plain', key)).toBe(join(test.dir, 's3/plain', key));
  });

  it('know an object that was put there as a file', async () => {
    await writeFile(test.s3.pathOf(Bucket, 'by-hand'), 'hand');
    expect(await textOf('by-hand')).toBe('hand');
    expect((await get('by-hand')).ETag).toBe(`"${createHash('md5').update('hand').digest('hex')}"`);
  });

  it('refuse a key that would be the folder of another, and say why', async () => {
    await put('folder/file', 'x');
    await expect(put('folder', 'x')).rejects.toMatchObject({ name: 'InvalidRequest', message: /folder of another/ });
    await expect(put('folder', 'x', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'InvalidRequest' });
    await expect(put('folder/file/below', 'x')).rejects.toMatchObject({ name: 'InvalidRequest' });
    expect(await textOf('folder/file')).toBe('x');
  });

  it.each(['k'.repeat(1025), 'é'.repeat(100)])('refuse a key that is too long (%#)', async (key) => {
    await expect(put(key, 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });
});

describe('Range', () => {
  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('%s is %s', async (Range, text, ContentRange) => {
    await put('digits', '0123456789');
    const answer = await get('digits', { Range });
    expect(await answer.Body?.transformToString()).toBe(text);
    expect(answer).toMatchObject({ ContentRange, ContentLength: text.length, $metadata: { httpStatusCode: 206 } });
  });

  it.each(['bytes=5-2', 'lines=0-1', 'bytes=-'])('%s is ignored', async (Range) => {
    await put('digits', '0123456789');
    expect(await textOf('digits', { Range })).toBe('0123456789');
  });

  it.each(['bytes=10-', 'bytes=-0'])('%s can’t be satisfied', async (Range) => {
    await put('digits', '0123456789');
    await expect(get('digits', { Range })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });
});

describe('digests of the body', () => {
  const wrong = (bytes: number) => Buffer.alloc(bytes).toString('base64');
  it.each([
    ['CRC32', { ChecksumCRC32: wrong(4) }],
    ['SHA256', { ChecksumSHA256: wrong(32) }],
    ['SHA1', { ChecksumSHA1: wrong(20) }],
    ['MD5', { ContentMD5: wrong(16) }],
  ])('a wrong %s is refused and nothing is stored', async (_, input) => {
    await expect(put('bad-digest', 'bytes', input)).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(get('bad-digest')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('a right MD5 is taken', async () => {
    await put('good-digest', 'bytes', { ContentMD5: createHash('md5').update('bytes').digest('base64') });
    expect(await textOf('good-digest')).toBe('bytes');
  });

  it('a checksum that can’t be checked is refused', async () => {
    await expect(put('crc32c', 'bytes', { ChecksumCRC32C: wrong(4) })).rejects.toMatchObject({
      name: 'NotImplemented',
      message: /not x-amz-checksum-crc32c/,
    });
  });
});

describe('If-None-Match: *', () => {
  it('lets exactly one of many writers through', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 25 }, (_, n) =>
        put('once', n % 2 ? 'odd' : 'even', { IfNoneMatch: '*', Metadata: { n: String(n) } }),
      ),
    );
    const winners = results.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
    expect(winners).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    const stored = await get('once');
    expect(stored.Metadata).toEqual({ n: String(winners[0]) });
    expect(await stored.Body?.transformToString()).toBe(winners[0]! % 2 ? 'odd' : 'even');
    expect(await readdir(join(test.dir, 's3-tmp'))).toEqual([]);
  });

  it('takes no entity tag', async () => {
    await expect(put('tagged', 'x', { IfNoneMatch: '"abc"' })).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

describe('ListObjectsV2', () => {
  it('pages through keys and common prefixes as S3 orders them', async () => {
    const segment = fc.constantFrom('a', 'b', 'é', '\u{1F600}', '\uffee', 'a b', 'z=1');
    const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join('/')}/leaf`);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 12 }),
        fc.constantFrom(undefined, '/', 'b'),
        fc.constantFrom('', 'a', 'a/', 'a/b/', 'é'),
        fc.integer({ min: 1, max: 5 }),
        async (keys, Delimiter, below, MaxKeys) => {
          const root = `list-${run++}/`;
          const Prefix = root + below;
          for (const one of keys) await test.s3.putObject(principal('operator'), Bucket, root + one, Buffer.from(one));
          const seen: string[] = [];
          let ContinuationToken: string | undefined;
          do {
            const page = await test.client.send(
              new ListObjectsV2Command({ Bucket, Prefix, Delimiter, MaxKeys, ContinuationToken }),
            );
            const names = [
              ...(page.Contents ?? []).map(({ Key }) => Key ?? ''),
              ...(page.CommonPrefixes ?? []).map((common) => common.Prefix ?? ''),
            ];
            expect(names.length).toBe(page.KeyCount);
            expect(names.length).toBeLessThanOrEqual(MaxKeys);
            seen.push(...names.sort(byBytes));
            ContinuationToken = page.NextContinuationToken;
            expect(ContinuationToken !== undefined).toBe(page.IsTruncated);
          } while (ContinuationToken !== undefined);
          const expected = keys
            .map((one) => root + one)
            .filter((one) => one.startsWith(Prefix))
            .map((one) => {
              const cut = Delimiter === undefined ? -1 : one.indexOf(Delimiter, Prefix.length);
              return cut < 0 ? one : one.slice(0, cut + Delimiter!.length);
            });
          expect(seen).toEqual([...new Set(expected)].sort(byBytes));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('tells size and entity tag, and begins after a key', async () => {
    await put('sized/a', 'four');
    await put('sized/b', 'sixsix');
    const { Contents } = await test.client.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'sized/', StartAfter: 'sized/a' }),
    );
    expect(Contents).toEqual([
      expect.objectContaining({
        Key: 'sized/b',
        Size: 6,
        ETag: `"${createHash('md5').update('sixsix').digest('hex')}"`,
      }),
    ]);
  });

  it('finds nothing in an empty place', async () => {
    const page = await test.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'no/such/' }));
    expect(page).toMatchObject({ KeyCount: 0, IsTruncated: false });
    expect(page.Contents).toBeUndefined();
  });

  it('refuses a token that it never gave', async () => {
    await expect(test.client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: '?!' }))).rejects.toMatchObject(
      { name: 'InvalidArgument' },
    );
  });
});

describe('deleting', () => {
  it('removes one, or many with odd names', async () => {
    for (const key of ['del/1', "del/2 & <'3'>", 'del/\r']) await put(key, 'x');
    await test.client.send(new DeleteObjectCommand({ Bucket, Key: 'del/1' }));
    const Objects = [{ Key: "del/2 & <'3'>" }, { Key: 'del/\r' }, { Key: 'del/never' }];
    const answer = await test.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Deleted).toHaveLength(3);
    expect((await test.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'del/' }))).KeyCount).toBe(0);
    expect(await readdir(join(test.dir, 's3-meta', Bucket, 'del', '1'))).toEqual([]);
  });
});

describe('what is not there', () => {
  it('is named as S3 names it', async () => {
    await expect(get('nothing')).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
    await expect(test.client.send(new HeadObjectCommand({ Bucket, Key: 'nothing' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await expect(
      test.client.send(new PutObjectCommand({ Bucket: 'other', Key: 'k', Body: 'x' })),
    ).rejects.toMatchObject({ name: 'NoSuchBucket', $metadata: { httpStatusCode: 404 } });
    await expect(test.s3.putObject(principal('operator'), 'other', 'k', Buffer.from('x'))).rejects.toMatchObject({
      code: 'NoSuchBucket',
    });
  });

  it.each([{ ACL: 'private' }, { ServerSideEncryption: 'aws:kms' }, { StorageClass: 'GLACIER' }] as const)(
    'a write with %o is refused rather than half done',
    async (input) => {
      await expect(put('refused', 'x', input)).rejects.toMatchObject({ name: 'NotImplemented' });
    },
  );
});

describe('createS3', () => {
  it('refuses a bucket policy whose denial it can’t judge', () => {
    const statement = { Effect: 'Deny', Principal: '*', Action: ['s3:*'], Resource: ['*'] } as const;
    const policy = [{ ...statement, Condition: { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8'] } } }];
    expect(() => createS3({ dir: test.dir, buckets: [{ name: 'b', policy }] })).toThrow(/IpAddress/);
  });
});

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
