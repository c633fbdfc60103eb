import { afterEach, describe, expect, it } from 'vitest';
import { appomniInstance } from '../../../infra/local/vendors/appomni.audit.ts';
import type { FakeVendor } from '../../../infra/local/vendors/fake.ts';
import { fleetServer } from '../../../infra/local/vendors/fleet.activities.ts';
import { START } from '../../support/polling.ts';
import { startVendorRig, type VendorRig } from '../../support/vendor-rig.ts';

const HOUR = 3_600;
const earlier = (seconds: number) => new Date(START.getTime() - seconds * 1_000);

/** Vendors that may ignore the window they are asked for, through the engine and over HTTP. */
describe.each<[string, string, FakeVendor]>([
  ['a Fleet server that heeds the window', 'activities', fleetServer()],
  ['a Fleet server that does not', 'activities', fleetServer({ ignoresDates: true, withoutMeta: true })],
  ['an AppOmni instance that heeds the window', 'audit', appomniInstance()],
  ['an AppOmni instance that does not', 'audit', appomniInstance({ ignoresWindow: true })],
  [
    'an AppOmni instance that heeds neither window nor order',
    'audit',
    appomniInstance({ ignoresWindow: true, order: 'oldest first' }),
  ],
  ['an AppOmni instance with a token granted by hand', 'audit', appomniInstance({ manualToken: true, end: null })],
])('%s', (_, stream, vendor) => {
  let vendorRig: VendorRig | undefined;
  afterEach(() => vendorRig?.close());

  it('gives its history, what is new and what comes late, each once', async () => {
    vendorRig = await startVendorRig(vendor, { backfillFrom: earlier(48 * HOUR), pageSize: 20 });
    const { rig, world, happen } = vendorRig;
    const history = Array.from({ length: 40 }, (__, n) => ({ n, at: earlier((41 - n) * HOUR), stream }));
    happen(...history);
    await rig.poll(HOUR, 300);
    for (let n = 40; n < 70; n += 1) {
      const at = rig.now();
      const late = n % 10 === 0 ? 90 * 60 : 0;
      happen({ n, at: new Date(at.getTime() - late * 1_000), arrives: at, stream });
      if (n === 55) world.tokenGeneration += 1;
      await rig.poll(600, 300);
    }
    await rig.poll(4 * HOUR, 600);
    expect(rig.numbers()).toEqual(Array.from({ length: 70 }, (__, n) => n));
  });
});
