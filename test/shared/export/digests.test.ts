import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Digest, digestBytes, digestKey, signatureKey } from '../../../shared/archive/digest.ts';
import { coveringDigests } from '../../../shared/export/digests.ts';
import { MemoryBucket } from '../../support/sealed-archive.ts';

const SHA = '0'.repeat(64);

function digestOf(day: string, files: [tenant: string, earliest: string, latest: string][]): Buffer {
  const digest: Digest = {
    format: 1,
    day,
    previous: null,
    plannedAt: `${day}T00:00:00.000Z`,
    key: SHA,
    landing: [],
    expired: [],
    unreadable: [],
    repeats: 0,
    archivedBefore: 0,
    files: files.map(([tenant, earliest, latest]) => ({
      key: 'k',
      version: 'v',
      size: 1,
      sha256: SHA,
      tenant,
      date: day,
      rows: 1,
      earliest: `${earliest}T00:00:00.000Z`,
      latest: `${latest}T00:00:00.000Z`,
      ids: SHA,
    })),
  };
  return digestBytes(digest);
}

const bucket = new MemoryBucket();
const put = (day: string, bytes: Buffer) => {
  bucket.put(digestKey(day), bytes);
  bucket.put(signatureKey(day), Buffer.from('c2ln'));
};
put('2026-03-01', digestOf('2026-03-01', [['main', '2026-02-27', '2026-03-01']]));
put('2026-03-02', digestOf('2026-03-02', [['other', '2026-03-02', '2026-03-02']]));
put('2026-03-03', digestOf('2026-03-03', []));
put('2026-03-04', Buffer.from('no digest'));
const late = digestOf('2026-03-05', [['main', '2026-01-01', '2026-01-02']]);
put('2026-03-05', late);
const ends = { sealedTo: '2026-03-05', firstNotSealed: '2026-03-06' };
const days = async (from: string | undefined, to: string) => {
  const { covering, ...rest } = await coveringDigests(bucket, 'main', { from, to });
  expect(rest).toEqual(ends);
  return covering.map(({ day }) => day.slice(8));
};

it('name the digests in which events of the range may be, and the first day that is not sealed', async () => {
  expect(await days(undefined, '2026-04-01T00:00:00.000Z')).toEqual(['01', '04', '05']);
  expect(await days('2026-02-28T00:00:00.000Z', '2026-03-01T00:00:00.000Z')).toEqual(['01', '04']);
  // What comes months late is sealed late.
  expect(await days('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z')).toEqual(['04', '05']);
  expect(await days('2026-01-02T12:00:00.000Z', '2026-02-01T00:00:00.000Z')).toEqual(['04']);
  // From its own time on, or a day before: a clock may be ahead.
  expect(await days('2026-03-06T00:00:00.000Z', '2026-03-07T00:00:00.000Z')).toEqual([]);
});

it('give the SHA-256 of what was written first', async () => {
  const more = bucket.clone();
  more.put(digestKey('2026-03-05'), Buffer.from('written over'));
  const range = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' };
  const { covering } = await coveringDigests(more, 'main', range);
  expect(covering.at(-1)).toEqual({ day: '2026-03-05', sha256: createHash('sha256').update(late).digest('hex') });
});

it('are none where nothing is sealed', async () => {
  expect(await coveringDigests(new MemoryBucket(), 'main', { to: '2026-01-02T00:00:00.000Z' })).toEqual({
    covering: [],
    sealedTo: null,
    firstNotSealed: null,
  });
});
