import type { BucketDefinition, LifecycleRule } from '../../types.ts';
import { isProtected } from './retention.ts';
import type { ObjectStore } from './store.ts';
import { newVersionId, type Version } from './versions.ts';

const DAY_MS = 86_400_000;
/** Smaller objects stay where they are (S3 user guide, "Transitioning objects using Amazon S3 Lifecycle"). */
const LEAST_MOVED = 128 * 1024;

/** What a lifecycle rule did: `version` is the one that was hidden behind a delete marker, removed, or put in another class. */
export interface Expired {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly action: 'hidden' | 'removed' | 'moved';
}

/** Applies the rules of the buckets to everything that they hold, as if the time were `at`; ends early on `signal`. */
export async function applyLifecycle(
  store: ObjectStore,
  buckets: readonly BucketDefinition[],
  at: Date,
  signal?: AbortSignal,
): Promise<Expired[]> {
  const expired: Expired[] = [];
  for (const bucket of buckets) {
    const { lifecycle = [], name } = bucket;
    if (lifecycle.length === 0) continue;
    for (const key of await store.allKeys(name, '')) {
      if (signal?.aborted) return expired;
      const done = await store.change(name, key, (versions) => {
        const next = survivors(bucket, key, versions, at);
        return { versions: next, result: next === versions ? [] : difference(versions, next) };
      });
      const moved = await move(store, bucket, key, at);
      expired.push(...[...done, ...moved].map((one) => ({ bucket: name, key, ...one })));
    }
  }
  return expired;
}

/**
 * What the rules leave of a key's versions, newest first; the list itself where they leave all of it. As S3 has it, a
 * current object of a versioned bucket is hidden and not removed, and what Object Lock protects stays.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
 */
export function survivors(
  { lifecycle = [], versioned = false }: BucketDefinition,
  key: string,
  versions: readonly Version[],
  at: Date,
): readonly Version[] {
  const rulesFor = (version: Version) => lifecycle.filter((rule) => matches(rule, key, version));
  const kept = versions.filter((version, position) => {
    const successor = versions[position - 1];
    if (successor === undefined || (version.kind === 'object' && isProtected(version, at, false))) return true;
    return !rulesFor(version).some(
      ({ noncurrent }) =>
        noncurrent !== undefined && position > noncurrent.keep && isDue(successor.lastModified, noncurrent.days, at),
    );
  });
  const [current] = versions;
  if (current === undefined) return versions;
  const expires = rulesFor(current).some(
    ({ expirationDays, expiredMarkers }) =>
      (current.kind === 'marker' && expiredMarkers) ||
      (expirationDays !== undefined && isDue(current.lastModified, expirationDays, at)),
  );
  if (expires && current.kind === 'object')
    return versioned
      ? [{ kind: 'marker', id: newVersionId(at, versions), lastModified: at.toISOString() }, ...kept]
      : kept.slice(1);
  // A marker goes when there is nothing left that it hides.
  if (expires && versions.length === 1) return [];
  return kept.length === versions.length ? versions : kept;
}

/** Puts the current object of a key into another storage class, if a rule says so. It stays the same version, lock and all. */
async function move(
  store: ObjectStore,
  { name, lifecycle = [] }: BucketDefinition,
  key: string,
  at: Date,
): Promise<Pick<Expired, 'version' | 'action'>[]> {
  if (!lifecycle.some(({ transition, prefix }) => transition !== undefined && key.startsWith(prefix))) return [];
  const [found] = await store.sized(name, key);
  if (found === undefined || found.size < LEAST_MOVED) return [];
  return store.change(name, key, (versions) => {
    const [current, ...older] = versions;
    const rule = current && lifecycle.find((one) => matches(one, key, current) && isMovedBy(one, current, at));
    if (current?.kind !== 'object' || current.storageClass !== undefined || rule?.transition === undefined)
      return { versions, result: [] };
    const moved = { ...current, storageClass: rule.transition.storageClass };
    return { versions: [moved, ...older], result: [{ version: moved.id, action: 'moved' as const }] };
  });
}

function isMovedBy({ transition }: LifecycleRule, { lastModified }: Version, at: Date): boolean {
  return transition !== undefined && isDue(lastModified, transition.days, at);
}

function matches({ prefix, tags }: LifecycleRule, key: string, version: Version): boolean {
  const own = version.kind === 'object' ? version.tags : {};
  return key.startsWith(prefix) && Object.entries(tags).every(([name, value]) => own[name] === value);
}

/** S3 counts days from the moment, and rounds the end up to the next midnight UTC. */
function isDue(since: string, days: number, at: Date): boolean {
  return Math.ceil((Date.parse(since) + days * DAY_MS) / DAY_MS) * DAY_MS <= at.getTime();
}

function difference(before: readonly Version[], after: readonly Version[]): Pick<Expired, 'version' | 'action'>[] {
  const left = new Set(after);
  const removed = before
    .filter((version) => !left.has(version))
    .map(({ id }) => ({ version: id, action: 'removed' as const }));
  const [newest] = before;
  const isHidden = newest !== undefined && left.has(newest) && after[0] !== newest;
  return isHidden ? [{ version: newest.id, action: 'hidden' }, ...removed] : removed;
}
