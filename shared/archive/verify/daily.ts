import type { Control } from '../../control/table.ts';
import type { TimeLeft } from '../../retry.ts';
import { dayAfter } from '../seal/days.ts';
import { newestOverdue } from './due.ts';
import type { Finding } from './findings.ts';
import { type DailyRecord, readRecord, writeRecord } from './record.ts';
import { RollingReads } from './rolling.ts';
import type { FileTools } from './sealed-file.ts';
import type { PinnedKey } from './trust.ts';
import type { Verdict } from './verdict.ts';
import { verifyArchive } from './verify.ts';

/** Days at the end that every run reads whole. */
const RECENT_DAYS = 3;

export interface DailyOptions extends FileTools {
  readonly control: Pick<Control, 'get' | 'replace'>;
  /** The key that the seal signs with now. Those of earlier runs stay trusted, as a key can be replaced. */
  readonly key: PinnedKey;
  readonly now: Date;
  /** For reading older files, and for reading any. */
  readonly rollingLeft: TimeLeft;
  readonly timeLeft: TimeLeft;
  readonly onFinding: (finding: Finding) => void;
}

/**
 * Verifies the whole chain and that every file is there, reads as many files whole as time allows, and stores the verdict.
 *
 * @throws what the reader or the control table throws.
 */
export async function verifyDaily(options: DailyOptions): Promise<Verdict> {
  const { control, key, now, onFinding, rollingLeft, timeLeft } = options;
  const record = await readRecord(control);
  const older = (record?.keys ?? []).filter((fingerprint) => fingerprint !== key.fingerprint);
  const rolling = new RollingReads({
    recent: dayAfter(newestOverdue(new Date(now.getTime() - RECENT_DAYS * 86_400_000))),
    position: record?.position,
    rollingLeft,
    timeLeft,
  });
  const results = verifyArchive({
    ...options,
    pinned: [key, ...older.map((fingerprint) => ({ fingerprint }))],
    reads: rolling.reads,
    seen: record?.seen,
  });
  for await (const result of results) {
    if (result.kind === 'finding') onFinding(result.finding);
    if (result.kind !== 'verdict') continue;
    const { status, line, at, from, to, newest } = result.verdict;
    const seen =
      status === 'verified' && to !== undefined && newest !== undefined ? { day: to, sha256: newest } : record?.seen;
    const next: DailyRecord = {
      verdict: { status, line, at, ...(from && { from }), ...(to && { to }), ...(newest && { newest }) },
      ...(seen && { seen }),
      ...(rolling.next !== undefined && { position: rolling.next }),
      keys: [key.fingerprint, ...older],
    };
    await writeRecord(control, next);
    return result.verdict;
  }
  throw new TypeError('a walk ends with a verdict');
}
