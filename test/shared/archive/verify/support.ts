import { ParquetReader } from '../../../../shared/archive/verify/parquet.ts';
import { pinnedKey } from '../../../../shared/archive/verify/trust.ts';
import type { Verdict } from '../../../../shared/archive/verify/verdict.ts';
import { type VerifyOptions, type VerifyResult, verifyArchive } from '../../../../shared/archive/verify/verify.ts';
import type { ArchiveWriter, Row, TestKey } from '../../../support/sealed-archive.ts';

/** The day after the newest digest became due: nothing more has to be there. */
export const NOW = new Date('2026-11-06T12:00:00Z');
const event = (id: string, time: string, tenant = 'main'): Row => ({ id, time, tenant });

/** Four days: two tenants and an earlier day of events, a day with nothing, a day with two files, and one more. */
export async function sealFourDays(writer: ArchiveWriter, key: TestKey): Promise<void> {
  writer.putKey(key, '2026-11-01');
  await writer.sealDay('2026-11-01', key, [
    [event('A1', '2026-10-31T23:59:59.999Z')],
    [event('A2', '2026-11-01T08:00:00.123Z'), event('A3', '2026-11-01T09:00:00.000Z')],
    [event('B1', '2026-11-01T08:00:00.000Z', 'other')],
  ]);
  await writer.sealDay('2026-11-02', key);
  await writer.sealDay('2026-11-03', key, [[event('A4', '2026-11-03T10:00:00.000Z')]]);
  await writer.sealDay('2026-11-04', key, [[event('A5', '2026-11-04T10:00:00.000Z')]]);
}

export interface Walked {
  readonly verdict: Verdict;
  readonly results: readonly VerifyResult[];
  /** Codes of the findings, in order. */
  readonly codes: readonly string[];
}

export async function walk(
  writer: ArchiveWriter,
  pins: readonly string[],
  options: Partial<VerifyOptions> = {},
): Promise<Walked> {
  const results: VerifyResult[] = [];
  const walking = verifyArchive({
    reader: writer.bucket,
    parquet: new ParquetReader(writer.connection),
    folder: writer.folder,
    pinned: pins.map(pinnedKey),
    now: NOW,
    ...options,
  });
  for await (const result of walking) results.push(result);
  const last = results.at(-1);
  if (last?.kind !== 'verdict') throw new Error('a verdict comes last');
  const codes = results.flatMap((one) => (one.kind === 'finding' ? [one.finding.code] : []));
  return { verdict: last.verdict, results, codes };
}
