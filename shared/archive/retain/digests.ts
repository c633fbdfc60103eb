import { chunksOf, mapLimited, type TimeLeft } from '../../retry.ts';
import { DIGEST_PREFIX, Digest, digestKey } from '../digest.ts';
import { firstVersions } from '../seal/once.ts';
import type { ObjectVersion, SealStore } from '../seal/store.ts';

/** The digest of a busy day has some 100 KB. */
const READS_AT_ONCE = 8;

/** The digests of an archive, as they were first written. Whether they are good is for `verifyArchive` to say. */
export class Digests {
  readonly #store: Pick<SealStore, 'read'>;
  /** Of digests and signatures, by key. */
  readonly objects: ReadonlyMap<string, ObjectVersion>;
  /** Oldest first. */
  readonly days: readonly string[];

  private constructor(store: Pick<SealStore, 'read'>, objects: ReadonlyMap<string, ObjectVersion>) {
    this.#store = store;
    this.objects = objects;
    this.days = [...objects.keys()]
      .filter((key) => key.endsWith('.json'))
      .map((key) => key.slice(DIGEST_PREFIX.length, -'.json'.length))
      .sort();
  }

  static async list(store: Pick<SealStore, 'versions' | 'read'>): Promise<Digests> {
    return new Digests(store, await firstVersions(store, DIGEST_PREFIX));
  }

  /**
   * The digests of some days, in their order, for as long as there is time.
   *
   * @param onProblem hears of a digest that can't be read; the day is then given without one.
   */
  async *read(
    days: readonly string[],
    timeLeft: TimeLeft,
    onProblem: (key: string, error: unknown) => void,
  ): AsyncGenerator<{ day: string; digest: Digest | undefined }> {
    for (const some of chunksOf(days, READS_AT_ONCE)) {
      if (timeLeft() <= 0) return;
      yield* await mapLimited(some, READS_AT_ONCE, async (day) => {
        const object = this.objects.get(digestKey(day));
        try {
          const bytes = object && (await this.#store.read(object));
          return { day, digest: bytes && Digest.parse(JSON.parse(String(bytes))) };
        } catch (error) {
          onProblem(digestKey(day), error);
          return { day, digest: undefined };
        }
      });
    }
  }
}
