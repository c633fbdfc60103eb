import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AwsError } from '../endpoint.ts';
import { type JournalEntry, settle, settleAll, ticketOf } from './journal.ts';
import { bucketPath } from './paths.ts';
import { codeOf, createReader, folderOf, indexFile, type StoredKey } from './reader.ts';
import type { ObjectVersion, Version, VersionIndex } from './versions.ts';

/** A version with its bytes. */
export interface StoredObject {
  readonly version: ObjectVersion;
  readonly size: number;
  readonly bytes: Buffer;
}

/** What becomes of a key: its versions, newest first, and an answer for whoever asked. */
export interface Edit<T> {
  /** The very list that was given, where nothing is to be changed. */
  readonly versions: readonly Version[];
  readonly result: T;
}

/** Objects with their versions; see {@link openStore}. */
export interface ObjectStore {
  pathOf(bucket: string, key: string): string;
  /** The versions of a key, newest first. */
  versions(bucket: string, key: string): Promise<readonly Version[]>;
  /** The same with the sizes of those that are objects, in bytes. */
  sized(bucket: string, key: string): Promise<readonly { readonly version: Version; readonly size: number }[]>;
  /** The object that `choose` names among the versions. What it throws is thrown. */
  read(
    bucket: string,
    key: string,
    choose: (versions: readonly Version[]) => ObjectVersion,
    withBytes: boolean,
  ): Promise<StoredObject>;
  /**
   * Changes a key. `edit` is given its versions while nobody else changes the bucket, and may refuse by throwing. With
   * `bytes`, the first version of its answer is a new object that has them.
   */
  change<T>(bucket: string, key: string, edit: (versions: readonly Version[]) => Edit<T>, bytes?: Buffer): Promise<T>;
  keys(bucket: string, prefix: string): Promise<string[]>;
  allKeys(bucket: string, prefix: string): Promise<string[]>;
}

/**
 * Opens the store and makes the buckets' folders. Current objects are plain files under `<dir>/s3/<bucket>/<key>`; what
 * else is known of them, and the bytes of older versions, lie under `<dir>/s3-meta`.
 *
 * A change is made at the moment in which the key's index is replaced, and its files follow; a process that dies
 * between the two leaves an entry in a journal, by which the next start moves them. A file appears under its key whole.
 */
export function openStore(dir: string, buckets: readonly string[]): ObjectStore {
  settleAll(dir);
  for (const bucket of buckets) mkdirSync(join(dir, bucketPath(bucket)), { recursive: true });
  const reader = createReader(dir);
  const lock = namedLock();
  const unsettled = new Set<JournalEntry>();

  const exclusively = <T>(bucket: string, task: () => Promise<T>): Promise<T> =>
    lock(bucket, () => {
      // A full disk, say, kept an earlier change from its end.
      for (const entry of unsettled) if (entry.bucket === bucket) finish(entry);
      return task();
    });

  function finish(entry: JournalEntry): void {
    unsettled.add(entry);
    settle(dir, entry);
    unsettled.delete(entry);
  }

  const sizeOf = async (bucket: string, key: string, stored: StoredKey, version: Version) =>
    version.kind === 'marker' ? 0 : (await stat(reader.fileOf(bucket, key, stored, version.id))).size;

  async function commit(entry: JournalEntry, versions: readonly Version[]): Promise<void> {
    const { bucket, key, revision } = entry;
    if (versions[0]?.kind === 'object') await makeRoom(reader.pathOf(bucket, key), key);
    const folder = folderOf(dir, bucket, key);
    const ticket = ticketOf(dir, revision);
    const index: VersionIndex = { revision, versions: [...versions] };
    await mkdir(folder, { recursive: true });
    await writeFile(ticket.index, JSON.stringify(index));
    await writeFile(ticket.entry, JSON.stringify(entry));
    await rename(ticket.index, indexFile(folder));
  }

  return {
    pathOf: reader.pathOf,
    versions: (bucket, key) => exclusively(bucket, async () => (await reader.load(bucket, key)).versions),
    sized: (bucket, key) =>
      exclusively(bucket, async () => {
        const stored = await reader.load(bucket, key);
        return Promise.all(
          stored.versions.map(async (version) => ({ version, size: await sizeOf(bucket, key, stored, version) })),
        );
      }),
    async read(bucket, key, choose, withBytes) {
      const { version, handle } = await exclusively(bucket, async () => {
        const stored = await reader.load(bucket, key);
        const version = choose(stored.versions);
        return { version, handle: await open(reader.fileOf(bucket, key, stored, version.id)) };
      });
      // An open file stays what it was when the key changes.
      try {
        if (!withBytes) return { version, size: (await handle.stat()).size, bytes: Buffer.alloc(0) };
        const bytes = await handle.readFile();
        return { version, size: bytes.length, bytes };
      } finally {
        await handle.close();
      }
    },
    async change(bucket, key, edit, bytes) {
      const revision = randomUUID();
      const ticket = ticketOf(dir, revision);
      try {
        if (bytes !== undefined) await writeFile(ticket.staged, bytes);
        return await exclusively(bucket, async () => {
          const { versions: before, placed = null } = await reader.load(bucket, key);
          const { versions, result } = edit(before);
          if (versions === before) return result;
          const entry: JournalEntry = { bucket, key, revision, placed, staged: bytes !== undefined };
          await commit(entry, versions);
          finish(entry);
          return result;
        });
      } finally {
        const isPending = [...unsettled].some((entry) => entry.revision === revision);
        if (!isPending) await Promise.all(Object.values(ticket).map((file) => rm(file, { force: true })));
      }
    },
    keys: reader.keys,
    allKeys: reader.allKeys,
  };
}

/** @throws AwsError InvalidRequest when the path, or a folder on the way to it, is taken by other keys. */
async function makeRoom(path: string, key: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    if ((await stat(path)).isDirectory()) throw folderClash(key);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw /^(EEXIST|ENOTDIR)$/.test(codeOf(error) ?? '') ? folderClash(key, error) : error;
  }
}

function folderClash(key: string, cause?: unknown): AwsError {
  const message = `The local S3 keeps objects as files, so a key can't also be the folder of another: ${key}`;
  return new AwsError('InvalidRequest', message, 400, { cause });
}

/** Runs tasks of one name one after the other. */
function namedLock(): <T>(name: string, task: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return (name, task) => {
    const result = (tails.get(name) ?? Promise.resolve()).then(task, task);
    tails.set(name, result);
    const forget = () => {
      if (tails.get(name) === result) tails.delete(name);
    };
    result.then(forget, forget);
    return result;
  };
}
