import type { Spool, SpooledRecord } from './spool.ts';

const RETRY_MS = 1000;

/** Brings what a spool holds to its destination, one file after the other, soon after it came and until it works. */
export interface Queue {
  append(records: readonly SpooledRecord[]): void;
  /** Resolves when all that was appended before is delivered. @throws what the delivery threw. */
  flush(): Promise<void>;
  /** Waits for a delivery that is under way; what comes after it stays in the spool. */
  close(): Promise<void>;
}

/** `onError` hears of each new reason why a delivery fails, once until one works again. */
export function openQueue(options: {
  spool: Spool;
  deliver(path: string): Promise<void>;
  flushMs: number;
  onError(error: unknown): void;
}): Queue {
  const { spool, deliver, flushMs, onError } = options;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let reported: string | undefined;
  let closed = false;

  function arm(delayMs: number): void {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      // Reported already.
      run().catch(() => {});
    }, delayMs).unref();
  }

  function run(): Promise<void> {
    const result = running.then(deliverAll);
    running = result.catch(() => {});
    return result;
  }

  async function deliverAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const path of spool.seal()) {
      try {
        await deliver(path);
        spool.remove(path);
      } catch (error) {
        failures.push(error);
      }
    }
    const reason = failures.length > 0 ? String(failures[0]) : undefined;
    if (reason !== undefined && reason !== reported) onError(failures[0]);
    reported = reason;
    if (reason === undefined) return;
    arm(RETRY_MS);
    throw failures[0];
  }

  if (spool.seal().length > 0) arm(0);
  return {
    append(records) {
      spool.append(records);
      arm(flushMs);
    },
    flush: run,
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
      spool.close();
    },
  };
}
