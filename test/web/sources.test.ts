import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AILMENTS } from '../../shared/polling/health.ts';
import { ticksOf } from '../../web/sources/axis.ts';
import { limiter } from '../../web/sources/limiter.ts';
import { spanWords } from '../../web/sources/span.ts';
import { needsLook, statusOf, troublesOf } from '../../web/sources/status.ts';
import {
  beginOf,
  type Intervals,
  isFilled,
  reasonWords,
  shareCollected,
  streamsOf,
  stretchesOf,
} from '../../web/sources/strip.ts';
import type { Health, Stream } from '../../web/sources/types.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const time = (hours: number) => new Date(NOW + hours * HOUR).toISOString();

const well: Stream = {
  stream: 'web',
  lastRunAt: time(-1),
  lastSuccessAt: time(-1),
  lastEventAt: time(-2),
  collectedUpTo: time(-1),
  lagSeconds: 3600,
  failuresInARow: 0,
  lastError: null,
  advice: null,
  throttledUntil: null,
  credentialExpiresAt: null,
  eventsPerDay: 40,
  late: 0,
  lateBeyondLag: 0,
  ailments: [],
};
const health = (stream: Partial<Stream> = {}, whole: Partial<Health> = {}) => {
  const streams = [{ ...well, ...stream }];
  return {
    health: { paused: false, problem: null, ailments: streams.flatMap(({ ailments }) => ailments), streams, ...whole },
  };
};
const refused = { at: time(-1), code: 'credential_refused', message: 'GET https://x was answered with 401' };

describe('a connection in a word', () => {
  test.each([
    [{ health: null }, 'Takes what is sent', false],
    [health(), 'Collecting', false],
    [health({ lastRunAt: null, lastSuccessAt: null }), 'Starting', false],
    [health({}, { streams: [] }), 'Starting', false],
    [health({ ailments: ['ConnectionsFailing'] }, { paused: true }), 'Paused', false],
    [health({}, { problem: 'change them' }), 'Not polled', true],
    [health({ lastError: refused }), 'Trying again', true],
    [health({ ailments: ['ConnectionsSilent', 'CredentialsExpiring'] }), 'Silent', true],
    [health({ ailments: ['ConnectionsFailing', 'ConnectionsLagging'] }), 'Failing', true],
  ])('%#: %j', (connection, word, needs) => {
    expect(statusOf(connection).word).toBe(word);
    expect(needsLook(connection)).toBe(needs);
  });

  test.each(AILMENTS)('%s has one', (ailment) => {
    expect(needsLook(health({ ailments: [ailment] }))).toBe(true);
  });
});

describe('what is wrong', () => {
  test('nothing', () => {
    expect(troublesOf(health(), NOW)).toEqual([]);
    expect(troublesOf({ health: null }, NOW)).toEqual([]);
  });

  test('a refused secret, with what to do and what was said', () => {
    const ill = health({
      lastError: refused,
      advice: 'Give new ones.',
      failuresInARow: 4,
      ailments: ['ConnectionsFailing', 'ConnectionsLagging'],
    });
    expect(troublesOf(ill, NOW)).toEqual([
      { stream: 'web', kind: 'failure', text: 'The last 4 polls failed.', advice: 'Give new ones.', said: refused },
    ]);
  });

  test('the gravest first', () => {
    const ill = health(
      { ailments: ['ConnectionsSilent', 'CredentialsExpiring'], lastEventAt: time(-48), credentialExpiresAt: time(72) },
      { problem: 'an earlier version took the settings' },
    );
    expect(troublesOf(ill, NOW).map(({ text }) => text)).toEqual([
      'It is not polled.',
      'Nothing has come for 2 days, and about 40 events come on a usual day.',
      'Its credential ends in 3 days.',
    ]);
  });

  test('a stream that no run reached', () => {
    const ill = health({ lastRunAt: null, lastSuccessAt: null, ailments: ['ConnectionsFailing'] });
    expect(troublesOf(ill, NOW)).toMatchObject([{ kind: 'failure', text: 'It was never polled.' }]);
  });

  test('every ailment is told of', () => {
    for (const ailment of AILMENTS.filter((one) => one !== 'ConnectionsThrottled')) {
      expect(troublesOf(health({ ailments: [ailment], credentialExpiresAt: time(1) }), NOW)).toHaveLength(1);
    }
    const throttled = health({ ailments: ['ConnectionsThrottled'], lastError: { ...refused, code: 'throttled' } });
    expect(troublesOf(throttled, NOW)).toMatchObject([{ text: 'The vendor holds it back.', kind: 'caution' }]);
  });
});

