/** Anything that lies in a partition under an event id. */
export interface Entry {
  readonly id: string;
}

export type Order = 'newest' | 'oldest';

/** A read of a partition, from just after `after` on: entries in order, and whether that was the last of them. */
export type ReadPartition<P, E extends Entry> = (
  partition: P,
  after: string | undefined,
) => Promise<{ entries: E[]; done: boolean }>;

/** Entries in order; everything up to and including `position` has been looked at. */
export interface Merged<E extends Entry> {
  readonly entries: readonly E[];
  readonly position: string;
}

/** True if `a` comes strictly before `b` in this order. */
export function comesBefore(a: string, b: string, order: Order): boolean {
  return order === 'newest' ? a > b : a < b;
}

/**
 * Merges partitions, each ordered by id, into one order, reading each only as far as needed. What was read of one partition
 * beyond the last-read entry of another that is not finished is held back until that one has caught up.
 */
export async function* merge<P, E extends Entry>(
  partitions: readonly P[],
  read: ReadPartition<P, E>,
  order: Order,
  after: string | undefined,
): AsyncGenerator<Merged<E>> {
  const states = partitions.map((partition) => ({ partition, after, buffer: [] as E[], done: false }));
  const inOrder = (a: E, b: E) => (a.id === b.id ? 0 : comesBefore(a.id, b.id, order) ? -1 : 1);
  for (;;) {
    await Promise.all(
      states.map(async (state) => {
        while (!state.done && state.buffer.length === 0) {
          const { entries, done } = await read(state.partition, state.after);
          state.buffer.push(...entries);
          state.after = entries.at(-1)?.id ?? state.after;
          state.done = done;
        }
      }),
    );
    const frontier = states
      .flatMap(({ done, buffer }) => (done ? [] : (buffer.at(-1)?.id ?? [])))
      .reduce<string | undefined>(
        (nearest, id) => (nearest === undefined || comesBefore(id, nearest, order) ? id : nearest),
        undefined,
      );
    const ready: E[] = [];
    for (const state of states) {
      const cut = frontier === undefined ? -1 : state.buffer.findIndex(({ id }) => comesBefore(frontier, id, order));
      ready.push(...state.buffer.splice(0, cut === -1 ? state.buffer.length : cut));
    }
    ready.sort(inOrder);
    const position = frontier ?? ready.at(-1)?.id;
    if (position !== undefined) yield { entries: ready, position };
    if (states.every(({ done, buffer }) => done && buffer.length === 0)) return;
  }
}
