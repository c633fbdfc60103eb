import { timeOfId } from '../../event/id.ts';
import { SEALED_PARTITION } from '../columns.ts';
import { DIGEST_PREFIX, digestKey, SEALED_FILE, SEALED_PREFIX } from '../digest.ts';
import { eventDate } from '../event-date.ts';
import { sha256Hex } from '../row.ts';
import { nameOf } from '../seal/store.ts';
import { parseDigest } from './digests.ts';
import { findExpired, mayHold } from './expired.ts';
import { Found } from './findings.ts';
import { Inventory } from './inventory.ts';
import { readWhole } from './reader.ts';
import { type FileTools, type SealedFile, withFile } from './sealed-file.ts';

/** Where a sealed event lies. */
export interface SealedEvent {
  readonly id: string;
  readonly tenant: string;
  readonly source: string;
  readonly time: string;
  readonly file: SealedFile;
  readonly digest: { readonly day: string; readonly key: string; readonly sha256: string; readonly signedBy: string };
}

/**
 * Finds the file and the digest of an event: of the files of its day, reads those whose times go around its own and that
 * have not expired. Whether the digest is good is for `verifyArchive` to say.
 *
 * @param tenant whose event it must be; any tenant's if absent.
 * @returns undefined when no digest names a file that has it.
 * @throws Found when a file that may hold it was altered, or is missing and no digest lists it as expired.
 */
export async function findEvent(id: string, tools: FileTools, tenant?: string): Promise<SealedEvent | undefined> {
  const { reader } = tools;
  const time = timeOfId(id);
  const folder = `${SEALED_PREFIX}${SEALED_PARTITION}=${eventDate(time)}/${tenant === undefined ? '' : `${tenant}/`}`;
  const days = new Set<string>();
  const there = new Set<string>();
  for await (const one of reader.versions(folder)) {
    const [, , , day] = SEALED_FILE.exec(one.key) ?? [];
    if (day !== undefined) days.add(day);
    if (!one.deleteMarker) there.add(nameOf(one));
  }
  const gone: SealedFile[] = [];
  const digests = new Inventory(reader, DIGEST_PREFIX);
  for (const day of [...days].sort()) {
    const key = digestKey(day);
    const held = await digests.first(key);
    const bytes = held && (await readWhole(reader, key, held.version));
    if (bytes === undefined) continue;
    const sha256 = sha256Hex(bytes);
    const digest = parseDigest({ day, bytes, sha256, signature: undefined });
    for (const file of digest.files) {
      if (!mayHold(file, time) || (tenant !== undefined && file.tenant !== tenant)) continue;
      if (!there.has(nameOf(file))) {
        gone.push(file);
        continue;
      }
      const found = await withFile(file, tools, (path) => tools.parquet.find(path, id));
      if (found !== undefined)
        return { id, tenant: file.tenant, ...found, file, digest: { day, key, sha256, signedBy: digest.key } };
    }
  }
  const expired = new Set(gone.length === 0 ? [] : (await findExpired(id, reader)).map(({ file }) => nameOf(file)));
  for (const file of gone)
    if (!expired.has(nameOf(file)))
      throw new Found('missing_file', file.key, `${file.key} is missing: its digest names it`);
  return undefined;
}
