import type { JsonObject } from '../../../shared/json.ts';
import type { FakeEvent, World } from './fake.ts';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
/** The live feed holds events back for so long, so that none is put in behind a position that was given out. */
const HELD = 12 * SECOND;
/** Where the live feed tells of an event again, it does so this much later. */
const REPEATED = 7 * SECOND;
const LIVE_KEEPS = 14 * DAY;
/** The history has events later than the live feed. */
const HISTORY_LAG = 5 * 60 * SECOND;
const HISTORY_KEEPS = 365 * DAY;
const ORDINAL_DIGITS = 6;

/** A place in a log: a time, and a number among what has the same. */
export interface Place {
  readonly at: number;
  readonly ordinal: number;
}

export interface Placed extends Place {
  readonly created: Date;
  readonly raw: JsonObject;
}

/**
 * `admin_logs_streaming`: roughly in the order in which events were processed, some of them twice. What comes goes to its
 * end, whatever its time.
 */
export class LiveLog {
  readonly #numberOf: (raw: JsonObject) => number;
  readonly #world: World;
  readonly #seen = new Set<string>();
  #log: Placed[] = [];
  #end: Place = { at: 0, ordinal: 0 };

  /** @param numberOf tells events apart, to choose those that come out of order and twice. */
  constructor(world: World, numberOf: (raw: JsonObject) => number) {
    this.#world = world;
    this.#numberOf = numberOf;
  }

  /** What it holds by now. */
  read(): readonly Placed[] {
    const now = this.#world.now().getTime();
    const come = this.#world
      .events()
      .flatMap((event) => this.#entriesOf(event))
      .filter(({ key, at }) => at <= now && !this.#seen.has(key))
      .sort((a, b) => a.at - b.at);
    for (const { key, at, event } of come) {
      this.#seen.add(key);
      this.#end = next(this.#end, Math.max(at, this.#end.at));
      this.#log.push({ ...this.#end, created: event.at, raw: event.raw });
    }
    this.#log = this.#log.filter(({ at }) => at > now - LIVE_KEEPS);
    return this.#log;
  }

  /** The place after everything that it holds. */
  newest(): Place {
    this.read();
    const now = this.#world.now().getTime();
    if (now > this.#end.at) this.#end = { at: now, ordinal: 0 };
    return this.#end;
  }

  #entriesOf(event: FakeEvent): { key: string; at: number; event: FakeEvent }[] {
    const n = this.#numberOf(event.raw);
    const at = Math.max(event.arrives.getTime(), event.at.getTime() + HELD + (n % 3) * SECOND);
    const first = { key: String(n), at, event };
    return n % 5 === 0 ? [first, { key: `${n} again`, at: at + REPEATED, event }] : [first];
  }
}

/** `admin_logs`: in the order of the events' times; what is indexed late is put in where it belongs. */
export function historyLog(world: World): readonly Placed[] {
  const now = world.now().getTime();
  let last: Place = { at: 0, ordinal: 0 };
  return [...world.events()]
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, raw }) => {
      last = next(last, at.getTime());
      return { ...last, created: at, raw };
    })
    .filter(({ at }) => at + HISTORY_LAG <= now && at > now - HISTORY_KEEPS);
}

/** A place as Box's stream position: digits, beyond 2^53. */
export function positionOf({ at, ordinal }: Place): string {
  return `${at}${String(ordinal).padStart(ORDINAL_DIGITS, '0')}`;
}

/** What of a log comes after a position. */
export function after(log: readonly Placed[], position: string): readonly Placed[] {
  const at = Number(position.slice(0, -ORDINAL_DIGITS));
  const ordinal = Number(position.slice(-ORDINAL_DIGITS));
  return log.filter((one) => one.at > at || (one.at === at && one.ordinal > ordinal));
}

function next(last: Place, at: number): Place {
  return { at, ordinal: at === last.at ? last.ordinal + 1 : 1 };
}
