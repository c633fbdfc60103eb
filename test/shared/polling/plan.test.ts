import { describe, expect, it } from 'vitest';
import type { StoredConnection } from '../../../shared/control/connections.ts';
import { type Job, jobKey } from '../../../shared/polling/job.ts';
import { dueTasks, wantedJobs } from '../../../shared/polling/plan.ts';
import type { Collector, Stream } from '../../../shared/polling/poller.ts';
import { at, connectionOf, jobOf } from '../../support/jobs.ts';
import { STREAM } from '../../support/simulated-vendor.ts';

const MONTH = STREAM.historySeconds;
const connection = connectionOf();
const idle = (more: Partial<Job> = {}) => jobOf(connection, { dueAt: at(9_999), ...more });
const ALL = [idle(), idle({ lane: 'sweep' }), idle({ lane: 'backfill', id: 'history', dueAt: undefined })];

function tasks(
  jobs: readonly Job[],
  {
    seconds = 100,
    hastened = {},
    one = connection,
    streams = [STREAM],
  }: { seconds?: number; hastened?: Record<string, string>; one?: StoredConnection; streams?: readonly Stream[] } = {},
) {
  const polled = [{ connection: one, collector: { streams } as unknown as Collector }];
  return dueTasks(polled, jobs, new Map(Object.entries(hastened)), new Date(at(seconds)));
}

describe('the jobs of a connection', () => {
  it('are live from its making, a sweep, and its history', () => {
    const [live, sweep, history, ...more] = wantedJobs(connection, [STREAM]);
    expect(more).toEqual([]);
    expect(live).toMatchObject({ lane: 'live', from: at(0), watermark: at(0), dueAt: at(0) });
    expect(live).not.toHaveProperty('to');
    expect(sweep).toMatchObject({ lane: 'sweep', dueAt: at(STREAM.sweepEverySeconds) });
    expect(history).toMatchObject({ lane: 'backfill', id: 'history', from: at(-MONTH), to: at(0), dueAt: at(0) });
  });

  it('are the same whenever they are made, and others for one that is made again', () => {
    const keys = (one: StoredConnection) => wantedJobs(one, [STREAM, { ...STREAM, name: 'more' }]).map(jobKey);
    expect(keys(connection)).toEqual(keys(connection));
    expect(new Set([...keys(connection), ...keys(connectionOf())]).size).toBe(12);
  });

  it.each([
    ['a time', at(-500), at(-500)],
    ['a day', '2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['another zone', '2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00.000Z'],
  ])('go back as far as the maker says, by %s', (_, backfillFrom, from) => {
    const history = wantedJobs({ ...connection, backfillFrom }, [STREAM]).find(({ lane }) => lane === 'backfill');
    expect(history).toMatchObject({ from, to: at(0) });
  });

  it.each([at(0), at(5_000)])('have no history where the maker wants none: %s', (backfillFrom) => {
    const lanes = wantedJobs({ ...connection, backfillFrom }, [STREAM]).map(({ lane }) => lane);
    expect(lanes).toEqual(['live', 'sweep']);
  });
});

describe('what is due', () => {
  it('is everything but the sweep of a connection that was just made', () => {
    expect(tasks([])).toEqual([
      { connection: 'main.one', lane: 'live' },
      { connection: 'main.one', lane: 'backfill' },
    ]);
  });

  it('is nothing while all wait, and one task a lane when jobs are due', () => {
    expect(tasks(ALL)).toEqual([]);
    const two = [STREAM, { ...STREAM, name: 'more' }];
    const more = ALL.map((job) => ({ ...job, stream: 'more' }));
    expect(tasks([...ALL, ...more], { seconds: 9_999, streams: two })).toEqual([
      { connection: 'main.one', lane: 'live' },
      { connection: 'main.one', lane: 'sweep' },
    ]);
  });

  it('is nothing of a paused connection until it is resumed', () => {
    const paused = { ...connection, pausedAt: at(10) };
    expect(tasks([], { one: paused })).toEqual([]);
    expect(tasks([], { one: { ...paused, resumedAt: at(20) } })).toHaveLength(2);
    expect(tasks([], { one: { ...paused, resumedAt: at(5) } })).toEqual([]);
  });

  it('is not what a run holds, and no second run of what is not urgent', () => {
    const held = { leaseUntil: at(200) };
    const [live, sweep, history] = ALL.map((job) => ({ ...job, dueAt: at(0) })) as [Job, Job, Job];
    expect(tasks([{ ...live, ...held }, sweep, history]).map(({ lane }) => lane)).toEqual(['sweep', 'backfill']);
    const another = { ...history, id: 'another', ...held };
    expect(tasks([live, sweep, history, another]).map(({ lane }) => lane)).toEqual(['live', 'sweep']);
    expect(tasks([live, sweep, history, another], { seconds: 201 }).map(({ lane }) => lane)).toContain('backfill');
  });

  it('is the live job before its time when someone asks, once, and not while the vendor throttles', () => {
    const hastened = { 'main.one': at(50) };
    const live = [{ connection: 'main.one', lane: 'live' }];
    expect(tasks(ALL, { hastened })).toEqual(live);
    expect(tasks(ALL, { hastened, seconds: 49 })).toEqual([]);
    expect(tasks(ALL, { hastened: { 'main.other': at(50) } })).toEqual([]);
    const [first, ...rest] = ALL as [Job, ...Job[]];
    expect(tasks([{ ...first, lastRunAt: at(60) }, ...rest], { hastened })).toEqual([]);
    expect(tasks([{ ...first, throttledUntil: at(101) }, ...rest], { hastened })).toEqual([]);
  });
});
