import { z } from 'zod';
import type { Control } from '../../control/table.ts';

export const VERIFY_PARTITION = 'verify';
const SORT_KEY = 'daily';

/** What the daily verify remembers, in one row. */
const DailyRecord = z.object({
  verdict: z.object({
    status: z.enum(['verified', 'self-consistent', 'failed', 'nothing sealed']),
    line: z.string(),
    at: z.string(),
    from: z.string().optional(),
    to: z.string().optional(),
    newest: z.string().optional(),
  }),
  /** The newest digest of the last run that found nothing wrong. */
  seen: z.object({ day: z.string(), sha256: z.string() }).optional(),
  /** Where the reading of older files goes on. */
  position: z.string().optional(),
  /** Fingerprints of the keys that the seal has signed with while this was run. */
  keys: z.array(z.string()),
});
export type DailyRecord = z.infer<typeof DailyRecord>;

/** What the last daily verify said; undefined before the first. */
export async function lastVerdict(control: Pick<Control, 'get'>): Promise<DailyRecord['verdict'] | undefined> {
  return (await readRecord(control))?.verdict;
}

export async function readRecord(control: Pick<Control, 'get'>): Promise<DailyRecord | undefined> {
  const item = await control.get(VERIFY_PARTITION, SORT_KEY);
  return item && DailyRecord.parse(item);
}

export async function writeRecord(control: Pick<Control, 'replace'>, record: DailyRecord): Promise<void> {
  await control.replace(VERIFY_PARTITION, SORT_KEY, record);
}
