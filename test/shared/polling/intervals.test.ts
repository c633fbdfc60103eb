import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalsOf } from '../../../shared/polling/intervals.ts';
import type { Job } from '../../../shared/polling/job.ts';
import { at, connectionOf, jobOf } from '../../support/jobs.ts';
import { STREAM } from '../../support/simulated-vendor.ts';

const connection = connectionOf();
const job = (more: Partial<Job> = {}) => jobOf(connection, more);
const of = (jobs: readonly Job[], seconds = 1_000, one = connection) =>
  intervalsOf(one, [STREAM], jobs, new Date(at(seconds)));
const range = (from: number, to: number) => ({ from: at(from), to: at(to) });

describe('intervals', () => {
  it('of a connection that has not begun are none', () => {
    expect(of([])).toEqual({ collected: [], gaps: [] });
    expect(of([job()])).toEqual({ collected: [], gaps: [] });
  });

  it('reach up to the watermark, with when they were collected and up to where they were swept', () => {
    const live = job({ watermark: at(900), lastSuccessAt: at(930) });
    const plain = { stream: 'events', ...range(0, 900), lane: 'live', begunAt: at(0), collectedAt: at(930) };
    expect(of([live]).collected).toEqual([{ ...plain, sweptUpTo: null }]);
    const swept = (seconds: number) => job({ lane: 'sweep', sweptAt: at(seconds + STREAM.lateSeconds) });
    expect(of([live, swept(400)]).collected).toEqual([{ ...plain, sweptUpTo: at(400) }]);
    expect(of([live, swept(5_000)]).collected).toEqual([{ ...plain, sweptUpTo: at(900) }]);
    expect(of([live, swept(-100)]).collected).toEqual([{ ...plain, sweptUpTo: null }]);
  });

  it('leave out what was lost, and name it', () => {
    const lost = { ...range(100, 200), reason: 'no_longer_kept', notedAt: at(300) };
    const { collected, gaps } = of([job({ watermark: at(900), gaps: [lost] })]);
    expect(collected.map(({ from, to }) => [from, to])).toEqual([
      [at(0), at(100)],
      [at(200), at(900)],
    ]);
    expect(gaps).toEqual([{ stream: 'events', ...lost, open: false }]);
  });

  it('of a feed that was begun anew have what came before, too', () => {
    const feed = job({ earlier: [range(0, 300)], from: at(500), watermark: at(900) });
    const fill = job({ lane: 'backfill', id: 'x', from: at(300), to: at(500), watermark: at(400) });
    const { collected, gaps } = of([feed, fill]);
    expect(collected.map(({ lane, from, to }) => [lane, from, to])).toEqual([
      ['live', at(0), at(300)],
      ['backfill', at(300), at(400)],
      ['live', at(500), at(900)],
    ]);
    expect(gaps).toEqual([
      { stream: 'events', ...range(400, 500), reason: 'backfill_pending', open: true, notedAt: null },
    ]);
  });

  it('have an open gap up to now while the connection is paused, or fails', () => {
    const live = job({ watermark: at(400) });
    const paused = { ...connection, pausedAt: at(450) };
    const gap = { stream: 'events', ...range(400, 1_000), open: true };
    expect(of([live], 1_000, paused).gaps).toEqual([{ ...gap, reason: 'paused', notedAt: at(450) }]);
    expect(of([live], 1_000, { ...paused, resumedAt: at(600) }).gaps).toEqual([]);
    const lastError = { at: at(500), code: 'credential_refused', message: 'no' };
    expect(of([{ ...live, lastError, failures: 1 }]).gaps).toEqual([
      { ...gap, reason: 'credential_refused', notedAt: at(500) },
    ]);
  });

  it('are of this connection, and not of one that had its name, nor of sweeps', () => {
    const others = [
      jobOf(connectionOf(), { watermark: at(900) }),
      jobOf(connectionOf({ id: 'main.one2' }), { watermark: at(900) }),
      job({ lane: 'sweep', from: at(0), to: at(500), watermark: at(400) }),
    ];
    expect(of(others)).toEqual({ collected: [], gaps: [] });
  });
});

it('what was collected and what is missing are the whole, without a second in both', () => {
  const second = fc.integer({ min: 0, max: 100 });
  const stretch = fc.tuple(second, second).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 6 }), second, fc.boolean(), (lost, watermark, isPaused) => {
      const noted = lost
        .filter(([from, to]) => from < to && to <= watermark)
        .map(([from, to]) => ({ ...range(from, to), reason: 'no_longer_kept', notedAt: at(0) }));
      const one = { ...connection, ...(isPaused && { pausedAt: at(10) }) };
      const { collected, gaps } = of([job({ watermark: at(watermark), gaps: noted })], 100, one);
      for (let time = 0; time < 100; time += 1) {
        const holds = ({ from, to }: { from: string; to: string }) => from <= at(time) && at(time) < to;
        const isCollected = collected.some(holds);
        expect(collected.filter(holds).length).toBeLessThanOrEqual(1);
        expect(isCollected).toBe(time < watermark && !noted.some(holds));
        if (time < watermark || isPaused) expect(gaps.some(holds)).toBe(!isCollected);
      }
    }),
  );
});
