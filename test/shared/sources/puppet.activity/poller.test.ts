import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakePuppet } from '../../../../infra/local/vendors/puppet.activity.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { CredentialError, LogUnavailableError, VendorUnavailableError } from '../../../../shared/polling/errors.ts';
import { acceptVendorEvents } from '../../../../shared/sources/accept.ts';
import { poller } from '../../../../shared/sources/puppet.activity/poller.ts';
import { puppetActivity } from '../../../../shared/sources/puppet.activity/source.ts';
import { directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';
import { readWindow } from '../../../support/read-window.ts';
import { startVendorRig } from '../../../support/vendor-rig.ts';

const NOW = new Date('2026-03-02T12:00:00Z');
const FROM = new Date('2026-03-02T10:00:00Z');
const TO = new Date('2026-03-02T11:00:00Z');
const URL_SETTING = { baseUrl: 'https://console.example.com:4433' };
const at = (seconds: number) => new Date(FROM.getTime() + seconds * 1_000);
const world = (stream = 'rbac') => new MemoryWorld(fakePuppet, { now: NOW, stream });
const numbers = (commits: readonly JsonObject[]) => commits.map(fakePuppet.numberOf);

function connect(history: MemoryWorld, settings: JsonObject = {}, options: Parameters<typeof directVendor>[3] = {}) {
  const collector = poller.connect({ ...URL_SETTING, ...settings });
  const { client, requests } = directVendor(fakePuppet, history, collector, options);
  const only = (service: string) => ({
    ...collector,
    streams: collector.streams.filter(({ name }) => name === service),
  });
  const read = (service = 'rbac', window: { from: Date; to: Date; limit?: number } = { from: FROM, to: TO }) =>
    readWindow(only(service), client, window);
  return { collector, client, requests, read };
}

/** The ids under which pages would be stored, one page after the other. */
function ids(pages: readonly (readonly JsonObject[])[]): string[] {
  const provenance = { tenant: 'acme', connection: 'puppet', origin: 'console', tier: '365d' as const };
  return pages.flatMap((page) =>
    acceptVendorEvents(puppetActivity, page, { ...provenance, receivedAt: NOW.toISOString() }).prepared.map(
      ({ event }) => event.id,
    ),
  );
}

describe('a request', () => {
  test('asks one service for a window, oldest first, with the token in a header of its own', async () => {
    const { read, requests } = connect(world());
    await read('classifier');
    const [{ url, headers } = expect.fail()] = requests;
    expect(url.origin + url.pathname).toBe('https://console.example.com:4433/activity-api/v2/events');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      service_id: 'classifier',
      order: 'asc',
      // Whether bounds are inclusive is not known: a second more at both ends.
      query: '[{"start":"2026-03-02T09:59:59Z","end":"2026-03-02T11:00:01Z"}]',
      limit: '500',
      offset: '0',
    });
    expect(headers).toMatchObject({ 'x-authentication': fakePuppet.secrets['token'], accept: 'application/json' });
    expect(headers).not.toHaveProperty('authorization');
  });

  test('of v1 names the lower bound only; what is beyond the window is left to the next', async () => {
    const history = world();
    for (const n of [0, 1, 2, 3]) history.add(n, at(n * 1_500));
    const { read, requests } = connect(history, { apiVersion: 'v1' });
    const [events = []] = await read();
    expect(numbers(events)).toEqual([0, 1, 2]);
    expect(events[0]).toEqual({
      object: { id: expect.any(String), name: 'lena.okoro' },
      subject: expect.anything(),
      timestamp: '2026-03-02T10:00:00Z',
      events: [{ message: expect.stringContaining('logged in.') }],
      service_id: 'rbac',
    });
    const [{ url } = expect.fail()] = requests;
    expect(url.pathname).toBe('/activity-api/v1/events');
    expect(url.searchParams.get('after_service_commit_time')).toBe('2026-03-02T09:59:59Z');
    expect(url.searchParams.get('query')).toBeNull();
  });

  test('comes one at a time, though streams run together', async () => {
    const history = world();
    let open = 0;
    let most = 0;
    const collector = poller.connect(URL_SETTING);
    const { client } = directVendor(fakePuppet, history, collector);
    const counting = Object.assign(Object.create(client), {
      get: async (url: URL) => {
        open += 1;
        most = Math.max(most, open);
        await Promise.resolve();
        return client.get(url).finally(() => {
          open -= 1;
        });
      },
    });
    const window = { from: FROM, to: TO, done: new Set<string>() };
    await Promise.all(collector.streams.map(({ name }) => collector.page({ ...window, stream: name }, counting)));
    expect(most).toBe(1);
  });
});

