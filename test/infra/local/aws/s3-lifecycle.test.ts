import { readFile } from 'node:fs/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { survivors } from '../../../../infra/local/aws/s3/lifecycle.ts';
import type { Version } from '../../../../infra/local/aws/s3/versions.ts';
import type { BucketDefinition, LifecycleRule } from '../../../../infra/local/types.ts';
import { startS3 } from './s3-support.ts';

const DAY_MS = 86_400_000;
const NOON = new Date('2026-11-22T12:00:00.000Z');
const later = (days: number, ms = 0) => new Date(NOON.getTime() + days * DAY_MS + ms);
const rule = (given: Partial<LifecycleRule>): LifecycleRule => ({
  prefix: '',
  tags: {},
  expiredMarkers: false,
  ...given,
});
const bucketWith = (...lifecycle: LifecycleRule[]): BucketDefinition => ({
  name: 'landing',
  versioned: true,
  lifecycle,
  policy: [],
});
const object = (id: string, at: Date, more: Partial<Version> = {}): Version =>
  ({
    kind: 'object',
    id,
    lastModified: at.toISOString(),
    etag: 'e',
    headers: {},
    checksums: {},
    tags: {},
    ...more,
  }) as Version;
const marker = (id: string, at: Date): Version => ({ kind: 'marker', id, lastModified: at.toISOString() });
const idsOf = (versions: readonly Version[]) =>
  versions.map(({ kind, id }) => (kind === 'marker' && id.length === 32 ? 'new marker' : id));

describe('an expiration', () => {
  const sealed = bucketWith(rule({ prefix: 'landing/', tags: { sealed: 'yes' }, expirationDays: 7 }));
  const one = object('1', NOON, { tags: { sealed: 'yes', day: '2026-11-22' } });

  it('hides an object with the tag from the midnight after its days on', () => {
    // Noon and seven days is noon again: the next midnight is half a day later.
    for (const [at, expected] of [
      [later(7), ['1']],
      [later(7.5, -1), ['1']],
      [later(7.5), ['new marker', '1']],
    ] as const)
      expect(idsOf(survivors(sealed, 'landing/x', [one], at))).toEqual(expected);
  });

  it.each([
    ['another prefix', 'errors/x', one],
    ['no tag', 'landing/x', object('1', NOON)],
    ['another value of the tag', 'landing/x', object('1', NOON, { tags: { sealed: '2026-11-22' } })],
    ['a delete marker', 'landing/x', marker('1', NOON)],
  ])('leaves what has %s', (_, key, version) => {
    const versions = [version];
    expect(survivors(sealed, key, versions, later(400))).toBe(versions);
  });

  it('removes where there are no versions', () => {
    expect(survivors({ ...sealed, versioned: false }, 'landing/x', [one], later(8))).toEqual([]);
  });

  it('hides even what is locked, and removes no version of it', () => {
    const locked = object('1', NOON, { tags: { sealed: 'yes' }, legalHold: 'ON' });
    expect(idsOf(survivors(sealed, 'landing/x', [locked], later(8)))).toEqual(['new marker', '1']);
  });

  it('takes a delete marker that hides nothing', () => {
    const markers = bucketWith(rule({ expiredMarkers: true }));
    expect(survivors(markers, 'k', [marker('2', NOON)], NOON)).toEqual([]);
    const hiding = [marker('2', NOON), object('1', NOON)];
    expect(survivors(markers, 'k', hiding, later(400))).toBe(hiding);
    expect(survivors(bucketWith(rule({ expirationDays: 3 })), 'k', [marker('2', NOON)], later(4))).toEqual([]);
  });
});

