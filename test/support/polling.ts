import { newConnection, type StoredConnection } from '../../shared/control/connections.ts';
import type { JsonObject } from '../../shared/json.ts';
import { Hastened } from '../../shared/polling/hasten.ts';
import type { Job } from '../../shared/polling/job.ts';
import { JOBS, Jobs } from '../../shared/polling/jobs.ts';
import { dueTasks } from '../../shared/polling/plan.ts';
import { Polling } from '../../shared/polling/poll.ts';
import type { Polled } from '../../shared/polling/polled.ts';
import type { MeasuredVendor } from '../../shared/polling/poller.ts';
import type { RunResult } from '../../shared/polling/run.ts';
import { MemoryControl } from './memory-control.ts';

export const START = new Date('2026-03-02T12:00:00Z');

/** The process was killed: nothing after it happens. */
export class Killed extends Error {}

/** What a test may do at each step of a run; `rig.kill()` in one of them ends the process there. */
export interface Steps {
  beforeStore(): void;
  afterStore(): void | Promise<void>;
  beforeSave(): void;
  afterSave(): void;
}

/** An event as the judge knows it. */
export interface Judged {
  readonly id: string;
  readonly time: string;
  /** The vendor's event number. */
  readonly number: number;
}

export interface RigOptions {
  /** When the connection is made. */
  readonly start?: Date;
  /** Where its history begins; absent means that it takes none. */
  readonly backfillFrom?: Date;
  /** Milliseconds until the process has to end, per invocation. */
  readonly deadlineMs?: number;
}

/** Our side of a connection: clock, control table and store in memory, the engine as it is. */
export class Rig {
  readonly control = new MemoryControl();
  readonly jobs = new Jobs(this.control);
  readonly steps: Steps = { beforeStore: () => {}, afterStore: () => {}, beforeSave: () => {}, afterSave: () => {} };
  connection: StoredConnection;
  secrets: Readonly<Record<string, string>> = {};
  #now: number;
  #dead = false;
  #removed = false;
  #polling: Polling;
  readonly #stored = new Map<string, Judged>();
  readonly #options: RigOptions;
  readonly #skewMs: (() => number) | undefined;
  readonly #resolve: (connection: StoredConnection) => Polled | undefined;
  readonly #judge: (raws: readonly JsonObject[], receivedAt: Date) => Judged[];

  constructor(
    connection: Pick<StoredConnection, 'source' | 'origin' | 'settings'>,
    resolve: (connection: StoredConnection) => Polled | undefined,
    judge: (raws: readonly JsonObject[], receivedAt: Date) => Judged[],
    options: RigOptions = {},
    skewMs?: () => number,
  ) {
    const { start = START, backfillFrom = start } = options;
    this.#options = options;
    this.#resolve = resolve;
    this.#judge = judge;
    this.#skewMs = skewMs;
    this.#now = start.getTime();
    const from = backfillFrom.toISOString();
    this.connection = newConnection(
      'main',
      { name: 'rig', ...connection, allowedAddresses: ['127.0.0.1'], backfillFrom: from },
      start,
    );
    this.control.beforeWrite = () => {
      this.#alive(this.steps.beforeSave);
    };
    this.control.afterWrite = () => {
      this.#alive(this.steps.afterSave);
    };
    this.#polling = this.#process();
  }

  readonly now = (): Date => new Date(this.#now);

  advance(seconds: number): void {
    this.#now += seconds * 1_000;
  }

  /** Numbers of the vendor's events that are stored, ascending, each as often as it is stored. */
  numbers(): number[] {
    return [...this.#stored.values()].map(({ number }) => number).sort((a, b) => a - b);
  }

  events(): readonly Judged[] {
    return [...this.#stored.values()];
  }

  async job(lane: Job['lane'], stream?: string): Promise<Job> {
    const all = await this.jobs.list(this.connection.id);
    const found = all.find((job) => job.lane === lane && (stream === undefined || job.stream === stream));
    if (found) return found;
    throw new Error(`there is no ${lane} job`);
  }

  /** Ends the process at this point of it. */
  kill(): never {
    this.#dead = true;
    throw new Killed();
  }

  /** A process of its own beside the one that polls. */
  process(): Polling {
    return this.#process();
  }

  /** Deletes the connection's jobs, as the deletion of a connection does. */
  removeNow(): void {
    this.control.clear(JOBS);
    this.#removed = true;
  }

  /** A connection of the same name, made now. */
  remake(): void {
    this.#removed = false;
    const { source, origin, settings, allowedAddresses, backfillFrom } = this.connection;
    this.connection = newConnection(
      'main',
      { name: 'rig', source, origin, settings, allowedAddresses, backfillFrom },
      this.now(),
    );
  }

  /** What the dispatcher does at a tick, and all that it starts, one after the other. */
  async tick(): Promise<RunResult[]> {
    const polled = this.#resolve(this.connection);
    if (!polled) throw new TypeError('the connection is not polled');
    const hastened = await new Hastened(this.control).list();
    if (this.#removed) return [];
    const tasks = dueTasks([polled], await this.jobs.list(), hastened, this.now());
    const results: RunResult[] = [];
    for (const task of tasks) {
      if (this.#dead) {
        this.#dead = false;
        this.#polling = this.#process();
      }
      const deadline = this.#now + (this.#options.deadlineMs ?? 600_000);
      try {
        results.push(...(await this.#polling.run(task, () => deadline - this.#now)));
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
    }
    return results;
  }

  /** Ticks every minute (or `every` seconds) for so long. */
  async poll(seconds: number, every = 60): Promise<RunResult[]> {
    const results: RunResult[] = [];
    for (const end = this.#now + seconds * 1_000; this.#now < end; this.advance(every)) {
      results.push(...(await this.tick()));
    }
    return results;
  }

  #process(): Polling {
    return new Polling({
      connections: { get: async () => (this.#removed ? undefined : this.connection) },
      jobs: this.jobs,
      hastened: new Hastened(this.control),
      secrets: {
        current: async () => this.secrets,
        rotate: async (_reference, values) => {
          this.secrets = { ...this.secrets, ...values };
        },
      },
      clock: {
        now: this.now,
        sleep: async (milliseconds) => {
          this.#now += milliseconds;
        },
      },
      resolve: this.#resolve,
      ...(this.#skewMs && { measure: (vendor) => withSkew(vendor, this.now, this.#skewMs ?? (() => 0)) }),
      pageMs: 1_000,
      store: async (_connection, raws) => {
        this.#alive(this.steps.beforeStore);
        const judged = this.#judge(raws, this.now());
        const fresh = judged.filter(({ id }) => !this.#stored.has(id));
        for (const one of fresh) this.#stored.set(one.id, one);
        await this.#alive(this.steps.afterStore);
        return { received: judged.length, times: fresh.map(({ time }) => time) };
      },
    });
  }

  #alive<T>(step: () => T): T {
    if (this.#dead) throw new Killed();
    return step();
  }
}

/** A vendor without HTTP, whose clock no header tells. */
function withSkew(vendor: MeasuredVendor, now: () => Date, skewMs: () => number): MeasuredVendor {
  return {
    get: (...request) => vendor.get(...request),
    post: (...request) => vendor.post(...request),
    now: () => new Date(now().getTime() + skewMs()),
    get skewMs() {
      return skewMs();
    },
    get requests() {
      return vendor.requests;
    },
    credentialExpiresAt: undefined,
  };
}
