import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredConnection } from '../../../shared/control/connections.ts';
import { gapsIn } from '../../../shared/export/gaps.ts';
import { polledConnection } from '../../../shared/polling/polled.ts';
import { at, connectionOf, jobOf } from '../../support/jobs.ts';

const settings = { baseUrl: 'https://fleet.example.com' };
const connection = connectionOf({ settings });
const [STREAM = ''] = (polledConnection(connection)?.collector.streams ?? []).map(({ name }) => name);
const job = (more = {}) => jobOf(connection, { stream: STREAM, ...more });
const NAMES = { connection: 'one', source: 'fleet.activities' };
const of = (jobs: Parameters<typeof gapsIn>[1], filter = {}, to = 1_000, all: StoredConnection[] = [connection]) =>
  gapsIn(all, jobs, filter, at(to), new Date(at(2_000)));
const gap = (from: number | null, to: number, reason = 'not_collected', open = false) => ({
  ...NAMES,
  stream: STREAM,
  from: from === null ? null : at(from),
  to: at(to),
  reason,
  open,
});

describe('known gaps', () => {
  it('are what no run has read', () => {
    expect(of([])).toEqual([gap(null, 1_000)]);
    expect(of([], { from: at(10) })).toEqual([gap(10, 1_000)]);
    expect(of([job({ watermark: at(900) })])).toEqual([gap(null, 0), gap(900, 1_000)]);
    expect(of([job({ watermark: at(900) })], { from: at(0) }, 900)).toEqual([]);
  });

  it('are what could not be read, with why', () => {
    const lost = { from: at(100), to: at(200), reason: 'no_longer_kept', notedAt: at(300) };
    const live = job({ watermark: at(1_500), gaps: [lost] });
    expect(of([live], { from: at(0) })).toEqual([gap(100, 200, 'no_longer_kept')]);
    expect(of([live], { from: at(150) })).toEqual([gap(150, 200, 'no_longer_kept')]);
    expect(of([live], { from: at(200) })).toEqual([]);
    const fill = job({ lane: 'backfill', id: 'x', from: at(-500), to: at(0), watermark: at(-100) });
    expect(of([live, fill], { from: at(-300) }, 50)).toEqual([gap(-100, 0, 'backfill_pending', true)]);
  });

  it('are of what the query asks for only', () => {
    expect(of([], { source: ['github.audit'] })).toEqual([]);
    expect(of([], { connection: ['two'] })).toEqual([]);
    expect(of([], { source: ['fleet.activities'], connection: ['one'] })).toHaveLength(1);
    const { settings: _, ...pushed } = connection;
    expect(of([], {}, 1_000, [pushed])).toEqual([]);
  });

  it('are the whole range where settings are not valid any more', () => {
    const bad = { ...connection, settings: { baseUrl: 7 } } as unknown as StoredConnection;
    expect(of([], { from: at(5) }, 1_000, [bad])).toEqual([
      { ...gap(5, 1_000, 'settings_not_valid', true), stream: null },
    ]);
  });

  it('and what was collected are together the whole range', () => {
    const time = fc.integer({ min: -100, max: 1_100 });
    fc.assert(
      fc.property(time, time, time, time, (from, watermark, start, length) => {
        const live = job({ from: at(Math.min(from, watermark)), watermark: at(watermark) });
        const end = start + 1 + Math.abs(length);
        const missing = of([live], { from: at(start) }, end);
        const seconds = (one: string | null) => Date.parse(one ?? at(start));
        const lost = missing.reduce((sum, one) => sum + (seconds(one.to) - seconds(one.from)) / 1_000, 0);
        const had = Math.max(0, Math.min(end, watermark) - Math.max(start, Math.min(from, watermark)));
        expect(lost).toBe(end - start - had);
      }),
    );
  });
});
