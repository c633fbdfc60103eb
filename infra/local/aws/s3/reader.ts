import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { bucketPath, encodeSegment, keyOfPath, pathOfKey } from './paths.ts';
import { NULL_VERSION, type ObjectVersion, type Version, VersionIndex } from './versions.ts';

/** What lies under one key. */
export interface StoredKey {
  /** Newest first; the first is the current one. */
  readonly versions: readonly Version[];
  /** Id of the version whose bytes lie at `pathOf`, if one does. */
  readonly placed: string | undefined;
}

/** A data directory of S3, read without changing anything. */
export interface Reader {
  /** The plain file that holds, or would hold, the current version. */
  pathOf(bucket: string, key: string): string;
  /** The file of a version's bytes. */
  fileOf(bucket: string, key: string, stored: StoredKey, id: string): string;
  load(bucket: string, key: string): Promise<StoredKey>;
  /** Keys with a current object that begin with the prefix, in the order of their UTF-8 bytes, as S3 lists them. */
  keys(bucket: string, prefix: string): Promise<string[]>;
  /** The same with keys that have only older versions or delete markers. */
  allKeys(bucket: string, prefix: string): Promise<string[]>;
}

// `%v` and `%et` are no percent-encodings, so that these names can't be those of a key's segments.
const INDEX = '%versions.json';
const LegacyHead = z.strictObject({
  headers: z.record(z.string(), z.string()),
  checksums: z.record(z.string(), z.string()),
});

/** The folder of all that is known of a key beside its current bytes. */
export function folderOf(dir: string, bucket: string, key: string): string {
  return join(dir, 's3-meta', encodeSegment(bucket), pathOfKey(key));
}

export const indexFile = (folder: string) => join(folder, INDEX);
export const versionFile = (folder: string, id: string) => join(folder, `%v-${id}`);

/** The id of the version whose bytes a file of that name holds. */
export function idOfFile(name: string): string | undefined {
  return /^%v-(\w+)$/.exec(name)?.[1];
}

/** The entity tag in the name of a file that described an object before there were versions. */
export function legacyEtag(name: string): string | undefined {
  return /^%etag-([0-9a-f]{32})\.json$/.exec(name)?.[1];
}

export function parseIndex(text: string): VersionIndex {
  return VersionIndex.parse(JSON.parse(text));
}

/**
 * Reads what the local S3 has stored under a data directory, whether it is running or not. A change that is under way
 * in another process may be seen half: its version is listed, and the file is still the one before.
 */
export function createReader(dir: string): Reader {
  const pathOf = (bucket: string, key: string) => join(dir, bucketPath(bucket), pathOfKey(key));

  async function walk(root: string, prefix: string): Promise<string[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const start = folder === '' ? root : join(root, pathOfKey(folder.slice(0, -1)));
    const entries = (await readdir(start, { recursive: true, withFileTypes: true }).catch(orUndefined)) ?? [];
    return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)));
  }

  const currentKeys = async (bucket: string, prefix: string) =>
    (await walk(join(dir, bucketPath(bucket)), prefix)).map(keyOfPath);

  const indexedKeys = async (bucket: string, prefix: string) =>
    (await walk(join(dir, 's3-meta', encodeSegment(bucket)), prefix)).flatMap((path) =>
      basename(path) === INDEX ? [keyOfPath(dirname(path))] : [],
    );

  return {
    pathOf,
    fileOf: (bucket, key, { placed }, id) =>
      id === placed ? pathOf(bucket, key) : versionFile(folderOf(dir, bucket, key), id),
    async load(bucket, key) {
      const path = pathOf(bucket, key);
      const folder = folderOf(dir, bucket, key);
      const text = await readFile(indexFile(folder), 'utf8').catch(orUndefined);
      const versions = text === undefined ? [] : parseIndex(text).versions;
      const [newest] = versions;
      const found = await stat(path).catch(orUndefined);
      if (!found?.isFile())
        // Where somebody took the file away, that version is gone.
        return { versions: newest?.kind === 'object' ? versions.slice(1) : versions, placed: undefined };
      if (newest?.kind === 'object') return { versions, placed: newest.id };
      const older = versions.filter(({ id }) => id !== NULL_VERSION);
      return { versions: [await unindexed(path, folder, found.mtime), ...older], placed: NULL_VERSION };
    },
    keys: async (bucket, prefix) => inOrder(await currentKeys(bucket, prefix), prefix),
    allKeys: async (bucket, prefix) =>
      inOrder([...(await currentKeys(bucket, prefix)), ...(await indexedKeys(bucket, prefix))], prefix),
  };
}

/** A file from before there were versions, or one that was put there by hand. */
async function unindexed(path: string, folder: string, modified: Date): Promise<ObjectVersion> {
  const etags = ((await readdir(folder).catch(orUndefined)) ?? []).flatMap((name) => legacyEtag(name) ?? []);
  // Usually there is exactly one. Several are left by a death during an overwrite; none, where a file was put by hand.
  const [only, ...others] = etags;
  const etag = only !== undefined && others.length === 0 ? only : await md5OfFile(path);
  const text = await readFile(join(folder, `%etag-${etag}.json`), 'utf8').catch(orUndefined);
  const head = text === undefined ? { headers: {}, checksums: {} } : LegacyHead.parse(JSON.parse(text));
  return { kind: 'object', id: NULL_VERSION, lastModified: modified.toISOString(), etag, tags: {}, ...head };
}

async function md5OfFile(path: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

function inOrder(keys: readonly string[], prefix: string): string[] {
  return [...new Set(keys)]
    .filter((key) => key.startsWith(prefix))
    .map((key) => ({ key, bytes: Buffer.from(key) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ key }) => key);
}

function orUndefined(error: unknown): undefined {
  if (!/^(ENOENT|ENOTDIR)$/.test(codeOf(error) ?? '')) throw error;
}

/** The system's word for what is wrong with a file. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
