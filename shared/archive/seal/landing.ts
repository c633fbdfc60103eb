import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { NotFoundError } from '../../errors.ts';
import { mapLimited } from '../../retry.ts';
import type { PartRecord } from './plan.ts';
import { type ObjectChecker, type ReadableObject, UnreadableObject } from './readable.ts';
import type { ObjectVersion, SealStore } from './store.ts';

const DOWNLOADS_AT_ONCE = 8;

/** A file of the local disk with the rows of one landing object. */
export interface LandedFile extends ReadableObject {
  readonly path: string;
}

/** The landing objects of one part, on the local disk. */
export interface Landed {
  /** Those that can be read. */
  readonly files: readonly LandedFile[];
  /** For the record: all that give rows, and all that are left where they are, wholly or in part. */
  readonly landing: PartRecord['landing'];
  readonly unreadable: PartRecord['unreadable'];
}

/** What a landing object could not be taken for, for the log. */
export type Refused = (key: string, problem: UnreadableObject) => void;

/**
 * Downloads the objects of a part into `folder` and reads each in full. An object that can't be read, or is not there any
 * more, is set aside and holds up nothing; so are single rows that do not say which event they are.
 */
export async function fetchLanding(
  objects: readonly ObjectVersion[],
  { store, folder, checker, refused }: { store: SealStore; folder: string; checker: ObjectChecker; refused: Refused },
): Promise<Landed> {
  await mkdir(folder, { recursive: true });
  // The order of names is the order of the plan.
  const pathOf = (index: number) => join(folder, `${String(index).padStart(6, '0')}.parquet`);
  const hashes = await mapLimited([...objects.entries()], DOWNLOADS_AT_ONCE, ([index, object]) =>
    download(store, object, pathOf(index)),
  );
  const files: LandedFile[] = [];
  const landing: PartRecord['landing'] = [];
  const unreadable: PartRecord['unreadable'] = [];
  for (const [index, { key, version, size }] of objects.entries()) {
    const sha256 = hashes[index];
    const setAside = (problem: UnreadableObject, bytes = size, hash = sha256 ?? sha256Of('')) => {
      unreadable.push({ key, version, size: bytes, sha256: hash, reason: problem.reason });
      refused(key, problem);
    };
    if (sha256 === undefined) {
      setAside(new UnreadableObject('it is not there any more'), 0);
      continue;
    }
    const path = pathOf(index);
    const found = await checker.check(path);
    if (found instanceof UnreadableObject) {
      setAside(found);
      continue;
    }
    files.push({ ...found, path });
    landing.push({ key, version, size, sha256, rows: found.placeable });
    const homeless = found.rows - found.placeable;
    if (homeless > 0)
      setAside(new UnreadableObject(`${homeless} of its ${found.rows} rows have no usable id, time or tenant`));
  }
  return { files, landing, unreadable };
}

/** The SHA-256 of a file, in hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

export function sha256Of(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function download(store: SealStore, object: ObjectVersion, path: string): Promise<string | undefined> {
  try {
    await store.download(object, path);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
  return sha256OfFile(path);
}
