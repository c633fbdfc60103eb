import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredConnection } from '../../../shared/control/connections.ts';
import { AILMENTS, ailments, healthOf } from '../../../shared/polling/health.ts';
import type { Job } from '../../../shared/polling/job.ts';
import type { Collector } from '../../../shared/polling/poller.ts';
import { at, connectionOf, jobOf } from '../../support/jobs.ts';
import { STREAM } from '../../support/simulated-vendor.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const connection = connectionOf();
const job = (more: Partial<Job> = {}) => jobOf(connection, more);
/** The health of the one stream, so many seconds after the connection was made. */
function health(jobs: readonly Job[], seconds: number, of: StoredConnection = connection) {
  const [stream] = healthOf(of, { streams: [STREAM] }, jobs, new Date(at(seconds)));
  if (!stream) throw new Error('the stream has not begun');
  return stream;
}
const dayOf = (seconds: number) => at(seconds).slice(0, 10);

describe('the health of a stream', () => {
  it('is there once it has begun', () => {
    const now = new Date(at(60));
    expect(healthOf(connection, { streams: [STREAM] }, [], now)).toEqual([]);
    expect(healthOf(connection, { streams: [STREAM] }, [job({ lane: 'backfill', id: 'x' })], now)).toEqual([]);
    expect(health([job()], 60)).toEqual({
      stream: 'events',
      lastRunAt: null,
      lastSuccessAt: null,
      lastEventAt: null,
      collectedUpTo: at(0),
      lagSeconds: 60,
      failuresInARow: 0,
      lastError: null,
      throttledUntil: null,
      credentialExpiresAt: null,
      eventsPerDay: 0,
      late: 0,
      lateBeyondLag: 0,
      ailments: [],
    });
  });

  it('is bad when no run has begun it long after its connection was made', () => {
    expect(health([], 700).ailments).toEqual(['ConnectionsFailing']);
    const paused = connectionOf({ pausedAt: at(10) });
    expect(healthOf(paused, { streams: [STREAM] }, [], new Date(at(700)))).toEqual([]);
  });

  it("is made of its own jobs, in every lane, and of nobody else's", () => {
    const others = [
      jobOf(connectionOf({ id: 'main.one2' }), { stored: 100, lane: 'sweep' }),
      jobOf(connectionOf(), { stored: 100, lane: 'sweep', lastEventAt: at(50) }),
      job({ stream: 'other', lane: 'sweep', stored: 100, failures: 9 }),
    ];
    const own = [
      job({ watermark: at(30), lastEventAt: at(20), stored: 5 }),
      job({ lane: 'sweep', stored: 2, lastEventAt: at(10) }),
      job({ lane: 'backfill', id: 'a', lateBeyondLag: 3, lastEventAt: at(25) }),
    ];
    expect(health([...others, ...own], 60)).toMatchObject({
      collectedUpTo: at(30),
      lagSeconds: 30,
      lastEventAt: at(25),
      late: 2,
      lateBeyondLag: 3,
      ailments: [],
    });
  });

  it('counts events of full days, those of today and of backfills left out', () => {
    const jobs = [
      job({ daily: { [dayOf(0)]: 30, [dayOf(DAY)]: 10, [dayOf(2 * DAY)]: 999 } }),
      job({ lane: 'sweep', daily: { [dayOf(DAY)]: 1 } }),
      job({ lane: 'backfill', id: 'x', daily: { [dayOf(0)]: 5_000 } }),
    ];
    expect(health(jobs, 2 * DAY).eventsPerDay).toBe(20.5);
    // A day without events is a day, too.
    expect(health([job(), ...jobs.slice(1)], 4 * DAY).eventsPerDay).toBe(0.3);
  });

  it("never has a negative lag, whatever the vendor's clock says", () => {
    expect(health([job({ watermark: at(600) })], 0).lagSeconds).toBe(0);
  });
});

describe('a stream ails', () => {
  const error = { at: at(0), code: 'credential_refused', message: 'no' };
  const recent = { watermark: at(10 * DAY - 60) };
  it.each<[string, Partial<Job>[], string[]]>([
    ['nothing', [recent], []],
    ['two failures', [{ ...recent, failures: 2, lastError: error }], []],
    ['three failures', [{ ...recent, failures: 3, lastError: error }], ['ConnectionsFailing']],
    ['a backfill that fails', [recent, { lane: 'backfill', id: 'x', failures: 3 }], ['ConnectionsFailing']],
    ['a lag of a quarter of an hour', [{ watermark: at(10 * DAY - 900 - STREAM.settleSeconds) }], []],
    ['a longer lag', [{ watermark: at(10 * DAY - 901 - STREAM.settleSeconds) }], ['ConnectionsLagging']],
    ['throttling that keeps up', [{ ...recent, throttledUntil: at(10 * DAY + 60) }], []],
    [
      'throttling that does not',
      [{ watermark: at(9 * DAY), throttledUntil: at(10 * DAY + 60) }],
      ['ConnectionsLagging', 'ConnectionsThrottled'],
    ],
    ['a secret with 15 days', [{ ...recent, credentialExpiresAt: at(25 * DAY) }], []],
    ['a secret with 13 days', [{ ...recent, credentialExpiresAt: at(23 * DAY) }], ['CredentialsExpiring']],
    ['no event ever', [{ ...recent, daily: {} }], []],
    [
      // 24 a day is one an hour: after 12 hours, and what may come late, it is no chance any more.
      'silence of half a day where one an hour is usual',
      [{ ...recent, daily: { [dayOf(9 * DAY)]: 24 }, lastEventAt: at(10 * DAY - 14 * HOUR) }],
      ['ConnectionsSilent'],
    ],
    [
      'silence of 12 hours there',
      [{ ...recent, daily: { [dayOf(9 * DAY)]: 24 }, lastEventAt: at(10 * DAY - 12 * HOUR) }],
      [],
    ],
    [
      'silence of two hours where a thousand an hour are usual',
      [{ ...recent, daily: { [dayOf(9 * DAY)]: 24_000 }, lastEventAt: at(10 * DAY - 2 * HOUR - 1) }],
      ['ConnectionsSilent'],
    ],
    [
      'silence of a week where one a day is usual',
      [{ ...recent, daily: { [dayOf(9 * DAY)]: 1 }, lastEventAt: at(10 * DAY - 7 * DAY) }],
      [],
    ],
  ])('by %s', (_, jobs, expected) => {
    expect(health(jobs.map(job), 10 * DAY).ailments).toEqual(expected);
  });

  it('and the connection with it', () => {
    const well = connectionOf({ id: 'main.two' });
    const polled = [connection, well].map((one) => ({
      connection: one,
      collector: { streams: [STREAM] } as unknown as Collector,
    }));
    const jobs = [job({ failures: 3 }), jobOf(well, { failures: 2 })];
    const found = ailments(polled, jobs, new Date(at(60)));
    expect([...found.keys()]).toEqual([...AILMENTS]);
    expect(found.get('ConnectionsFailing')).toEqual(['main.one']);
    expect(found.get('ConnectionsLagging')).toEqual([]);
  });
});

it('a stream that gets on and has no failures does not fail, lag or suffer from throttling', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 * DAY }), fc.integer({ min: 0, max: 900 }), (seconds, lag) => {
      const { ailments: found } = health(
        [job({ watermark: at(seconds - lag), throttledUntil: at(seconds + 9) })],
        seconds,
      );
      expect(found).toEqual([]);
    }),
  );
});
