import { NotFoundError } from '../../errors.ts';
import { mapLimited } from '../../retry.ts';
import { Digest, type ExpiredFile, SEALED_FILE, SEALED_PREFIX } from '../digest.ts';
import { type Hold, heldBy } from '../hold.ts';
import { yearsAfter } from './days.ts';
import { nameOf, type ObjectState, type ObjectVersion, type SealStore } from './store.ts';
import { DIGEST_TAG, EXPIRED_TAG } from './tag.ts';

/** What one digest lists at most, some 4 MB; the rest goes with the next day. */
const MOST = 10_000;
const AT_ONCE = 16;

/** By tenant, the years that sealed files are kept; those of other tenants are kept for good. */
export type Retention = Readonly<Record<string, number>>;

/** What deciding on the end of sealed files takes. */
export interface ExpiryOptions {
  readonly archive: SealStore;
  readonly retention: Retention;
  /** The legal holds that are not released. */
  readonly holds: () => Promise<readonly Hold[]>;
}

/** Whether the tenant's retention is over for what happened, was received or was sealed at this time. */
export function isOver(tenant: string, time: string, retention: Retention, now: Date): boolean {
  const years = Object.hasOwn(retention, tenant) ? retention[tenant] : undefined;
  return years !== undefined && yearsAfter(time, years) <= now;
}

/**
 * The files that may go: the tenant's retention is over for their newest event and for their sealing, their lock is over, and
 * nothing holds them. What an earlier digest listed is tagged, and left out.
 *
 * @param digests by day, the digest as it was first written.
 */
export async function filesToExpire(
  now: Date,
  { archive, retention, holds }: ExpiryOptions,
  digests: ReadonlyMap<string, ObjectVersion>,
): Promise<ExpiredFile[]> {
  if (Object.keys(retention).length === 0) return [];
  const there = new Map<string, Set<string>>();
  for (const object of await archive.versions(SEALED_PREFIX)) {
    const [, date = '', tenant = '', day = ''] = SEALED_FILE.exec(object.key) ?? [];
    if (!isOver(tenant, day, retention, now) || !isOver(tenant, date, retention, now)) continue;
    const ofDay = there.get(day) ?? new Set();
    there.set(day, ofDay.add(nameOf(object)));
  }
  const held = await holds();
  const found: ExpiredFile[] = [];
  for (const [day, names] of [...there].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const object = digests.get(day);
    if (object === undefined) continue;
    const { files, plannedAt } = Digest.parse(JSON.parse(String(await archive.read(object))));
    const old = files.filter(
      (file) =>
        names.has(nameOf(file)) &&
        isOver(file.tenant, file.latest, retention, now) &&
        isOver(file.tenant, plannedAt, retention, now),
    );
    const states = await mapLimited(old, AT_ONCE, (file) => stateOf(archive, file));
    for (const [index, { key, version, sha256, tenant, rows, earliest, latest }] of old.entries()) {
      const file = { key, version, sha256, tenant, rows, earliest, latest };
      const state = states[index];
      if (state === undefined || isMarked(state) || !mayGo(file, state, held, now)) continue;
      found.push(file);
      if (found.length === MOST) return found;
    }
  }
  return found;
}

/**
 * Tags the files that a signed digest lists as expired, by which they go. One that something holds by now stays as it is; a
 * later digest lists it once more. So does one of a tenant whose files are kept for good by now.
 */
export async function markExpired(
  { day, expired }: Digest,
  now: Date,
  { archive, retention, holds }: ExpiryOptions,
): Promise<void> {
  const files = expired.filter(({ tenant }) => Object.hasOwn(retention, tenant));
  if (files.length === 0) return;
  const held = await holds();
  await mapLimited(files, AT_ONCE, async (file) => {
    const state = await stateOf(archive, file);
    if (state === undefined || isMarked(state) || !mayGo(file, state, held, now)) return;
    await archive.tag(file, { ...EXPIRED_TAG, [DIGEST_TAG]: day });
  });
}

/** Whether a file is gone, or tagged so that it will go. */
export async function isExpired(
  file: Pick<ExpiredFile, 'key' | 'version' | 'tenant'>,
  { archive, retention }: Pick<ExpiryOptions, 'archive' | 'retention'>,
): Promise<boolean> {
  if (!Object.hasOwn(retention, file.tenant)) return false;
  const state = await stateOf(archive, file);
  return state === undefined || isMarked(state);
}

/** Every sealed file has a lock: a file that seems to have none has one that this function is not told of. */
function mayGo(file: ExpiredFile, { lockedUntil, legalHold }: ObjectState, holds: readonly Hold[], now: Date): boolean {
  return lockedUntil !== undefined && lockedUntil <= now && !legalHold && heldBy(holds, file).length === 0;
}

function isMarked({ tags }: ObjectState): boolean {
  return Object.entries(EXPIRED_TAG).every(([name, value]) => tags[name] === value);
}

async function stateOf(
  archive: SealStore,
  file: Pick<ObjectVersion, 'key' | 'version'>,
): Promise<ObjectState | undefined> {
  try {
    return await archive.state(file);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
