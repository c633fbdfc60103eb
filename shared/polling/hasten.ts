import type { Control } from '../control/table.ts';

/** The partition of requests to poll a connection before its time. */
const HASTENED = 'hastened';
const QUIET_MS = 10_000;

/** Requests for an early poll: vendors that push no more than a hint, and connections that were just changed. */
export class Hastened {
  readonly #control: Control;
  readonly #servedUntil = new Map<string, number>();

  constructor(control: Control) {
    this.#control = control;
  }

  /**
   * Asks for a run of the connection's live jobs that begins at the earliest some seconds from now: hints that follow soon
   * are served by it too, and what is hinted at may not be there yet (Fleet calls before it stores).
   */
  async ask(connection: string, now: Date): Promise<void> {
    if (now.getTime() < (this.#servedUntil.get(connection) ?? 0)) return;
    const until = now.getTime() + QUIET_MS;
    await this.#control.replace(HASTENED, connection, { at: new Date(until).toISOString() });
    this.#servedUntil.set(connection, until);
  }

  /** From when on each connection needs another run. */
  async list(): Promise<ReadonlyMap<string, string>> {
    const items = await this.#control.list(HASTENED);
    return new Map(items.map(({ sk, at }) => [String(sk), String(at)]));
  }

  async forget(connection: string): Promise<void> {
    await this.#control.delete(HASTENED, connection);
  }
}
