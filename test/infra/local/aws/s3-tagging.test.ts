import {
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTagging, parseTagHeader } from '../../../../infra/local/aws/s3/tags.ts';
import { toXml } from '../../../../infra/local/aws/s3/xml.ts';
import { startS3, type TestS3 } from './s3-support.ts';

let test: TestS3;
beforeAll(async () => {
  test = await startS3();
});
afterAll(() => test.close());

const Bucket = 'versioned';
const put = async (Key: string, Tagging?: string) =>
  (await test.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', Tagging }))).VersionId ?? '';
const tag = (Key: string, tags: Record<string, string>, VersionId?: string) =>
  test.client.send(
    new PutObjectTaggingCommand({
      Bucket,
      Key,
      VersionId,
      Tagging: { TagSet: Object.entries(tags).map(([key, Value]) => ({ Key: key, Value })) },
    }),
  );
const tagsOf = async (Key: string, VersionId?: string) => {
  const { TagSet } = await test.client.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }));
  return Object.fromEntries((TagSet ?? []).map(({ Key: key, Value }) => [key, Value]));
};

describe('tags', () => {
  it('are written with the object, replaced and taken away, version by version', async () => {
    const one = await put('k', 'a=1&b=x%20y%2Fz');
    const two = await put('k');
    expect(await tagsOf('k', one)).toEqual({ a: '1', b: 'x y/z' });
    expect(await tagsOf('k')).toEqual({});
    expect(await tag('k', { sealed: '2026-11-22', empty: '' })).toMatchObject({ VersionId: two });
    expect(await tagsOf('k', two)).toEqual({ sealed: '2026-11-22', empty: '' });
    await tag('k', { c: '3' }, one);
    expect(await tagsOf('k', one)).toEqual({ c: '3' });
    await test.client.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'k' }));
    expect(await tagsOf('k')).toEqual({});
    expect(await tagsOf('k', one)).toEqual({ c: '3' });
  });

  it('are counted on a read, and change nothing else of the object', async () => {
    await put('counted');
    const head = () => test.client.send(new HeadObjectCommand({ Bucket, Key: 'counted' }));
    const before = await head();
    await tag('counted', { a: '1', b: '2' });
    const after = await head();
    expect([after.ETag, after.LastModified, after.VersionId]).toEqual([
      before.ETag,
      before.LastModified,
      before.VersionId,
    ]);
    expect((await test.client.send(new GetObjectCommand({ Bucket, Key: 'counted' }))).TagCount).toBe(2);
    expect(before.TagCount).toBeUndefined();
  });

  it.each([
    [{ 'a*': '1' }, 'InvalidTag'],
    [{ 'aws:a': '1' }, 'InvalidTag'],
    [{ '': '1' }, 'InvalidTag'],
    [{ a: '#' }, 'InvalidTag'],
    [{ ['k'.repeat(129)]: '1' }, 'InvalidTag'],
    [{ a: 'v'.repeat(257) }, 'InvalidTag'],
    [Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, ''])), 'BadRequest'],
  ])('that S3 does not take are refused: %j', async (tags, name) => {
    await put('bad', 'kept=1');
    await expect(tag('bad', tags)).rejects.toMatchObject({ name });
    await expect(put('worse', new URLSearchParams(tags).toString())).rejects.toMatchObject({ name });
    expect(await tagsOf('bad')).toEqual({ kept: '1' });
    await expect(tagsOf('worse')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('need an object', async () => {
    await expect(tag('nothing', { a: '1' })).rejects.toMatchObject({ name: 'NoSuchKey' });
    await put('something');
    await expect(tag('something', { a: '1' }, 'f'.repeat(32))).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });
});

describe('a tag set', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'Z', '0', 'é', '日', ' ', '+', '-', '=', '.', '_', ':', '/', '@'),
  });
  const key = text.filter((one) => one !== '' && !one.startsWith('aws:'));
  const tags = fc.dictionary(key, text, { maxKeys: 10 });

  it('is read from the header and from XML as it was written', () => {
    fc.assert(
      fc.property(tags, (set) => {
        expect(parseTagHeader(new URLSearchParams(set).toString())).toEqual({ ...set });
        const Tag = Object.entries(set).map(([Key, Value]) => ({ Key, Value }));
        expect(parseTagging(toXml('Tagging', { TagSet: { Tag } }))).toEqual({ ...set });
      }),
    );
  });

  it('has each key once', () => {
    expect(() => parseTagHeader('a=1&a=2')).toThrow(expect.objectContaining({ code: 'InvalidTag' }));
  });

  it.each(['', '<Tagging></Tagging>', '<Tagging><TagSet><Tag><Value>1</Value></Tag></TagSet></Tagging>'])(
    'is not read from %j',
    (xml) => {
      expect(() => parseTagging(xml)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
    },
  );
});
