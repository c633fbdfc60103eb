/** Runs tasks in the order given, so many at a time. */
export function limiter(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    else running += 1;
    try {
      return await task();
    } finally {
      // The place is handed on, or given up.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
