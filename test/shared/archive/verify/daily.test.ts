import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestKey, signatureKey } from '../../../../shared/archive/digest.ts';
import { type DailyOptions, verifyDaily } from '../../../../shared/archive/verify/daily.ts';
import { ParquetReader } from '../../../../shared/archive/verify/parquet.ts';
import { locate } from '../../../../shared/archive/verify/proof.ts';
import { lastVerdict } from '../../../../shared/archive/verify/record.ts';
import { RollingReads } from '../../../../shared/archive/verify/rolling.ts';
import type { SealedFile } from '../../../../shared/archive/verify/sealed-file.ts';
import { pinnedKey } from '../../../../shared/archive/verify/trust.ts';
import { eventId } from '../../../../shared/event/id.ts';
import { MemoryControl } from '../../../support/memory-control.ts';
import { ArchiveWriter, MemoryBucket, testKey } from '../../../support/sealed-archive.ts';
import { NOW, sealFourDays } from './support.ts';

const key = testKey();
const successor = testKey();
let writer: ArchiveWriter;
let sealed: MemoryBucket;
let control: MemoryControl;
beforeAll(async () => {
  writer = await ArchiveWriter.open();
  await sealFourDays(writer, key);
  sealed = writer.bucket;
});
afterAll(() => writer.close());
beforeEach(() => {
  writer.bucket = sealed.clone();
  control = new MemoryControl();
});

const tools = () => ({ reader: writer.bucket, parquet: new ParquetReader(writer.connection), folder: writer.folder });
async function daily(options: Partial<DailyOptions> = {}) {
  const findings: string[] = [];
  const verdict = await verifyDaily({
    ...tools(),
    control,
    key: pinnedKey(key.pem),
    now: NOW,
    rollingLeft: () => 1,
    timeLeft: () => 1,
    onFinding: ({ code }) => findings.push(code),
    ...options,
  });
  return { verdict, findings };
}
const remove = (...days: string[]) => {
  for (const day of days) for (const one of [digestKey(day), signatureKey(day)]) writer.bucket.remove(one);
};

describe('the daily verify', () => {
  it('stores its verdict', async () => {
    expect(await lastVerdict(control)).toBeUndefined();
    expect((await daily()).verdict).toMatchObject({ status: 'verified', filesRead: 5 });
    expect(await lastVerdict(control)).toMatchObject({
      status: 'verified',
      at: NOW.toISOString(),
      from: '2026-11-01',
      to: '2026-11-04',
    });
  });

  it('keeps the digest that it saw: one that is cut off is found before it is overdue', async () => {
    await daily();
    remove('2026-11-04');
    writer.bucket.remove('plans/2026-11-04.json');
    writer.bucket.remove('archive/event_date=2026-11-04/main/2026-11-04-1.parquet');
    const { verdict, findings } = await daily();
    expect([verdict.status, findings]).toEqual(['failed', ['missing_digest']]);
    // And is not forgotten with the verdict that said so.
    expect((await daily()).findings).toEqual(['missing_digest']);
    expect(await lastVerdict(control)).toMatchObject({
      status: 'failed',
      line: expect.stringContaining('NOT verified'),
    });
  });

  it('is nothing but a first day when nothing is sealed, and a finding when something was', async () => {
    writer.bucket = new MemoryBucket();
    expect(await daily()).toMatchObject({ verdict: { status: 'nothing sealed' }, findings: [] });
    writer.bucket = sealed.clone();
    await daily();
    writer.bucket = new MemoryBucket();
    expect((await daily()).findings).toEqual(['missing_digest']);
  });

  it('goes on trusting the key before, when it was replaced', async () => {
    await daily();
    writer.putKey(successor, '2026-11-05');
    await writer.sealDay('2026-11-05', successor);
    const later = { now: new Date('2026-11-07T12:00:00Z'), key: pinnedKey(successor.pem) };
    expect((await daily(later)).verdict).toMatchObject({ status: 'verified', to: '2026-11-05' });
    // Whoever never saw the former does not.
    control = new MemoryControl();
    expect((await daily(later)).findings[0]).toBe('other_key');
  });

  it('reads a few older files each time and the newest always, until it has read all', async () => {
    const now = new Date('2026-11-09T13:00:00Z');
    for (const day of ['2026-11-05', '2026-11-06', '2026-11-07'])
      await writer.sealDay(day, key, [[{ id: day, time: `${day}T00:00:00.000Z` }]]);
    // Of the older ones, 1 November has three files, 3 and 4 November one each; the last three days are the newest.
    const read = async () => {
      const before = new Set<string>();
      const reader = {
        versions: (prefix: string) => writer.bucket.versions(prefix),
        read: (name: string, version: string) => {
          if (name.startsWith('archive/')) before.add(name.replace(/^archive\/event_date=|\.parquet$/g, ''));
          return writer.bucket.read(name, version);
        },
      };
      await daily({ reader, now, rollingLeft: () => 0 });
      return [...before];
    };
    const newest = ['2026-11-05/main/2026-11-05-1', '2026-11-06/main/2026-11-06-1', '2026-11-07/main/2026-11-07-1'];
    const older: string[][] = [];
    for (let run = 0; run < 6; run += 1) {
      const names = await read();
      expect(names).toEqual(expect.arrayContaining(newest));
      older.push(names.filter((name) => !newest.includes(name)));
    }
    expect(older).toEqual([
      ['2026-10-31/main/2026-11-01-1'],
      ['2026-11-01/main/2026-11-01-2'],
      ['2026-11-01/other/2026-11-01-3'],
      ['2026-11-03/main/2026-11-03-1'],
      ['2026-11-04/main/2026-11-04-1'],
      ['2026-10-31/main/2026-11-01-1'],
    ]);
  });
});

