import { timeOfId } from '../../event/id.ts';
import { mapLimited } from '../../retry.ts';
import { DIGEST_PREFIX, digestKey, type ExpiredFile } from '../digest.ts';
import { sha256Hex } from '../row.ts';
import { parseDigest } from './digests.ts';
import { type ArchiveReader, readWhole } from './reader.ts';

const READS_AT_ONCE = 16;
const DIGEST = new RegExp(`^${DIGEST_PREFIX}(\\d{4}-\\d{2}-\\d{2})\\.json$`);

/** A file that has expired, and the digest that says so. */
export interface Expiry {
  readonly file: ExpiredFile;
  readonly digest: { readonly day: string; readonly key: string; readonly sha256: string; readonly signedBy: string };
}

/**
 * The files that digests list as expired and that may have held an event, by its time. It reads every digest since the event
 * happened; whether they are good is for `verifyArchive` to say.
 *
 * @param tenant whose files they must be; any tenant's if absent.
 * @throws Found when a digest can't be read as one.
 */
export async function findExpired(id: string, reader: ArchiveReader, tenant?: string): Promise<Expiry[]> {
  const time = timeOfId(id);
  // The version that was written first comes last.
  const digests = new Map<string, string>();
  for await (const { key, version, deleteMarker } of reader.versions(DIGEST_PREFIX)) {
    const [, day] = DIGEST.exec(key) ?? [];
    if (day !== undefined && day >= time.slice(0, 10) && !deleteMarker) digests.set(day, version);
  }
  const found = await mapLimited([...digests], READS_AT_ONCE, async ([day, version]) => {
    const key = digestKey(day);
    const bytes = await readWhole(reader, key, version);
    if (bytes === undefined) return [];
    const sha256 = sha256Hex(bytes);
    const digest = parseDigest({ day, bytes, sha256, signature: undefined });
    return digest.expired
      .filter((file) => mayHold(file, time) && (tenant === undefined || file.tenant === tenant))
      .map((file) => ({ file, digest: { day, key, sha256, signedBy: digest.key } }));
  });
  return found.flat();
}

/** Whether an event of this time may be in the file, by the times that its digest gives. */
export function mayHold({ earliest, latest }: Pick<ExpiredFile, 'earliest' | 'latest'>, time: string): boolean {
  const at = Date.parse(time);
  return Date.parse(earliest) <= at && at <= Date.parse(latest);
}