describe('an event', () => {
  test('has the service, and is what an import of the same commit would be', async () => {
    const history = world();
    history.add(7, at(5));
    const pages = await connect(history).read();
    const imported = { ...fakePuppet.event(7, at(5), 'rbac'), service_id: 'rbac' };
    expect(pages).toEqual([[imported]]);
    expect(ids(pages)).toEqual(ids([[imported]]));
  });

  test('of each service is found in its stream, and known to the mapping', async () => {
    for (const service of ['classifier', 'code-manager', 'pe-console', 'rbac']) {
      const history = world(service);
      history.add(1, at(1));
      const [[event = {}] = []] = await connect(history).read(service);
      expect(event).toMatchObject({ service_id: service });
      expect(puppetActivity.normalize(event)[0]?.facts.type).not.toBeNull();
    }
  });
});

describe('the end', () => {
  test.each([
    ['null', 'null'],
    ['nothing', ''],
    ['no commits', '{"pagination":{"total":"12","limit":"1000","offset":"0"}}'],
    ['commits that are null', '{"commits":null}'],
  ])('is an answer of %s', async (_, body) => {
    const instead = () => ({ status: 200, headers: { 'content-type': 'application/json' }, body });
    expect(await connect(world('code-manager'), {}, { instead }).read('code-manager')).toEqual([[]]);
  });

  test.each([['0'], [0], ['3'], [1_000_000], [null]])('is not told by a total of %j', async (total) => {
    const history = world();
    for (let n = 0; n < 7; n += 1) history.add(n, at(n));
    const instead: NonNullable<Parameters<typeof directVendor>[3]>['instead'] = (request) => {
      const reply = fakePuppet.handle(request, Object.assign(history, { pageSize: 3 })) as { body: JsonObject };
      const pagination = { ...(reply.body['pagination'] as JsonObject), total };
      return { status: 200, body: { ...reply.body, pagination } };
    };
    const pages = await connect(history, {}, { instead }).read();
    expect(numbers(pages.flat())).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

const histories = fc.record({
  // Few seconds and few numbers, so that there are crowded seconds and commits that are alike in everything.
  commits: fc.array(fc.record({ n: fc.nat(2), tick: fc.integer({ min: -30, max: 130 }) }), { maxLength: 40 }),
  pageSize: fc.integer({ min: 1, max: 12 }),
  apiVersion: fc.constantFrom('v1', 'v2'),
});

test('every commit of the window comes once, and no second is split, whatever the page size', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ commits, pageSize, apiVersion }) => {
      const history = world();
      for (const { n, tick } of commits) history.add(n, at(tick / 10));
      history.pageSize = pageSize;
      const window = { from: at(0), to: at(10) };
      const pages = await connect(history, { apiVersion }).read('rbac', window);
      const inside = commits.filter(({ tick }) => tick >= 0 && tick < 100);
      const name = (n: number, second: number) => `${n}@${second}`;
      const got = pages.flat().map((one) => name(fakePuppet.numberOf(one), Date.parse(String(one['timestamp']))));
      const expected = inside.map(({ n, tick }) => name(n, at(Math.floor(tick / 10)).getTime()));
      expect(got.sort()).toEqual(expected.sort());
      const seconds = pages.flatMap((page) => [...new Set(page.map((one) => one['timestamp']))]);
      expect(new Set(seconds).size).toBe(seconds.length);
      // Equal commits are events of their own, under ids that do not depend on the paging.
      const stored = ids(pages);
      expect(new Set(stored).size).toBe(commits.length === 0 ? 0 : inside.length);
      history.pageSize = 1_000;
      const again = ids(await connect(history, { apiVersion }).read('rbac', window));
      expect(again.sort()).toEqual(stored.sort());
    }),
    { numRuns: 150 },
  );
});

/** A history whose oldest commits are purged before a request. */
class PurgedWorld extends MemoryWorld {
  gone = 0;

  override events(stream?: string) {
    return super.events(stream).slice(this.gone);
  }
}

