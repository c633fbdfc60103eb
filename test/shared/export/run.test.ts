import { verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Manifest } from '../../../shared/export/manifest.ts';
import { canonicalJson } from '../../../shared/json.ts';
import { DEFAULT_FIELDS, pick } from '../../../shared/query/fields.ts';
import { ExportWorld, eventsOf, Killed, publicKey } from '../../support/exporting.ts';

const HOUR_MS = 3_600_000;
const EVENTS = eventsOf(60);
const ALL = EVENTS.map((event) => `${JSON.stringify(pick(event as never, DEFAULT_FIELDS))}\n`).join('');

async function begun(...[events = EVENTS, more]: Partial<ConstructorParameters<typeof ExportWorld>>) {
  const world = new ExportWorld([...events], more);
  await world.exports.create(world.record);
  return world;
}

/** How many steps a run takes that nothing disturbs. */
async function stepsOfWhole(): Promise<number> {
  const world = await begun();
  let steps = 0;
  world.beforeStep = () => {
    steps += 1;
  };
  expect(await world.run()).toBe('done');
  return steps;
}

describe('an export', () => {
  it('has every event once, oldest first, in files of bounded size, and a signed manifest that says so', async () => {
    const world = await begun();
    expect(await world.run()).toBe('done');
    expect(await world.text()).toBe(ALL);
    const { status, files, manifest, leaseUntil, publicKey: told } = await world.stored();
    expect({ status, leaseUntil }).toEqual({ status: 'done', leaseUntil: undefined });
    expect(files.length).toBeGreaterThan(3);
    expect(files.map(({ name }) => name)).toEqual(
      files.map((_, index) => `annals-${world.record.id}-${index + 1}.ndjson.gz`),
    );
    const bytes = world.objects.get(manifest?.key ?? '') ?? Buffer.alloc(0);
    const parsed = Manifest.parse(JSON.parse(bytes.toString()));
    expect(bytes.toString()).toBe(`${canonicalJson(parsed)}\n`);
    expect(parsed).toMatchObject({
      id: world.record.id,
      by: { key: 'key_1', name: 'auditors' },
      query: world.record.query,
      rows: EVENTS.length,
      files: files.map(({ key: _, ...file }) => file),
      key: told?.fingerprint,
    });
    expect(told?.pem).toBe(publicKey.export({ format: 'pem', type: 'spki' }));
    const signature = Buffer.from(manifest?.signature ?? '', 'base64');
    expect(verify('sha256', bytes, told?.pem ?? '', signature)).toBe(true);
    expect(world.objects.get(manifest?.signatureKey ?? '')?.toString()).toBe(`${manifest?.signature}\n`);
  });

  it('of nothing is done too, without files', async () => {
    const world = await begun([]);
    expect(await world.run()).toBe('done');
    expect((await world.stored()).files).toEqual([]);
  });

  it('as CSV has the names of its columns in each file', async () => {
    const world = await begun(EVENTS.slice(0, 20), { format: 'csv', columns: ['action'] });
    expect(await world.run({ fileCharacters: 1 })).toBe('done');
    expect(await world.text()).toBe(
      [0, 7, 14]
        .flatMap((from) => [[{ action: 'action' }], EVENTS.slice(from, Math.min(from + 7, 20))].flat())
        .map(({ action }) => `${action}\r\n`)
        .join(''),
    );
  });

  it('that was killed anywhere, and killed again, has the same rows in the end', async () => {
    const steps = await stepsOfWhole();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(steps), { maxLength: 4 }), async (kills) => {
        const world = await begun();
        for (const kill of kills) {
          let step = 0;
          world.beforeStep = () => {
            if (step++ >= kill) throw new Killed();
          };
          const outcome = await world.run().catch((error: unknown) => error);
          if (!(outcome instanceof Killed)) expect(['done', 'taken']).toContain(outcome);
          world.now += HOUR_MS;
        }
        world.beforeStep = () => {};
        expect(['done', 'taken']).toContain(await world.run());
        expect((await world.stored()).status).toBe('done');
        expect(await world.text()).toBe(ALL);
      }),
      { numRuns: 60 },
    );
  });

  it('whose time is up anywhere goes on at once, where it stopped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: 16 }), async (patience) => {
        const world = await begun();
        world.patience = patience;
        const outcomes: string[] = [];
        while (outcomes.at(-1) !== 'done' && outcomes.length < 100) outcomes.push(await world.run());
        expect(outcomes).toEqual([...outcomes.slice(1).map(() => 'continues'), 'done']);
        expect(await world.text()).toBe(ALL);
      }),
      { numRuns: 12 },
    );
  });

  it('belongs to one run at a time', async () => {
    const world = await begun();
    expect((await Promise.all([world.run(), world.run(), world.run()])).sort()).toEqual(['done', 'taken', 'taken']);
    expect(await world.text()).toBe(ALL);
    expect(await world.run()).toBe('taken');
  });

  it('is not spoiled by a run that wakes up after another took over', async () => {
    const steps = await stepsOfWhole();
    for (let stop = 3; stop < steps; stop += 3) {
      const world = await begun();
      const asleep = Promise.withResolvers<void>();
      const stopped = Promise.withResolvers<void>();
      let step = 0;
      world.beforeStep = (run) => {
        if (run > 0 || step++ !== stop) return undefined;
        stopped.resolve();
        return asleep.promise;
      };
      const first = world.run();
      await stopped.promise;
      world.now += HOUR_MS;

      const second = await world.run();
      asleep.resolve();
      expect([await first, second].sort()).toEqual(['done', 'taken']);
      expect(await world.text()).toBe(ALL);
    }
  });

  it('that fails for a while is tried again, and not at once', async () => {
    const world = await begun();
    world.beforeStep = (_, step) => {
      if (step === 'page') throw new Error('down');
    };
    expect(await world.run()).toBe('continues');
    expect(world.errors).toEqual([new Error('down')]);
    world.beforeStep = () => {};
    expect(await world.run()).toBe('taken');
    world.now += 61_000;
    expect(await world.run()).toBe('done');
  });

  it.each(['page', 'before put', 'circumstances'])(
    'that gets no further (%s) is given up, with a reason',
    async (bad) => {
      const world = await begun();
      world.beforeStep = (_, step) => {
        if (step === bad) throw new Error('down');
      };
      const outcomes: string[] = [];
      while (outcomes.at(-1) !== 'failed' && outcomes.length < 10) {
        outcomes.push(await world.run());
        world.now += HOUR_MS;
      }
      // The first run may have got somewhere.
      expect([6, 7]).toContain(outcomes.length);
      expect(outcomes.at(-1)).toBe('failed');
      expect(await world.stored()).toMatchObject({ status: 'failed', reason: expect.stringContaining('5 runs') });
      expect(await world.run()).toBe('taken');
    },
  );

  it('that is too large is given up, with what to do', async () => {
    const world = await begun();
    expect(await world.run({ files: 2 })).toBe('failed');
    expect((await world.stored()).reason).toMatch(/more than 2 files .* shorter range/);
  });

  it('that takes longer than a day is given up', async () => {
    const world = await begun();
    world.now += 25 * HOUR_MS;
    expect(await world.run()).toBe('failed');
    expect((await world.stored()).reason).toContain('24 hours');
  });
});
