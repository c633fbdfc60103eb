import { afterEach, expect, test } from 'vitest';
import { fakeBox, fakeBoxThat } from '../../../../infra/local/vendors/box.admin_logs.ts';
import type { FakeVendor, World } from '../../../../infra/local/vendors/fake.ts';
import { START } from '../../../support/polling.ts';
import { startVendorRig, type VendorRig } from '../../../support/vendor-rig.ts';
import { DAY, HOUR, MINUTE, SECOND } from './connected.ts';

const at = (milliseconds: number): Date => new Date(START.getTime() + milliseconds);
const upTo = (count: number): number[] => [...Array(count).keys()];

let box: VendorRig | undefined;
afterEach(() => box?.close());

test.each(['ignored', 'honoured'] as const)(
  'history, what happens, and what is indexed late are stored once each, where dates with a position are %s',
  async (datesWithPosition) => {
    box = await startVendorRig(fakeBoxThat({ datesWithPosition }), { backfillFrom: at(-20 * DAY), pageSize: 7 });
    for (let n = 0; n < 60; n += 1) box.happen({ n, at: at(-19 * DAY + n * 7 * HOUR) });
    for (let n = 60; n < 100; n += 1) {
      // Out of order, and up to half an hour late.
      const time = (n % 10) * 4 * MINUTE + n * SECOND;
      box.happen({ n, at: at(time), arrives: at(time + ((n * 7) % 30) * MINUTE) });
    }
    await box.rig.poll((2 * HOUR) / SECOND, 120);
    expect(box.rig.numbers()).toEqual(upTo(100));
    const { position = '' } = await box.rig.job('live');
    expect(position).toMatch(/^"\d{19}"$/);
  },
);

test('after a pause that is longer than the live feed reaches back the history fills the gap', async () => {
  box = await startVendorRig(fakeBox, { pageSize: 7 });
  for (let n = 0; n < 120; n += 1) box.happen({ n, at: at(MINUTE + n * 4 * HOUR) });
  await box.rig.poll(HOUR / SECOND, 120);
  expect(box.rig.numbers()).toEqual([0]);
  box.rig.advance((20 * DAY) / SECOND);
  await box.rig.poll(HOUR / SECOND, 120);
  expect(box.rig.numbers()).toEqual(upTo(120));
});

test('an event that the live feed never told of is found by the sweep', async () => {
  box = await startVendorRig(forgetful());
  box.happen({ n: 1, at: at(10 * MINUTE) }, { n: 2, at: at(20 * MINUTE) });
  await box.rig.poll((20 * HOUR) / SECOND, 600);
  expect(box.rig.numbers()).toEqual([2]);
  await box.rig.poll((6 * HOUR) / SECOND, 600);
  expect(box.rig.numbers()).toEqual([1, 2]);
});

/** A Box whose live feed leaves out event 1. */
function forgetful(): FakeVendor {
  let lacking: World | undefined;
  return {
    ...fakeBox,
    handle(request, world) {
      const isLive = request.url.searchParams.get('stream_type') === 'admin_logs_streaming';
      lacking ??= Object.create(world, {
        events: { value: () => world.events().filter(({ raw }) => fakeBox.numberOf(raw) !== 1) },
      }) as World;
      return fakeBox.handle(request, isLive ? lacking : world);
    },
  };
}
