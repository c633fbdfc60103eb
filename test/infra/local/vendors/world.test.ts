import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunningWorld } from '../../../../infra/local/vendors/world.ts';

const BEGUN = Date.parse('2026-03-02T12:00:00Z');
const DAY_MS = 86_400_000;
const vendor = { event: (n: number, at: Date, stream: string) => ({ n, at: at.toISOString(), stream }) };

function startWorld(options: { days?: number; streams?: string[]; at?: number } = {}) {
  let now = options.at ?? BEGUN;
  const rotated: unknown[] = [];
  const world = new RunningWorld(vendor, {
    streams: options.streams ?? ['a', 'b'],
    begunAt: BEGUN,
    days: options.days ?? 1,
    secrets: { token: 'one', key: 'stays' },
    onRotate: (secrets) => rotated.push(secrets),
    now: () => now,
  });
  const raws = () => world.events().map(({ raw }) => raw);
  return { world, raws, rotated, pass: (ms: number) => (now += ms) };
}

describe('a running world', () => {
  it('begins with a history, two events an hour', () => {
    const { world } = startWorld({ days: 3 });
    expect(world.events()).toHaveLength(3 * 48);
    const [first] = world.events();
    expect(first?.at.getTime()).toBeGreaterThanOrEqual(BEGUN - 3 * DAY_MS);
    expect(world.events('a').length + world.events('b').length).toBe(3 * 48);
    expect(new Set(world.events('b').map(({ stream }) => stream))).toEqual(new Set(['b']));
  });

  it('goes on, an event about every 5 seconds', () => {
    const { world, pass } = startWorld({ days: 0 });
    expect(world.events().length).toBeLessThanOrEqual(1);
    pass(100_000);
    expect(world.events().length).toBeGreaterThanOrEqual(19);
    expect(world.events().length).toBeLessThanOrEqual(21);
  });

  it('tells the same whenever it is asked, and by whichever world of the same beginning', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 10 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 3 }), (waits, days) => {
        const one = startWorld({ days });
        let before = one.raws();
        for (const wait of waits) {
          one.pass(wait);
          const told = one.raws();
          expect(told.slice(0, before.length)).toEqual(before);
          before = told;
        }
        const total = waits.reduce((sum, wait) => sum + wait, 0);
        const other = startWorld({ days, at: BEGUN + total });
        expect(other.raws()).toEqual(before);
        const times = other.world.events().map(({ arrives }) => arrives.getTime());
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        for (const time of times) expect(time).toBeLessThanOrEqual(BEGUN + total);
        expect(other.raws().map(({ n }) => n)).toEqual(times.map((_, index) => index));
      }),
      { numRuns: 30 },
    );
  });

  it('remembers what its vendor put in place of a secret, and says so', () => {
    const { world, rotated } = startWorld();
    world.rotate({ token: 'two' });
    expect(world.secrets).toEqual({ token: 'two', key: 'stays' });
    expect(rotated).toEqual([{ token: 'two', key: 'stays' }]);
  });
});
