import { describe, expect, test } from 'vitest';
import {
  fakeActivityFeed,
  fakeM365AzureAd,
  fakeM365Exchange,
  fakeM365General,
  fakeM365Sharepoint,
} from '../../../../infra/local/vendors/m365.ts';
import { sourceNamed } from '../../../../shared/sources/registry.ts';
import { type Rig, START, startRig } from '../../../support/polling.ts';

const at = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

async function withRig(rig: Rig, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await rig.close();
  }
}

describe.each([fakeM365AzureAd, fakeM365Exchange, fakeM365Sharepoint, fakeM365General])('$source', (fake) => {
  test('everything is stored once, whenever it became available, and each stream on its own', async () => {
    const rig = await startRig(fake, { pageSize: 3, backfillFrom: at(-2 * 24 * 60) });
    await withRig(rig, async () => {
      const { streams } = sourceNamed(fake.source)?.poller?.connect(fake.settings('http://127.0.0.1:1')) ?? {
        streams: [],
      };
      const names = streams.map(({ name }) => name);
      for (const n of upTo(60)) {
        rig.happen({
          n,
          at: at(n * 4 - 120),
          arrives: at(n * 4 - 120 + (n % 4) * 75),
          stream: names[n % names.length] ?? '',
        });
      }
      // Of last week, and published only now.
      rig.happen({ n: 100, at: at(-6 * 24 * 60), arrives: at(95) });
      await rig.drain();
      await rig.poll(9 * 3_600, 300);
      expect(rig.stored()).toEqual([...upTo(60), 100]);
      expect((await rig.jobs()).flatMap(({ lastError }) => lastError ?? [])).toEqual([]);
    });
  });

  test('its events have what the mapping needs', () => {
    const source = sourceNamed(fake.source);
    for (const n of upTo(8)) {
      const raw = fake.event(
        n,
        at(n),
        Object.keys(fake.settings('http://127.0.0.1:1'))[0] === '' ? '' : streamsOf(fake.source)[0]!,
      );
      const [event] = source?.normalize(raw) ?? [];
      expect(event).toMatchObject({ time: at(n).toISOString().replace('.000', ''), vendorId: raw['Id'] });
      expect(event?.facts.type).not.toBeNull();
      expect(fake.numberOf(raw)).toBe(n);
    }
  });
});

function streamsOf(source: string): string[] {
  const fake = [fakeM365AzureAd, fakeM365Exchange, fakeM365Sharepoint, fakeM365General].find(
    (one) => one.source === source,
  );
  const poller = sourceNamed(source)?.poller;
  return poller && fake ? poller.connect(fake.settings('http://127.0.0.1:1')).streams.map(({ name }) => name) : [];
}

test('a poll in the same process fetches what it has not fetched yet', async () => {
  const rig = await startRig(fakeM365AzureAd);
  await withRig(rig, async () => {
    for (const n of upTo(20)) rig.happen({ n: n * 5 + 1, at: at(n) });
    await rig.poll(40 * 60);
    const blobs = rig.server.requests.filter(({ url }) => url.pathname.includes('/audit/'));
    expect(rig.stored()).toHaveLength(20);
    expect(blobs).toHaveLength(20);
  });
});

test('what is stored after an hour of failing blobs is everything', async () => {
  const rig = await startRig(fakeM365Exchange, { pageSize: 5 });
  await withRig(rig, async () => {
    for (const n of upTo(30)) rig.happen({ n, at: at(n * 2), arrives: at(n * 2 + (n % 3) * 20) });
    rig.fault((number) => (number % 4 === 3 ? { status: 503, body: 'down' } : undefined));
    await rig.poll(3_600);
    rig.fault(undefined);
    await rig.poll(6 * 3_600, 300);
    expect(rig.stored()).toEqual(upTo(30));
  });
});

test('without the permission for it DLP.All fails, and Audit.General goes on', async () => {
  const fake = fakeActivityFeed({
    source: 'm365.general',
    samples: { 'Audit.General': [{ Operation: 'TeamCreated' }], 'DLP.All': [{ Operation: 'DlpRuleMatch' }] },
    settings: { dlp: true },
    roles: ['ActivityFeed.Read'],
  });
  const rig = await startRig(fake);
  await withRig(rig, async () => {
    rig.happen({ n: 1, at: at(1), stream: 'Audit.General' }, { n: 2, at: at(1), stream: 'DLP.All' });
    await rig.poll(600);
    expect(rig.stored()).toEqual([1]);
    const live = (await rig.jobs()).filter(({ lane }) => lane === 'live');
    expect(live.map(({ stream, lastError }) => [stream, lastError?.code])).toEqual([
      ['Audit.General', undefined],
      ['DLP.All', 'permission_missing'],
    ]);
  });
});

test('DLP.All is a stream only where it is wanted', () => {
  const poller = sourceNamed('m365.general')?.poller;
  const { dlp: _, ...settings } = fakeM365General.settings('http://127.0.0.1:1');
  const names = (more: object) => poller?.connect({ ...settings, ...more }).streams.map(({ name }) => name);
  expect(names({})).toEqual(['Audit.General']);
  expect(names({ dlp: true })).toEqual(['Audit.General', 'DLP.All']);
  expect(() => sourceNamed('m365.exchange')?.poller?.connect({ ...settings, dlp: true })).toThrow();
});
