import { z } from 'zod';
import { InvalidRequestError } from '../../errors.ts';
import { mapLimited } from '../../retry.ts';
import type { Digest } from '../digest.ts';
import { covers, Hold } from '../hold.ts';
import { isGone, type Work } from './work.ts';

const AT_ONCE = 16;
export const MOST_FILES = 500;

/** What of a hold's files is asked for: those after a place that a page before named. */
export const FilesRequest = z.strictObject({
  hold: Hold.pick({ tenant: true, from: true, to: true }),
  after: z.string(),
  limit: z.int().min(1).max(MOST_FILES),
});
export type FilesRequest = z.infer<typeof FilesRequest>;

/** A sealed file that a hold is about. */
export const HeldFile = z.strictObject({
  key: z.string(),
  version: z.string(),
  /** The day on which it was sealed. */
  day: z.string(),
  size: z.int(),
  rows: z.int(),
  earliest: z.string(),
  latest: z.string(),
  /** How it lies in S3 now: `held`, `not held`, or `gone` since its retention was over. */
  state: z.enum(['held', 'not held', 'gone']),
});
export type HeldFile = z.infer<typeof HeldFile>;

/** Files in the order in which they were sealed; `next` is the place after which there may be more. */
export const FilesPage = z.strictObject({ files: z.array(HeldFile), next: z.string().nullable() });
export type FilesPage = z.infer<typeof FilesPage>;

/**
 * The files that a hold is about, by the digests, with the state that S3 has for each. A page may be short, or empty, when
 * time is: `next` says whether there is more.
 *
 * @throws what the store and S3 throw.
 */
export async function heldFiles(
  { hold, after, limit }: FilesRequest,
  { digests, locks, store, timeLeft }: Omit<Work, 'now' | 'onProblem'>,
): Promise<FilesPage> {
  const days = digests.days.filter((day) => day >= after.slice(0, 10));
  const found: (Omit<HeldFile, 'state'> & { place: string })[] = [];
  let next: string | null = days.length === 0 ? null : after;
  const fail = (_key: string, error: unknown) => {
    throw error;
  };
  // At least some digests are read, or the next page would begin where this one did.
  let isFirst = true;
  const timeToRead = () => (isFirst ? 1 : timeLeft());
  for await (const { day, digest } of digests.read(days, timeToRead, fail)) {
    isFirst = false;
    found.push(...filesOf(digest, hold, after));
    next = day === days.at(-1) ? null : endOf(day);
    if (found.length < limit) continue;
    if (found.length > limit) next = found[limit - 1]?.place ?? null;
    break;
  }
  const files = await mapLimited(found.slice(0, limit), AT_ONCE, async ({ place: _, ...file }): Promise<HeldFile> => {
    try {
      return { ...file, state: (await locks.isHeld(file)) ? 'held' : 'not held' };
    } catch (error) {
      if (await isGone(store, file)) return { ...file, state: 'gone' };
      throw error;
    }
  });
  return { files, next };
}

function filesOf(digest: Digest | undefined, hold: FilesRequest['hold'], after: string) {
  const files = (digest?.files ?? []).filter((file) => covers(hold, file));
  return files
    .map(({ key, version, size, rows, earliest, latest }) => {
      const day = digest?.day ?? '';
      return { key, version, day, size, rows, earliest, latest, place: `${day} ${key}` };
    })
    .filter(({ place }) => place > after);
}

/** After every key of a day. */
function endOf(day: string): string {
  return `${day} ~`;
}

/** A place as callers carry it from page to page. */
export function cursorOf(place: string): string {
  return Buffer.from(place).toString('base64url');
}

/**
 * The place that a cursor stands for; none is the beginning.
 *
 * @throws InvalidRequestError when it is none.
 */
export function placeOf(cursor: string | undefined): string {
  if (cursor === undefined) return '';
  const place = Buffer.from(cursor, 'base64url').toString();
  if (!/^\d{4}-\d{2}-\d{2} [\x21-\x7e]+$/.test(place) || cursorOf(place) !== cursor)
    throw new InvalidRequestError('some parameters are not understood', [
      { path: 'cursor', message: 'is damaged: use the one that the page before gave' },
    ]);
  return place;
}
