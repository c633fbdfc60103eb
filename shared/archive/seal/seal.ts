import { canonicalJson } from '../../json.ts';
import { mapLimited, type TimeLeft } from '../../retry.ts';
import { DIGEST_PREFIX, Digest, digestBytes, digestKey, fingerprintOf, KEY_PREFIX, signatureKey } from '../digest.ts';
import { type LockSettings, lockOf } from '../lock.ts';
import { dayAfter, dueAt, newestDueDay } from './days.ts';
import { SealError } from './errors.ts';
import { type ExpiryOptions, markExpired } from './expiry.ts';
import { sha256Of } from './landing.ts';
import { firstVersions, putOnce, whatIsThere } from './once.ts';
import { type PartOptions, sealPart } from './part.ts';
import { PartRecord, type Plan, partKey, partPrefix, planBytes } from './plan.ts';
import { firstDay, planDay } from './planning.ts';
import { SealedFiles } from './sealed-files.ts';
import { publicKeyRecord, type Signer } from './signer.ts';
import { nameOf, type ObjectVersion } from './store.ts';
import { DIGEST_TAG, SEALED_TAG } from './tag.ts';

const TAGGINGS_AT_ONCE = 8;
const DIGEST_OBJECT = new RegExp(`^${DIGEST_PREFIX}(\\d{4}-\\d{2}-\\d{2})\\.(json|sig)$`);

export interface SealOptions extends PartOptions, ExpiryOptions {
  readonly signer: Signer;
  readonly lock: LockSettings;
  /** Milliseconds that one part may take: with less time left, none is begun. */
  readonly partMs: number;
}

/** The daily step from landing to archive. */
export class Seal {
  readonly #options: SealOptions;
  /** The newest day that has a digest, a signature and tags, as far as this run has seen. */
  #last: string | undefined;
  #first: string | undefined;

  constructor(options: SealOptions) {
    this.#options = options;
  }

