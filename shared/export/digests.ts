import { createHash } from 'node:crypto';
import { DIGEST_PREFIX, Digest } from '../archive/digest.ts';
import { dayAfter } from '../archive/seal/days.ts';
import { dayBefore } from '../archive/verify/due.ts';
import { type ArchiveReader, readWhole } from '../archive/verify/reader.ts';
import { mapLimited } from '../retry.ts';

/** Digests are read whole, and those of busy days have a megabyte. */
const READS_AT_ONCE = 8;
const KEY = new RegExp(`^${DIGEST_PREFIX}(\\d{4}-\\d{2}-\\d{2})\\.json$`);

/** What of the archive stands for a range of event times. */
export interface CoveringDigests {
  /** Every digest that names a file of the tenant in which events of that range may be. */
  readonly covering: readonly { readonly day: string; readonly sha256: string }[];
  /** The newest day that is sealed, and the first that is not; null when none is. */
  readonly sealedTo: string | null;
  readonly firstNotSealed: string | null;
}

/** Reads the digests that may have to do with a tenant's events from `from`, inclusive, to `to`. */
export async function coveringDigests(
  reader: ArchiveReader,
  tenant: string,
  { from, to }: { from?: string | undefined; to: string },
): Promise<CoveringDigests> {
  // The first version of a key is the one that counts, and the last that is listed.
  const versions = new Map<string, string>();
  for await (const { key, version, deleteMarker } of reader.versions(DIGEST_PREFIX))
    if (!deleteMarker && KEY.test(key)) versions.set(key, version);
  const digests = [...versions].map(([key, version]) => ({ key, version, day: KEY.exec(key)?.[1] ?? '' }));
  digests.sort((a, b) => (a.day < b.day ? -1 : 1));
  // An event may be received up to a day before its own time, and sealed any time later.
  const first = from === undefined ? '' : dayBefore(from.slice(0, 10));
  const covering = await mapLimited(
    digests.filter(({ day }) => day >= first),
    READS_AT_ONCE,
    async ({ key, version, day }) => {
      const bytes = await readWhole(reader, key, version);
      if (bytes === undefined || !mayHold(bytes, tenant, from ?? '', to)) return [];
      return [{ day, sha256: createHash('sha256').update(bytes).digest('hex') }];
    },
  );
  const sealedTo = digests.at(-1)?.day ?? null;
  return { covering: covering.flat(), sealedTo, firstNotSealed: sealedTo === null ? null : dayAfter(sealedTo) };
}

/** What is no digest any more is not left out: verify tells what became of it. */
function mayHold(bytes: Buffer, tenant: string, from: string, to: string): boolean {
  try {
    const { files } = Digest.parse(JSON.parse(bytes.toString('utf8')));
    return files.some((file) => file.tenant === tenant && file.latest >= from && file.earliest < to);
  } catch {
    return true;
  }
}
