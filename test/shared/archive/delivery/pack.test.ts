import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack } from '../../../../shared/archive/delivery/pack.ts';

describe('pack', () => {
  it('keeps every document whole, in order, and records within 256 KiB unless one document is larger', () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 2, max: 2_000 }), fc.integer({ min: 100_000, max: 400_000 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const documents = lengths.map((length, index) => ({
          sequence: String(index),
          json: `"${'x'.repeat(length)}"`,
        }));
        const packed = pack(documents);
        const lines = packed.flatMap(({ data }) => data.toString('utf8').trimEnd().split('\n'));
        expect(lines).toEqual(documents.map(({ json }) => json));
        expect(packed.flatMap(({ sequences }) => sequences)).toEqual(documents.map(({ sequence }) => sequence));
        for (const { data, sequences } of packed) {
          expect(sequences.length === 1 || data.length <= 256 * 1024).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
