import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chunksOf, mapLimited } from '../../retry.ts';
import { SealError } from './errors.ts';
import { sha256OfFile } from './landing.ts';
import { firstVersions, putOnce, whatIsThere } from './once.ts';
import type { PartOptions, PartWork } from './part.ts';
import { planBytes, StepRecord, stepKey, stepPrefix } from './plan.ts';
import { type SealedFile, sealedKey } from './sealed-files.ts';
import type { SealStore } from './store.ts';
import type { Contents, Workbench } from './workbench.ts';

const PUTS_AT_ONCE = 8;
/** A step of 2,000 files takes about a minute: no other is begun with less time left than this. */
const STEP_MS = 3 * 60_000;

/**
 * Puts a file for each tenant and day of events into the archive, in their order. A part whose events are of very many days,
 * as many backfills at once bring, does it in steps with a record each, so that it gets done however many there are.
 *
 * @returns the files by key; undefined when time ran out after a step.
 * @throws SealError when what was written, or lies there, is not what was read.
 */
export async function writeFiles(
  bench: Workbench,
  folder: string,
  options: PartOptions,
  work: PartWork,
): Promise<SealedFile[] | undefined> {
  const { archive, limits } = options;
  const { plan, part, lock, timeLeft } = work;
  await mkdir(folder);
  const contents = await bench.contents();
  const recorded = contents.length > limits.files ? await recordedSteps(archive, plan.day, part) : [];
  const files = recorded.flatMap((record) => record.files);
  checkRecorded(files, contents, work);
  const rest = contents.slice(files.length);
  const paths: string[] = [];
  for (const [index, step] of chunksOf(rest, limits.files).entries()) {
    if (index > 0 && timeLeft() <= STEP_MS) return undefined;
    const written = await writeStep(bench, step, { folder, paths }, options, work);
    files.push(...written);
    // The last one needs no record: that of the part follows.
    if (files.length === contents.length) break;
    const record = planBytes({ format: 1, day: plan.day, part, files: written });
    await putOnce(archive, stepKey(plan.day, part, recorded.length + index + 1), record, lock);
  }
  if (!(await bench.isComplete(paths, rest[0]?.group)))
    throw new SealError(`the files of part ${part} of ${plan.day} have not exactly the ids that were read`);
  return files.sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function recordedSteps(archive: SealStore, day: string, part: number): Promise<StepRecord[]> {
  const stored = await firstVersions(archive, stepPrefix(day, part));
  const records: StepRecord[] = [];
  for (let step = 1; ; step += 1) {
    const there = stored.get(stepKey(day, part, step));
    if (there === undefined) return records;
    records.push(StepRecord.parse(JSON.parse(String(await archive.read(there)))));
  }
}

/** What an earlier run wrote was read from the file then: here it has to be what this run would have written. */
function checkRecorded(files: readonly SealedFile[], contents: readonly Contents[], { plan, part }: PartWork): void {
  for (const [index, { key, rows, ids }] of files.entries()) {
    const wanted = contents[index];
    if (
      wanted &&
      sealedKey(wanted.group, plan.day, part) === key &&
      wanted.summary.rows === rows &&
      wanted.summary.ids === ids
    )
      continue;
    throw new SealError(`${key} was written for part ${part} of ${plan.day}, which has no such rows now`);
  }
}

/** Writes some files and sees that each holds what it must, then puts them. */
async function writeStep(
  bench: Workbench,
  step: readonly Contents[],
  { folder, paths }: { folder: string; paths: string[] },
  options: PartOptions,
  work: PartWork,
): Promise<SealedFile[]> {
  const written: (Omit<SealedFile, 'version' | 'size' | 'sha256'> & { path: string })[] = [];
  for (const { group, summary: wanted, raws } of step) {
    const key = sealedKey(group, work.plan.day, work.part);
    const path = join(folder, `${paths.length}.parquet`);
    await bench.write(group, path);
    const summary = await bench.summaryOfFile(path);
    if (summary.rows !== wanted.rows || summary.ids !== wanted.ids)
      throw new SealError(`${key} was written with ${summary.rows} of ${wanted.rows} rows, or in another order`);
    paths.push(path);
    written.push({ key, ...group, ...summary, path, ...(raws.length > 0 && { raws: [...raws] }) });
  }
  return mapLimited(written, PUTS_AT_ONCE, async ({ path, ...file }) => ({
    ...file,
    ...(await put(bench, file.key, path, options, work)),
  }));
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
