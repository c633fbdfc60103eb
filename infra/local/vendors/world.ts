import type { JsonObject } from '../../../shared/json.ts';
import type { FakeEvent, FakeVendor, World } from './fake.ts';

const DAY_MS = 86_400_000;
/** In the history before the world began, and from then on. */
const RARE_MS = 30 * 60_000;
const OFTEN_MS = 5_000;

export interface RunningWorldOptions {
  /** The streams that events happen in, in turns. */
  readonly streams: readonly string[];
  /** When it began, in epoch milliseconds. The same beginning gives the same events. */
  readonly begunAt: number;
  /** Days of history before that. */
  readonly days: number;
  readonly secrets: Readonly<Record<string, string>>;
  /** Hears of secrets that the vendor replaced. */
  readonly onRotate?: (secrets: Readonly<Record<string, string>>) => void;
  /** @default Date.now */
  readonly now?: () => number;
}

/**
 * A vendor's world that goes on by itself: two events an hour in its history, and one about every 5 seconds since. Nothing
 * is ever forgotten.
 */
export class RunningWorld implements World {
  readonly tokenGeneration = 1;
  readonly #vendor: Pick<FakeVendor, 'event'>;
  readonly #options: RunningWorldOptions;
  readonly #events: FakeEvent[] = [];
  #secrets: Readonly<Record<string, string>>;

  constructor(vendor: Pick<FakeVendor, 'event'>, options: RunningWorldOptions) {
    this.#vendor = vendor;
    this.#options = options;
    this.#secrets = options.secrets;
  }

  get secrets(): Readonly<Record<string, string>> {
    return this.#secrets;
  }

  now(): Date {
    return new Date((this.#options.now ?? Date.now)());
  }

  events(stream?: string): readonly FakeEvent[] {
    const now = this.now();
    for (let next = this.#number(this.#events.length); next.arrives <= now; next = this.#number(this.#events.length))
      this.#events.push(next);
    return stream === undefined ? this.#events : this.#events.filter((event) => event.stream === stream);
  }

  rotate(secrets: Readonly<Record<string, string>>): void {
    this.#secrets = { ...this.#secrets, ...secrets };
    this.#options.onRotate?.(this.#secrets);
  }

  #number(n: number): FakeEvent {
    const { streams, begunAt, days } = this.#options;
    const rare = Math.floor((days * DAY_MS) / RARE_MS);
    const step = n < rare ? RARE_MS : OFTEN_MS;
    const slot = n < rare ? begunAt - days * DAY_MS + n * RARE_MS : begunAt + (n - rare) * OFTEN_MS;
    const at = new Date(slot + Math.floor(chance(n) * step));
    return new Happened(this.#vendor, n, at, streams[n % streams.length] ?? '');
  }
}

/** Told anew each time it is asked for, as a vendor of some days has many of them. */
class Happened implements FakeEvent {
  readonly #vendor: Pick<FakeVendor, 'event'>;
  readonly #n: number;
  readonly at: Date;
  readonly stream: string;

  constructor(vendor: Pick<FakeVendor, 'event'>, n: number, at: Date, stream: string) {
    this.#vendor = vendor;
    this.#n = n;
    this.at = at;
    this.stream = stream;
  }

  get arrives(): Date {
    return this.at;
  }

  get raw(): JsonObject {
    return this.#vendor.event(this.#n, this.at, this.stream);
  }
}

/** Between 0 and 1, the same for the same number (Knuth's multiplicative hash). */
function chance(n: number): number {
  return (Math.imul(n + 1, 0x9e37_79b1) >>> 0) / 2 ** 32;
}
