/** Time left for a piece of work, in milliseconds; a Lambda's remaining time less what answering needs. */
export type TimeLeft = () => number;

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 2_000;

/**
 * Waits before attempt number `attempt` (from 1) with full jitter, as throttled callers that wait equally long collide again
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @returns false, at once, when the wait would not end in time.
 */
export async function backOff(
  attempt: number,
  timeLeft: TimeLeft,
  random: () => number = Math.random,
): Promise<boolean> {
  const delay = random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  if (delay >= timeLeft()) return false;
  await new Promise((resolve) => setTimeout(resolve, delay));
  return true;
}

/** Runs `work` on every item, at most `limit` at a time, and returns the results in order. The first error wins. */
export async function mapLimited<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
