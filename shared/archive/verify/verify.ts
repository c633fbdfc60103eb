import {
  DIGEST_PREFIX,
  type Digest,
  digestKey,
  KEY_PREFIX,
  PLAN_PREFIX,
  SEALED_FILE,
  SEALED_PREFIX,
} from '../digest.ts';
import { dayAfter } from '../seal/days.ts';
import { Absent } from './absent.ts';
import {
  checkCounts,
  checkExpiry,
  checkLanding,
  checkLink,
  checkSignature,
  parseDigest,
  type StoredDigest,
  storedDigests,
} from './digests.ts';
import { dayBefore, newestOverdue, overdueAt } from './due.ts';
import { type Finding, Found } from './findings.ts';
import { Inventory } from './inventory.ts';
import { readWhole } from './reader.ts';
import { checkContents, checkPresence, type FileTools, type SealedFile } from './sealed-file.ts';
import { type Keys, type PinnedKey, readKeyRecord } from './trust.ts';
import { Tally, type Verdict } from './verdict.ts';

export interface VerifyOptions extends FileTools {
  /** What digests must be signed with; none trusts every key of the archive, and proves as much. */
  readonly pinned: readonly PinnedKey[];
  readonly now: Date;
  /**
   * Which files are read whole; of the others it is seen that they are there, as the version that was sealed.
   * @default all
   */
  readonly reads?: (file: SealedFile, day: string) => boolean;
  /** A digest as it was seen before: it must be there still. */
  readonly seen?: { readonly day: string; readonly sha256: string } | undefined;
  /** A day from which on everything must be sealed. */
  readonly from?: string | undefined;
}

/** What a walk through the archive comes by. A verdict is the last. */
export type VerifyResult =
  | { readonly kind: 'finding'; readonly finding: Finding }
  /** A day whose digest is there; `filesRead` of its files were read whole, and `expired` files of earlier days end with it. */
  | {
      readonly kind: 'day';
      readonly day: string;
      readonly sha256: string;
      readonly files: number;
      readonly filesRead: number;
      readonly rows: number;
      readonly expired: number;
    }
  | { readonly kind: 'verdict'; readonly verdict: Verdict };

/** A plan, or the record of one of its parts, or of a step of one. */
const PLAN = /^plans\/(\d{4}-\d{2}-\d{2})(?:-\d+){0,2}\.json$/;
const DIGEST = /^digests\/(\d{4}-\d{2}-\d{2})\.(?:json|sig)$/;

/**
 * Walks through a whole archive, from the first day to the newest that must be sealed by now, and sees whether it is as it
 * was sealed: every digest, signature and link of the chain; every file's version, size, SHA-256, ids and rows; that
 * nothing was written twice, hidden by a delete marker, or added. Only a file that a later digest lists as expired may be hidden
 * or gone; of the others it is told at the end. It goes on after a finding. Files are read one at a time;
 * memory grows by about 200 bytes an object.
 *
 * @throws whatever the reader throws, when the archive can't be read.
 */
export async function* verifyArchive(options: VerifyOptions): AsyncGenerator<VerifyResult> {
  const tally = new Tally(
    options.now,
    options.pinned.map(({ fingerprint }) => fingerprint),
  );
  for await (const result of new Walk(options, tally).results()) {
    if ('kind' in result) yield result;
    else {
      tally.finding(result);
      yield { kind: 'finding', finding: result };
    }
  }
  yield { kind: 'verdict', verdict: tally.verdict() };
}

class Walk {
  readonly #options: VerifyOptions;
  readonly #tally: Tally;
  readonly #archive: Inventory;
  readonly #plans: Inventory;
  readonly #digests: Inventory;
  readonly #keys: Inventory;
  readonly #absent = new Absent();
  /** The day whose seal is just about to sign its digest. */
  #unsigned: string | undefined;

