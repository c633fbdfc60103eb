import { z } from 'zod';
import { print } from '../command.ts';
import { invoke, type Operator } from './operator.ts';

/** What the function answers. */
const Report = z.object({
  tenant: z.string(),
  cursor: z.string().nullable(),
  files: z.int(),
  counts: z.object({ stored: z.int(), present: z.int(), waiting: z.int(), unreadable: z.int() }),
});

/** What is to come back, and for how long. */
export interface WantedRange {
  readonly tenant?: string | undefined;
  readonly source: string;
  readonly from: string;
  readonly to: string;
  readonly days: number;
  /** Who asks, for the record. */
  readonly by: string;
}

/**
 * Puts a range of the archive into the hot store again, one invocation after the other.
 *
 * @returns whether all of it is there now.
 * @throws ConfigurationError when an invocation fails; what was done stays, and may be done again.
 */
export async function replayArchive(operator: Operator, wanted: WantedRange): Promise<boolean> {
  const sum = { files: 0, stored: 0, present: 0, waiting: 0, unreadable: 0 };
  let cursor: string | null = null;
  let tenant: string;
  do {
    const event: object = { ...wanted, ...(cursor !== null && { cursor }) };
    const report: z.infer<typeof Report> = Report.parse(
      JSON.parse(await invoke(operator, operator.outputs.ReplayFunction, event)),
    );
    sum.files += report.files;
    for (const name of ['stored', 'present', 'waiting', 'unreadable'] as const) sum[name] += report.counts[name];
    ({ cursor, tenant } = report);
    if (cursor !== null) print(`… ${sum.stored} events stored, ${sum.present} were there, ${sum.files} files done`);
  } while (cursor !== null);
  const { source, from, to, days } = wanted;
  const { files, stored, present, waiting, unreadable } = sum;
  const what = `${stored} events of ${source} (tenant ${tenant}), ${from} to ${to}, queryable for ${days} days; ${present} were there; ${files} files read`;
  if (waiting + unreadable === 0) print(`replayed: ${what}`);
  else print(`INCOMPLETE: ${what}`);
  if (waiting > 0)
    print(
      `${waiting} events are past their time and not yet deleted by DynamoDB, which takes some days: run this again then`,
    );
  if (unreadable > 0) print(`${unreadable} rows hold no event that this version can read: they stay in the archive`);
  return waiting + unreadable === 0;
}
