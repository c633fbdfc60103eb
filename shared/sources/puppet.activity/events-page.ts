import { z } from 'zod';
import { parseTime } from '../../event/time.ts';
import { canonicalJson, isJsonObject, type JsonObject } from '../../json.ts';
import { LogUnavailableError, VendorUnavailableError } from '../../polling/errors.ts';
import type { Page, PageRequest, Vendor } from '../../polling/poller.ts';
import { textAt } from '../read.ts';
import { timeInUtc } from '../time.ts';
import { SERVICE_KEY } from './commit.ts';

export const API_VERSIONS = ['v2', 'v1'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const PAGE_COMMITS = 500;
/** How often one page is begun anew because commits before it went away while it was read. */
const TRIES = 3;

/** A number, which is documented as text and given as a number. */
const Count = z
  .union([z.int().positive(), z.string().regex(/^\d{1,9}$/)])
  .transform(Number)
  .optional()
  .catch(undefined);

/** A service that was never used may answer `null`. The total is not read: it shrinks when old commits are purged. */
const Reply = z
  .object({
    commits: z.array(z.custom<JsonObject>(isJsonObject, 'must be an object')).nullish(),
    limit: Count,
    pagination: z.object({ limit: Count }).nullish().catch(undefined),
  })
  .nullable();

interface Row {
  readonly commit: JsonObject;
  /** The second of its time, in epoch milliseconds. */
  readonly second: number;
}

/** The commits from an offset on; `isFull` if there may be more of them. */
type Ask = (offset: number) => Promise<{ readonly rows: readonly Row[]; readonly isFull: boolean }>;

/**
 * Reads whole seconds of one service's commits, oldest first. Commits have no ids and times in whole seconds, so a second
 * is never split between pages. A page is found by time: an offset would skip commits when older ones are purged. Only within
 * a second of more commits than a reply holds are offsets used.
 *
 * @throws LogUnavailableError when the server does not know how to be asked for a time.
 */
export async function readEvents(
  { baseUrl, apiVersion }: { readonly baseUrl: string; readonly apiVersion: ApiVersion },
  { stream: service, from, to, cursor, limit }: PageRequest,
  vendor: Vendor,
): Promise<Page> {
  const first = floor(typeof cursor === 'string' ? Date.parse(cursor) : from.getTime());
  const end = -floor(-to.getTime());
  // A reply of one commit would not show whether its second is over.
  const size = Math.min(PAGE_COMMITS, Math.max(2, limit ?? PAGE_COMMITS));
  const ask: Ask = async (offset) => {
    const url = eventsUrl(`${baseUrl}/activity-api/${apiVersion}/events`, apiVersion, service, first, end);
    url.searchParams.set('limit', String(size));
    url.searchParams.set('offset', String(offset));
    const reply = await vendor.get(url);
    const said = reply.text.trim() === '' ? null : reply.parse(Reply);
    const rows = timed(said?.commits ?? [], first);
    const isFull = rows.length >= Math.min(size, said?.pagination?.limit ?? said?.limit ?? size);
    check(rows, isFull, first, url);
    return { rows, isFull };
  };
  for (let tries = 0; tries < TRIES; tries += 1) {
    const page = await wholeSeconds(ask, first, end);
    if (page) return { ...page, events: page.events.map((commit) => ({ ...commit, [SERVICE_KEY]: service })) };
  }
  throw new VendorUnavailableError(`${baseUrl} removes old events while they are read: they are read again later`);
}

/** At least one whole second, or all there is; undefined when commits moved while they were read. */
async function wholeSeconds(ask: Ask, first: number, end: number): Promise<Page | undefined> {
  const all: Row[] = [];
  let overlap: Row | undefined;
  for (;;) {
    const { rows, isFull } = await ask(all.length - (overlap ? 1 : 0));
    if (overlap && !isSame(overlap, rows[0])) return undefined;
    all.push(...(overlap ? rows.slice(1) : rows));
    const last = all.at(-1)?.second;
    if (!isFull || last === undefined || last >= end) return { events: commitsOf(all, first, end) };
    const events = commitsOf(all, first, last);
    if (events.length > 0) return { events, next: iso(last) };
    overlap = rows.length > 1 ? rows.at(-1) : undefined;
  }
}

/** Whether bounds are inclusive is not documented, so a second more is asked for at both ends. */
function eventsUrl(path: string, version: ApiVersion, service: string, first: number, end: number): URL {
  const url = new URL(path);
  url.searchParams.set('service_id', service);
  url.searchParams.set('order', 'asc');
  const start = iso(first - SECOND_MS);
  if (version === 'v1') url.searchParams.set('after_service_commit_time', start);
  else url.searchParams.set('query', JSON.stringify([{ start, end: iso(end + SECOND_MS) }]));
  return url;
}

/** A commit whose time can't be read is taken to be of the second before it in the list. */
function timed(commits: readonly JsonObject[], first: number): Row[] {
  let second = first;
  return commits.map((commit) => {
    const time = parseTime(timeInUtc(textAt(commit, 'timestamp')) ?? '');
    if (time !== undefined) second = floor(Date.parse(time));
    return { commit, second };
  });
}

function check(rows: readonly Row[], isFull: boolean, first: number, url: URL): void {
  const oldest = rows[0]?.second;
  if (oldest !== undefined && oldest < first - DAY_MS) {
    throw new LogUnavailableError(
      `${url.origin} can't be asked for a time, which Puppet Enterprise can from 2019.8 on: upgrade it, or import its events.csv`,
    );
  }
  const isAscending = rows.every(({ second }, index) => second >= (rows[index - 1]?.second ?? second));
  if (isFull && !isAscending) {
    throw new VendorUnavailableError(`${url.origin}${url.pathname} answered in another order than oldest first`);
  }
}

function commitsOf(rows: readonly Row[], from: number, to: number): JsonObject[] {
  return rows.filter(({ second }) => second >= from && second < to).map(({ commit }) => commit);
}

function isSame(one: Row, other: Row | undefined): boolean {
  return other !== undefined && canonicalJson(one.commit) === canonicalJson(other.commit);
}

function floor(time: number): number {
  return Math.floor(time / SECOND_MS) * SECOND_MS;
}

function iso(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
