import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DIGEST_PREFIX } from '../archive/digest.ts';
import { archiveDocument } from '../archive/document.ts';
import { eventDate } from '../archive/event-date.ts';
import { dayAfter } from '../archive/seal/days.ts';
import { isOver, type Retention } from '../archive/seal/expiry.ts';
import { firstVersions } from '../archive/seal/once.ts';
import { unsealed } from '../archive/seal/planning.ts';
import { ObjectChecker, UnreadableObject } from '../archive/seal/readable.ts';
import { SealedFiles } from '../archive/seal/sealed-files.ts';
import type { ObjectVersion, SealStore } from '../archive/seal/store.ts';
import { NotFoundError } from '../errors.ts';
import type { TimeLeft } from '../retry.ts';
import { readItem } from '../store/item.ts';
import { Kept } from './kept.ts';
import { type HotDay, isWhollyHot } from './source-day.ts';
import type { EventIds } from './table.ts';

/** An event takes minutes to landing; while Firehose can't write, it may take a day. Sent twice, it shows once. */
const UNDER_WAY_MS = 6 * 3_600_000;
const ALL_DAYS = '9999-12-31';
const DIGEST_DAY = new RegExp(`^${DIGEST_PREFIX}(\\d{4}-\\d{2}-\\d{2})\\.json$`);

export interface ReconcileOptions {
  readonly landing: SealStore;
  readonly archive: SealStore;
  readonly events: EventIds;
  /** Sends documents of the archive on the way that deliver sends them; the positions of those that did not get through. */
  readonly send: (documents: readonly string[]) => Promise<readonly number[]>;
  /** What is older than its tenant's retention may have expired in the archive, and is not sent there again. */
  readonly retention: Retention;
  readonly now: Date;
  readonly timeLeft: TimeLeft;
  /** Existing folder of the local disk; what is made in it goes at the end. */
  readonly temporary: string;
  /** What DuckDB may take. */
  readonly memoryMb: number;
}

/** What comparing one source-day came to. */
export interface Reconciled {
  readonly day: HotDay;
  /** Events of it in the table. */
  readonly hot: number;
  /** Of these, received too lately to be missed. */
  readonly underWay: number;
  /** Neither in landing nor in the archive, and so old that it may have expired there. */
  readonly expired: number;
  /** Neither in landing nor in the archive, and sent there again. */
  readonly repaired: number;
  /** The same, but they could not be sent. */
  readonly notRepaired: number;
  /** In landing or archive, and not in the table, which must have them still. */
  readonly unknown: number;
  /** Some of the missing and unknown ones, for whoever looks into it. */
  readonly examples: readonly string[];
}

/**
 * Compares source-days of the table with landing and archive, by ids, and sends what is missing there again. It ends early
 * when time is short.
 *
 * @param choose the days, in the order of their urgency, once it is known which tenants have events in landing. Those of one
 *   tenant and day are compared together, as their files are then read once.
 * @throws StoreUnavailableError when a store fails.
 */
export async function* reconcile(
  choose: (landed: readonly string[]) => Promise<readonly HotDay[]>,
  options: ReconcileOptions,
): AsyncGenerator<Reconciled> {
  const folder = join(options.temporary, 'reconcile');
  await mkdir(folder, { recursive: true });
  const kept = await Kept.open({
    file: join(folder, 'kept.duckdb'),
    memoryMb: options.memoryMb,
    temporary: join(folder, 'spill'),
  });
  try {
    const run = new Run(kept, folder, options);
    // Landing and archive before the table: what is stored meanwhile is then in the table only, and under way.
    const digests = await run.takeLanding();
    const sealed = new SealedFiles(options.archive, digests);
    const days = await choose(await kept.landedTenants());
    const groups = Map.groupBy(days, ({ tenant, date }) => `${tenant} ${date}`);
    for (const group of groups.values()) {
      if (!(await run.takeSealed(group, sealed))) return;
      for (const day of group) {
        if (options.timeLeft() <= 0) return;
        yield await run.compare(day);
      }
    }
  } finally {
    kept.close();
    await rm(folder, { recursive: true, force: true });
  }
}

