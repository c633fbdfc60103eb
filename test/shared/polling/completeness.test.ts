import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CredentialError,
  CursorExpiredError,
  ThrottledError,
  VendorUnavailableError,
} from '../../../shared/polling/errors.ts';
import { intervalsOf } from '../../../shared/polling/intervals.ts';
import { START } from '../../support/polling.ts';
import { type CursorKind, Simulation, STREAM } from '../../support/simulated-vendor.ts';
import { THOROUGH } from '../../support/thorough.ts';

/** The vendor's history begins this long before the connection, and goes on this long after it was made. */
const BEFORE = 20_000;
const AFTER = 10_000;

const FAULTS = {
  unavailable: () => new VendorUnavailableError('500'),
  throttled: () => new ThrottledError('429'),
  'throttled for a while': () => new ThrottledError('429', 90_000),
  'cursor expired': () => new CursorExpiredError('410'),
  'secrets refused': () => new CredentialError('401'),
} as const;

const STEPS = ['beforeStore', 'afterStore', 'beforeSave', 'afterSave'] as const;

const story = fc.record({
  events: fc.uniqueArray(
    fc.record({
      n: fc.nat(100_000),
      // Many at the same instant, and at the edges of windows.
      at: fc.oneof(
        fc.integer({ min: -BEFORE, max: AFTER }),
        fc.constantFrom(-BEFORE, -600, -1, 0, 1, 30, 60, 600, 3_600),
      ),
      delay: fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 0, max: 30 }) },
        fc.integer({ min: 0, max: STREAM.overlapSeconds }),
        fc.integer({ min: 0, max: STREAM.lateSeconds }),
      ),
    }),
    { minLength: 1, maxLength: 60, selector: ({ n }) => n },
  ),
  order: fc.constantFrom('oldest first' as const, 'newest first' as const, 'none' as const),
  cursorLasts: fc.boolean(),
  pageSize: fc.integer({ min: 1, max: 20 }),
  windowSeconds: fc.constantFrom(600, 3_600, 86_400),
  skewSeconds: fc.constantFrom(0, 0, 0, -120, 120),
  deadlineMs: fc.constantFrom(600_000, 600_000, 5_000),
  faults: fc.array(
    fc.record({ page: fc.nat(120), kind: fc.constantFrom(...(Object.keys(FAULTS) as (keyof typeof FAULTS)[])) }),
    { maxLength: 12 },
  ),
  kills: fc.array(fc.record({ step: fc.constantFrom(...STEPS), at: fc.nat(60) }), { maxLength: 4 }),
  /** Another process polls at the same ticks. */
  twice: fc.boolean(),
});

describe.each<CursorKind>(['time', 'token', 'link', 'page', 'feed'])(
  'whatever happens to a log with %s cursors',
  (cursor) => {
    it('every event is stored once, and the intervals say no more than what is true', async () => {
      await fc.assert(
        fc.asyncProperty(story, async (told) => {
          const order = cursor === 'time' && told.order === 'none' ? 'oldest first' : told.order;
          const simulation = new Simulation({
            cursor,
            order,
            pageSize: told.pageSize,
            cursorLasts: told.cursorLasts,
            deadlineMs: told.deadlineMs,
            backfillFrom: new Date(START.getTime() - (BEFORE + 300) * 1_000),
            stream: { windowSeconds: told.windowSeconds },
          });
          const { rig } = simulation;
          simulation.skewMs = told.skewSeconds * 1_000;
          for (const { n, at, delay } of told.events) simulation.happen(n, at + told.skewSeconds, at + delay);
          const faults = new Map(told.faults.map(({ page, kind }) => [page, kind]));
          simulation.before = (page) => {
            rig.advance(0.2);
            const kind = faults.get(page);
            if (kind) throw FAULTS[kind]();
          };
          for (const step of STEPS) {
            const at = new Set(told.kills.filter((kill) => kill.step === step).map((kill) => kill.at));
            let times = 0;
            rig.steps[step] = () => {
              times += 1;
              if (at.has(times)) rig.kill();
            };
          }
          const other = rig.process();
          const check = async () => {
            const stored = new Set(rig.numbers());
            const { collected } = intervalsOf(rig.connection, [], await rig.jobs.list(), rig.now());
            for (const { from, to, lane } of collected) {
              for (const { n, at, arrives } of simulation.history) {
                // Later than the vendor needs to settle, an event may have to wait for the overlap or the sweep.
                const prompt = arrives - (at - simulation.skewMs) < STREAM.settleSeconds * 1_000;
                if (prompt && at >= Date.parse(from) && at < Date.parse(to) && !stored.has(n)) {
                  throw new Error(`event ${n} of ${new Date(at).toISOString()} is missing in ${lane} ${from} to ${to}`);
                }
              }
            }
          };
          for (let round = 0; round < 12; round += 1) {
            await rig.poll(900, 90);
            if (told.twice) await other.run({ connection: 'main.rig', lane: 'live' }, () => 60_000).catch(() => {});
            await check();
          }
          // Long enough for every late arrival and every pause after a failure.
          await rig.poll(AFTER + 3 * STREAM.lateSeconds + 14_400, 300);
          await check();
          expect(rig.numbers()).toEqual(told.events.map(({ n }) => n).sort((a, b) => a - b));
        }),
        { numRuns: THOROUGH ? 200 : 12 },
      );
    });
  },
);
