/** Ends the work of a reader from outside: thrown where it would otherwise wait, or begin something new. */
export class Stopped extends Error {
  constructor() {
    super('stopped');
  }
}

/** Waits that can be cut short: all of them by `wake`, and for good by `stop`. */
export class Pause {
  readonly #abort = new AbortController();
  readonly #sleepers = new Set<() => void>();

  /** For requests that are to end with the work. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** @throws Stopped after `stop`. */
  check(): void {
    if (this.#abort.signal.aborted) throw new Stopped();
  }

  /** Resolves after `ms`, or earlier at `wake`. @throws Stopped at `stop`. */
  async sleep(ms: number): Promise<void> {
    this.check();
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#sleepers.add(wake);
    });
    this.check();
  }

  wake(): void {
    for (const wake of [...this.#sleepers]) wake();
  }

  stop(): void {
    this.#abort.abort();
    this.wake();
  }
}
