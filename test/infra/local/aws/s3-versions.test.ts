import { mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReader } from '../../../../infra/local/aws/s3/reader.ts';
import { newVersionId, type Version, versionsAfter } from '../../../../infra/local/aws/s3/versions.ts';
import { createS3 } from '../../../../infra/local/aws/s3.ts';
import { principal } from './endpoint-support.ts';
import { startS3, type TestS3 } from './s3-support.ts';

let test: TestS3;
beforeAll(async () => {
  test = await startS3();
});
afterAll(() => test.close());

const Bucket = 'versioned';
const put = async (Key: string, Body: string, more = {}) =>
  (await test.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))).VersionId ?? '';
const get = (Key: string, VersionId?: string) => test.client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
const textOf = async (Key: string, VersionId?: string) => (await get(Key, VersionId)).Body?.transformToString();
const remove = (Key: string, VersionId?: string) =>
  test.client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
const list = (Prefix: string, more = {}) =>
  test.client.send(new ListObjectVersionsCommand({ Bucket, Prefix, ...more }));

describe('a versioned bucket', () => {
  it('keeps every write under an id of its own', async () => {
    const ids = [await put('k', 'one', { Metadata: { n: '1' } }), await put('k', 'two'), await put('k', 'two')];
    expect(new Set(ids).size).toBe(3);
    expect(await textOf('k')).toBe('two');
    expect(await readFile(test.s3.pathOf(Bucket, 'k'), 'utf8')).toBe('two');
    expect(await Promise.all(ids.map((id) => textOf('k', id)))).toEqual(['one', 'two', 'two']);
    expect(await get('k')).toMatchObject({ VersionId: ids[2] });
    const head = await test.client.send(new HeadObjectCommand({ Bucket, Key: 'k', VersionId: ids[0] }));
    expect(head).toMatchObject({ VersionId: ids[0], Metadata: { n: '1' }, ContentLength: 3 });
  });

  it('hides an object behind a delete marker, and shows it again without', async () => {
    const id = await put('hidden', 'x');
    const { DeleteMarker, VersionId: marker } = await remove('hidden');
    expect(DeleteMarker).toBe(true);
    await expect(get('hidden')).rejects.toMatchObject({
      name: 'NoSuchKey',
      $response: { headers: { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker } },
    });
    await expect(test.client.send(new HeadObjectCommand({ Bucket, Key: 'hidden' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await expect(get('hidden', marker)).rejects.toMatchObject({
      name: 'MethodNotAllowed',
      $metadata: { httpStatusCode: 405 },
    });
    expect(await textOf('hidden', id)).toBe('x');
    expect((await test.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'hidden' }))).KeyCount).toBe(0);
    await expect(readFile(test.s3.pathOf(Bucket, 'hidden'))).rejects.toMatchObject({ code: 'ENOENT' });

    expect(await remove('hidden', marker)).toMatchObject({ DeleteMarker: true, VersionId: marker });
    expect(await textOf('hidden')).toBe('x');
    expect(await readFile(test.s3.pathOf(Bucket, 'hidden'), 'utf8')).toBe('x');
  });

  it('takes If-None-Match: * where only a delete marker is', async () => {
    await put('again', 'x');
    await expect(put('again', 'y', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await remove('again');
    await put('again', 'y', { IfNoneMatch: '*' });
    expect(await textOf('again')).toBe('y');
  });

  it('gives the place of a removed current version to the one before', async () => {
    const [one, two, three] = [await put('back', '1'), await put('back', '2'), await put('back', '3')];
    await remove('back', two);
    expect(await textOf('back')).toBe('3');
    expect(await remove('back', three)).toMatchObject({ VersionId: three });
    expect(await textOf('back')).toBe('1');
    await remove('back', one);
    expect((await list('back')).Versions).toBeUndefined();
    expect(await readdir(join(test.dir, 's3-meta', Bucket, 'back'))).toEqual([]);
    await expect(get('back', one)).rejects.toMatchObject({ name: 'NoSuchVersion' });
    // S3 says nothing of a version that is not there.
    await remove('back', one);
  });

  it('deletes many, some by version', async () => {
    const old = await put('many/a', '1');
    await put('many/a', '2');
    await put('many/b', '3');
    const Objects = [{ Key: 'many/a', VersionId: old }, { Key: 'many/b' }];
    const { Deleted } = await test.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted).toEqual([
      { Key: 'many/a', VersionId: old },
      { Key: 'many/b', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
    ]);
    const { Versions, DeleteMarkers } = await list('many/');
    expect(Versions).toMatchObject([
      { Key: 'many/a', IsLatest: true, Size: 1 },
      { Key: 'many/b', IsLatest: false },
    ]);
    expect(DeleteMarkers).toMatchObject([
      { Key: 'many/b', IsLatest: true, VersionId: Deleted?.[1]?.DeleteMarkerVersionId },
    ]);
  });

  it('does not make a folder of a key whose file comes back', async () => {
    await put('clash', 'x');
    const { VersionId } = await remove('clash');
    await put('clash/below', 'y');
    await expect(remove('clash', VersionId)).rejects.toMatchObject({ name: 'InvalidRequest' });
    expect(await textOf('clash/below')).toBe('y');
    expect((await list('clash')).DeleteMarkers).toHaveLength(1);
  });

  it('refuses an empty version', async () => {
    await expect(get('k', '')).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('ListObjectVersions', () => {
  it('pages through versions, markers and common prefixes, also while they are being deleted', async () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'a/1', 'a/2', 'b é', 'b\u{1F600}', 'c/x/y'),
      gone: fc.boolean(),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.constantFrom(undefined, '/'),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        async (steps, Delimiter, MaxKeys, purge) => {
          const root = `list-${run++}/`;
          const expected = new Map<string, string[]>();
          for (const [n, { key, gone }] of steps.entries()) {
            // `a` can't be a file and a folder.
            const Key = `${root}${key === 'a' ? 'a0' : key}`;
            const id = gone ? ((await remove(Key)).VersionId ?? '') : await put(Key, String(n));
            expected.set(Key, [id, ...(expected.get(Key) ?? [])]);
          }
          const keys = [...expected.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
          const entries = keys.flatMap((Key) => {
            const cut = Delimiter === undefined ? -1 : Key.indexOf(Delimiter, root.length);
            return cut < 0 ? (expected.get(Key) ?? []).map((id) => `${Key} ${id}`) : [Key.slice(0, cut + 1)];
          });
          const seen: string[] = [];
          let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
          for (let isTruncated = true; isTruncated; ) {
            const page = await list(root, { Delimiter, MaxKeys, ...markers });
            const own = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
            const names = [
              ...own.map(({ Key, VersionId }) => `${Key} ${VersionId}`),
              ...(page.CommonPrefixes ?? []).map((common) => common.Prefix ?? ''),
            ];
            expect(names.length).toBeLessThanOrEqual(MaxKeys);
            for (const { Key = '', VersionId = '', IsLatest } of own)
              if (!purge) expect(IsLatest).toBe(expected.get(Key)?.[0] === VersionId);
            seen.push(...names.sort((a, b) => entries.indexOf(a) - entries.indexOf(b)));
            if (purge) for (const { Key = '', VersionId } of own) await remove(Key, VersionId);
            isTruncated = page.IsTruncated === true;
            expect(page.NextKeyMarker !== undefined).toBe(isTruncated);
            markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
          }
          expect(seen).toEqual([...new Set(entries)]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([
    [{ VersionIdMarker: 'x' }, 'InvalidArgument'],
    [{ EncodingType: 'url' }, 'NotImplemented'],
    [{ MaxKeys: -1 }, 'InvalidArgument'],
  ])('refuses %o', async (more, name) => {
    await expect(list('', more)).rejects.toMatchObject({ name });
  });
});

describe('version ids', () => {
  const times = fc.array(fc.date({ min: new Date(0), max: new Date('9000-01-01'), noInvalidDate: true }), {
    minLength: 1,
    maxLength: 8,
  });
  it('rise whatever the clock does, and tell what comes after one that is gone', () => {
    fc.assert(
      fc.property(times, fc.nat(), (clock, pick) => {
        let versions: Version[] = [{ kind: 'marker', id: 'null', lastModified: '2026-01-01T00:00:00.000Z' }];
        for (const now of clock)
          versions = [
            { kind: 'marker', id: newVersionId(now, versions), lastModified: now.toISOString() },
            ...versions,
          ];
        const ids = versions.slice(0, -1).map(({ id }) => id);
        expect([...ids].sort().reverse()).toEqual(ids);
        for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
        const at = pick % ids.length;
        const left = versions.filter((_, position) => position !== at);
        expect(versionsAfter(left, ids[at] ?? '')).toEqual(versions.slice(at + 1));
        expect(versionsAfter(versions, ids[at] ?? '')).toEqual(versions.slice(at + 1));
        expect(versionsAfter(versions, 'null')).toEqual([]);
      }),
    );
  });
});

describe('a data directory from before there were versions', () => {
  it('opens: its objects are the version null, with what was known of them', async () => {
    const path = test.s3.pathOf(Bucket, 'old/file');
    const meta = join(test.dir, 's3-meta', Bucket, 'old/file');
    await mkdir(dirname(path), { recursive: true });
    await mkdir(meta, { recursive: true });
    await writeFile(path, 'old');
    const head = { headers: { 'x-amz-meta-a': 'b', 'content-type': 'text/old' }, checksums: {} };
    await writeFile(join(meta, '%etag-149603e6c03516362a8da23f624db945.json'), JSON.stringify(head));
    expect(await get('old/file')).toMatchObject({
      VersionId: 'null',
      ETag: '"149603e6c03516362a8da23f624db945"',
      Metadata: { a: 'b' },
      ContentType: 'text/old',
    });
    expect((await list('old/')).Versions).toMatchObject([{ VersionId: 'null', IsLatest: true, Size: 3 }]);

    const id = await put('old/file', 'new');
    expect(await textOf('old/file')).toBe('new');
    expect(await textOf('old/file', 'null')).toBe('old');
    expect((await get('old/file', 'null')).Metadata).toEqual({ a: 'b' });
    expect((await list('old/')).Versions).toMatchObject([{ VersionId: id }, { VersionId: 'null' }]);
    expect((await readdir(meta)).sort()).toEqual(['%v-null', '%versions.json']);
    await remove('old/file', id);
    expect(await textOf('old/file')).toBe('old');
  });

  it('takes a file that was overwritten when the process died for what it is', async () => {
    const meta = join(test.dir, 's3-meta', Bucket, 'torn');
    await mkdir(meta, { recursive: true });
    await writeFile(test.s3.pathOf(Bucket, 'torn'), 'old');
    for (const [etag, n] of [
      ['149603e6c03516362a8da23f624db945', 'old'],
      ['22af645d1859cb5ca6da0c484f1f37ea', 'new'],
    ])
      await writeFile(
        join(meta, `%etag-${etag}.json`),
        JSON.stringify({ headers: { 'x-amz-meta-n': n }, checksums: {} }),
      );
    expect((await get('torn')).Metadata).toEqual({ n: 'old' });
  });
});

describe('files that were changed by hand', () => {
  it('are read as they are, under the version that they had', async () => {
    const id = await put('tampered', 'honest');
    await writeFile(test.s3.pathOf(Bucket, 'tampered'), 'changed it');
    const { Body, VersionId, ContentLength } = await get('tampered');
    expect(VersionId).toBe(id);
    expect(ContentLength).toBe(10);
    await expect(Body?.transformToString()).rejects.toThrow(/[Cc]hecksum mismatch/);
    expect((await list('tampered')).Versions).toMatchObject([{ VersionId: id, Size: 10 }]);
  });

  it('take the current version away with them', async () => {
    await put('taken', '1');
    await unlink(test.s3.pathOf(Bucket, 'taken'));
    await expect(get('taken')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect((await list('taken')).Versions).toBeUndefined();
    const id = await put('taken', '2');
    expect((await list('taken')).Versions).toMatchObject([{ VersionId: id }]);
  });

  it('are a version of their own in the place of a delete marker', async () => {
    const id = await put('planted', '1');
    await remove('planted');
    await writeFile(test.s3.pathOf(Bucket, 'planted'), 'by hand');
    expect(await textOf('planted')).toBe('by hand');
    const { Versions } = await list('planted');
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['null', id]);
    await put('planted', '3');
    expect(await textOf('planted', 'null')).toBe('by hand');
  });
});

describe('what is stored', () => {
  it('can be read while nobody serves it', async () => {
    const dir = join(test.dir, 'offline');
    const s3 = createS3({ dir, buckets: [{ name: 'b', versioned: true, policy: [] }] });
    const operator = principal('operator');
    await s3.putObject(operator, 'b', 'x/y', Buffer.from('1'));
    await s3.putObject(operator, 'b', 'x/y', Buffer.from('22'));
    const reader = createReader(dir);
    expect(await reader.allKeys('b', 'x/')).toEqual(['x/y']);
    const stored = await reader.load('b', 'x/y');
    const texts = stored.versions.map(({ id }) => readFile(reader.fileOf('b', 'x/y', stored, id), 'utf8'));
    expect(await Promise.all(texts)).toEqual(['22', '1']);
    await rm(dir, { recursive: true });
  });
});
