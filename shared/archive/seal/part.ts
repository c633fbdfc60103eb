import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFoundError } from '../../errors.ts';
import { mapLimited, type TimeLeft } from '../../retry.ts';
import { type ExpiryOptions, isExpired } from './expiry.ts';
import { writeFiles } from './files.ts';
import { fetchLanding, type Refused } from './landing.ts';
import type { PartLimits, PartRecord, Plan } from './plan.ts';
import { ObjectChecker } from './readable.ts';
import type { SealedFiles } from './sealed-files.ts';
import type { Lock, SealStore } from './store.ts';
import { Workbench } from './workbench.ts';

const LISTINGS_AT_ONCE = 16;

export interface PartOptions extends Pick<ExpiryOptions, 'archive' | 'retention'> {
  readonly landing: SealStore;
  /** Existing folder of the local disk; what is made in it goes when the part is done or has failed. */
  readonly temporary: string;
  /** What DuckDB may take. */
  readonly memoryMb: number;
  readonly refused: Refused;
  readonly limits: PartLimits;
}

/** The work on one part: what it takes, and where it belongs. */
export interface PartWork {
  readonly plan: Plan;
  /** From 1. */
  readonly part: number;
  readonly lock: Lock;
  readonly sealed: SealedFiles;
  /** The parts of this day before it. */
  readonly earlier: readonly PartRecord[];
  readonly timeLeft: TimeLeft;
}

/**
 * Puts one part of a plan into the archive: one file for each tenant and day of events, without copies, and without what the
 * archive has. Whoever does it, and however often, the same files come of it.
 *
 * @returns undefined when time ran out after some of its files: whoever comes next goes on there.
 * @throws SealError when what was written, or lies there, is not what was read; StoreUnavailableError when a store fails.
 */
export async function sealPart(options: PartOptions, work: PartWork): Promise<PartRecord | undefined> {
  const folder = await mkdtemp(join(options.temporary, 'part-'));
  const spill = join(folder, 'spill');
  const checker = new ObjectChecker(options.memoryMb, spill);
  try {
    const objects = work.plan.parts[work.part - 1] ?? [];
    const { landing, refused } = options;
    const landed = await fetchLanding(objects, { store: landing, folder: join(folder, 'landing'), checker, refused });
    checker.close();
    const bench = await Workbench.open({
      file: join(folder, 'bench.duckdb'),
      memoryMb: options.memoryMb,
      temporary: spill,
    });
    try {
      const repeats = await bench.takeIn(landed.files);
      await markArchived(bench, folder, options, work);
      await bench.arrange();
      const files = await writeFiles(bench, join(folder, 'files'), options, work);
      if (files === undefined) return undefined;
      const { plan, part } = work;
      return {
        format: 1,
        day: plan.day,
        part,
        landing: landed.landing,
        files,
        unreadable: landed.unreadable,
        repeats,
        archivedBefore: await bench.archivedBefore(),
      };
    } finally {
      bench.close();
    }
  } finally {
    checker.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Asks the files of the same tenant and day, one by one, and of those only the ones of the same time. */
async function markArchived(
  bench: Workbench,
  folder: string,
  options: PartOptions,
  { plan, sealed, earlier }: PartWork,
): Promise<void> {
  const groups = await bench.groups();
  const ofEarlierDays = await mapLimited(groups, LISTINGS_AT_ONCE, (group) => sealed.before(plan.day, group));
  const ofThisDay = Map.groupBy(
    earlier.flatMap(({ files }) => files),
    ({ tenant, date }) => `${date} ${tenant}`,
  );
  const path = join(folder, 'archived.parquet');
  for (const [index, group] of groups.entries())
    for (const file of [...(ofEarlierDays[index] ?? []), ...(ofThisDay.get(`${group.date} ${group.tenant}`) ?? [])]) {
      if (!(await bench.overlaps(group, file.earliest, file.latest))) continue;
      // One that is about to go counts as gone, so that a run before and a run after that make the same files.
      if (await isExpired(file, options)) continue;
      try {
        await options.archive.download(file, path);
        await bench.markArchived(group, path);
      } catch (error) {
        // Taken away since it was listed: for the verify to find, nothing to hold up what is new.
        if (!(error instanceof NotFoundError)) throw error;
      } finally {
        await rm(path, { force: true });
      }
    }
}
