import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SealOptions } from '../../../../shared/archive/seal/seal.ts';
import type { Signer } from '../../../../shared/archive/seal/signer.ts';
import { row, World } from './world.ts';

const NOW = '2026-03-04T01:00:00Z';
const LIMITS = { limits: { bytes: 1_000_000, objects: 2, files: 1 } };

let source: World;
beforeAll(async () => {
  source = await World.open();
  await source.land('2026-03-01/a', [row({ id: 'A' }), row({ id: 'B', tenant: 'beta' })]);
  await source.land('2026-03-01/b', [row({ id: 'A' }), row({ id: 'C' })]);
  await source.land('2026-03-01/c', [row({ id: 'C' }), row({ id: 'D' })]);
});
afterAll(() => source.close());

/** Another archive over the same landing objects. */
function emptied(): World {
  source.archive.objects.clear();
  for (const [key, [stored]] of source.landing.objects)
    if (stored) source.landing.objects.set(key, [{ ...stored, tags: {} }]);
  return source;
}

/** Calls `step` before everything that changes something, and fails where it throws. */
async function sealWatched(
  world: World,
  step: (call: string) => void,
  now = NOW,
  given: Partial<SealOptions> = LIMITS,
): Promise<void> {
  const signer: Signer = {
    publicKey: () => world.signer.publicKey(),
    async sign(hash) {
      step('sign');
      return world.signer.sign(hash);
    },
  };
  world.landing.step = world.archive.step = (call) => /^(put|tag) \S+$/.test(call) && step(call);
  try {
    await world.seal(now, { ...given, signer });
  } finally {
    world.landing.step = world.archive.step = () => {};
  }
}

function outcome(world: World) {
  const tags = world.landing.keys().map((key) => [key, world.landing.stored(key).tags]);
  return { archive: world.archive.contents(), tags };
}

it('broken off at any step and run again, it comes to the same bytes, and nothing is there twice or missing', async () => {
  const steps: string[] = [];
  await sealWatched(emptied(), (call) => steps.push(call));
  const wanted = outcome(source);
  expect((await source.archived()).flat()).toEqual(['A', 'C', 'D', 'B']);
  expect(steps).toHaveLength(19);
  for (const [broken, call] of steps.entries()) {
    const world = emptied();
    let taken = 0;
    const crash = sealWatched(world, () => {
      if (taken++ === broken) throw new Error(`crashed at ${call}`);
    });
    await expect(crash).rejects.toThrow(`crashed at ${call}`);
    await sealWatched(world, () => {});
    expect([call, outcome(world)]).toEqual([call, wanted]);
  }
});

it('two runs at once come to the same bytes as one', async () => {
  await sealWatched(emptied(), () => {});
  const wanted = outcome(source);
  const world = emptied();
  await Promise.all([world.seal(NOW, LIMITS), world.seal(NOW, LIMITS), world.seal(NOW, LIMITS)]);
  expect(outcome(world)).toEqual(wanted);
});

it('gives the same bytes whatever memory and time of day it has', async () => {
  const world = emptied();
  await world.seal(NOW, { ...LIMITS, memoryMb: 120 });
  const wanted = world.archive.keys('archive/').map((key) => [key, world.archive.stored(key).version]);
  emptied();
  await world.seal('2026-03-04T17:30:00Z', { ...LIMITS, memoryMb: 900 });
  expect(world.archive.keys('archive/').map((key) => [key, world.archive.stored(key).version])).toEqual(wanted);
});

