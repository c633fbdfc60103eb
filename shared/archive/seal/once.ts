import { StoreUnavailableError } from '../../errors.ts';
import { sha256Hex } from '../row.ts';
import type { Lock, ObjectVersion, SealStore } from './store.ts';

/** By key, the version that was written first: what everything here goes by, whatever was put on top of it since. */
export async function firstVersions(
  store: Pick<SealStore, 'versions'>,
  prefix: string,
): Promise<Map<string, ObjectVersion>> {
  const first = new Map<string, ObjectVersion>();
  for (const object of await store.versions(prefix)) if (!first.has(object.key)) first.set(object.key, object);
  return first;
}

/**
 * What lies under a key that was found taken.
 *
 * @throws StoreUnavailableError when it is not there, or not yet.
 */
export async function whatIsThere(store: SealStore, key: string): Promise<ObjectVersion> {
  const there = (await firstVersions(store, key)).get(key);
  if (there === undefined) throw new StoreUnavailableError(`${key} is taken, and not there yet`);
  return there;
}

/**
 * Puts an object, or finds that somebody was faster.
 *
 * @returns the bytes that are there: the first that were written.
 */
export async function putOnce(store: SealStore, key: string, bytes: Buffer, lock: Lock): Promise<Buffer> {
  const version = await store.putIfAbsent(key, bytes, sha256Hex(bytes), lock);
  return version === undefined ? store.read(await whatIsThere(store, key)) : bytes;
}
