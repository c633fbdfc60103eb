import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../shared/errors.ts';
import { BackfillRequest, backfillJobs, notKept } from '../../../shared/polling/backfill.ts';
import { type Job, jobKey } from '../../../shared/polling/job.ts';
import { backfillsOf } from '../../../shared/polling/progress.ts';
import { at, connectionOf, jobOf } from '../../support/jobs.ts';
import { STREAM } from '../../support/simulated-vendor.ts';

const DAY = 86_400;
const connection = connectionOf();
const streams = [STREAM, { ...STREAM, name: 'more', keepsSeconds: 7 * DAY }];
const now = new Date(at(0));
const jobs = (request: object, when = now) => backfillJobs(connection, streams, BackfillRequest.parse(request), when);
const pathsOf = (request: object) => {
  try {
    return jobs(request).map(() => 'made');
  } catch (error) {
    return error instanceof InvalidRequestError ? error.problems.map(({ path }) => path) : [String(error)];
  }
};

describe('a backfill', () => {
  it('is a job for each stream, due at once', () => {
    const made = jobs({ from: '2026-02-01', to: '2026-02-03T00:00:00+02:00' });
    expect(made.map(({ stream }) => stream)).toEqual(['events', 'more']);
    expect(made[0]).toMatchObject({
      lane: 'backfill',
      from: '2026-02-01T00:00:00.000Z',
      watermark: '2026-02-01T00:00:00.000Z',
      to: '2026-02-02T22:00:00.000Z',
      dueAt: at(0),
    });
    expect(jobs({ from: at(-10), to: at(-5), streams: ['more'] }).map(({ stream }) => stream)).toEqual(['more']);
  });

  it('is the same for the same range, however it is written and whenever it is asked for', () => {
    const keys = (request: object, seconds: number) => jobs(request, new Date(at(seconds))).map(jobKey);
    const first = keys({ from: '2026-02-01', to: '2026-02-02' }, 0);
    expect(keys({ from: '2026-02-01T01:00:00+01:00', to: '2026-02-02T00:00:00Z' }, 77)).toEqual(first);
    expect(keys({ from: '2026-02-01', to: '2026-02-02T00:00:01Z' }, 0)).not.toEqual(first);
  });

  it('holds whole seconds, and all of what was asked for', () => {
    const time = fc.date({ min: new Date('2020-01-01'), max: now, noInvalidDate: true });
    fc.assert(
      fc.property(time, time, (a, b) => {
        fc.pre(a < b);
        for (const { from, to = '' } of jobs({ from: a.toISOString(), to: b.toISOString() })) {
          expect([from, to].every((one) => one.endsWith('.000Z'))).toBe(true);
          expect(from <= a.toISOString() && b.toISOString() <= to).toBe(true);
        }
      }),
    );
  });

  it.each<[object, string[]]>([
    [{ from: at(-5), to: at(-5) }, ['to']],
    [{ from: at(-5), to: at(-10) }, ['to']],
    [{ from: at(-5), to: at(60) }, ['to']],
    [{ from: at(-5), to: at(60), streams: ['events', 'none'] }, ['to', 'streams.1']],
    [{ from: at(-5), to: at(0) }, ['made', 'made']],
  ])('is not made of %j', (request, paths) => {
    expect(pathsOf(request)).toEqual(paths);
  });

  it('says what the vendor has no more', () => {
    const notes = (from: number, to: number) => notKept(streams, jobs({ from: at(from), to: at(to) }), now);
    expect(notes(-6 * DAY, -5 * DAY)).toEqual([]);
    expect(notes(-8 * DAY, -5 * DAY)).toEqual([expect.stringMatching(/^more: .* for 7 days, .* before 2026-02-23/)]);
    expect(notes(-9 * DAY, -8 * DAY)).toEqual([expect.stringMatching(/^more: .*all of this range is gone/)]);
  });
});

describe('its progress', () => {
  const backfill = (more: Partial<Job> = {}) =>
    jobOf(connection, { lane: 'backfill', id: 'x', from: at(-1_000), watermark: at(-1_000), to: at(0), ...more });
  const progress = (more: Partial<Job>, seconds = 100, one = connection) =>
    backfillsOf(one, [backfill(more)], new Date(at(seconds)))[0];

  it('is what is done, what remains, and how fast', () => {
    const half = { watermark: at(-500), received: 200, stored: 50, requests: 4, dueAt: at(0) };
    expect(progress(half)).toEqual({
      id: 'x',
      stream: 'events',
      from: at(-1_000),
      to: at(0),
      doneTo: at(-500),
      percent: 50,
      remainingSeconds: 500,
      state: 'waiting',
      received: 200,
      stored: 50,
      requests: 4,
      lateBeyondLag: 0,
      rate: { events: 2, rangeSeconds: 5 },
      createdAt: at(0),
      lastRunAt: null,
      finishedAt: null,
      lastError: null,
    });
  });

  it('ends with when it was finished, and the rate does not fall from then on', () => {
    const done = { watermark: at(0), lastSuccessAt: at(50), received: 100 };
    const expected = { state: 'finished', percent: 100, remainingSeconds: 0, finishedAt: at(50), rate: { events: 2 } };
    expect(progress(done, 60)).toMatchObject(expected);
    expect(progress(done, 6_000)).toMatchObject(expected);
  });

  const lastError = { at: at(0), code: 'throttled', message: 'later' };
  it.each<[string, Partial<Job>, Partial<typeof connection>]>([
    ['running', { leaseUntil: at(200) }, {}],
    ['running', { leaseUntil: at(200), failures: 2, lastError }, { pausedAt: at(1) }],
    ['waiting', { leaseUntil: at(50) }, {}],
    ['waiting', { lastError, throttledUntil: at(500) }, {}],
    ['failing', { failures: 1, lastError }, {}],
    ['paused', { failures: 1, lastError }, { pausedAt: at(1) }],
    ['finished', { watermark: at(0) }, { pausedAt: at(1) }],
  ])('is %s', (state, job, one) => {
    expect(progress(job, 100, { ...connection, ...one })).toMatchObject({ state });
  });

  it('is of this connection only, the newest first', () => {
    const all = [
      backfill({ id: 'old' }),
      backfill({ id: 'new', createdAt: at(5) }),
      backfill({ id: 'new', createdAt: at(5), stream: 'a' }),
      jobOf(connection),
      jobOf(connectionOf(), { lane: 'backfill', id: 'former' }),
      jobOf(connectionOf({ id: 'main.one2' }), { lane: 'backfill', id: 'other' }),
    ];
    expect(backfillsOf(connection, all, now).map(({ id, stream }) => `${id} ${stream}`)).toEqual([
      'new a',
      'new events',
      'old events',
    ]);
  });
});