describe('what was collected', () => {
  const collected = (stream: string, from: number, to: number) => ({
    stream,
    lane: 'live' as const,
    from: time(from),
    to: time(to),
    begunAt: time(from),
    collectedAt: time(to),
    sweptUpTo: null,
  });
  const gap = (stream: string, from: number, to: number, open: boolean, reason = 'paused') => ({
    stream,
    from: time(from),
    to: time(to),
    open,
    reason,
    notedAt: null,
  });
  const intervals: Intervals = {
    collected: [collected('git', -100, -60), collected('git', -50, -1), collected('web', -80, -1)],
    gaps: [gap('git', -60, -50, false, 'no_longer_kept'), gap('web', -200, -80, true, 'backfill_pending')],
  };
  const short = (stream: string | null, from: number, to: number) =>
    stretchesOf(intervals, stream, NOW + from * HOUR, NOW + to * HOUR).map((one) => [
      (one.from - NOW) / HOUR,
      (one.to - NOW) / HOUR,
      one.state,
    ]);

  test('of one stream', () => {
    expect(short('git', -120, 0)).toEqual([
      [-120, -100, 'unasked'],
      [-100, -60, 'collected'],
      [-60, -50, 'lost'],
      [-50, -1, 'collected'],
      [-1, 0, 'unasked'],
    ]);
  });

  test('of all, the gravest counts', () => {
    expect(short(null, -120, 0)).toEqual([
      [-120, -80, 'pending'],
      [-80, -60, 'collected'],
      [-60, -50, 'lost'],
      [-50, -1, 'collected'],
      [-1, 0, 'unasked'],
    ]);
  });

  test('what one job has is there, whatever another has yet to read or came too late for', () => {
    const twice: Intervals = {
      collected: [collected('web', -20, -10)],
      gaps: [gap('web', -40, 0, true, 'backfill_pending'), gap('web', -15, -12, false, 'no_longer_kept')],
    };
    const states = (from: number, to: number) =>
      stretchesOf(twice, 'web', NOW + from * HOUR, NOW + to * HOUR).map(({ state }) => state);
    expect(states(-40, 0)).toEqual(['pending', 'collected', 'pending']);
    expect(twice.gaps.map((one) => isFilled(one, twice))).toEqual([false, true]);
  });

  test('streams, begin and share', () => {
    expect(streamsOf(intervals)).toEqual(['git', 'web']);
    expect(beginOf(intervals)).toBe(NOW - 200 * HOUR);
    expect(beginOf({ collected: [], gaps: [] })).toBeUndefined();
    expect(shareCollected(stretchesOf(intervals, 'git', NOW - 100 * HOUR, NOW))).toBeCloseTo(89 / 99);
    expect(shareCollected([])).toBe(1);
  });

  test('stretches make up the whole range, whatever was collected', () => {
    const span = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }));
    const stream = fc.constantFrom('a', 'b');
    const any = fc.record({
      collected: fc.array(fc.tuple(stream, span).map(([name, [from, to]]) => collected(name, from, to))),
      gaps: fc.array(fc.tuple(stream, span, fc.boolean()).map(([name, [from, to], open]) => gap(name, from, to, open))),
    });
    fc.assert(
      fc.property(
        any,
        fc.option(stream),
        fc.integer({ min: -40, max: 0 }),
        fc.integer({ min: 1, max: 40 }),
        (all, one, from, to) => {
          const stretches = stretchesOf(all, one, NOW + from * HOUR, NOW + to * HOUR);
          expect(stretches[0]?.from).toBe(NOW + from * HOUR);
          expect(stretches.at(-1)?.to).toBe(NOW + to * HOUR);
          for (const [index, stretch] of stretches.entries()) {
            expect(stretch.to).toBeGreaterThan(stretch.from);
            const next = stretches[index + 1];
            if (next) expect([next.from, next.state === stretch.state]).toEqual([stretch.to, false]);
          }
        },
      ),
    );
  });

  test('a vendor’s own reason is left as it is', () => {
    expect(reasonWords('paused')).toBe('The connection is or was paused');
    expect(reasonWords('constructor')).toBe('constructor');
  });
});

test.each([
  [500, '0 seconds'],
  [90_000, '1 minute'],
  [26 * HOUR, '26 hours'],
  [48 * HOUR, '2 days'],
  [45 * 24 * HOUR, '45 days'],
  [61 * 24 * HOUR, '2 months'],
])('%d ms are %s', (ms, words) => {
  expect(spanWords(ms)).toBe(words);
});

test('an axis has a few round times, in order, within its range', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2e12 }),
      fc.integer({ min: HOUR, max: 40 * 365 * 24 * HOUR }),
      (from, length) => {
        const at = ticksOf(from, from + length).map((tick) => tick.at);
        expect(at.length).toBeLessThanOrEqual(9);
        expect(at).toEqual(at.toSorted((a, b) => a - b));
        expect(at.every((one) => one >= from && one <= from + length && one % HOUR === 0)).toBe(true);
      },
    ),
  );
});

test('so many tasks run at a time, and one that fails makes room', async () => {
  const limit = limiter(2);
  const ends: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const task = (fails: boolean) =>
    limit(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((end) => ends.push(end));
      running -= 1;
      if (fails) throw new Error('failed');
      return 'done';
    });
  const all = Promise.allSettled([task(true), task(false), task(true), task(false), task(false)]);
  for (let ended = 0; ended < 5; ) {
    const end = ends.shift();
    if (end) {
      end();
      ended += 1;
    }
    await new Promise((next) => setImmediate(next));
  }
  expect((await all).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(most).toBe(2);
});
