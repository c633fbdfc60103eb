import { z } from 'zod';
import type { Json, JsonObject } from '../../shared/json.ts';
import { CursorExpiredError } from '../../shared/polling/errors.ts';
import {
  type Collector,
  definePoller,
  type Feed,
  type FeedPage,
  type Page,
  type PageRequest,
  type Stream,
} from '../../shared/polling/poller.ts';
import { Rig, type RigOptions } from './polling.ts';

/** How the vendor says where to go on. */
export type CursorKind = 'time' | 'token' | 'link' | 'page' | 'feed';
export type Order = 'oldest first' | 'newest first' | 'none';

export interface Happening {
  readonly n: number;
  readonly at: number;
  readonly arrives: number;
}

export interface SimulationOptions extends RigOptions {
  readonly cursor: CursorKind;
  readonly order?: Order;
  readonly pageSize?: number;
  readonly cursorLasts?: boolean;
  readonly stream?: Partial<Stream>;
}

export const STREAM: Stream = {
  name: 'events',
  everySeconds: 60,
  settleSeconds: 30,
  overlapSeconds: 300,
  lateSeconds: 3_600,
  sweepEverySeconds: 1_800,
  windowSeconds: 86_400,
  historySeconds: 30 * 86_400,
};

/** A vendor without HTTP whose every reply a test can bend, and a rig that polls it. */
export class Simulation {
  readonly rig: Rig;
  readonly stream: Stream;
  readonly history: Happening[] = [];
  /** Called before every page is answered, with its number from 0 and what was asked: throws what the client would. */
  before: (page: number, request?: PageRequest) => void = () => {};
  /** Changes what a page says. */
  bend: (page: Page, number: number) => Page = (page) => page;
  bendFeed: (page: FeedPage) => FeedPage = (page) => page;
  /** How far the vendor's clock is ahead of ours. */
  skewMs = 0;
  /** Every window that was asked for. */
  readonly asked: { from: string; to: string; cursor: Json | undefined }[] = [];
  pages = 0;
  readonly #options: SimulationOptions;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.stream = { ...STREAM, ...options.stream };
    const collector = this.#collector();
    const poller = definePoller({
      settings: z.unknown(),
      secrets: {},
      cursorLasts: options.cursorLasts ?? true,
      connect: () => collector,
    });
    this.rig = new Rig(
      { source: 'simulated.log', origin: 'simulated', settings: {} },
      (connection) => ({ connection, poller, collector }),
      (raws) => raws.map((raw) => judged(raw)),
      options,
      () => this.skewMs,
    );
  }

  /** Adds an event: seconds from the connection's making, for when it happened and when it arrives. */
  happen(n: number, atSeconds: number, arrivesSeconds = atSeconds): void {
    const base = Date.parse(this.rig.connection.createdAt);
    this.history.push({ n, at: base + atSeconds * 1_000, arrives: base + arrivesSeconds * 1_000 });
  }

  #collector(): Collector {
    const feed = this.#options.cursor === 'feed' ? { feed: this.#feed() } : {};
    return {
      origin: 'simulated',
      hosts: ['http://127.0.0.1:9'],
      streams: [this.stream],
      authorizer: { headers: async () => ({}) },
      page: async (request) => {
        const { from, to, cursor } = request;
        this.asked.push({ from: from.toISOString(), to: to.toISOString(), cursor });
        const number = this.pages;
        this.pages += 1;
        this.before(number, request);
        return this.bend(this.#page(request), number);
      },
      ...feed,
    };
  }

  #feed(): Feed {
    const arrived = () =>
      this.history.filter(({ arrives }) => arrives <= this.rig.now().getTime()).sort((a, b) => a.arrives - b.arrives);
    return {
      positionKeepsSeconds: 14 * 86_400,
      start: async () => arrived().length,
      page: async (position) => {
        const number = this.pages;
        this.pages += 1;
        this.before(number);
        if (typeof position !== 'number') throw new CursorExpiredError('this is no position');
        const some = arrived().slice(position, position + this.#pageSize);
        return this.bendFeed({
          events: some.map(raw),
          position: position + some.length,
          more: some.length > 0,
        });
      },
    };
  }

  get #pageSize(): number {
    return this.#options.pageSize ?? 3;
  }

  #page({ from, to, cursor }: PageRequest): Page {
    const { order = 'oldest first' } = this.#options;
    const inWindow = this.history
      .filter(({ at, arrives }) => arrives <= this.rig.now().getTime() && at >= from.getTime() && at < to.getTime())
      .sort(comparison(order));
    switch (this.#options.cursor) {
      case 'page':
        return this.#numbered(inWindow, typeof cursor === 'number' ? cursor : 0);
      case 'time':
        return this.#timed(inWindow, typeof cursor === 'number' ? cursor : undefined, order);
      default:
        return this.#after(inWindow, cursor, order);
    }
  }

  /** Offsets into the list as it is now: it may have grown since. */
  #numbered(events: readonly Happening[], offset: number): Page {
    const some = events.slice(offset, offset + this.#pageSize);
    const next = offset + some.length;
    return { events: some.map(raw), ...(next < events.length && { next }) };
  }

  /** The last event's time, its instant read again whole. */
  #timed(events: readonly Happening[], since: number | undefined, order: Order): Page {
    const after = events.filter(
      ({ at }) => since === undefined || (order === 'newest first' ? at <= since : at >= since),
    );
    const some = after.slice(0, this.#pageSize);
    const last = some.at(-1);
    if (!last || some.length === after.length) return { events: after.map(raw) };
    const whole = after.filter(({ at }) => (order === 'newest first' ? at >= last.at : at <= last.at));
    const next = after[whole.length]?.at;
    return { events: whole.map(raw), ...(next !== undefined && { next }) };
  }

  /** A token, or a link that carries it: a place in the order, whatever is added before or after. */
  #after(events: readonly Happening[], cursor: Json | undefined, order: Order): Page {
    const token = typeof cursor === 'string' ? cursor.replace(/^.*after=/, '') : undefined;
    const compare = comparison(order);
    const place = token === undefined ? undefined : this.history.find(({ n }) => String(n) === token);
    const rest = place ? events.filter((event) => compare(event, place) > 0) : events;
    const some = rest.slice(0, this.#pageSize);
    const last = some.at(-1);
    if (!last || some.length === rest.length) return { events: some.map(raw) };
    return { events: some.map(raw), next: this.#options.cursor === 'link' ? `/log?after=${last.n}` : String(last.n) };
  }
}

function comparison(order: Order): (a: Happening, b: Happening) => number {
  const scattered = ({ n }: Happening) => (n * 7_919) % 10_007;
  switch (order) {
    case 'oldest first':
      return (a, b) => a.at - b.at || a.n - b.n;
    case 'newest first':
      return (a, b) => b.at - a.at || b.n - a.n;
    default:
      return (a, b) => scattered(a) - scattered(b) || a.n - b.n;
  }
}

function raw({ n, at }: Happening): JsonObject {
  return { n, at };
}

function judged({ n, at }: JsonObject) {
  return { id: String(n), number: Number(n), time: new Date(Number(at)).toISOString() };
}