class Run {
  readonly #kept: Kept;
  readonly #folder: string;
  readonly #options: ReconcileOptions;

  constructor(kept: Kept, folder: string, options: ReconcileOptions) {
    this.#kept = kept;
    this.#folder = folder;
    this.#options = options;
  }

  /** Takes in what lies in landing and no digest names. @returns the digests by day. */
  async takeLanding(): Promise<Map<string, ObjectVersion>> {
    const { landing, archive, memoryMb } = this.#options;
    const digests = new Map<string, ObjectVersion>();
    for (const [key, object] of await firstVersions(archive, DIGEST_PREFIX)) {
      const [, day] = DIGEST_DAY.exec(key) ?? [];
      if (day !== undefined) digests.set(day, object);
    }
    const checker = new ObjectChecker(memoryMb, join(this.#folder, 'spill'));
    try {
      for (const object of await unsealed(ALL_DAYS, landing, archive, digests))
        await this.#withFile(landing, object, async (path) => {
          const found = await checker.check(path);
          if (!(found instanceof UnreadableObject)) await this.#kept.takeLanded(path, found.select);
        });
    } finally {
      checker.close();
    }
    return digests;
  }

  /** Takes in the sealed files of the tenant and day of these; false when time runs out. */
  async takeSealed(group: readonly HotDay[], sealed: SealedFiles): Promise<boolean> {
    const [{ tenant, date } = { tenant: '', date: '' }] = group;
    await this.#kept.forgetSealed();
    for (const file of await sealed.before(ALL_DAYS, { tenant, date: eventDate(date) })) {
      // Many days are in the first partition.
      if (file.earliest >= dayAfter(date) || file.latest < date) continue;
      if (this.#options.timeLeft() <= 0) return false;
      await this.#withFile(this.#options.archive, file, (path) => this.#kept.takeSealed(path));
    }
    return true;
  }

  async compare(day: HotDay): Promise<Reconciled> {
    const { events, now } = this.#options;
    const hot = await this.#kept.takeHot(events.ids(day));
    const result = {
      day,
      hot,
      underWay: 0,
      expired: 0,
      repaired: 0,
      notRepaired: 0,
      unknown: 0,
      examples: [] as string[],
    };
    const note = (ids: readonly string[]) =>
      result.examples.push(...ids.slice(0, Math.max(0, 10 - result.examples.length)));
    for await (const ids of this.#kept.missing(day)) {
      const { late, expired, repaired, failed } = await this.#repair(day, ids);
      result.underWay += late;
      result.expired += expired;
      result.repaired += repaired.length;
      result.notRepaired += failed.length;
      note([...repaired, ...failed]);
    }
    if (isWhollyHot(day, now))
      for await (const ids of this.#kept.unknown(day)) {
        result.unknown += ids.length;
        note(ids);
      }
    return result;
  }

  async #repair(day: HotDay, ids: readonly string[]) {
    const { events, send, retention, now, timeLeft } = this.#options;
    const items = await events.items(day, ids, timeLeft);
    let [late, expired] = [0, 0];
    const due = items.flatMap((item) => {
      const { id, tenant, time, receivedAt } = readItem(item).event;
      if (Date.parse(receivedAt) > now.getTime() - UNDER_WAY_MS) late += 1;
      else if ([time, receivedAt].every((one) => isOver(tenant, one, retention, now))) expired += 1;
      else return [{ id, document: archiveDocument(item) }];
      return [];
    });
    const refused = new Set(await send(due.map(({ document }) => document)));
    return {
      late,
      expired,
      repaired: due.flatMap(({ id }, index) => (refused.has(index) ? [] : [id])),
      failed: due.flatMap(({ id }, index) => (refused.has(index) ? [id] : [])),
    };
  }

  /** Expired landing objects and the like are not there any more, and keep nothing. */
  async #withFile(store: SealStore, object: ObjectVersion, use: (path: string) => Promise<void>): Promise<void> {
    const path = join(this.#folder, 'object.parquet');
    try {
      await store.download(object, path);
      await use(path);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    } finally {
      await rm(path, { force: true });
    }
  }
}
