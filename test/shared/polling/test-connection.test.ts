import { describe, expect, it } from 'vitest';
import type { FakeVendor } from '../../../infra/local/vendors/fake.ts';
import { fleetServer } from '../../../infra/local/vendors/fleet.activities.ts';
import { fakeGithub } from '../../../infra/local/vendors/github.audit.ts';
import { VendorUnavailableError } from '../../../shared/polling/errors.ts';
import { polledConnection } from '../../../shared/polling/polled.ts';
import type { MeasuredVendor } from '../../../shared/polling/poller.ts';
import { testConnection } from '../../../shared/polling/test-connection.ts';
import { directVendor, MemoryWorld } from '../../support/direct-vendor.ts';
import { at, connectionOf } from '../../support/jobs.ts';

const ADDRESS = 'https://vendor.example.com';

function setUp(fake: FakeVendor, options: Parameters<typeof directVendor>[3] = {}) {
  const settings = fake.settings(ADDRESS) as Record<string, string>;
  const polled = polledConnection(connectionOf({ source: fake.source, settings }));
  if (!polled) throw new Error(`${fake.source} is not polled`);
  const world = new MemoryWorld(fake, { now: new Date(at(0)), stream: polled.collector.streams[0]?.name ?? '' });
  const direct = directVendor(fake, world, polled.collector, options);
  return { polled, world, ...direct, run: (limitMs?: number) => testConnection(polled, direct.client, limitMs) };
}
const fleet = (more: Parameters<typeof fleetServer>[0] = {}, options: Parameters<typeof directVendor>[3] = {}) =>
  setUp(fleetServer(more), options);

describe('the test of a connection', () => {
  it('asks for one event of the last day, and says how old it is', async () => {
    const { world, run, requests } = fleet();
    for (let n = 0; n < 5; n += 1) world.add(n, new Date(at(-3_600 + n)));
    expect(await run()).toEqual({
      ok: true,
      streams: [{ stream: 'activities', ok: true, events: 1, newest: at(-3_596) }],
      skewSeconds: 0,
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.url.searchParams.get('per_page')).toBe('1');
  });

  it('is good without an event, and says what that may mean', async () => {
    const { ok, streams } = await fleet().run();
    expect(ok).toBe(true);
    expect(streams).toEqual([
      { stream: 'activities', ok: true, events: 0, advice: expect.stringContaining('switched on') },
    ]);
  });

  it('asks every stream', async () => {
    const { world, run } = setUp(fakeGithub);
    world.add(1, new Date(at(-600)), { stream: 'git' });
    const { ok, streams } = await run();
    expect(ok).toBe(true);
    expect(streams.map(({ stream, events }) => [stream, events])).toEqual([
      ['web', 0],
      ['git', 1],
    ]);
  });

  it.each<[string, ReturnType<typeof fleet>, string, RegExp]>([
    [
      'a bad secret',
      fleet({}, { secrets: () => ({ token: 'another-token' }) }),
      'credential_refused',
      /does not accept the token.*"token": The API token/,
    ],
    ['no secret', fleet({}, { secrets: () => ({}) }), 'credential_refused', /"token"/],
    ['a missing role', fleet({ withoutRole: true }), 'permission_missing', /global role/],
    [
      'a wrong address',
      fleet({}, { instead: () => ({ status: 404, body: 'nothing here' }) }),
      'vendor_refused',
      /Check that "baseUrl"/,
    ],
    [
      'a log-in page',
      fleet({}, { instead: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }) }),
      'vendor_unavailable',
      /log-in page/,
    ],
    [
      'a redirect to elsewhere',
      fleet({}, { instead: () => ({ status: 302, headers: { location: 'https://evil.example.net/' } }) }),
      'foreign_host',
      /alias/,
    ],
    ['throttling', fleet({}, { instead: () => fleetServer().throttled(3_600) }), 'throttled', /left alone/],
  ])('says plainly what is wrong: %s', async (_, { run }, code, advice) => {
    const { ok, streams } = await run();
    expect(ok).toBe(false);
    expect(streams).toEqual([
      {
        stream: 'activities',
        ok: false,
        events: 0,
        code,
        message: expect.stringMatching(/\S/),
        advice: expect.stringMatching(advice),
      },
    ]);
    expect(JSON.stringify(streams)).not.toContain('another-token');
  });

  it('tells a clock that is off, and asks again with the right time', async () => {
    const { run, requests } = fleet({}, { behindMs: 600_000 });
    const { skewSeconds, streams } = await run();
    expect(skewSeconds).toBeGreaterThanOrEqual(599);
    expect(streams[0]).toMatchObject({ ok: true, advice: expect.stringContaining('ahead of') });
    expect(requests).toHaveLength(1);

    const refused = fleet({}, { behindMs: -600_000, instead: () => ({ status: 400, body: 'wrong time' }) });
    const failed = await refused.run();
    expect(failed.streams[0]).toMatchObject({ ok: false, advice: expect.stringMatching(/behind Annals'.*correct/) });
    const [first, second] = refused.requests.map(({ url }) => Date.parse(url.searchParams.get('end_created_at') ?? ''));
    expect(Number(first) - Number(second)).toBeGreaterThan(590_000);
  });

  it('does not wait for a vendor that does not answer', async () => {
    const { polled, client } = fleet();
    const silent: MeasuredVendor = {
      get: () => new Promise(() => {}),
      post: () => new Promise(() => {}),
      now: () => client.now(),
      skewMs: 0,
      requests: 0,
      credentialExpiresAt: undefined,
    };
    const { ok, streams } = await testConnection(polled, silent, 20);
    expect(ok).toBe(false);
    expect(streams[0]).toMatchObject({ code: 'no_answer', advice: expect.stringContaining('settings') });
  });

  it('tells of a fault of its own, too', async () => {
    const { polled, client } = fleet();
    const broken = { ...polled, collector: { ...polled.collector, page: () => Promise.reject(new TypeError('oh')) } };
    expect((await testConnection(broken, client)).streams[0]).toMatchObject({
      ok: false,
      code: 'internal',
      message: 'oh',
    });
    const failing = { ...polled.collector, page: () => Promise.reject(new VendorUnavailableError('it is down')) };
    const { streams } = await testConnection({ ...polled, collector: failing }, client);
    expect(streams[0]).toMatchObject({ code: 'vendor_unavailable', advice: expect.stringContaining('tries again') });
  });
});
