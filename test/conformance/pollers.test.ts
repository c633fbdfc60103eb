import { afterEach, describe, expect, it } from 'vitest';
import type { FakeVendor } from '../../infra/local/vendors/fake.ts';
import { newServiceAccountKey } from '../../infra/local/vendors/google-token.ts';
import { FAKE_VENDORS } from '../../infra/local/vendors/index.ts';
import type { Fault } from '../../infra/local/vendors/server.ts';
import type { Stream } from '../../shared/polling/poller.ts';
import { SOURCES, sourceNamed } from '../../shared/sources/registry.ts';
import { START } from '../support/polling.ts';
import { THOROUGH } from '../support/thorough.ts';
import { startVendorRig, type VendorRig } from '../support/vendor-rig.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const secondsOn = (seconds: number) => new Date(START.getTime() + seconds * 1_000);
const NOT_JSON: Fault = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"half": ' };
const SERVER_ERROR: Fault = { status: 500, body: 'out of order' };

const open: VendorRig[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

it('every source that is polled has a fake', () => {
  const polled = SOURCES.filter(({ poller }) => poller).map(({ name }) => name);
  expect(FAKE_VENDORS.map(({ source }) => source).sort()).toEqual(polled.sort());
});

describe.each(FAKE_VENDORS.map((vendor) => ({ name: vendor.source, vendor })))('polling $name', ({ vendor }) => {
  const start = async (options: Parameters<typeof startVendorRig>[1] = {}) => {
    const rig = await startVendorRig(vendor, { pageSize: 4, ...options });
    open.push(rig);
    return rig;
  };
  const stream = (streams: VendorRig): Stream => {
    const { settings } = streams.rig.connection;
    const [first] = sourceNamed(vendor.source)?.poller?.connect(settings).streams ?? [];
    if (!first) throw new TypeError('the source has no stream');
    return first;
  };
  /** Long enough that what has happened by now is settled and asked for. */
  const settle = (on: VendorRig) => {
    const { settleSeconds, everySeconds } = stream(on);
    return on.rig.poll(settleSeconds + 2 * everySeconds + 120);
  };
  /** Long enough for pauses after failures too. */
  const recover = (on: VendorRig) => on.rig.poll(stream(on).settleSeconds + 4 * 3_600, 300);

  it('finds nothing where nothing happens', async () => {
    const on = await start();
    const results = await settle(on);
    expect(results.filter(({ outcome }) => outcome !== 'caught_up').map(({ error }) => error)).toEqual([]);
    expect(on.rig.numbers()).toEqual([]);
  });

  it('stores every event once, those of one instant too', async () => {
    const on = await start();
    on.happen(...upTo(25).map((n) => ({ n, at: secondsOn(60 + 7 * Math.floor(n / 3)) })));
    await settle(on);
    expect(on.rig.numbers()).toEqual(upTo(25));
  });

  it.each([
    ['an error', SERVER_ERROR],
    ['a reset connection', 'reset'],
    ['half an answer', 'cut'],
    ['what is not JSON', NOT_JSON],
  ] as [string, Fault][])('loses nothing to %s on any page', async (_name, fault) => {
    for (const first of THOROUGH ? [0, 1, 2, 3] : [1]) {
      const on = await start();
      on.happen(...upTo(14).map((n) => ({ n, at: secondsOn(30 + n) })));
      await settle(on);
      on.happen(...upTo(14).map((n) => ({ n: 100 + n, at: new Date(on.rig.now().getTime() + n * 1_000) })));
      on.rig.advance(stream(on).settleSeconds + stream(on).everySeconds + 60);
      // More than what the client itself tries again.
      on.fault((request) => (request >= first && request < first + 5 ? fault : undefined));
      await recover(on);
      expect(on.rig.numbers()).toEqual([...upTo(14), ...upTo(14).map((n) => 100 + n)]);
    }
  });

  it.each(THOROUGH ? [undefined, 1, 120] : [120])('waits when it is throttled (Retry-After: %s)', async (seconds) => {
    const on = await start();
    on.happen(...upTo(14).map((n) => ({ n, at: secondsOn(30 + n) })));
    on.rig.advance(stream(on).settleSeconds + 60);
    on.fault((request) => ([1, 2, 4].includes(request) ? vendor.throttled(seconds) : undefined));
    const results = await recover(on);
    const codes = new Set(results.flatMap(({ job }) => job.lastError?.code ?? []));
    expect([...codes].filter((code) => code !== 'throttled')).toEqual([]);
    expect(on.rig.numbers()).toEqual(upTo(14));
  });

  it('gets a new token when the one it has goes bad in mid-run', async () => {
    const on = await start();
    on.happen(...upTo(20).map((n) => ({ n, at: secondsOn(30 + n) })));
    on.rig.advance(stream(on).settleSeconds + 60);
    on.fault((request) => {
      if (request === 3) on.world.tokenGeneration += 1;
      return undefined;
    });
    await recover(on);
    expect(on.rig.numbers()).toEqual(upTo(20));
  });

  it('says that its secrets are refused, and goes on from its position with new ones', async () => {
    const on = await start();
    on.happen(...upTo(5).map((n) => ({ n, at: secondsOn(30 + n) })));
    await settle(on);
    const position = (await on.rig.job('live')).watermark;
    const rotated = otherSecrets(vendor);
    on.world.secrets = rotated;
    on.world.tokenGeneration += 1;
    on.happen(...upTo(5).map((n) => ({ n: 10 + n, at: new Date(on.rig.now().getTime() + n * 1_000) })));
    await on.rig.poll(3_600, 300);
    const refused = await on.rig.job('live');
    expect(refused.lastError?.code).toBe('credential_refused');
    for (const secret of Object.values(vendor.secrets)) expect(JSON.stringify(refused)).not.toContain(secret);
    expect(refused.watermark >= position).toBe(true);
    on.rig.secrets = rotated;
    await recover(on);
    expect(on.rig.numbers()).toEqual([...upTo(5), ...upTo(5).map((n) => 10 + n)]);
    expect((await on.rig.job('live')).lastError).toBeUndefined();
  });

  it('finds what arrives late: soon after, and as late as the vendor may be', async () => {
    const on = await start();
    const { overlapSeconds, lateSeconds, sweepEverySeconds, settleSeconds, everySeconds } = stream(on);
    const late = (seconds: number) => ({ at: secondsOn(90), arrives: secondsOn(90 + seconds) });
    on.happen(
      { n: 0, at: secondsOn(90) },
      { n: 1, ...late(overlapSeconds - 60) },
      { n: 2, ...late(lateSeconds - 120) },
    );
    await on.rig.poll(overlapSeconds + settleSeconds + 2 * everySeconds + 120);
    expect(on.rig.numbers()).toEqual([0, 1]);
    await on.rig.poll(lateSeconds + 2 * sweepEverySeconds, Math.max(300, Math.floor(sweepEverySeconds / 6)));
    expect(on.rig.numbers()).toEqual([0, 1, 2]);
  });

  it.each(THOROUGH ? [-90, 90, 7_200] : [90])('does not mind that the vendor is %i seconds ahead', async (ahead) => {
    const on = await start();
    on.world.skewMs = ahead * 1_000;
    on.happen(...upTo(10).map((n) => ({ n, at: secondsOn(60 + n * 20 + ahead), arrives: secondsOn(60 + n * 20) })));
    await recover(on);
    expect(on.rig.numbers()).toEqual(upTo(10));
  });

  it('collects history beside what is new', async () => {
    const on = await start({ backfillFrom: secondsOn(-3 * 86_400) });
    on.happen(...upTo(30).map((n) => ({ n, at: secondsOn((n - 30) * 8_000) })));
    on.happen(...upTo(6).map((n) => ({ n: 100 + n, at: secondsOn(60 + n) })));
    await recover(on);
    expect(on.rig.numbers()).toEqual([...upTo(30), ...upTo(6).map((n) => 100 + n)]);
  });

  it.each(THOROUGH ? (['beforeStore', 'afterStore', 'beforeSave', 'afterSave'] as const) : (['afterStore'] as const))(
    'survives being killed %s',
    async (step) => {
      for (const at of THOROUGH ? [1, 2, 4] : [2]) {
        const on = await start();
        on.happen(...upTo(14).map((n) => ({ n, at: secondsOn(30 + n) })));
        on.rig.advance(stream(on).settleSeconds + 60);
        await on.rig.tick();
        on.happen(...upTo(14).map((n) => ({ n: 100 + n, at: new Date(on.rig.now().getTime() + n * 1_000) })));
        on.rig.advance(stream(on).settleSeconds + stream(on).everySeconds + 60);
        let times = 0;
        on.rig.steps[step] = () => {
          times += 1;
          if (times === at) on.rig.kill();
        };
        await recover(on);
        expect(on.rig.numbers()).toEqual([...upTo(14), ...upTo(14).map((n) => 100 + n)]);
      }
    },
  );
});

/** Secrets of the same kind with other values. */
function otherSecrets({ secrets }: FakeVendor): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [
      name,
      name === 'serviceAccountKey'
        ? newServiceAccountKey()
        : `${value.slice(0, -4)}${value.slice(-4) === 'ZZZZ' ? 'YYYY' : 'ZZZZ'}`,
    ]),
  );
}
