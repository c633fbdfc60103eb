import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activeHolds,
  allHolds,
  findHold,
  type Hold,
  HoldRequest,
  heldBy,
  holdsOf,
  newHold,
  releaseHold,
  storeHold,
} from '../../../shared/archive/hold.ts';
import { MemoryControl } from '../../support/memory-control.ts';

const NOW = new Date('2026-11-20T10:00:00Z');
const iso = (ms: number) => new Date(ms).toISOString();
const instant = fc.integer({ min: 0, max: 20 });
const tenant = fc.constantFrom('acme', 'main');

describe('heldBy', () => {
  const holds = fc.array(
    fc.record({ tenant, span: fc.tuple(instant, instant).filter(([a, b]) => a < b), isReleased: fc.boolean() }),
    { maxLength: 5 },
  );
  const file = fc.record({ tenant, times: fc.array(instant, { minLength: 1, maxLength: 4 }) });

  it('gives every hold that is about an event of the file, and none that is about no instant it spans', () => {
    fc.assert(
      fc.property(holds, file, (given, { tenant: owner, times }) => {
        const all = given.map(({ tenant: of, span: [from, to], isReleased }, id) => ({
          id,
          tenant: of,
          from: iso(from),
          to: iso(to),
          ...(isReleased && { released: { by: 'x', at: iso(0) } }),
        }));
        const [first, last] = [Math.min(...times), Math.max(...times)];
        const spanned = Array.from({ length: last - first + 1 }, (_, index) => first + index);
        const about = (instants: readonly number[]) =>
          all
            .filter(({ released, tenant: of }) => released === undefined && of === owner)
            .filter(({ from, to }) => instants.some((at) => Date.parse(from) <= at && at < Date.parse(to)))
            .map(({ id }) => id);
        const found = heldBy(all, { tenant: owner, earliest: iso(first), latest: iso(last) }).map(({ id }) => id);
        expect(found).toEqual(about(spanned));
        expect(found).toEqual(expect.arrayContaining(about(times)));
      }),
    );
  });

  it('takes times with and without milliseconds, and in any zone', () => {
    const hold = { tenant: 'main', from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00.000Z' };
    const at = (time: string) => heldBy([hold], { tenant: 'main', earliest: time, latest: time }).length;
    expect(at('2026-03-01T00:00:00.000Z')).toBe(1);
    expect(at('2026-03-01T23:59:59.999Z')).toBe(1);
    expect(at('2026-03-02T00:00:00Z')).toBe(0);
    expect(at('2026-03-02T00:30:00+01:00')).toBe(1);
  });
});

describe('HoldRequest', () => {
  it('gives times in UTC', () => {
    const request = { from: '2026-03-01T00:00:00+01:00', to: '2026-04-01T00:00:00Z', reason: 'case 4711' };
    expect(HoldRequest.parse(request)).toEqual({
      from: '2026-02-28T23:00:00.000Z',
      to: '2026-04-01T00:00:00.000Z',
      reason: 'case 4711',
    });
  });

  it.each([
    { from: '2026-03-01T00:00:00Z', to: '2026-03-01T00:00:00Z', reason: 'x' },
    { from: '2026-03-01T01:00:00+02:00', to: '2026-02-28T22:00:00Z', reason: 'x' },
    { from: '2026-03-01', to: '2026-04-01T00:00:00Z', reason: 'x' },
    { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z', reason: '' },
    { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' },
    { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z', reason: 'x', tenant: 'other' },
  ])('refuses %j', (request) => {
    expect(HoldRequest.safeParse(request).success).toBe(false);
  });
});

describe('holds on record', () => {
  async function made(control: MemoryControl, of: string, at = NOW): Promise<Hold> {
    const span = { from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z', reason: 'r' };
    const hold = newHold({ ...span, tenant: of }, 'key_1', at);
    await storeHold(control, hold);
    return hold;
  }

  it('are found by their tenant alone', async () => {
    const control = new MemoryControl();
    const later = await made(control, 'a', new Date(NOW.getTime() + 1));
    const hold = await made(control, 'a');
    // A tenant whose name begins with the other's.
    const other = await made(control, 'a-b');
    expect(await holdsOf(control, 'a')).toEqual([hold, later]);
    expect(await findHold(control, 'a', hold.id)).toEqual(hold);
    expect(await findHold(control, 'a-b', hold.id)).toBeUndefined();
    expect(await findHold(control, 'a', `b.${other.id}`)).toBeUndefined();
    expect(await activeHolds(control)).toHaveLength(3);
  });

  it('stay when they are released, and are released once', async () => {
    const control = new MemoryControl();
    const hold = await made(control, 'a');
    const released = await releaseHold(control, hold, 'key_2', NOW);
    expect(released).toEqual({ ...hold, released: { by: 'key_2', at: NOW.toISOString() } });
    expect(await releaseHold(control, released, 'key_3', new Date())).toEqual(released);
    expect(await holdsOf(control, 'a')).toEqual([released]);
    expect([await activeHolds(control), await allHolds(control)]).toEqual([[], [released]]);
  });
});
