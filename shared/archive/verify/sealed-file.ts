import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Digest } from '../digest.ts';
import { Found } from './findings.ts';
import type { Inventory } from './inventory.ts';
import { checkLargeRaw } from './large-raw.ts';
import type { ParquetReader } from './parquet.ts';
import type { ArchiveReader } from './reader.ts';

export type SealedFile = Digest['files'][number];

/** What reading a file takes. */
export interface FileTools {
  readonly reader: ArchiveReader;
  readonly parquet: ParquetReader;
  /** Where one file at a time is put to be read. */
  readonly folder: string;
}

/**
 * Sees whether a file is there as its digest names it: version and size, by the listing alone.
 *
 * @throws Found when it is not.
 */
export async function checkPresence(file: SealedFile, archive: Inventory): Promise<void> {
  const held = await archive.of(file.key);
  const named = held.find(({ version }) => version === file.version);
  if (held.length === 0) throw new Found('missing_file', file.key, `${file.key} is missing: its digest names it`);
  if (named === undefined)
    throw new Found(
      'other_version',
      file.key,
      `${file.key} is not the version that its digest names, but another object`,
    );
  if (named.size !== file.size) throw altered(file, `has ${named.size} bytes in place of ${file.size}`);
}

/**
 * Reads a file whole: its hash, and that it holds what its digest says.
 *
 * @throws Found when it does not.
 */
export async function checkContents(file: SealedFile, tools: FileTools): Promise<void> {
  await withFile(file, tools, async (path) => {
    const { rows, ids, tenants, dates, earliest, latest } = await tools.parquet.contents(path);
    const differs = (what: string, is: unknown, named: unknown) =>
      new Found('other_rows', file.key, `${file.key} holds ${what} ${is}, and its digest says ${named}`);
    if (rows !== file.rows) throw differs('a number of rows of', rows, file.rows);
    if (ids !== file.ids) throw differs('ids whose SHA-256 is', ids, file.ids);
    if (rows === 0) return;
    if (tenants.join() !== file.tenant) throw differs('events of tenant', tenants.join(', '), file.tenant);
    if (dates.join() !== file.date) throw differs('events of day', dates.join(', '), file.date);
    if (earliest !== Date.parse(file.earliest)) throw differs('an earliest time of', iso(earliest), file.earliest);
    if (latest !== Date.parse(file.latest)) throw differs('a latest time of', iso(latest), file.latest);
    const raws = new Set<string>();
    for await (const raw of tools.parquet.largeRaws(path)) raws.add(raw);
    if (raws.symmetricDifference(new Set(file.raws)).size > 0)
      throw new Found('other_rows', file.key, `${file.key} names other large raws than its digest says`);
    for (const raw of raws) await checkLargeRaw(raw, file.key, tools.reader);
  });
}

/**
 * Gives a file to `use` as a path, once its bytes are known to be those that its digest names.
 *
 * @throws Found when they are others.
 */
export async function withFile<T>(
  file: SealedFile,
  { reader, folder }: FileTools,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const stream = await reader.read(file.key, file.version);
  if (stream === undefined) throw new Found('missing_file', file.key, `${file.key} is missing: its digest names it`);
  const path = join(folder, 'sealed.parquet');
  try {
    const hash = createHash('sha256');
    await pipeline(
      Readable.from(stream),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(path),
    );
    // Before DuckDB sees it: a forged file is nothing to feed a parser with.
    if (hash.digest('hex') !== file.sha256) throw altered(file, 'was altered: its SHA-256 is not that of its digest');
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}

function altered({ key }: SealedFile, how: string): Found {
  return new Found('altered_file', key, `${key} ${how}`);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