describe('a purge while a window is read', () => {
  const purged = (times: readonly Date[], fewer: number) => {
    const history = new PurgedWorld(fakePuppet, { now: NOW, stream: 'rbac' });
    for (const [n, time] of times.entries()) history.add(n, time);
    history.pageSize = 4;
    const instead = (_: unknown, number: number) => {
      if (number === 1) history.gone = fewer;
      return undefined;
    };
    return connect(history, {}, { instead });
  };

  test('between two pages skips nothing', async () => {
    const pages = await purged(
      Array.from({ length: 12 }, (_, n) => at(n)),
      3,
    ).read();
    expect(numbers(pages.flat())).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test('within a second of more commits than an answer holds begins that second again', async () => {
    const { read, requests } = purged(new Array(10).fill(at(5)), 2);
    expect(numbers((await read()).flat())).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(requests.filter(({ url }) => url.searchParams.get('offset') === '0')).toHaveLength(2);
  });
});

describe('a server that can not be relied on', () => {
  const answering = (...commits: JsonObject[]) =>
    connect(
      world(),
      {},
      { instead: () => ({ status: 200, body: { commits, pagination: { limit: String(commits.length) } } }) },
    ).read();

  test('and ignores the time is named, and not read from its beginning', async () => {
    const old = fakePuppet.event(1, new Date('2025-06-01T00:00:00Z'), 'rbac');
    await expect(answering(old)).rejects.toThrow(LogUnavailableError);
  });

  test('and ignores the order is not gone on with', async () => {
    const [one, other] = [fakePuppet.event(1, at(9), 'rbac'), fakePuppet.event(2, at(3), 'rbac')];
    await expect(answering(one, other)).rejects.toThrow(VendorUnavailableError);
  });
});

describe('the connection test', () => {
  test('asks for little, and finds an event', async () => {
    const history = world();
    for (const n of [0, 1, 2]) history.add(n, at(n));
    const { collector, client, requests } = connect(history);
    const window = { stream: 'rbac', from: FROM, to: TO, done: new Set<string>(), limit: 1 };
    expect(numbers((await collector.page(window, client)).events)).toEqual([0]);
    expect(requests[0]?.url.searchParams.get('limit')).toBe('2');
  });

  test('a token that was revoked is tried again once, and explained', async () => {
    const { collector, read, requests } = connect(world(), {}, { secrets: () => ({ token: 'x'.repeat(40) }) });
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CredentialError);
    expect(requests).toHaveLength(2);
    expect(collector.explain?.(error)).toMatch(/expired, was revoked/);
  });

  test('a rotated token is found after the 401', async () => {
    const history = world();
    history.add(1, at(1));
    history.rotate({ token: 'n'.repeat(40) });
    const secrets = (fresh: boolean) => (fresh ? history.secrets : fakePuppet.secrets);
    expect(numbers((await connect(history, {}, { secrets }).read()).flat())).toEqual([1]);
  });

  test.each([
    ['v2', 404, /"apiVersion": "v1"/],
    ['v1', 404, /the console with its port/],
    ['v2', 403, /Job orchestrator/],
  ])('%s with %i', async (apiVersion, status, words) => {
    const instead = () => ({ status, body: { kind: 'x', msg: 'x' } });
    const { collector, read } = connect(world(), { apiVersion }, { instead });
    expect(collector.explain?.(await read().catch((thrown: unknown) => thrown))).toMatch(words);
  });
});

describe('settings', () => {
  test('have defaults, and the server as origin', () => {
    const collector = poller.connect({ baseUrl: 'https://console.example.com:4433/' });
    expect(collector.origin).toBe('console.example.com:4433');
    expect(collector.hosts).toEqual(['https://console.example.com:4433']);
    expect(collector.streams.map(({ name }) => name)).toEqual(['classifier', 'code-manager', 'pe-console', 'rbac']);
    expect(collector.streams[0]?.keepsSeconds).toBe(395 * 86_400);
  });

  test.each([
    [{}],
    [{ baseUrl: 'http://console.example.com:4433' }],
    [{ ...URL_SETTING, apiVersion: 'v3' }],
    [{ ...URL_SETTING, verifyTls: false }],
  ])('refuse %j', (settings) => {
    expect(() => poller.connect(settings)).toThrow();
  });
});

test('through the engine the events of all services are stored', async () => {
  const services = ['classifier', 'code-manager', 'pe-console', 'rbac'];
  const { rig, happen, close } = await startVendorRig(fakePuppet, { pageSize: 2 });
  try {
    const happened = services.flatMap((stream, service) =>
      [0, 0.2, 0.4, 3, 60].map((second, index) => ({
        n: service * 10 + index,
        at: new Date(rig.now().getTime() + second * 1_000),
        stream,
      })),
    );
    happen(...happened);
    await rig.poll(600);
    expect(rig.numbers()).toEqual(happened.map(({ n }) => n));
  } finally {
    await close();
  }
});
