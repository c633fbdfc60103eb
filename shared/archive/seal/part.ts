import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NotFoundError } from '../../errors.ts';
import { SealError } from './errors.ts';
import { type ExpiryOptions, isExpired } from './expiry.ts';
import { fetchLanding, type Refused, sha256OfFile } from './landing.ts';
import { whatIsThere } from './once.ts';
import type { PartRecord, Plan } from './plan.ts';
import { ObjectChecker } from './readable.ts';
import { type SealedFile, type SealedFiles, sealedKey } from './sealed-files.ts';
import type { Lock, SealStore } from './store.ts';
import { type Group, Workbench } from './workbench.ts';

export interface PartOptions extends Pick<ExpiryOptions, 'archive' | 'retention'> {
  readonly landing: SealStore;
  /** Existing folder of the local disk; what is made in it goes when the part is done or has failed. */
  readonly temporary: string;
  /** What DuckDB may take. */
  readonly memoryMb: number;
  readonly refused: Refused;
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
}

/**
 * Puts one part of a plan into the archive: one file for each tenant and month, without copies, and without what the
 * archive has. Whoever does it, and however often, the same files come of it.
 *
 * @throws SealError when what was written, or lies there, is not what was read; StoreUnavailableError when a store fails.
 */
export async function sealPart(options: PartOptions, work: PartWork): Promise<PartRecord> {
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
      for (const group of await bench.groups()) await markArchived(bench, group, folder, options, work);
      await bench.arrange();
      const files = await writeFiles(bench, join(folder, 'files'), options, work);
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

/** Asks the files of the same tenant and month, one by one, and of those only the ones of the same time. */
async function markArchived(
  bench: Workbench,
  group: Group,
  folder: string,
  options: PartOptions,
  { plan, sealed, earlier }: PartWork,
): Promise<void> {
  const ofThisDay = earlier.flatMap(({ files }) =>
    files.filter(({ tenant, month }) => tenant === group.tenant && month === group.month),
  );
  const path = join(folder, 'archived.parquet');
  for (const file of [...(await sealed.before(plan.day, group)), ...ofThisDay]) {
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

async function writeFiles(
  bench: Workbench,
  folder: string,
  options: PartOptions,
  work: PartWork,
): Promise<SealedFile[]> {
  await mkdir(folder);
  const files: SealedFile[] = [];
  const paths: string[] = [];
  for (const [index, group] of (await bench.groups()).entries()) {
    const key = sealedKey(group, work.plan.day, work.part);
    const path = join(folder, `${index}.parquet`);
    await bench.write(group, path);
    const summary = await bench.summaryOfFile(path);
    const wanted = await bench.summaryOf(group);
    if (summary.rows !== wanted.rows || summary.ids !== wanted.ids)
      throw new SealError(`${key} was written with ${summary.rows} of ${wanted.rows} rows, or in another order`);
    paths.push(path);
    const raws = await bench.largeRaws(group);
    const stored = await put(bench, key, path, options, work);
    files.push({ key, ...group, ...summary, ...stored, ...(raws.length > 0 && { raws }) });
  }
  if (!(await bench.isComplete(paths)))
    throw new SealError(`the files of part ${work.part} of ${work.plan.day} have not exactly the ids that were read`);
  return files.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Puts a file, or finds that an earlier run did. */
async function put(bench: Workbench, key: string, path: string, { archive }: PartOptions, { lock }: PartWork) {
  const [{ size }, sha256] = await Promise.all([stat(path), sha256OfFile(path)]);
  const version = await archive.putIfAbsent(key, { path, size }, sha256, lock);
  if (version !== undefined) return { version, size, sha256 };
  const there = await whatIsThere(archive, key);
  const copy = `${path}.there`;
  await archive.download(there, copy);
  const found = { version: there.version, size: there.size, sha256: await sha256OfFile(copy) };
  // Another version of DuckDB may have written the same rows as other bytes.
  if (found.sha256 !== sha256 && !(await bench.sameRows(path, copy)))
    throw new SealError(`${key} lies in the archive with other rows than the plan gives: nothing was signed`);
  await rm(copy);
  return found;
}