  constructor(options: VerifyOptions, tally: Tally) {
    const { reader } = options;
    this.#options = options;
    this.#tally = tally;
    this.#archive = new Inventory(reader, SEALED_PREFIX);
    this.#plans = new Inventory(reader, PLAN_PREFIX);
    this.#digests = new Inventory(reader, DIGEST_PREFIX);
    this.#keys = new Inventory(reader, KEY_PREFIX);
  }

  async *results(): AsyncGenerator<VerifyResult | Finding> {
    // Files before digests: a seal that runs meanwhile writes them in this order, so that a file without a digest is known
    // to be one that a digest should name by now.
    for (const inventory of [this.#archive, this.#plans, this.#digests, this.#keys]) yield* inventory.load();
    for (const { hidden } of [this.#plans, this.#digests, this.#keys]) yield* hidden.values();
    for (const finding of this.#archive.hidden.values()) this.#absent.add(finding);
    const keys = yield* this.#readKeys();
    const planned = yield* daysOf(this.#plans, PLAN);
    const listed = yield* daysOf(this.#digests, DIGEST);
    const { reader, now, seen, from } = this.#options;

    const days = [...planned, ...listed].sort();
    const due = newestOverdue(now);
    const newest = [...listed].sort().at(-1) ?? '';
    const [first = seen?.day] = days;
    if (from !== undefined && from < (first ?? dayAfter(due)))
      yield missing(from, first === undefined ? due : dayBefore(first), 'nothing that old is sealed');
    if (first !== undefined) {
      const last = [newest, due, seen?.day ?? ''].reduce((a, b) => (a > b ? a : b));
      yield* this.#walk(storedDigests(range(first, last), this.#digests, reader), { first, last, newest, keys });
    }
    yield* this.#absent.unexplained();
    for (const key of this.#archive.keys()) {
      const [, , , day = ''] = SEALED_FILE.exec(key) ?? [];
      // A seal that is under way writes its files before its digest.
      if (planned.has(day) && day > due && (day > newest || day === this.#unsigned)) continue;
      yield { code: 'unnamed_object', key, message: `${key} was added: no digest names it` };
    }
  }

  async *#walk(
    stored: AsyncIterable<{ day: string; stored: StoredDigest | undefined }>,
    { first, last, newest, keys }: { first: string; last: string; newest: string; keys: Keys },
  ): AsyncGenerator<VerifyResult | Finding> {
    let before: StoredDigest | undefined;
    let gap: string | undefined;
    for await (const { day, stored: digest } of stored) {
      if (digest === undefined) {
        gap ??= day;
        before = undefined;
        continue;
      }
      if (gap !== undefined) yield missing(gap, dayBefore(day), `${day} is there`);
      gap = undefined;
      // The signature comes a moment after the digest.
      if (digest.signature === undefined && day === newest && this.#options.now < overdueAt(day)) this.#unsigned = day;
      else yield* this.#day(digest, before, day === first, keys);
      before = digest;
    }
    if (gap !== undefined) yield missing(gap, last, `the first of them was due at ${overdueAt(gap).toISOString()}`);
  }

  async *#day(
    stored: StoredDigest,
    before: StoredDigest | undefined,
    isFirst: boolean,
    keys: Keys,
  ): AsyncGenerator<VerifyResult | Finding> {
    const { seen } = this.#options;
    const { day, sha256 } = stored;
    const key = digestKey(day);
    if (day === seen?.day && sha256 !== seen.sha256)
      yield { code: 'changed_history', key, message: `${key} is not the digest of ${day} that was seen before` };
    let digest: Digest;
    try {
      digest = parseDigest(stored);
    } catch (error) {
      yield findingOf(error);
      return;
    }
    yield* attempt(() => checkLink(digest, before, isFirst));
    const untrusted = yield* attempt(() => checkSignature(stored, digest, keys));
    if (untrusted) {
      // What it names is neither good nor added; there is nothing to measure it by.
      for (const file of digest.files) this.#archive.delete(file.key);
      return;
    }
    for (const file of digest.expired) {
      yield* attempt(() => checkExpiry(file, digest));
      if (this.#absent.explain(file)) this.#tally.expired();
    }
    yield* attempt(() => checkCounts(digest));
    yield* attempt(() => checkLanding(digest));
    this.#tally.day(day, sha256);
    this.#tally.signedBy(digest.key);
    let filesRead = 0;
    for (const file of digest.files) if (yield* this.#file(file, day)) filesRead += 1;
    const rows = digest.files.reduce((sum, file) => sum + file.rows, 0);
    const expired = digest.expired.length;
    yield { kind: 'day', day, sha256, files: digest.files.length, filesRead, rows, expired };
  }

  /** @returns whether the file was read whole. */
  async *#file(file: SealedFile, day: string): AsyncGenerator<VerifyResult | Finding, boolean> {
    const [, date, tenant, ofDay] = SEALED_FILE.exec(file.key) ?? [];
    if (date !== file.date || tenant !== file.tenant || ofDay !== day) {
      const message = `${digestKey(day)} names ${file.key}, which is no file of its own`;
      yield { code: 'bad_digest', key: digestKey(day), message };
    }
    const reads = this.#options.reads?.(file, day) ?? true;
    let missing: Finding | undefined;
    const unlessGone = (finding: Finding) => {
      if (finding.code === 'missing_file' && finding.key === file.key) missing = finding;
      return finding === missing;
    };
    const wrong = yield* attempt(() => checkPresence(file, this.#archive), unlessGone);
    this.#archive.delete(file.key);
    // Its own version may be there still, behind another that was written over it.
    const isRead = reads && (wrong === undefined || wrong.code === 'other_version');
    if (isRead) yield* attempt(() => checkContents(file, this.#options), unlessGone);
    if (missing === undefined) this.#tally.file(file.rows, reads);
    else this.#absent.add(missing);
    this.#absent.name(file);
    return isRead && missing === undefined;
  }

  async *#readKeys(): AsyncGenerator<Finding, Keys> {
    const { reader, pinned } = this.#options;
    const records = new Map<string, ReturnType<typeof readKeyRecord>>();
    for (const key of this.#keys.keys()) {
      const held = await this.#keys.first(key);
      const bytes = held && (await readWhole(reader, key, held.version));
      yield* attempt(() => {
        const read = readKeyRecord(key, bytes ?? Buffer.alloc(0));
        records.set(read.record.fingerprint, read);
      });
    }
    return { records, pinned };
  }
}

/** The days that the keys of objects name; a key that names none is a finding. */
function* daysOf(inventory: Inventory, pattern: RegExp): Generator<Finding, Set<string>> {
  const days = new Set<string>();
  for (const key of inventory.keys()) {
    const [, day] = pattern.exec(key) ?? [];
    if (day !== undefined) days.add(day);
    else yield { code: 'unnamed_object', key, message: `${key} was added: no seal writes such an object` };
  }
  return days;
}

/** Runs a check; what it finds is returned, and yielded but where `isKept` keeps it for later. */
async function* attempt(
  check: () => void | Promise<void>,
  isKept: (finding: Finding) => boolean = () => false,
): AsyncGenerator<Finding, Finding | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    const finding = findingOf(error);
    if (!isKept(finding)) yield finding;
    return finding;
  }
}

function findingOf(error: unknown): Finding {
  if (error instanceof Found) return error.finding;
  throw error;
}

function missing(from: string, to: string, why: string): Finding {
  const [what, is] = from === to ? [digestKey(from), 'is'] : [`${digestKey(from)} to ${digestKey(to)}`, 'are'];
  return { code: 'missing_digest', key: digestKey(from), message: `${what} ${is} missing: ${why}` };
}

function* range(first: string, last: string): Generator<string> {
  for (let day = first; day <= last; day = dayAfter(day)) yield day;
}
