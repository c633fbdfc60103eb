import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FakeVendor } from '../../../../infra/local/vendors/fake.ts';
import {
  fakeActivityFeed,
  fakeM365AzureAd,
  fakeM365Exchange,
  fakeM365General,
  fakeM365Sharepoint,
} from '../../../../infra/local/vendors/m365.ts';
import { sourceNamed } from '../../../../shared/sources/registry.ts';
import { START } from '../../../support/polling.ts';
import { startVendorRig, type VendorRig } from '../../../support/vendor-rig.ts';

const at = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const HOUR = 3_600;

async function withRig(
  fake: FakeVendor,
  options: Parameters<typeof startVendorRig>[1],
  work: (rig: VendorRig) => Promise<void>,
): Promise<void> {
  const rig = await startVendorRig(fake, options);
  try {
    await work(rig);
  } finally {
    await rig.close();
  }
}

function streamsOf(fake: FakeVendor): string[] {
  const poller = sourceNamed(fake.source)?.poller;
  return poller?.connect(fake.settings('http://127.0.0.1:1')).streams.map(({ name }) => name) ?? [];
}

describe.each([fakeM365AzureAd, fakeM365Exchange, fakeM365Sharepoint, fakeM365General])('$source', (fake) => {
  test('everything is stored once, whenever it became available, each stream on its own', async () => {
    await withRig(fake, { pageSize: 3, backfillFrom: at(-2 * 24 * 60) }, async ({ rig, happen }) => {
      const streams = streamsOf(fake);
      for (const n of upTo(60)) {
        const minute = n * 4 - 120;
        happen({ n, at: at(minute), arrives: at(minute + (n % 4) * 75), stream: streams[n % streams.length]! });
      }
      // Of last week, and published only now.
      happen({ n: 100, at: at(-6 * 24 * 60), arrives: at(95) });
      const results = await rig.poll(8 * HOUR, 300);
      expect(results.filter(({ outcome }) => outcome !== 'caught_up')).toEqual([]);
      expect(rig.numbers()).toEqual([...upTo(60), 100]);
    });
  });

  test.each(streamsOf(fake))('events of %s have what the mapping needs', (stream) => {
    for (const n of upTo(8)) {
      const raw = fake.event(n, at(n), stream);
      const [event] = sourceNamed(fake.source)?.normalize(raw) ?? [];
      expect(event).toMatchObject({ time: at(n).toISOString().replace('.000', ''), vendorId: raw['Id'] });
      expect(event?.facts.type === null).toBe(stream === 'DLP.All');
      expect(fake.numberOf(raw)).toBe(n);
      expect(fake.event(n, at(n), stream)).toEqual(raw);
    }
  });
});

test('a process fetches a blob once, though windows overlap', async () => {
  await withRig(fakeM365AzureAd, {}, async ({ rig, happen, server }) => {
    // Numbers that Microsoft does not repeat.
    for (const n of upTo(20)) happen({ n: n * 5 + 1, at: at(n) });
    await rig.poll(40 * 60);
    expect(rig.numbers()).toHaveLength(20);
    expect(server.requests.filter(({ url }) => url.pathname.includes('/audit/'))).toHaveLength(20);
  });
});

test('blobs that fail for an hour are stored after it', async () => {
  await withRig(fakeM365Exchange, { pageSize: 5 }, async ({ rig, happen, fault }) => {
    for (const n of upTo(30)) happen({ n, at: at(n * 2), arrives: at(n * 2 + (n % 3) * 20) });
    fault((number) => (number % 4 === 0 ? undefined : { status: 503, body: 'down' }));
    const failing = await rig.poll(HOUR);
    expect(failing.some(({ outcome }) => outcome === 'failed')).toBe(true);
    fault(undefined);
    await rig.poll(6 * HOUR, 300);
    expect(rig.numbers()).toEqual(upTo(30));
  });
});

test('a clock of Microsoft’s that is two hours ahead loses nothing', async () => {
  await withRig(fakeM365Sharepoint, { backfillFrom: at(-6 * 24 * 60) }, async ({ rig, happen, world }) => {
    world.skewMs = 2 * HOUR * 1_000;
    for (const n of upTo(24)) happen({ n, at: at(n * 240 - 5 * 24 * 60), arrives: at(n * 240 - 5 * 24 * 60 + 120) });
    await rig.poll(30 * HOUR, 600);
    expect(rig.numbers()).toEqual(upTo(24));
  });
});

test('without the permission for it DLP.All fails, and Audit.General goes on', async () => {
  const fake = fakeActivityFeed({
    source: 'm365.general',
    samples: { 'Audit.General': [{ Operation: 'TeamCreated' }], 'DLP.All': [{ Operation: 'DlpRuleMatch' }] },
    settings: { dlp: true },
    roles: ['ActivityFeed.Read'],
  });
  await withRig(fake, {}, async ({ rig, happen }) => {
    happen({ n: 1, at: at(1), stream: 'Audit.General' }, { n: 2, at: at(1), stream: 'DLP.All' });
    await rig.poll(600);
    expect(rig.numbers()).toEqual([1]);
    expect((await rig.job('live', 'Audit.General')).lastError).toBeUndefined();
    expect((await rig.job('live', 'DLP.All')).lastError?.code).toBe('permission_missing');
  });
});

test.each(['m365.azure_ad', 'm365.exchange', 'm365.sharepoint', 'm365.general'])(
  'the README of %s has a connection that can be made',
  (name) => {
    const readme = readFileSync(join(import.meta.dirname, '../../../../shared/sources', name, 'README.md'), 'utf8');
    const { source, settings, secrets } = JSON.parse(/```json\n([^`]+)```/.exec(readme)?.[1] ?? '');
    expect(source).toBe(name);
    const poller = sourceNamed(name)?.poller;
    expect(() => poller?.connect(settings)).not.toThrow();
    expect(Object.keys(poller?.secrets ?? {})).toEqual(expect.arrayContaining(Object.keys(secrets)));
  },
);

test('DLP.All is a stream only where it is wanted', () => {
  const { dlp: _, ...settings } = fakeM365General.settings('http://127.0.0.1:1');
  const names = (more: object) =>
    sourceNamed('m365.general')
      ?.poller?.connect({ ...settings, ...more })
      .streams.map(({ name }) => name);
  expect(names({})).toEqual(['Audit.General']);
  expect(names({ dlp: true })).toEqual(['Audit.General', 'DLP.All']);
  expect(() => sourceNamed('m365.exchange')?.poller?.connect({ ...settings, dlp: true })).toThrow();
});