  /**
   * Seals every day that is due, oldest first, and gives each day's digest once it is signed, and its landing objects and the
   * files that expire with it are tagged. Goes on where a run before it stopped or broke off; ends early when time is short.
   *
   * @throws SealError when what is stored can't be signed, StoreUnavailableError when a store fails.
   */
  async *run(now: Date, timeLeft: TimeLeft): AsyncGenerator<Digest> {
    const { archive, landing } = this.#options;
    const { digests, signatures } = await this.#stored();
    const newest = newestDueDay(now);
    this.#last = [...digests.keys()].sort().at(-1);
    if (this.#last === undefined) this.#first = await firstDay(landing, newest);
    else {
      const isNextDue = this.#next() <= newest;
      // What was broken off after the digest: tags can't be seen in a listing, and are set again when there is more to do.
      if (isNextDue || !signatures.has(this.#last))
        await this.#finish(await this.#readDigest(digests, this.#last), now);
    }
    const sealed = new SealedFiles(archive, digests);
    while (this.#next() <= newest && timeLeft() > this.#options.partMs) {
      const day = this.#next();
      const plan = await planDay(day, now, this.#options, digests);
      const records = await this.#parts(plan, sealed, timeLeft);
      if (records === undefined) return;
      const previous = this.#last === undefined ? undefined : digests.get(this.#last);
      const digest = await this.#conclude(plan, records, previous);
      await this.#finish(digest, now);
      digests.set(day, await whatIsThere(archive, digestKey(day)));
      this.#last = day;
      yield digest;
    }
  }

  /** Hours since the oldest day that is not sealed yet was due; 0 when none is. Undefined before {@link run} knows. */
  overdueHours(now: Date): number | undefined {
    if (this.#last === undefined && this.#first === undefined) return undefined;
    return Math.max(0, (now.getTime() - dueAt(this.#next()).getTime()) / 3_600_000);
  }

  #next(): string {
    return this.#last === undefined ? (this.#first ?? '') : dayAfter(this.#last);
  }

  /** By day, the digests and signatures that there are. */
  async #stored() {
    const stored = { digests: new Map<string, ObjectVersion>(), signatures: new Map<string, ObjectVersion>() };
    for (const [key, object] of await firstVersions(this.#options.archive, DIGEST_PREFIX)) {
      const [, day, kind] = DIGEST_OBJECT.exec(key) ?? [];
      if (day !== undefined) stored[kind === 'json' ? 'digests' : 'signatures'].set(day, object);
    }
    return stored;
  }

  async #readDigest(digests: ReadonlyMap<string, ObjectVersion>, day: string): Promise<Digest> {
    const object = digests.get(day);
    if (object === undefined) throw new SealError(`there is no digest of ${day}`);
    return Digest.parse(JSON.parse(String(await this.#options.archive.read(object))));
  }

  /** Seals the parts that have no record yet; undefined when time runs out. */
  async #parts(plan: Plan, sealed: SealedFiles, timeLeft: TimeLeft): Promise<PartRecord[] | undefined> {
    const { archive, partMs } = this.#options;
    const lock = lockOf(plan, this.#options.lock);
    const stored = await firstVersions(archive, partPrefix(plan.day));
    const records: PartRecord[] = [];
    for (let part = 1; part <= plan.parts.length; part += 1) {
      const there = stored.get(partKey(plan.day, part));
      if (there === undefined && timeLeft() <= partMs) return undefined;
      if (there === undefined) {
        const record = await sealPart(this.#options, { plan, part, lock, sealed, earlier: records, timeLeft });
        if (record === undefined) return undefined;
        const bytes = await putOnce(archive, partKey(plan.day, part), planBytes(record), lock);
        records.push(PartRecord.parse(JSON.parse(String(bytes))));
      } else records.push(PartRecord.parse(JSON.parse(String(await archive.read(there)))));
    }
    return records;
  }

  /** Puts the digest, and before it the key that will sign it. */
  async #conclude(plan: Plan, parts: readonly PartRecord[], previous: ObjectVersion | undefined): Promise<Digest> {
    const { archive, signer } = this.#options;
    const lock = lockOf(plan, this.#options.lock);
    const publicKey = await signer.publicKey();
    const record = publicKeyRecord(publicKey, plan.day);
    await putOnce(archive, `${KEY_PREFIX}${record.fingerprint}.json`, Buffer.from(`${canonicalJson(record)}\n`), lock);
    const before = previous === undefined ? null : await archive.read(previous);
    const total = (name: 'repeats' | 'archivedBefore') => parts.reduce((sum, part) => sum + part[name], 0);
    const digest: Digest = {
      format: 1,
      day: plan.day,
      previous: before === null ? null : { day: this.#last ?? '', sha256: sha256Of(before) },
      plannedAt: plan.plannedAt,
      key: record.fingerprint,
      landing: parts.flatMap(({ landing }) => landing),
      files: parts.flatMap(({ files }) => files).sort((a, b) => (a.key < b.key ? -1 : 1)),
      expired: plan.expired,
      unreadable: parts.flatMap(({ unreadable }) => unreadable),
      repeats: total('repeats'),
      archivedBefore: total('archivedBefore'),
    };
    const stored = await putOnce(archive, digestKey(plan.day), digestBytes(digest), lock);
    const there = Digest.parse(JSON.parse(String(stored)));
    // The other may be of a run that began before the key was replaced.
    if (!digestBytes({ ...there, key: digest.key }).equals(digestBytes(digest)))
      throw new SealError(`${digestKey(plan.day)} is there, and is not what its plan gives: nothing was signed`);
    return there;
  }

  /** Signs a digest and tags what it took from landing and what expires with it, as far as that is not done. */
  async #finish(digest: Digest, now: Date): Promise<void> {
    const { archive, landing, signer } = this.#options;
    const { day, key } = digest;
    if (!(await firstVersions(archive, signatureKey(day))).has(signatureKey(day))) {
      const signedBy = fingerprintOf(await signer.publicKey());
      if (signedBy !== key)
        throw new SealError(
          `the digest of ${day} names key ${key}, which was to sign it, and the seal has key ${signedBy}: give it the former once more`,
        );
      const signature = await signer.sign(Buffer.from(sha256Of(digestBytes(digest)), 'hex'));
      await putOnce(
        archive,
        signatureKey(day),
        Buffer.from(`${signature.toString('base64')}\n`),
        lockOf(digest, this.#options.lock),
      );
    }
    const setAside = new Set(digest.unreadable.map(nameOf));
    const done = digest.landing.filter((one) => !setAside.has(nameOf(one)));
    await mapLimited(done, TAGGINGS_AT_ONCE, (one) => landing.tag(one, { ...SEALED_TAG, [DIGEST_TAG]: day }));
    await markExpired(digest, now, this.#options);
  }
}
