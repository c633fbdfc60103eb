import type { Signer } from '../archive/seal/signer.ts';
import type { ObjectStore } from '../objects.ts';
import { asJson } from '../query/shown.ts';
import { mapLimited, type TimeLeft } from '../retry.ts';
import type { EventReader } from '../store/event-reader.ts';
import { type Exports, ExportTakenError } from './exports.ts';
import { OpenFile, sha256Of, wantsRaw } from './file.ts';
import { type Circumstances, signManifest } from './manifest.ts';
import { filterOf } from './query.ts';
import type { ExportRecord } from './record.ts';

/** An export has at most so many files of this size: about 30 million events of a kilobyte. */
export const LIMITS = { fileCharacters: 32 * 1024 * 1024, files: 1_000, pageEvents: 1_000 };

export const EXPORT_PREFIX = 'exports/';

/** Longer than anything between two saves takes. */
const LEASE_MS = 5 * 60_000;
const SAVE_EVERY_MS = 30_000;
const PAGE_MS = 20_000;
/** Reading digests, gaps and signing; and finishing a page and a file. */
const MANIFEST_MS = 90_000;
const SETTLING_MS = 30_000;
const RAWS_AT_ONCE = 8;
const MOST_ATTEMPTS = 5;
const RETRY_MS = 60_000;
const LONGEST_MS = 24 * 3_600_000;

export interface ExportOptions {
  readonly exports: Exports;
  readonly reader: Pick<EventReader, 'page' | 'raw'>;
  readonly files: Pick<ObjectStore, 'putIfAbsent'>;
  readonly circumstances: (record: ExportRecord) => Promise<Circumstances>;
  readonly signer: Signer;
  readonly now: () => Date;
  readonly timeLeft: TimeLeft;
  /** Hears why a run ended early. */
  readonly onError: (record: ExportRecord, error: unknown) => void;
  readonly limits?: typeof LIMITS;
}

/** `continues`: another run has to go on with it; `taken`: nothing to do, or another run is at work on it. */
export type ExportOutcome = 'done' | 'failed' | 'continues' | 'taken';

/**
 * Goes on with an export until it is done or time runs out. A position is saved with the files that lead up to it, in one
 * write, and every run writes into a folder of its own: so a row is in the files of the record once, wherever a run ended.
 */
export async function runExport(options: ExportOptions, record: ExportRecord): Promise<ExportOutcome> {
  const { exports, now, onError } = options;
  const taken = await exports.acquire(record, now(), LEASE_MS);
  if (taken === undefined) return 'taken';
  const run = new Run(options, taken);
  try {
    return await run.go();
  } catch (error) {
    if (error instanceof ExportTakenError) return 'taken';
    onError(run.record, error);
    await run.postpone();
    return 'continues';
  }
}

class Run {
  record: ExportRecord;
  readonly #options: ExportOptions;
  readonly #limits: typeof LIMITS;
  readonly #folder: string;
  readonly #file: OpenFile;
  #savedAt: number;

  constructor(options: ExportOptions, record: ExportRecord) {
    this.#options = options;
    this.#limits = options.limits ?? LIMITS;
    this.record = record;
    this.#folder = `${EXPORT_PREFIX}${record.tenant}/${record.id}/${record.version}/`;
    this.#file = new OpenFile(record);
    this.#savedAt = options.now().getTime();
  }

