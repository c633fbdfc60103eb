import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyUse } from '../../../shared/control/key-use.ts';
import type { KeyRecord } from '../../../shared/control/keys.ts';
import { MemoryControl } from '../../support/memory-control.ts';

const HOUR_MS = 3_600_000;
const FIRST = Date.parse('2026-11-22T10:00:00Z');
const key = (id: string, tenant = 'main'): KeyRecord => ({ id, tenant, name: id, scopes: ['read'], createdAt: '' });

describe('the last use of a key', () => {
  it('is known to the hour, for a write an hour at most, however many note it', async () => {
    const use = fc.record({
      after: fc.nat({ max: 2 * HOUR_MS }),
      id: fc.constantFrom('a', 'b'),
      by: fc.nat({ max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(use), async (uses) => {
        const control = new MemoryControl();
        const processes = [new KeyUse(control), new KeyUse(control), new KeyUse(control)];
        const last = new Map<string, number>();
        let now = FIRST;
        for (const { after, id, by } of uses) {
          now += after;
          await processes[by]?.note(key(id), new Date(now));
          last.set(id, now);
        }
        const noted = await processes[0]!.list('main');
        expect([...noted.keys()].sort()).toEqual([...last.keys()].sort());
        for (const [id, at] of last) {
          const behind = at - Date.parse(noted.get(id) ?? '');
          expect(behind).toBeGreaterThanOrEqual(0);
          expect(behind).toBeLessThan(2 * HOUR_MS);
        }
        expect(control.writes).toBeLessThanOrEqual(2 * (1 + (now - FIRST) / HOUR_MS));
      }),
    );
  });

  it('is written once by several that note it at once', async () => {
    const control = new MemoryControl();
    await Promise.all([1, 2, 3].map(() => new KeyUse(control).note(key('a'), new Date(FIRST))));
    expect(control.writes).toBe(1);
  });

  it('is not tried again within the hour when the table refuses', async () => {
    const control = new MemoryControl();
    let tries = 0;
    control.beforeWrite = () => {
      tries += 1;
      throw new Error('throttled');
    };
    const use = new KeyUse(control);
    await expect(use.note(key('a'), new Date(FIRST))).rejects.toThrow('throttled');
    await use.note(key('a'), new Date(FIRST + HOUR_MS - 1));
    expect(tries).toBe(1);
    await expect(use.note(key('a'), new Date(FIRST + HOUR_MS))).rejects.toThrow('throttled');
  });

  it('is told to its tenant only', async () => {
    const use = new KeyUse(new MemoryControl());
    await use.note(key('a', 'x'), new Date(FIRST));
    await use.note(key('a', 'x-y'), new Date(FIRST + 1));
    expect(await use.list('x')).toEqual(new Map([['a', new Date(FIRST).toISOString()]]));
    expect(await use.list('y')).toEqual(new Map());
  });
});
