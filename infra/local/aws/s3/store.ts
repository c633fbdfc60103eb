import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { AwsError } from '../endpoint.ts';
import { md5Hex } from './body.ts';
import { bucketPath, encodeSegment, keyOfPath, pathOfKey } from './paths.ts';

const ObjectHead = z.strictObject({
  /** Headers that a read answers as they were written: content type, x-amz-meta-* and the like. */
  headers: z.record(z.string(), z.string()),
  /** The x-amz-checksum-* headers of the write. */
  checksums: z.record(z.string(), z.string()),
});
export type ObjectHead = z.infer<typeof ObjectHead>;

export interface ObjectInfo extends ObjectHead {
  readonly size: number;
  readonly lastModified: Date;
  /** MD5 of the bytes in hexadecimal, without quotes. */
  readonly etag: string;
}

/** Objects as plain files under `<dir>/s3/<bucket>/<key>`, what else is known of them under `<dir>/s3-meta`. */
export interface ObjectStore {
  pathOf(bucket: string, key: string): string;
  /** False when `ifAbsent` is set and the key is taken: of several writers at once exactly one gets true. */
  put(bucket: string, key: string, bytes: Buffer, head: ObjectHead, ifAbsent: boolean): Promise<boolean>;
  get(bucket: string, key: string): Promise<(ObjectInfo & { readonly bytes: Buffer }) | undefined>;
  head(bucket: string, key: string): Promise<ObjectInfo | undefined>;
  remove(bucket: string, key: string): Promise<void>;
  /** All keys that begin with the prefix, in the order of their UTF-8 bytes, as S3 lists them. */
  keys(bucket: string, prefix: string): Promise<string[]>;
}

/**
 * Opens the store and makes the buckets' folders.
 *
 * A file appears under its key whole or not at all, whenever the process dies. What is known of an object is written
 * before it and named after the MD5 of its bytes, so that a death between the two leaves nothing ambiguous.
 */
export function openStore(dir: string, buckets: readonly string[]): ObjectStore {
  const temporary = join(dir, 's3-tmp');
  rmSync(temporary, { recursive: true, force: true });
  for (const folder of [temporary, ...buckets.map((bucket) => join(dir, bucketPath(bucket)))])
    mkdirSync(folder, { recursive: true });
  const exclusively = keyedLock();

  const pathOf = (bucket: string, key: string) => join(dir, bucketPath(bucket), pathOfKey(key));
  const headsOf = (bucket: string, key: string) => join(dir, 's3-meta', encodeSegment(bucket), pathOfKey(key));

  async function newFile(bytes: Buffer | string): Promise<string> {
    const path = join(temporary, randomUUID());
    await writeFile(path, bytes);
    return path;
  }

  async function info(bucket: string, key: string): Promise<ObjectInfo | undefined> {
    const path = pathOf(bucket, key);
    const found = await stat(path).catch(orUndefined);
    if (!found?.isFile()) return undefined;
    const folder = headsOf(bucket, key);
    const [etag, ...others] = await etagsIn(folder);
    // Usually there is exactly one. Several are left by a death during an overwrite; none, where a file was put by hand.
    const sure = etag !== undefined && others.length === 0 ? etag : md5Hex(await readFile(path));
    const text = await readFile(join(folder, headName(sure)), 'utf8').catch(orUndefined);
    const head = text === undefined ? { headers: {}, checksums: {} } : ObjectHead.parse(JSON.parse(text));
    return { ...head, size: found.size, lastModified: found.mtime, etag: sure };
  }

  return {
    pathOf,
    async put(bucket, key, bytes, head, ifAbsent) {
      const path = pathOf(bucket, key);
      const folder = headsOf(bucket, key);
      const name = headName(md5Hex(bytes));
      const data = await newFile(bytes);
      const described = await newFile(JSON.stringify(head));
      try {
        return await exclusively(path, async () => {
          if (ifAbsent && (await isFile(path))) return false;
          await mkdir(dirname(path), { recursive: true });
          await mkdir(folder, { recursive: true });
          await rename(described, join(folder, name));
          if (ifAbsent) await link(data, path);
          else await rename(data, path);
          for (const etag of await etagsIn(folder))
            if (headName(etag) !== name) await rm(join(folder, headName(etag)), { force: true });
          return true;
        });
      } catch (error) {
        if (/^(EEXIST|ENOTDIR|EISDIR|ENOTEMPTY)$/.test(codeOf(error) ?? '')) throw folderClash(key, error);
        throw error;
      } finally {
        await Promise.all([rm(data, { force: true }), rm(described, { force: true })]);
      }
    },
    get: (bucket, key) =>
      exclusively(pathOf(bucket, key), async () => {
        const found = await info(bucket, key);
        return found && { ...found, bytes: await readFile(pathOf(bucket, key)) };
      }),
    head: (bucket, key) => exclusively(pathOf(bucket, key), () => info(bucket, key)),
    remove: (bucket, key) =>
      exclusively(pathOf(bucket, key), async () => {
        if (await isFile(pathOf(bucket, key))) await rm(pathOf(bucket, key));
        const folder = headsOf(bucket, key);
        for (const etag of await etagsIn(folder)) await rm(join(folder, headName(etag)), { force: true });
      }),
    async keys(bucket, prefix) {
      const root = join(dir, bucketPath(bucket));
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      const start = folder === '' ? root : pathOf(bucket, folder.slice(0, -1));
      const entries = (await readdir(start, { recursive: true, withFileTypes: true }).catch(orUndefined)) ?? [];
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => keyOfPath(relative(root, join(entry.parentPath, entry.name))))
        .filter((key) => key.startsWith(prefix))
        .map((key) => ({ key, bytes: Buffer.from(key) }))
        .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
        .map(({ key }) => key);
    },
  };
}

// `%et` is no percent-encoding, so that the name can't be that of a key's segment.
const headName = (etag: string) => `%etag-${etag}.json`;

async function etagsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(orUndefined)) ?? [];
  return names.flatMap((name) => /^%etag-([0-9a-f]{32})\.json$/.exec(name)?.[1] ?? []);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(orUndefined))?.isFile() === true;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function orUndefined(error: unknown): undefined {
  if (!/^(ENOENT|ENOTDIR)$/.test(codeOf(error) ?? '')) throw error;
}

function folderClash(key: string, cause: unknown): AwsError {
  const message = `The local S3 keeps objects as files, so a key can't also be the folder of another: ${key}`;
  return new AwsError('InvalidRequest', message, 400, { cause });
}

/** Runs tasks of one name one after the other. */
function keyedLock(): <T>(name: string, task: () => Promise<T>) => Promise<T> {
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