  async go(): Promise<ExportOutcome> {
    const { now, timeLeft } = this.#options;
    if (this.record.attempts > MOST_ATTEMPTS)
      return this.#fail(`${MOST_ATTEMPTS} runs in a row got no further: the log of the function export says why`);
    if (now().getTime() - Date.parse(this.record.askedAt) > LONGEST_MS)
      return this.#fail('it was not done within 24 hours: ask for less, a range of time after another');
    if (!this.record.scanned && !(await this.#scan())) return this.#release();
    if (this.record.files.length > this.#limits.files)
      return this.#fail(
        `it has more than ${this.#limits.files} files of ${this.#limits.fileCharacters / 1024 / 1024} MiB: ask for a shorter range of time`,
      );
    if (timeLeft() < MANIFEST_MS) return this.#release();
    return this.#finish();
  }

  /** Leaves the export to a later run, unless one has it already. */
  async postpone(): Promise<void> {
    const { exports, now } = this.#options;
    const leaseUntil = new Date(now().getTime() + RETRY_MS).toISOString();
    await exports.save({ ...this.record, leaseUntil }).catch((error: unknown) => {
      if (!(error instanceof ExportTakenError)) throw error;
    });
  }

  /** Writes files until there are no more events; false when time ran out before. */
  async #scan(): Promise<boolean> {
    const { reader, timeLeft } = this.#options;
    const { tenant, query } = this.record;
    const filter = filterOf(query);
    const withRaw = wantsRaw(this.record);
    let { after } = this.record;
    const left = () => timeLeft() - SETTLING_MS;
    for (;;) {
      if (left() <= 0) {
        await this.#save({ after });
        return false;
      }
      const ends = Date.now() + PAGE_MS;
      const page = await reader.page(
        { tenant, filter, order: 'oldest', limit: this.#limits.pageEvents, after },
        { timeLeft: () => Math.min(ends - Date.now(), left()), withRaw },
      );
      this.#file.add(await mapLimited(page.events, RAWS_AT_ONCE, (stored) => asJson(reader, stored, withRaw)));
      if (page.next === undefined) {
        await this.#save({ after, scanned: true });
        return true;
      }
      after = page.next;
      if (this.#file.length >= this.#limits.fileCharacters) {
        await this.#save({ after });
        if (this.record.files.length > this.#limits.files) return true;
      } else await this.#keepLease(after);
    }
  }

  /** Writes what is in the open file, if anything, and remembers that everything up to `after` is in files. */
  async #save(position: Pick<ExportRecord, 'after'> & Partial<Pick<ExportRecord, 'scanned'>>): Promise<void> {
    const { files } = this.record;
    const file = this.#file.rows > 0 ? await this.#write() : undefined;
    const isFurther = position.after !== this.record.after || position.scanned === true;
    await this.#put({
      ...position,
      ...(file && { files: [...files, file] }),
      ...(isFurther && { attempts: 0 }),
    });
  }

  async #write(): Promise<ExportRecord['files'][number]> {
    const { id, format, files } = this.record;
    const { bytes, rows } = this.#file.take();
    const object = await this.#store(`annals-${id}-${files.length + 1}.${format}.gz`, bytes, 'application/gzip');
    return { ...object, rows };
  }

  /** While nothing is held in memory, the position alone is worth a save. */
  async #keepLease(after: string): Promise<void> {
    if (this.#options.now().getTime() - this.#savedAt < SAVE_EVERY_MS) return;
    await (this.#file.rows === 0 ? this.#save({ after }) : this.#put({}));
  }

  async #finish(): Promise<ExportOutcome> {
    const { circumstances, signer, now } = this.#options;
    const { id } = this.record;
    await this.#put({});
    const finishedAt = now().toISOString();
    const signed = await signManifest(this.record, await circumstances(this.record), signer, finishedAt);
    const signature = signed.signature.toString('base64');
    const { key: signatureKey } = await this.#store(
      `annals-${id}-manifest.sig`,
      Buffer.from(`${signature}\n`),
      'text/plain',
    );
    const object = await this.#store(`annals-${id}-manifest.json`, signed.bytes, 'application/json');
    const manifest = { ...object, signature, signatureKey };
    await this.#end({ status: 'done', finishedAt, manifest, publicKey: signed.publicKey });
    return 'done';
  }

  /** A key that is taken was taken by an earlier try of this same call: no other run has this folder. */
  async #store(name: string, bytes: Buffer, contentType: string) {
    const key = `${this.#folder}${name}`;
    await this.#options.files.putIfAbsent(key, bytes, contentType);
    return { key, name, bytes: bytes.length, sha256: sha256Of(bytes).toString('hex') };
  }

  async #fail(reason: string): Promise<ExportOutcome> {
    await this.#end({ status: 'failed', reason, finishedAt: this.#options.now().toISOString() });
    return 'failed';
  }

  async #release(): Promise<ExportOutcome> {
    const { leaseUntil: _, ...rest } = this.record;
    this.record = await this.#options.exports.save(rest);
    return 'continues';
  }

  async #end(more: Partial<ExportRecord>): Promise<void> {
    const { leaseUntil: _, ...rest } = this.record;
    this.record = await this.#options.exports.save({ ...rest, ...more });
  }

  async #put(more: Partial<ExportRecord>): Promise<void> {
    const now = this.#options.now().getTime();
    this.record = await this.#options.exports.save({
      ...this.record,
      ...more,
      leaseUntil: new Date(now + LEASE_MS).toISOString(),
    });
    this.#savedAt = now;
  }
}
