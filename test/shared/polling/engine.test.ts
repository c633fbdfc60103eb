import { describe, expect, it } from 'vitest';
import type { Json } from '../../../shared/json.ts';
import {
  CredentialError,
  CursorExpiredError,
  ThrottledError,
  VendorUnavailableError,
} from '../../../shared/polling/errors.ts';
import { newJob } from '../../../shared/polling/job.ts';
import type { Page } from '../../../shared/polling/poller.ts';
import type { RunResult } from '../../../shared/polling/run.ts';
import { START } from '../../support/polling.ts';
import { type CursorKind, type Order, Simulation, type SimulationOptions } from '../../support/simulated-vendor.ts';

const KINDS: { cursor: CursorKind; order: Order; cursorLasts?: boolean }[] = [
  { cursor: 'time', order: 'oldest first' },
  { cursor: 'token', order: 'oldest first' },
  { cursor: 'link', order: 'oldest first' },
  { cursor: 'link', order: 'newest first' },
  { cursor: 'token', order: 'newest first', cursorLasts: false },
  { cursor: 'page', order: 'newest first' },
  { cursor: 'page', order: 'none' },
  { cursor: 'feed', order: 'none' },
];

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe.each(KINDS)('a log with $cursor cursors, $order', (kind) => {
  const simulate = (options: Partial<SimulationOptions> = {}) => new Simulation({ ...kind, ...options });

  it('is polled though nothing happens', async () => {
    const { rig } = simulate();
    const results = await rig.poll(600);
    expect(results.every(({ outcome }) => outcome === 'caught_up')).toBe(true);
    expect(rig.numbers()).toEqual([]);
  });

  it.each([1, 3, 4, 30])('gives %i events, once each', async (count) => {
    const simulation = simulate();
    for (const n of upTo(count)) simulation.happen(n, 60 + n * 7);
    await simulation.rig.poll(900);
    expect(simulation.rig.numbers()).toEqual(upTo(count));
  });

  it('loses nothing when the second page fails', async () => {
    const simulation = simulate();
    for (const n of upTo(10)) simulation.happen(n, 60 + n);
    await simulation.rig.poll(60);
    let failed = 0;
    simulation.before = () => {
      if (simulation.rig.numbers().length > 0 && failed < 2) {
        failed += 1;
        throw new VendorUnavailableError('500');
      }
    };
    await simulation.rig.poll(1_200);
    expect(failed).toBe(2);
    expect(simulation.rig.numbers()).toEqual(upTo(10));
  });

  it('keeps events of one instant across the edge of a page', async () => {
    const simulation = simulate();
    for (const n of upTo(8)) simulation.happen(n, 100);
    await simulation.rig.poll(900);
    expect(simulation.rig.numbers()).toEqual(upTo(8));
  });

  it('takes an event that arrives within the overlap', async () => {
    const simulation = simulate();
    simulation.happen(0, 100);
    simulation.happen(1, 100, 380);
    await simulation.rig.poll(700);
    expect(simulation.rig.numbers()).toEqual([0, 1]);
  });

  it('finds an event within the documented lag by the sweep', async () => {
    const simulation = simulate();
    simulation.happen(0, 100);
    simulation.happen(1, 100, 100 + 3_500);
    await simulation.rig.poll(6_000);
    expect(simulation.rig.numbers()).toEqual([0, 1]);
  });

  it('leaves one that is later than that to a backfill, which counts it', async () => {
    // A feed gives events as they arrive, however late.
    if (kind.cursor === 'feed') return;
    const simulation = simulate();
    simulation.happen(0, 100);
    simulation.happen(1, 100, 20_000);
    await simulation.rig.poll(21_000, 300);
    expect(simulation.rig.numbers()).toEqual([0]);
    await backfill(simulation, 0, 1_000);
    await simulation.rig.poll(600);
    expect(simulation.rig.numbers()).toEqual([0, 1]);
    expect((await simulation.rig.job('backfill')).lateBeyondLag).toBe(1);
  });

  it('stores a page once that comes twice', async () => {
    if (kind.cursor === 'feed') return;
    const simulation = simulate();
    for (const n of upTo(10)) simulation.happen(n, 60 + n);
    let last: Page | undefined;
    simulation.bend = (page) => {
      const repeated = last && page.next !== undefined ? { ...page, events: [...last.events, ...page.events] } : page;
      last = page;
      return repeated;
    };
    await simulation.rig.poll(900);
    expect(simulation.rig.numbers()).toEqual(upTo(10));
  });

  it('stops with an error where a cursor repeats, and goes on when it does not any more', async () => {
    const simulation = simulate();
    for (const n of upTo(12)) simulation.happen(n, 60 + n);
    let first: Json | undefined;
    simulation.bend = (page) => {
      if (page.next === undefined) return page;
      first ??= page.next;
      return { ...page, next: first };
    };
    simulation.bendFeed = (page) => ({ ...page, position: 0 });
    const results = await simulation.rig.poll(600);
    expect(results.some(({ job }) => job.lastError?.code === 'cursor_repeated')).toBe(true);
    expect(simulation.pages).toBeLessThan(60);
    simulation.bend = (page) => page;
    simulation.bendFeed = (page) => page;
    await simulation.rig.poll(7_200);
    expect(simulation.rig.numbers()).toEqual(upTo(12));
  });

  it.each([-2_400, -240, 240, 2_400])('does not mind that the vendor is %i seconds ahead', async (ahead) => {
    const simulation = simulate();
    // The vendor stamps events with its own time, and says what it is.
    for (const n of upTo(12)) simulation.happen(n, 60 + n * 100 + ahead, 60 + n * 100);
    simulation.skewMs = ahead * 1_000;
    await simulation.rig.poll(7_200);
    expect(simulation.rig.numbers()).toEqual(upTo(12));
  });

  it('collects history beside what is new', async () => {
    const simulation = simulate({ backfillFrom: new Date(START.getTime() - 20 * 86_400_000), deadlineMs: 3_000 });
    for (const n of upTo(40)) simulation.happen(n, (n - 40) * 43_000);
    for (const n of upTo(10)) simulation.happen(100 + n, 60 + n * 30);
    simulation.before = () => simulation.rig.advance(0.9);
    await simulation.rig.poll(600);
    expect(simulation.rig.numbers().filter((n) => n >= 100)).toHaveLength(10);
    await simulation.rig.poll(7_200);
    expect(simulation.rig.numbers()).toEqual([...upTo(40), ...upTo(10).map((n) => 100 + n)]);
    const { dueAt, watermark, to } = await simulation.rig.job('backfill');
    expect({ dueAt, watermark }).toEqual({ dueAt: undefined, watermark: to });
  });

  it('stops when the connection is deleted in mid-run, and begins anew when it is made again', async () => {
    const simulation = simulate();
    for (const n of upTo(10)) simulation.happen(n, 60 + n);
    await simulation.rig.poll(60);
    let deleted = false;
    simulation.rig.steps.afterStore = () => {
      if (deleted) return;
      deleted = true;
      simulation.rig.removeNow();
    };
    const results = await simulation.rig.poll(60);
    expect(results.map(({ outcome }) => outcome)).toContain('lost');
    const before = simulation.rig.numbers().length;
    expect(before).toBeLessThan(10);
    expect(await simulation.rig.jobs.list()).toEqual([]);
    simulation.rig.remake();
    await simulation.rig.poll(1_200);
    expect(simulation.rig.numbers()).toEqual(upTo(10));
  });

  it('waits as long as the vendor asks', async () => {
    const simulation = simulate();
    for (const n of upTo(5)) simulation.happen(n, 60);
    await simulation.rig.poll(120);
    const calls: number[] = [];
    let throttles = 1;
    simulation.before = (_page, request) => {
      // A feed's start leaves the stretch before it to windows.
      if (kind.cursor === 'feed' && request) return;
      calls.push(simulation.rig.now().getTime());
      if (throttles > 0) {
        throttles -= 1;
        throw new ThrottledError('429', 300_000);
      }
    };
    await simulation.rig.poll(900, 30);
    expect((calls[1] ?? 0) - (calls[0] ?? 0)).toBeGreaterThanOrEqual(300_000);
    expect(simulation.rig.numbers()).toEqual(upTo(5));
  });

  it('is asked ever less often while it refuses the secrets, and loses nothing', async () => {
    const simulation = simulate();
    for (const n of upTo(5)) simulation.happen(n, 60 + n * 1_000);
    let calls = 0;
    simulation.before = () => {
      calls += 1;
      throw new CredentialError('401');
    };
    await simulation.rig.poll(7_200);
    // Live, and a sweep now and then.
    expect(calls).toBeLessThan(30);
    expect((await simulation.rig.job('live')).lastError?.code).toBe('credential_refused');
    simulation.before = () => {};
    await simulation.rig.poll(7_200);
    expect(simulation.rig.numbers()).toEqual(upTo(5));
    expect((await simulation.rig.job('live')).lastError).toBeUndefined();
  });

  it('starts a window again whose cursor has expired', async () => {
    const simulation = simulate();
    for (const n of upTo(10)) simulation.happen(n, 60 + n);
    await simulation.rig.poll(60);
    let expired = 0;
    simulation.before = (_page, request) => {
      const follows = kind.cursor === 'feed' ? simulation.rig.numbers().length > 0 : request?.cursor !== undefined;
      if (follows && expired === 0) {
        expired += 1;
        throw new CursorExpiredError('410');
      }
    };
    await simulation.rig.poll(2_400);
    expect(expired).toBe(1);
    expect(simulation.rig.numbers()).toEqual(upTo(10));
  });

  it.each(['beforeStore', 'afterStore', 'beforeSave', 'afterSave'] as const)(
    'survives being killed %s, at any page',
    async (step) => {
      for (const at of upTo(6)) {
        const simulation = simulate();
        for (const n of upTo(10)) simulation.happen(n, 60 + n);
        await simulation.rig.poll(60);
        let left = at;
        simulation.rig.steps[step] = () => {
          left -= 1;
          if (left === -1) simulation.rig.kill();
        };
        await simulation.rig.poll(2_400);
        expect(simulation.rig.numbers()).toEqual(upTo(10));
      }
    },
  );

  it('goes on where its time ran out', async () => {
    const simulation = simulate({ deadlineMs: 3_000 });
    for (const n of upTo(12)) simulation.happen(n, 60 + n * 120);
    await simulation.rig.poll(60);
    simulation.rig.advance(1_800);
    simulation.before = () => simulation.rig.advance(1.2);
    await simulation.rig.poll(3_600);
    expect(simulation.rig.numbers()).toEqual(upTo(12));
  });

  it('stops without saving when another run took the job over', async () => {
    const simulation = simulate();
    for (const n of upTo(10)) simulation.happen(n, 60 + n);
    await simulation.rig.poll(60);
    const other = simulation.rig.process();
    const task = { connection: 'main.rig', lane: 'live' } as const;
    let others: RunResult[] | undefined;
    simulation.rig.advance(120);
    simulation.rig.steps.afterStore = async () => {
      if (others) return;
      others = [];
      // It hung for so long that its lease ended.
      simulation.rig.advance(600);
      others = await other.run(task, () => 600_000);
    };
    const slow = await simulation.rig.tick();
    expect(others?.map(({ outcome }) => outcome)).toEqual(['caught_up']);
    expect(slow.filter(({ job }) => job.lane === 'live').map(({ outcome }) => outcome)).toEqual(['lost']);
    await simulation.rig.poll(1_200);
    expect(simulation.rig.numbers()).toEqual(upTo(10));
  });

  it('is polled once by ticks that come twice', async () => {
    const simulation = simulate();
    for (const n of upTo(10)) simulation.happen(n, 60 + n);
    await simulation.rig.poll(120);
    simulation.rig.advance(60);
    const task = { connection: 'main.rig', lane: 'live' } as const;
    const [one, two] = [simulation.rig.process(), simulation.rig.process()];
    const outcomes = (await Promise.all([one.run(task, () => 600_000), two.run(task, () => 600_000)])).flat();
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['caught_up', 'held']);
    expect(simulation.rig.numbers()).toEqual(upTo(10));
  });
});

/** What `POST /v1/connections/{id}/backfill` makes: seconds from the connection's making. */
async function backfill({ rig, stream }: Simulation, from: number, to: number): Promise<void> {
  const at = (seconds: number) => new Date(Date.parse(rig.connection.createdAt) + seconds * 1_000).toISOString();
  const { incarnation } = await rig.job('live');
  const created = { createdAt: rig.now().toISOString(), dueAt: rig.now().toISOString() };
  const of = { connection: 'main.rig', incarnation, stream: stream.name, lane: 'backfill' as const, id: 'asked' };
  await rig.jobs.create(newJob({ ...of, ...created, from: at(from), to: at(to) }));
}

it('reads a window once a run, however long its pages take', async () => {
  const simulation = new Simulation({ cursor: 'token', pageSize: 2 });
  for (const n of upTo(30)) simulation.happen(n, 60 + n * 10);
  simulation.rig.advance(600);
  simulation.before = () => simulation.rig.advance(5);
  await simulation.rig.tick();
  expect(simulation.rig.numbers()).toEqual(upTo(30));
  expect(simulation.pages).toBe(15);
});