describe('noncurrent versions', () => {
  it('go by the day on which they were replaced, all but the newest that are kept', () => {
    const versions = [object('4', later(3)), object('3', later(2)), marker('2', later(1)), object('1', NOON)];
    const run = (days: number, keep: number, at: Date) =>
      idsOf(survivors(bucketWith(rule({ noncurrent: { days, keep } })), 'k', versions, at));
    expect(run(1, 0, later(2.4))).toEqual(['4', '3', '2', '1']);
    expect(run(1, 0, later(2.5))).toEqual(['4', '3', '2']);
    expect(run(1, 0, later(5))).toEqual(['4']);
    expect(run(1, 2, later(5))).toEqual(['4', '3', '2']);
  });

  it('stay while they are locked', () => {
    const retention = { mode: 'GOVERNANCE', until: later(30).toISOString() } as const;
    const versions = [object('2', NOON), object('1', NOON, { retention })];
    const rules = bucketWith(rule({ noncurrent: { days: 1, keep: 0 } }));
    expect(survivors(rules, 'k', versions, later(29))).toBe(versions);
    expect(idsOf(survivors(rules, 'k', versions, later(30)))).toEqual(['2']);
  });
});

describe('a transition', () => {
  const rules = [
    rule({ prefix: 'archive/', transition: { days: 90, storageClass: 'GLACIER_IR' } }),
    rule({ prefix: 'archive/', tags: { expired: 'true' }, expirationDays: 1 }),
  ];
  const Bucket = 'landing';

  it('moves large current objects of its prefix, once, and they are read as before', async () => {
    const test = await startS3([], { buckets: [{ ...bucketWith(...rules), objectLock: {} }], clock: () => NOON });
    try {
      const { client } = test;
      const large = Buffer.alloc(128 * 1024, 'x');
      const put = async (Key: string, Body: Buffer) =>
        (
          await client.send(
            new PutObjectCommand({
              Bucket,
              Key,
              Body,
              ObjectLockMode: 'COMPLIANCE',
              ObjectLockRetainUntilDate: later(365),
            }),
          )
        ).VersionId ?? '';
      const version = await put('archive/large', large);
      await put('archive/small', large.subarray(1));
      await put('digests/large', large);
      expect(await test.s3.expire(later(90))).toEqual([]);
      const moved = { bucket: Bucket, key: 'archive/large', version, action: 'moved' };
      expect(await test.s3.expire(later(90.5))).toEqual([moved]);
      expect(await test.s3.expire(later(91))).toEqual([]);

      const listed = async () => {
        const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
        const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
        const classes = (all: readonly { Key?: string | undefined; StorageClass?: string | undefined }[]) =>
          all.map(({ Key, StorageClass }) => [Key, StorageClass]);
        expect(classes(Versions)).toEqual(classes(Contents));
        return classes(Contents);
      };
      expect(await listed()).toEqual([
        ['archive/large', 'GLACIER_IR'],
        ['archive/small', 'STANDARD'],
        ['digests/large', 'STANDARD'],
      ]);
      const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'archive/large', VersionId: version }));
      expect(head).toMatchObject({ StorageClass: 'GLACIER_IR', ObjectLockRetainUntilDate: later(365) });
      const got = await client.send(new GetObjectCommand({ Bucket, Key: 'archive/large' }));
      expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(large);
      expect((await client.send(new HeadObjectCommand({ Bucket, Key: 'archive/small' }))).StorageClass).toBeUndefined();
      await expect(
        client.send(new DeleteObjectCommand({ Bucket, Key: 'archive/large', VersionId: version })),
      ).rejects.toMatchObject({ name: 'AccessDenied' });
    } finally {
      await test.close();
    }
  });

  it('moves nothing that is hidden by then', async () => {
    const test = await startS3([], { buckets: [bucketWith(...rules)], clock: () => NOON });
    try {
      const Tagging = 'expired=true';
      const Key = 'archive/large';
      await test.client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(200_000), Tagging }));
      expect((await test.s3.expire(later(100))).map(({ action }) => action)).toEqual(['hidden']);
      expect(await test.s3.expire(later(100))).toEqual([]);
    } finally {
      await test.close();
    }
  });
});

