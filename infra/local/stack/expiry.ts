const HOUR_MS = 3_600_000;

/**
 * Applies lifecycle rules now and every hour, unless a run is still under way; failures are told to `log` and tried
 * again an hour later. The result ends it, and resolves when a run that was under way has stopped.
 */
export function repeatExpiry(
  expire: (signal: AbortSignal) => Promise<unknown>,
  log: (message: string) => void,
): () => Promise<void> {
  const ending = new AbortController();
  let running: Promise<void> | undefined;
  const run = async () => {
    try {
      await expire(ending.signal);
    } catch (error) {
      log(`lifecycle rules can't be applied: ${String(error)}`);
    }
  };
  const start = () => {
    running ??= run().finally(() => {
      running = undefined;
    });
  };
  start();
  const timer = setInterval(start, HOUR_MS).unref();
  return async () => {
    clearInterval(timer);
    ending.abort();
    await running;
  };
}
