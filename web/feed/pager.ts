import type { CanonicalEvent, EventsPage, Incomplete } from '../api/types.ts';
import { Store } from '../app/store.ts';

export interface Loaded {
  /** In the order asked for, each once. */
  readonly events: readonly CanonicalEvent[];
  /** The first page has been answered. */
  readonly isBegun: boolean;
  readonly isLoading: boolean;
  /** Everything that matches is here. */
  readonly isEnd: boolean;
  readonly error: unknown;
  readonly incomplete: readonly Incomplete[];
  /** Arrived since, the newest first; not among `events` yet. */
  readonly arrived: readonly CanonicalEvent[];
  /** More arrived than one look shows: the whole has to be loaded again to have them. */
  readonly hasArrivedMore: boolean;
}

/** @param limit of how many events the page may have. */
export type LoadPage = (cursor: string | null, limit: number, signal: AbortSignal) => Promise<EventsPage>;

const FIRST_PAGE = 50;
const PAGE = 100;
const LOOK = 50;
/** Pages that end before they found anything are gone on with, so many at a time. */
const EMPTY_PAGES = 20;

const NOTHING: Loaded = {
  events: [],
  isBegun: false,
  isLoading: false,
  isEnd: false,
  error: undefined,
  incomplete: [],
  arrived: [],
  hasArrivedMore: false,
};

/** Loads the events of one query page by page, and looks for those that arrive meanwhile. */
export class Pager extends Store<Loaded> {
  readonly #load: LoadPage;
  readonly #stop = new AbortController();
  readonly #known = new Set<string>();
  #cursor: string | null = null;
  #isLooking = false;

  constructor(load: LoadPage) {
    super(NOTHING);
    this.#load = load;
  }

  /** Loads the next page, unless one is on its way or all is here. After a failure it tries the same page again. */
  async more(): Promise<void> {
    const { isLoading, isEnd } = this.value;
    if (isLoading || isEnd || this.#stop.signal.aborted) return;
    this.#change({ isLoading: true, error: undefined });
    try {
      for (let pages = 0; pages < EMPTY_PAGES; pages++) {
        const isFirst = !this.value.isBegun;
        const page = await this.#load(this.#cursor, isFirst ? FIRST_PAGE : PAGE, this.#stop.signal);
        if (this.#stop.signal.aborted) return;
        this.#cursor = page.next;
        const found = this.#unknown(page.events);
        this.#change({
          events: [...this.value.events, ...found],
          isBegun: true,
          isEnd: page.next === null,
          ...(page.incomplete && { incomplete: page.incomplete }),
        });
        if (found.length > 0 || page.next === null) break;
      }
      this.#change({ isLoading: false });
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#change({ isLoading: false, error });
    }
  }

  /** Looks for events that have arrived. What fails is tried at the next look. */
  async look(): Promise<void> {
    if (!this.value.isBegun || this.#isLooking || this.#stop.signal.aborted) return;
    this.#isLooking = true;
    try {
      const { events, next } = await this.#load(null, LOOK, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      // What is older than the last page so far comes with a page still to be loaded.
      const oldest = this.value.isEnd ? '' : (this.value.events.at(-1)?.id ?? '');
      const found = this.#unknown(events.filter(({ id }) => id > oldest));
      if (found.length === 0) return;
      const arrived = [...found, ...this.value.arrived].sort(newestFirst);
      const hasArrivedMore = this.value.hasArrivedMore || (next !== null && found.length === events.length);
      this.#change({ arrived, hasArrivedMore });
    } catch {
      // The next look may succeed; what was loaded stays.
    } finally {
      this.#isLooking = false;
    }
  }

  /** Puts what has arrived among the events. */
  show(): void {
    const { events, arrived } = this.value;
    if (arrived.length === 0) return;
    this.#change({ events: [...events, ...arrived].sort(newestFirst), arrived: [], hasArrivedMore: false });
  }

  /** Ends all that is on its way, for good. */
  stop(): void {
    this.#stop.abort();
  }

  #unknown(events: readonly CanonicalEvent[]): CanonicalEvent[] {
    return events.filter(({ id }) => {
      if (this.#known.has(id)) return false;
      this.#known.add(id);
      return true;
    });
  }

  #change(change: Partial<Loaded>): void {
    this.set({ ...this.value, ...change });
  }
}

/** Ids begin with the time of the event. */
function newestFirst(a: CanonicalEvent, b: CanonicalEvent): number {
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}
