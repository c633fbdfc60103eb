import { constants, verify } from 'node:crypto';
import { Digest, digestKey, type ExpiredFile, SEALED_FILE, signatureKey } from '../digest.ts';
import { sha256Hex } from '../row.ts';
import { yearsAfter } from '../seal/days.ts';
import { dayBefore } from './due.ts';
import { Found } from './findings.ts';
import type { Inventory } from './inventory.ts';
import { type ArchiveReader, readWhole } from './reader.ts';
import { type Keys, keyFor } from './trust.ts';

/** A day's digest as it is stored; `sha256` is that of its bytes. */
export interface StoredDigest {
  readonly day: string;
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly signature: Buffer | undefined;
}

/** Read in front of the walk, as reading is mostly waiting; the digest of a busy day has some 100 KB. */
const READ_AHEAD = 8;

/** The stored digests of these days, in their order; undefined where there is none. */
export async function* storedDigests(
  days: Iterable<string>,
  digests: Inventory,
  reader: ArchiveReader,
): AsyncGenerator<{ day: string; stored: StoredDigest | undefined }> {
  const reading: Promise<{ day: string; stored: StoredDigest | undefined }>[] = [];
  for (const day of days) {
    const one = readStored(day, digests, reader);
    // Whoever awaits it hears of its failure; until then it is nobody's.
    one.catch(() => {});
    reading.push(one);
    if (reading.length < READ_AHEAD) continue;
    const next = await reading.shift();
    if (next) yield next;
  }
  for (const one of reading) yield await one;
}

async function readStored(day: string, digests: Inventory, reader: ArchiveReader) {
  const [bytes, signature] = await Promise.all(
    [digestKey(day), signatureKey(day)].map(async (key) => {
      const held = await digests.first(key);
      return held && (await readWhole(reader, key, held.version));
    }),
  );
  const stored = bytes && { day, bytes, sha256: sha256Hex(bytes), signature };
  return { day, stored };
}

/**
 * The digest in these bytes.
 *
 * @throws Found when there is none, or one of another day.
 */
export function parseDigest({ day, bytes }: StoredDigest): Digest {
  const key = digestKey(day);
  let digest: Digest;
  try {
    digest = Digest.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw new Found('bad_digest', key, `${key} was altered: it is not a digest of a known format`);
  }
  if (digest.day !== day) throw new Found('bad_digest', key, `${key} is the digest of another day, ${digest.day}`);
  return digest;
}

/**
 * Sees whether a trusted key signed a digest.
 *
 * @throws Found when not.
 */
export function checkSignature({ day, bytes, signature }: StoredDigest, digest: Digest, keys: Keys): void {
  const name = digestKey(day);
  const key = keyFor(keys, digest.key, day, name);
  if (signature === undefined)
    throw new Found('bad_signature', signatureKey(day), `${signatureKey(day)} is missing: nobody vouches for ${name}`);
  const decoded = Buffer.from(signature.toString('utf8').trim(), 'base64');
  if (!verify('sha256', bytes, { key, padding: constants.RSA_PKCS1_PADDING }, decoded))
    throw new Found('bad_signature', name, `${name} was altered: its signature is not of its bytes`);
}

/**
 * Sees whether a digest follows the one before it.
 *
 * @param before the digest of the day before as it is stored; undefined where it is missing, which is a finding of its own.
 * @throws Found when it does not.
 */
export function checkLink(digest: Digest, before: StoredDigest | undefined, isFirst: boolean): void {
  const key = digestKey(digest.day);
  const { previous } = digest;
  const yesterday = dayBefore(digest.day);
  if (previous === null) {
    if (!isFirst) throw new Found('broken_chain', key, `${key} begins a new chain: it names no digest before it`);
    return;
  }
  if (previous.day !== yesterday)
    throw new Found(
      'broken_chain',
      key,
      `${key} follows ${previous.day} in place of ${yesterday}: there is a gap in days`,
    );
  if (isFirst)
    throw new Found(
      'missing_digest',
      digestKey(previous.day),
      `${digestKey(previous.day)} and all before it are missing: ${key} names it`,
    );
  if (before !== undefined && before.sha256 !== previous.sha256)
    throw new Found(
      'broken_chain',
      key,
      `${key} follows another digest of ${previous.day} than ${digestKey(previous.day)}`,
    );
}

/**
 * Sees whether what a digest counts adds up: every row of landing became a row of a file, or was one already.
 *
 * @throws Found when it does not.
 */
export function checkCounts({ day, landing, files, repeats, archivedBefore }: Digest): void {
  const sum = (some: readonly { rows: number }[]) => some.reduce((total, { rows }) => total + rows, 0);
  const [taken, sealed] = [sum(landing), sum(files)];
  if (taken === sealed + repeats + archivedBefore) return;
  const key = digestKey(day);
  throw new Found(
    'other_rows',
    key,
    `${key} does not add up: of ${taken} rows of landing, ${sealed} were sealed and ${repeats + archivedBefore} were copies`,
  );
}

/**
 * Sees whether a file of landing was written over before it was sealed. Firehose may put one twice, with the same bytes.
 *
 * @throws Found when it was, with other bytes.
 */
export function checkLanding({ day, landing, unreadable }: Digest): void {
  const first = new Map<string, string>();
  for (const { key, sha256 } of [...landing, ...unreadable]) {
    if ((first.get(key) ?? sha256) !== sha256)
      throw new Found(
        'edited_landing',
        digestKey(day),
        `${key} was written over with other contents before ${day} was sealed`,
      );
    first.set(key, sha256);
  }
}

/** No setting keeps or locks sealed files for less than a year. */
const LEAST_YEARS = 1;

/**
 * Sees whether a file that a digest lists as expired is one of an earlier day, and as old as any such file is.
 *
 * @throws Found when it is not.
 */
export function checkExpiry({ key, tenant }: ExpiredFile, { day, plannedAt }: Digest): void {
  const [, , owner, sealed = ''] = SEALED_FILE.exec(key) ?? [];
  if (owner === tenant && yearsAfter(sealed, LEAST_YEARS) <= new Date(plannedAt)) return;
  throw new Found(
    'bad_digest',
    digestKey(day),
    `${digestKey(day)} lists ${key} as expired, which is no file that may expire by then`,
  );
}
