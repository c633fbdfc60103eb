import { afterEach, describe, expect, test } from 'vitest';
import { fakeGoogleWorkspace } from '../../../../infra/local/vendors/google_workspace.activity.ts';
import { START } from '../../../support/polling.ts';
import { startVendorRig, type VendorRig } from '../../../support/vendor-rig.ts';
import { OTHER_KEY } from './polling.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const open: VendorRig[] = [];

async function started(options: Parameters<typeof startVendorRig>[1] = {}): Promise<VendorRig> {
  const rig = await startVendorRig(fakeGoogleWorkspace, options);
  open.push(rig);
  return rig;
}

afterEach(async () => {
  for (const rig of open.splice(0)) await rig.close();
});

const later = (seconds: number) => new Date(START.getTime() + seconds * 1_000);

describe('Google Workspace, polled', () => {
  test('each application at its own pace; all are stored, once', async () => {
    const { rig, happen } = await started({ pageSize: 2 });
    const streams = ['login', 'admin', 'drive', 'calendar'];
    for (let n = 0; n < 16; n += 1) happen({ n, at: later(n * 90), stream: streams[n % 4]! });
    await rig.poll(75 * MINUTE, 5 * MINUTE);
    expect(rig.numbers()).toEqual(Array.from({ length: 16 }, (_, n) => n));
  });

  test('an application that is not in the edition holds up no other', async () => {
    const { rig, happen } = await started({ settings: { applications: ['vault', 'docs', 'login'] } });
    happen({ n: 1, at: later(60), stream: 'login' });
    await rig.poll(30 * MINUTE, 5 * MINUTE);
    expect(rig.numbers()).toEqual([1]);
    expect((await rig.job('live', 'vault')).lastError).toMatchObject({ code: 'log_unavailable' });
    expect((await rig.job('live', 'docs')).lastError?.message).toMatch(/no log named docs/);
    expect((await rig.job('live', 'login')).lastError).toBeUndefined();
  });

  test('an hour late is found by the overlap, two days late by the sweep', async () => {
    const { rig, happen } = await started({ settings: { applications: ['login'] } });
    happen({ n: 1, at: later(60), arrives: later(HOUR) });
    happen({ n: 2, at: later(60), arrives: later(48 * HOUR) });
    await rig.poll(HOUR + 10 * MINUTE, 5 * MINUTE);
    expect(rig.numbers()).toEqual([1]);
    await rig.poll(48 * HOUR, 30 * MINUTE);
    await rig.poll(13 * HOUR, 30 * MINUTE);
    expect(rig.numbers()).toEqual([1, 2]);
  });

  test('newest first: what is older than a page that failed, or before a kill, is not lost', async () => {
    const { rig, happen, fault, server } = await started({ pageSize: 2, settings: { applications: ['login'] } });
    for (let n = 0; n < 9; n += 1) happen({ n, at: later(60 + n) });
    await rig.poll(5 * MINUTE);
    let pages = 0;
    fault((request) => {
      const isPage = server.requests.at(-1)?.url.pathname !== '/token';
      pages += isPage ? 1 : 0;
      return isPage && pages > 1 && request < 8 ? 'reset' : undefined;
    });
    await rig.poll(15 * MINUTE);
    let kills = 0;
    rig.steps.afterStore = () => {
      kills += 1;
      if (kills === 2) rig.kill();
    };
    for (let n = 9; n < 18; n += 1) happen({ n, at: later(20 * MINUTE + n) });
    await rig.poll(HOUR);
    expect(kills).toBeGreaterThan(2);
    expect(rig.numbers()).toEqual(Array.from({ length: 18 }, (_, n) => n));
  });

  test('a key that was replaced at Google stops the feed until the connection has it; nothing is lost', async () => {
    const { rig, world, happen } = await started({ settings: { applications: ['login'] } });
    happen({ n: 1, at: later(60) }, { n: 2, at: later(40 * MINUTE) });
    await rig.poll(20 * MINUTE);
    world.rotate({ serviceAccountKey: OTHER_KEY });
    world.tokenGeneration += 1;
    await rig.poll(HOUR);
    expect(rig.numbers()).toEqual([1]);
    expect((await rig.job('live')).lastError).toMatchObject({ code: 'credential_refused' });
    rig.secrets = world.secrets;
    await rig.poll(2 * HOUR);
    expect(rig.numbers()).toEqual([1, 2]);
  });

  test('quotas that are used up for a while', async () => {
    const { rig, happen, fault } = await started({ settings: { applications: ['login'] } });
    happen({ n: 1, at: later(60) });
    fault((request) => (request < 12 ? fakeGoogleWorkspace.throttled() : undefined));
    await rig.poll(30 * MINUTE);
    expect(rig.numbers()).toEqual([1]);
  });

  test('half a year of history, and nothing before it', async () => {
    const days = (count: number) => later(-count * 24 * HOUR);
    const { rig, happen } = await started({ backfillFrom: days(200), settings: { applications: ['login'] } });
    happen({ n: 1, at: days(190) }, { n: 2, at: days(179) }, { n: 3, at: days(1) });
    await rig.poll(HOUR);
    expect(rig.numbers()).toEqual([2, 3]);
  });
});
