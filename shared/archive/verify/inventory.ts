import type { Finding } from './findings.ts';
import type { ArchiveReader } from './reader.ts';

/** A version of an object, as listed. */
export interface Held {
  readonly version: string;
  readonly size: number;
}

/**
 * What lies under one prefix of the archive. Every key is written once, so that a second version is a finding, and so is a
 * delete marker that nothing explains; the listing itself takes about 200 bytes of memory an object.
 */
export class Inventory {
  readonly #reader: ArchiveReader;
  readonly #prefix: string;
  /** Oldest version first. */
  readonly #held = new Map<string, Held[]>();
  readonly #hidden = new Map<string, Finding>();

  constructor(reader: ArchiveReader, prefix: string) {
    this.#reader = reader;
    this.#prefix = prefix;
  }

  /** Lists the prefix. Of delete markers, {@link hidden} tells. */
  async *load(): AsyncGenerator<Finding> {
    for await (const { key, version, size, deleteMarker } of this.#reader.versions(this.#prefix)) {
      if (deleteMarker) {
        this.#hidden.set(key, { code: 'delete_marker', key, message: `${key} was deleted: a delete marker hides it` });
        continue;
      }
      const held = this.#held.get(key);
      if (held === undefined) this.#held.set(key, [{ version, size }]);
      else {
        held.unshift({ version, size });
        const message = `${key} was written again: it has ${held.length} versions, and everything here is written once`;
        yield { code: 'second_version', key, message };
      }
    }
  }

  /** By key, the objects that a delete marker hides, or did. */
  get hidden(): ReadonlyMap<string, Finding> {
    return this.#hidden;
  }

  keys(): IterableIterator<string> {
    return this.#held.keys();
  }

  /** The versions of a key, oldest first. What is not listed is looked for again, as it may have been written since. */
  async of(key: string): Promise<readonly Held[]> {
    const held = this.#held.get(key);
    if (held !== undefined) return held;
    const found: Held[] = [];
    for await (const one of this.#reader.versions(key)) if (one.key === key && !one.deleteMarker) found.unshift(one);
    return found;
  }

  /** The version that was written first. */
  async first(key: string): Promise<Held | undefined> {
    return (await this.of(key))[0];
  }

  delete(key: string): void {
    this.#held.delete(key);
  }
}
