const HOUR_MS = 3_600_000;

/**
 * Applies lifecycle rules now and every hour; failures are told to `log` and tried again an hour later. The result
 * ends it, and resolves when a run that was under way has stopped.
 */
export function repeatExpiry(
  expire: (signal: AbortSignal) => Promise<unknown>,
  log: (message: string) => void,
): () => Promise<void> {
  const ending = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = running
      .then(() => expire(ending.signal))
      .then(
        () => {},
        (error: unknown) => log(`lifecycle rules can't be applied: ${String(error)}`),
      );
  };
  run();
  const timer = setInterval(run, HOUR_MS).unref();
  return () => {
    clearInterval(timer);
    ending.abort();
    return running;
  };
}
