import { z } from 'zod';
import type { KeyRecord } from './keys.ts';
import type { Control } from './table.ts';

/** A partition of its own, so that who only notes the use of a key can't change the key. */
export const KEY_USE_PARTITION = 'key-use';
const EVERY_MS = 3_600_000;
const REMEMBERED = 10_000;

const Use = z.object({ lastUsedAt: z.iso.datetime(), version: z.int() });

/** When API keys were last used, to the hour. */
export class KeyUse {
  readonly #control: Control;
  /** When this process last noted a key, or tried to. */
  readonly #tried = new Map<string, number>();

  constructor(control: Control) {
    this.#control = control;
  }

  /** Writes down that a key was used, unless it was within the hour: one write an hour and key, whoever takes its requests. */
  async note({ tenant, id }: KeyRecord, now: Date): Promise<void> {
    const key = sortKey(tenant, id);
    if (now.getTime() - (this.#tried.get(key) ?? 0) < EVERY_MS) return;
    if (this.#tried.size >= REMEMBERED) this.#tried.clear();
    this.#tried.set(key, now.getTime());
    const before = Use.safeParse(await this.#control.get(KEY_USE_PARTITION, key)).data;
    if (before && now.getTime() - Date.parse(before.lastUsedAt) < EVERY_MS) return;
    const use = { lastUsedAt: now.toISOString(), version: (before?.version ?? 0) + 1 };
    // Someone else who was quicker has noted the same hour.
    await this.#control.put(KEY_USE_PARTITION, key, use, before ? { version: before.version } : 'absent');
  }

  /** By key id. */
  async list(tenant: string): Promise<Map<string, string>> {
    const prefix = sortKey(tenant, '');
    const items = await this.#control.list(KEY_USE_PARTITION, prefix);
    return new Map(items.map((item) => [String(item['sk']).slice(prefix.length), Use.parse(item).lastUsedAt]));
  }
}

function sortKey(tenant: string, id: string): string {
  return `${tenant}.${id}`;
}