it('rolling reads get through all files, whatever the time each run has', () => {
  const files = Array.from({ length: 12 }, (_, index) => ({ key: `k${String(index).padStart(2, '0')}` }) as SealedFile);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 12, maxLength: 12 }), (budgets) => {
      const read = new Set<string>();
      let position: string | undefined;
      for (const budget of budgets) {
        let left = budget;
        const rolling = new RollingReads({ recent: '2027', position, rollingLeft: () => left, timeLeft: () => 1 });
        for (const file of files)
          if (rolling.reads(file, '2026-01-01')) {
            left -= 1;
            read.add(file.key);
          }
        position = rolling.next;
        if (position === undefined) break;
      }
      expect(read.size).toBe(12);
    }),
  );
});

describe('locate', () => {
  it('finds an event among its tenant, and nothing of others', async () => {
    const id = eventId('2026-11-05T00:00:00.500Z', 'A'.repeat(16));
    const later = eventId('2026-11-05T00:00:00.600Z', 'A'.repeat(16));
    const absent = eventId('2026-11-05T00:00:00.550Z', 'A'.repeat(16));
    await writer.sealDay('2026-11-05', key, [
      [
        { id, time: '2026-11-05T00:00:00.500Z' },
        { id: later, time: '2026-11-05T00:00:00.600Z' },
      ],
    ]);
    const where = () => ({ ...tools(), retention: {}, now: NOW });
    expect(await locate('main', id, where())).toMatchObject({
      found: true,
      source: 'github.audit',
      file: { key: 'archive/event_date=2026-11-05/main/2026-11-05-1.parquet', rows: 2 },
      digest: { key: 'digests/2026-11-05.json', signedBy: key.fingerprint },
    });
    expect(await locate('other', id, where())).toEqual({ found: false });
    expect(await locate('main', absent, where())).toEqual({ found: false });
    writer.bucket.alter('archive/event_date=2026-11-05/main/2026-11-05-1.parquet', (bytes) =>
      Buffer.concat([bytes, bytes]),
    );
    expect(await locate('main', later, where())).toEqual({
      found: null,
      problem: expect.stringContaining('was altered'),
    });
  });
});
