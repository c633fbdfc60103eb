import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comesBefore, type Entry, merge, type Order } from '../../../shared/store/merge.ts';

const ids = fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { maxLength: 60 });

/** Partitions of sorted ids, read a few at a time, as DynamoDB gives them. */
function reader(order: Order, pageSizes: () => number) {
  return async (partition: readonly string[], after: string | undefined) => {
    const rest = partition.filter((id) => after === undefined || comesBefore(after, id, order));
    const size = pageSizes();
    return { entries: rest.slice(0, size).map((id): Entry => ({ id })), done: rest.length <= size };
  };
}

describe('merge', () => {
  it('gives every entry once and in order, whatever the partitions and page sizes', async () => {
    await fc.assert(
      fc.asyncProperty(
        ids,
        fc.constantFrom<Order>('newest', 'oldest'),
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        fc.infiniteStream(fc.integer({ min: 0, max: 4 })),
        async (numbers, order, sizes, spread) => {
          const all = numbers.map((n) => String(n).padStart(4, '0')).sort();
          if (order === 'newest') all.reverse();
          const partitions: string[][] = [[], [], [], [], []];
          for (const id of all) partitions[spread.next().value ?? 0]?.push(id);
          const got: string[] = [];
          let position: string | undefined;
          for await (const merged of merge(
            partitions,
            reader(order, () => sizes.next().value ?? 1),
            order,
            undefined,
          )) {
            for (const { id } of merged.entries) {
              // Nothing at or before a position that was announced may come after it.
              if (position !== undefined) expect(comesBefore(position, id, order)).toBe(true);
              got.push(id);
            }
            position = merged.position;
          }
          expect(got).toEqual(all);
        },
      ),
    );
  });

  it('goes on from any position without a gap or a repeat', async () => {
    await fc.assert(
      fc.asyncProperty(
        ids,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        async (numbers, size, shards) => {
          const all = numbers
            .map((n) => String(n).padStart(4, '0'))
            .sort()
            .reverse();
          const partitions = Array.from({ length: shards }, (_, shard) =>
            all.filter((_id, index) => index % shards === shard),
          );
          const got: string[] = [];
          let after: string | undefined;
          for (let pages = 0; pages <= all.length + 1; pages += 1) {
            const first = await merge(
              partitions,
              reader('newest', () => size),
              'newest',
              after,
            ).next();
            if (first.done) break;
            got.push(...first.value.entries.map(({ id }) => id));
            after = first.value.position;
          }
          expect(got).toEqual(all);
        },
      ),
    );
  });
});
