import { type Digest, digestBytes, digestKey, signatureKey } from '../../../../shared/archive/digest.ts';
import { eventDate } from '../../../../shared/archive/event-date.ts';
import { Digests } from '../../../../shared/archive/retain/digests.ts';
import type { Locks, ObjectName } from '../../../../shared/archive/retain/locks.ts';
import type { Work } from '../../../../shared/archive/retain/work.ts';
import type { Lock } from '../../../../shared/archive/seal/store.ts';
import { NotFoundError } from '../../../../shared/errors.ts';

const HASH = 'a'.repeat(64);
export const KEY = `keys/${HASH}.json`;

interface Stored {
  readonly bytes: Buffer;
  lock: Lock | undefined;
  held: boolean;
}

export type TestFile = Pick<Digest['files'][number], 'tenant' | 'earliest' | 'latest'> & { raws?: string[] };

/** An archive bucket of which only locks, holds and digests matter. Every object has one version, `1`. */
export class FakeArchive {
  readonly objects = new Map<string, Stored>();
  /** Told of every change before it is made; throws where it is to fail. */
  onChange: (call: string, key: string) => void = () => {};

  put(key: string, bytes: Buffer = Buffer.alloc(0), lock?: Lock): void {
    this.objects.set(key, { bytes, lock, held: false });
  }

  /** Seals a day with these files, under a lock; the files' keys. */
  seal(day: string, files: readonly TestFile[], lock?: Lock, plannedAt = `${day}T01:00:00.000Z`): string[] {
    const sealed = files.map(({ raws, ...file }, index) => ({
      ...file,
      key: `archive/event_date=${eventDate(file.earliest)}/${file.tenant}/${day}-${index + 1}.parquet`,
      version: '1',
      size: 1,
      sha256: HASH,
      date: eventDate(file.earliest),
      rows: 1,
      ids: HASH,
      ...(raws !== undefined && { raws }),
    }));
    const nothing = { landing: [], unreadable: [], expired: [], repeats: 0, archivedBefore: 0 };
    const digest: Digest = {
      format: 1,
      day,
      previous: null,
      plannedAt,
      key: HASH,
      files: sealed.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      ...nothing,
    };
    for (const { key, raws = [] } of sealed) {
      this.put(key, undefined, lock);
      for (const sha256 of raws) if (!this.objects.has(`raw/${sha256}`)) this.put(`raw/${sha256}`, undefined, lock);
    }
    for (const key of [`plans/${day}.json`, `plans/${day}-1.json`, signatureKey(day)]) this.put(key, undefined, lock);
    if (!this.objects.has(KEY)) this.put(KEY, undefined, lock);
    this.put(digestKey(day), digestBytes(digest), lock);
    return sealed.map(({ key }) => key);
  }

  held(): string[] {
    return [...this.objects].filter(([, { held }]) => held).map(([key]) => key);
  }

  lockOf(key: string): Lock | undefined {
    return this.#of({ key, version: '1' }).lock;
  }

  async work(given: Partial<Work> = {}): Promise<Work> {
    const store: Work['store'] = {
      versions: async (prefix) =>
        [...this.objects]
          .filter(([key]) => key.startsWith(prefix))
          .map(([key, { bytes }]) => ({ key, version: '1', size: bytes.length })),
      read: async (object) => this.#of(object).bytes,
    };
    const locks: Locks = {
      lock: async (object) => this.#of(object).lock,
      lengthen: async (object, lock) => {
        this.onChange('lengthen', object.key);
        const stored = this.#of(object);
        if (stored.lock && (lock.until < stored.lock.until || lock.mode !== stored.lock.mode))
          throw new Error('AccessDenied');
        stored.lock = lock;
      },
      isHeld: async (object) => this.#of(object).held,
      hold: async (object, held) => {
        this.onChange(held ? 'hold' : 'lift', object.key);
        this.#of(object).held = held;
      },
    };
    return {
      store,
      locks,
      digests: await Digests.list(store),
      now: new Date(),
      timeLeft: () => Number.POSITIVE_INFINITY,
      onProblem: (key, error) => {
        throw new Error(`unexpected: ${key}`, { cause: error });
      },
      ...given,
    };
  }

  #of({ key }: ObjectName): Stored {
    const found = this.objects.get(key);
    if (found === undefined) throw new NotFoundError(`there is no ${key}`);
    return found;
  }
}