it('rules never lose a current object but behind a marker, and come to rest', () => {
  const day = fc.integer({ min: 0, max: 9 });
  const version = fc.record({ isMarker: fc.boolean(), tagged: fc.boolean(), held: fc.boolean(), gap: day });
  const aRule = fc.record({
    prefix: fc.constantFrom('', 'k', 'other'),
    tags: fc.constantFrom({}, { t: '1' }),
    expiredMarkers: fc.boolean(),
    expirationDays: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    noncurrent: fc.option(fc.record({ days: fc.integer({ min: 1, max: 9 }), keep: fc.nat({ max: 2 }) }), {
      nil: undefined,
    }),
  });
  fc.assert(
    fc.property(
      fc.array(version, { minLength: 1, maxLength: 5 }),
      fc.array(aRule, { maxLength: 3 }),
      day,
      (made, rules, at) => {
        let time = 0;
        const versions = made.map(({ isMarker, tagged, held, gap }, n): Version => {
          time += gap;
          if (isMarker) return marker(String(n), later(time));
          return object(String(n), later(time), { tags: tagged ? { t: '1' } : {}, legalHold: held ? 'ON' : 'OFF' });
        });
        versions.reverse();
        const bucket = bucketWith(...(rules as LifecycleRule[]));
        const when = later(time + at);
        const left = survivors(bucket, 'k', versions, when);
        const [current] = versions;
        if (current?.kind === 'object') {
          expect(left).toContain(current);
          expect(left.indexOf(current)).toBeLessThanOrEqual(1);
        }
        for (const one of versions) if (one.kind === 'object' && one.legalHold === 'ON') expect(left).toContain(one);
        // What the first run hides counts as a version that is not current, and what it leaves alone may go in the next.
        let last = left;
        for (let runs = 0; runs < 4; runs++) last = survivors(bucket, 'k', last, when);
        expect(survivors(bucket, 'k', last, when)).toBe(last);
      },
    ),
    { numRuns: 500 },
  );
});

it('the endpoint’s objects expire when asked, and their versions later', async () => {
  const lifecycle = [
    rule({ tags: { sealed: 'yes' }, expirationDays: 7 }),
    rule({ noncurrent: { days: 1, keep: 0 }, expiredMarkers: true }),
  ];
  const test = await startS3([], { buckets: [bucketWith(...lifecycle)], clock: () => NOON });
  try {
    const Bucket = 'landing';
    const put = (Key: string) => test.client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const get = (Key: string) => test.client.send(new GetObjectCommand({ Bucket, Key }));
    const { VersionId } = await put('a/sealed');
    await put('a/open');
    await put('gone');
    await test.client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    const Tagging = { TagSet: [{ Key: 'sealed', Value: 'yes' }] };
    await test.client.send(new PutObjectTaggingCommand({ Bucket, Key: 'a/sealed', Tagging }));

    expect(await test.s3.expire(later(1))).toEqual([]);
    const hidden = { bucket: Bucket, key: 'a/sealed', version: VersionId, action: 'hidden' };
    const removed = { ...hidden, action: 'removed' };
    expect(await test.s3.expire(later(8))).toEqual([
      hidden,
      { bucket: Bucket, key: 'gone', version: expect.any(String), action: 'removed' },
    ]);
    await expect(get('a/sealed')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(readFile(test.s3.pathOf(Bucket, 'a/sealed'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await get('a/open')).ContentLength).toBe(1);
    expect(await test.s3.expire(later(9))).toMatchObject([{ key: 'gone', action: 'removed' }]);
    expect(await test.s3.expire(later(10))).toEqual([removed]);
    expect(await test.s3.expire(later(11))).toMatchObject([{ key: 'a/sealed', action: 'removed' }]);
    expect(await test.s3.expire(later(12))).toEqual([]);
    expect(await test.s3.expire(later(400), AbortSignal.abort())).toEqual([]);
  } finally {
    await test.close();
  }
});
