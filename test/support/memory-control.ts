import type { Control } from '../../shared/control/table.ts';

/** The control table in memory, for tests that run thousands of polls. What is stored is copied, as a table would. */
export class MemoryControl implements Control {
  readonly #items = new Map<string, Record<string, unknown>>();
  /** Called around every write; throws to fail it, or what comes after it. */
  beforeWrite: (pk: string, sk: string) => void = () => {};
  afterWrite: (pk: string, sk: string) => void = () => {};
  writes = 0;

  async get(pk: string, sk: string): Promise<Record<string, unknown> | undefined> {
    const item = this.#items.get(`${pk}|${sk}`);
    return item && structuredClone(item);
  }

  async list(pk: string, prefix = ''): Promise<Record<string, unknown>[]> {
    return [...this.#items.values()]
      .filter((item) => item['pk'] === pk && String(item['sk']).startsWith(prefix))
      .map((item) => structuredClone(item));
  }

  async put(pk: string, sk: string, item: object, when: 'absent' | 'present' | { version: number }): Promise<boolean> {
    this.beforeWrite(pk, sk);
    const there = this.#items.get(`${pk}|${sk}`);
    if (!allows(when, there)) return false;
    this.#set(pk, sk, item);
    this.afterWrite(pk, sk);
    return true;
  }

  async replace(pk: string, sk: string, item: object): Promise<void> {
    this.beforeWrite(pk, sk);
    this.#set(pk, sk, item);
    this.afterWrite(pk, sk);
  }

  async delete(pk: string, sk: string): Promise<boolean> {
    this.beforeWrite(pk, sk);
    return this.#items.delete(`${pk}|${sk}`);
  }

  /** Deletes what is in a partition, at once. */
  clear(pk: string): void {
    for (const [key, item] of this.#items) if (item['pk'] === pk) this.#items.delete(key);
  }

  #set(pk: string, sk: string, item: object): void {
    this.writes += 1;
    this.#items.set(`${pk}|${sk}`, { ...JSON.parse(JSON.stringify(item)), pk, sk });
  }
}

function allows(when: 'absent' | 'present' | { version: number }, there: Record<string, unknown> | undefined): boolean {
  if (when === 'absent') return there === undefined;
  if (when === 'present') return there !== undefined;
  return there !== undefined && there['version'] === when.version;
}
