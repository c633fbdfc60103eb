import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Signer } from '../../../../shared/archive/seal/signer.ts';
import { row, World } from './world.ts';

const NOW = '2026-03-04T01:00:00Z';
const LIMITS = { limits: { bytes: 1_000_000, objects: 2 } };

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
async function sealWatched(world: World, step: (call: string) => void): Promise<void> {
  const signer: Signer = {
    publicKey: () => world.signer.publicKey(),
    async sign(hash) {
      step('sign');
      return world.signer.sign(hash);
    },
  };
  world.landing.step = world.archive.step = (call) => /^(put|tag) \S+$/.test(call) && step(call);
  try {
    await world.seal(NOW, { ...LIMITS, signer });
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
  expect(steps).toHaveLength(18);
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
