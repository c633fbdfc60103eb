import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { Lock, ObjectState, ObjectVersion, SealStore } from '../../../../shared/archive/seal/store.ts';
import { NotFoundError } from '../../../../shared/errors.ts';

interface Stored {
  readonly version: string;
  readonly bytes: Buffer;
  readonly lock: Lock | undefined;
  tags: Readonly<Record<string, string>>;
  legalHold?: boolean;
}

/** A versioned bucket in memory. A version's id is made of what is put, so that the same history gives the same ids. */
export class MemoryStore implements SealStore {
  readonly objects = new Map<string, Stored[]>();
  /** Told of each call before it is done, and after: throws where something is to break. */
  step: (call: string) => void = () => {};

  put(key: string, bytes: Buffer, lock?: Lock): string {
    const versions = this.objects.get(key) ?? [];
    const version = `${sha256(bytes).slice(0, 12)}.${versions.length}`;
    this.objects.set(key, [...versions, { version, bytes, lock, tags: {} }]);
    return version;
  }

  keys(prefix = ''): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  /** The bytes of a key's first version. */
  bytes(key: string): Buffer {
    return this.#find({ key }).bytes;
  }

  stored(key: string): Stored {
    return this.#find({ key });
  }

  /** All that is stored, to be compared. */
  contents(): Record<string, string[]> {
    return Object.fromEntries(
      this.keys().map((key) => [key, (this.objects.get(key) ?? []).map(({ bytes }) => sha256(bytes))]),
    );
  }

  versions(prefix: string): Promise<ObjectVersion[]> {
    return this.#call(`versions ${prefix}`, () =>
      this.keys(prefix).flatMap((key) =>
        (this.objects.get(key) ?? []).map(({ version, bytes }) => ({ key, version, size: bytes.length })),
      ),
    );
  }

  read(object: Pick<ObjectVersion, 'key' | 'version'>): Promise<Buffer> {
    return this.#call(`read ${object.key}`, () => this.#find(object).bytes);
  }

  async download(object: ObjectVersion, path: string): Promise<void> {
    await this.#call(`download ${object.key}`, () => writeFile(path, this.#find(object).bytes));
  }

  async putIfAbsent(key: string, content: Buffer | { path: string }, expected: string, lock: Lock) {
    const bytes = Buffer.isBuffer(content) ? content : await readFile(content.path);
    if (sha256(bytes) !== expected) throw new Error(`${key} came with another SHA-256`);
    return this.#call(`put ${key}`, () => (this.objects.has(key) ? undefined : this.put(key, bytes, lock)));
  }

  state(object: Pick<ObjectVersion, 'key' | 'version'>): Promise<ObjectState> {
    return this.#call(`state ${object.key}`, () => {
      const { lock, tags, legalHold = false } = this.#find(object);
      return { lockedUntil: lock?.until, legalHold, tags };
    });
  }

  async tag(object: Pick<ObjectVersion, 'key' | 'version'>, tags: Readonly<Record<string, string>>): Promise<void> {
    await this.#call(`tag ${object.key}`, () => {
      const found = this.objects.get(object.key)?.find(({ version }) => version === object.version);
      if (found) found.tags = tags;
    });
  }

  #find({ key, version }: { key: string; version?: string }): Stored {
    const versions = this.objects.get(key) ?? [];
    const found = version === undefined ? versions[0] : versions.find((one) => one.version === version);
    if (!found) throw new NotFoundError(`there is no ${key}`);
    return found;
  }

  async #call<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    this.step(name);
    const result = await work();
    this.step(`${name}, done`);
    return result;
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
