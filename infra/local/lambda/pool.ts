import { randomUUID } from 'node:crypto';
import { type Environment, type Outcome, STOPPED } from './environment.ts';
import type { FunctionLog } from './log.ts';

/** How long an environment is kept that is not needed; the last one of a function stays. */
const IDLE_MS = 150_000;

/** The environments of one function. Each has one invocation at a time, and what goes beyond the limit waits its turn. */
export class Pool {
  readonly #create: () => Environment;
  readonly #log: FunctionLog;
  readonly #all = new Set<Environment>();
  /** Those used last are at the end, and used again first. */
  readonly #idle: Environment[] = [];
  readonly #queue: (() => void)[] = [];
  readonly #running = new Set<Promise<unknown>>();
  #busy = 0;
  #closed = false;

  constructor(create: () => Environment, log: FunctionLog) {
    this.#create = create;
    this.#log = log;
  }

  /** Runs one invocation; `atOnce` is how many may run then, it included. Never throws. */
  async run(event: string, atOnce: number): Promise<Outcome> {
    if (this.#busy >= atOnce) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#busy++;
    try {
      if (this.#closed) return { error: STOPPED };
      const environment = this.#take();
      const running = environment.invoke(randomUUID(), event);
      this.#running.add(running);
      const outcome = await running;
      this.#running.delete(running);
      if (environment.dead) this.#all.delete(environment);
      else this.#keep(environment);
      return outcome;
    } finally {
      // The place goes straight to whoever waits longest, so that nobody comes in between.
      const next = this.#queue.shift();
      if (next === undefined) this.#busy--;
      else next();
    }
  }

  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.all(this.#running), grace]);
    clearTimeout(timer);
    await Promise.all([...this.#all].map((environment) => environment.stop()));
    await Promise.all(this.#running);
    this.#log.close();
  }

  #take(): Environment {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.dead) return idle;
      this.#all.delete(idle);
    }
    const environment = this.#create();
    this.#all.add(environment);
    return environment;
  }

  #keep(environment: Environment): void {
    this.#idle.push(environment);
    const { invocations } = environment;
    const end = () => {
      const index = this.#idle.indexOf(environment);
      if (index < 0 || environment.invocations !== invocations || this.#idle.length === 1) return;
      this.#idle.splice(index, 1);
      this.#all.delete(environment);
      void environment.stop();
    };
    setTimeout(end, IDLE_MS).unref();
  }
}
