import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { codeOf, createReader, folderOf, idOfFile, indexFile, legacyEtag, parseIndex, versionFile } from './reader.ts';
import type { VersionIndex } from './versions.ts';

/** Written before a change, so that one that was cut short can be brought to its end. */
const Entry = z.strictObject({
  bucket: z.string(),
  key: z.string(),
  /** The revision that the index has once the change is made. */
  revision: z.string(),
  /** Id of the version whose bytes lay at the key's path before, or null. */
  placed: z.string().nullable(),
  /** Whether the bytes of the new current version wait beside this entry. */
  staged: z.boolean(),
});
export type JournalEntry = z.infer<typeof Entry>;

/** The files of one change; `revision` names it. */
export function ticketOf(dir: string, revision: string): { entry: string; staged: string; index: string } {
  const name = join(dir, 's3-tmp', revision);
  return { entry: `${name}.json`, staged: `${name}.data`, index: `${name}.index` };
}

/** Brings every change to its end that a death cut short, and makes an empty folder for the next ones. */
export function settleAll(dir: string): void {
  const folder = join(dir, 's3-tmp');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const entry = name.endsWith('.json') ? readEntry(join(folder, name)) : undefined;
    if (entry !== undefined) settle(dir, entry);
  }
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
}

/**
 * Puts the files of a key where its index says that they are, and forgets the change. Does nothing when the index was
 * not yet written. May be repeated at any step.
 */
export function settle(dir: string, entry: JournalEntry): void {
  const { bucket, key, revision } = entry;
  const ticket = ticketOf(dir, revision);
  const index = readIndex(indexFile(folderOf(dir, bucket, key)));
  if (index?.revision === revision) place(dir, entry, index);
  rmSync(ticket.staged, { force: true });
  rmSync(ticket.entry, { force: true });
}

function place(dir: string, { bucket, key, revision, placed, staged }: JournalEntry, { versions }: VersionIndex): void {
  const path = createReader(dir).pathOf(bucket, key);
  const folder = folderOf(dir, bucket, key);
  const current = versions[0]?.kind === 'object' ? versions[0].id : null;
  const older = new Set(versions.slice(current === null ? 0 : 1).map(({ id }) => id));

  const source = staged
    ? ticketOf(dir, revision).staged
    : current !== null && current !== placed
      ? versionFile(folder, current)
      : undefined;
  const isAhead = source === undefined ? current === null && placed !== null : existsSync(source);
  if (isAhead) {
    // The path has the bytes of `placed` until the next step replaces them at once: who reads files sees no gap.
    if (placed !== null && older.has(placed) && existsSync(path)) {
      rmSync(versionFile(folder, placed), { force: true });
      linkSync(path, versionFile(folder, placed));
    }
    if (source === undefined) rmSync(path, { force: true });
    else {
      mkdirSync(dirname(path), { recursive: true });
      renameSync(source, path);
    }
  }
  for (const name of readdirSync(folder)) {
    const id = idOfFile(name);
    if (id === undefined ? legacyEtag(name) !== undefined : !older.has(id)) rmSync(join(folder, name));
  }
  if (versions.length === 0) rmSync(indexFile(folder));
}

/** Undefined for an entry that was cut short: nothing had been changed by then. */
function readEntry(file: string): JournalEntry | undefined {
  try {
    return Entry.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readIndex(file: string): VersionIndex | undefined {
  try {
    return parseIndex(readFileSync(file, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