describe('where files expire', () => {
  const RETENTION = { ...LIMITS, lock: { mode: 'GOVERNANCE', years: 1 }, retention: { acme: 1 } } as const;
  const OLD = 'archive/event_date=2026-03-01/acme/2026-03-01-1.parquet';
  let world: World;
  let before: Map<string, readonly { tags: Readonly<Record<string, string>> }[]>[];
  const stores = () => [world.landing, world.archive];

  /** What was sealed a year ago is about to expire on the day on which one of its events comes once more. */
  beforeAll(async () => {
    world = await World.open();
    await world.land('2026-03-01/a', [row({ id: 'A' }), row({ id: 'B' }), row({ id: 'C', tenant: 'beta' })]);
    await world.seal('2026-03-03T02:00:00Z', RETENTION);
    await world.seal('2027-03-03T01:00:00Z', RETENTION);
    await world.land('2027-03-02/a', [row({ id: 'A' }), row({ id: 'D', time: '2027-03-02 10:00:00' })]);
    before = stores().map(({ objects }) => new Map(objects));
  });
  afterAll(() => world.close());

  function restored(): World {
    for (const [index, { objects }] of stores().entries()) {
      objects.clear();
      for (const [key, versions] of before[index] ?? []) objects.set(key, versions.map((one) => ({ ...one })) as never);
    }
    return world;
  }
  const result = () => ({
    archive: world.archive.contents(),
    tags: stores().map((store) => store.keys().map((key) => [key, store.stored(key).tags])),
  });
  const DAY = '2027-03-04T01:00:00Z';

  it('broken off at any step and run again, it lists and tags the same ones, and tags none before the signature', async () => {
    restored();
    const steps: string[] = [];
    await sealWatched(world, (call) => steps.push(call), DAY, RETENTION);
    const wanted = result();
    expect(world.digest('2027-03-02')).toMatchObject({ expired: [{ key: OLD, rows: 2 }], archivedBefore: 1 });
    expect(world.archive.stored(OLD).tags).toEqual({ expired: 'true', digest: '2027-03-02' });
    expect(world.archive.stored(OLD.replace('acme', 'beta')).tags).toEqual({});
    expect(steps.indexOf(`tag ${OLD}`)).toBeGreaterThan(steps.indexOf('put digests/2027-03-02.sig'));
    for (const [broken, call] of steps.entries()) {
      restored();
      let taken = 0;
      const crash = sealWatched(
        world,
        () => {
          if (taken++ === broken) throw new Error(`crashed at ${call}`);
        },
        DAY,
        RETENTION,
      );
      await expect(crash).rejects.toThrow(`crashed at ${call}`);
      const isSigned = world.archive.keys('digests/2027-03-02.sig').length > 0;
      if (!isSigned) expect([call, world.archive.stored(OLD).tags]).toEqual([call, {}]);
      await sealWatched(world, () => {}, DAY, RETENTION);
      // What was broken off after the signature is finished when the next day is due.
      if (isSigned) await sealWatched(world, () => {}, '2027-03-05T01:00:00Z', RETENTION);
      const { tags, archive } = result();
      expect([call, tags]).toEqual([call, isSigned ? tags : wanted.tags]);
      expect([call, world.archive.stored(OLD).tags]).toEqual([call, { expired: 'true', digest: '2027-03-02' }]);
      for (const [key, bytes] of Object.entries(wanted.archive))
        expect([call, key, archive[key]]).toEqual([call, key, bytes]);
    }
  });

  it('several runs at once come to the same as one', async () => {
    restored();
    await world.seal(DAY, RETENTION);
    const wanted = result();
    restored();
    await Promise.all([world.seal(DAY, RETENTION), world.seal(DAY, RETENTION), world.seal(DAY, RETENTION)]);
    expect(result()).toEqual(wanted);
  });

  it('what comes again once its file is listed is sealed anew, whether the file is there still or gone in the middle', async () => {
    const outcomes = [];
    for (const gone of ['', 'put archive/', 'put plans/2027-03-03-1']) {
      restored();
      await world.seal(DAY, RETENTION);
      await world.land('2027-03-03/a', [row({ id: 'A' })]);
      const next = () => world.seal('2027-03-05T01:00:00Z', RETENTION);
      world.archive.step = (call) => {
        if (gone === '' || !call.startsWith(gone) || call.endsWith(', done')) return;
        world.archive.objects.delete(OLD);
        throw new Error('crashed');
      };
      if (gone !== '') await expect(next()).rejects.toThrow('crashed');
      world.archive.step = () => {};
      await next();
      expect(world.archive.objects.has(OLD)).toBe(gone === '');
      expect(world.digest('2027-03-03')).toMatchObject({ archivedBefore: 0, files: [{ rows: 1 }], expired: [] });
      const { [OLD]: _, ...rest } = world.archive.contents();
      outcomes.push(rest);
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
  });
});
