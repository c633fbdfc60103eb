import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeGoogleWorkspace } from '../../../../infra/local/vendors/google_workspace.activity.ts';
import { CursorExpiredError, VendorUnavailableError } from '../../../../shared/polling/errors.ts';
import { poller } from '../../../../shared/sources/google_workspace.activity/poller.ts';
import { googleWorkspaceActivity } from '../../../../shared/sources/google_workspace.activity/source.ts';
import { connected, minutesAgo, NOW, numbersOf, pagesOf, URL_OF_FAKE } from './polling.ts';

const settings = fakeGoogleWorkspace.settings(URL_OF_FAKE);

describe('settings', () => {
  test('an administrator is enough: the usual applications, Google itself', () => {
    const collector = poller.connect({ subject: 'audit.reader@example.com' });
    expect(collector.hosts).toEqual(['https://admin.googleapis.com', 'https://oauth2.googleapis.com']);
    expect(collector.streams.map(({ name }) => name)).toEqual(
      `admin login token saml user_accounts groups groups_enterprise drive calendar mobile rules chrome context_aware_access
      access_transparency chat meet keep data_studio gcp vault takeout`.split(/\s+/),
    );
  });

  test.each([
    ['no administrator', {}],
    ['an unknown key', { ...settings, application: 'login' }],
    ['an application twice', { ...settings, applications: ['login', 'login'] }],
    ['no application', { ...settings, applications: [] }],
    ['an application that is a path', { ...settings, applications: ['../users'] }],
    ['a customer that is none', { ...settings, customerId: 'all' }],
    ['a token endpoint without TLS', { ...settings, tokenUrl: 'http://google.example/token' }],
  ])('%s is an error', (_, given) => {
    expect(() => poller.connect(given)).toThrow();
  });

  test('every setting and secret says what it is', () => {
    const shape = (poller.settings as unknown as { shape: Record<string, { description?: string }> }).shape;
    for (const [name, { description }] of Object.entries(shape)) expect(description, name).toMatch(/\w{3}/);
    expect(fakeGoogleWorkspace.secrets['serviceAccountKey']).toMatch(
      poller.secrets['serviceAccountKey']?.pattern ?? /^$/,
    );
    expect('-----BEGIN PRIVATE KEY-----').not.toMatch(poller.secrets['serviceAccountKey']?.pattern ?? /^/);
  });

  test('ids of events are the same by my_customer, by id and by neither, and those of an import', () => {
    const origins = [{}, { customerId: 'my_customer' }, { customerId: 'C01example' }].map(
      (customer) => poller.connect({ ...settings, ...customer }).origin,
    );
    expect(new Set(origins)).toEqual(new Set([googleWorkspaceActivity.defaultOrigin]));
  });
});

describe('streams', () => {
  const every = `admin login token drive calendar gmail cloud_search meet an_application_of_tomorrow`.split(' ');
  const { streams } = poller.connect({ ...settings, applications: every });

  test('are asked as the README says', () => {
    const readme = readFileSync(
      join(import.meta.dirname, '../../../../shared/sources/google_workspace.activity/README.md'),
      'utf8',
    );
    const rows = [...readme.matchAll(/^ {2}\| ([a-z_, ]+?) *\|[^|]*\| *(\d+) min *\| *([^|]+?) *\| *(\d+) h *\|$/gm)];
    expect(rows).toHaveLength(4);
    const stated = rows.flatMap(([, names = '', every, wait = '', overlap]) =>
      names.split(', ').map((name) => {
        const [number, unit] = wait.split(' ');
        const pace = [Number(every) * 60, Number(number) * (unit === 'h' ? 3_600 : 60), Number(overlap) * 3_600];
        return [name, pace] as const;
      }),
    );
    const byName = new Map(stated);
    for (const { name, everySeconds, settleSeconds, overlapSeconds } of streams) {
      const pace = byName.get(name) ?? byName.get('the others');
      expect([everySeconds, settleSeconds, overlapSeconds], name).toEqual(pace);
    }
    for (const name of byName.keys()) {
      if (name === 'the others') continue;
      const [stream] = poller.connect({ ...settings, applications: [name] }).streams;
      expect([stream?.everySeconds, stream?.settleSeconds, stream?.overlapSeconds], name).toEqual(byName.get(name));
    }
  });

  test('are swept three days back, as Google warns of rare long delays', () => {
    for (const { lateSeconds, sweepEverySeconds } of streams) {
      expect([lateSeconds, sweepEverySeconds]).toEqual([72 * 3_600, 12 * 3_600]);
    }
  });

  test('go back half a year; no window of gmail with its overlap is longer than 30 days', async () => {
    for (const stream of streams) {
      expect([stream.keepsSeconds, stream.historySeconds]).toEqual([180 * 86_400, 180 * 86_400]);
      expect(stream.windowSeconds + stream.overlapSeconds, stream.name).toBeLessThanOrEqual(30 * 86_400);
    }
  });
});

describe('pages', () => {
  test('nothing in the window: one page without items', async () => {
    const { collector, client } = connected();
    expect(await pagesOf(collector, client)).toEqual([{ events: [] }]);
  });

  test('come newest first, without filters, with both times', async () => {
    const { world, collector, client, requests } = connected();
    for (const n of [1, 2, 3]) world.add(n, minutesAgo(n));
    expect(numbersOf(await pagesOf(collector, client))).toEqual([1, 2, 3]);
    const { url } = requests.at(-1)!;
    expect(url.pathname).toBe('/admin/reports/v1/activity/users/all/applications/login');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      startTime: '2031-05-07T11:00:00.000Z',
      endTime: '2031-05-07T12:00:00.000Z',
      maxResults: '1000',
    });
  });

  test('an empty page with a token is not the last', async () => {
    const { world, collector, client } = connected();
    world.pageSize = 1;
    for (const n of [1, 2, 3, 4]) world.add(n, minutesAgo(n));
    const pages = await pagesOf(collector, client);
    expect(pages.map(({ events }) => events.length)).toEqual([1, 1, 0, 1, 1]);
    expect(numbersOf(pages)).toEqual([1, 2, 3, 4]);
  });

  test('the start of the window is in it', async () => {
    const { world, collector, client } = connected();
    world.add(1, minutesAgo(60));
    world.add(2, new Date(minutesAgo(60).getTime() - 1));
    expect(numbersOf(await pagesOf(collector, client))).toEqual([1]);
  });

  test('a window of a month ago at the edge of what is kept can be asked for', async () => {
    const { world, collector, client } = connected({ applications: ['gmail'] });
    const days = (count: number) => minutesAgo(count * 1_440);
    world.add(1, days(170), { stream: 'gmail' });
    const pages = await pagesOf(collector, client, { stream: 'gmail', from: days(179), to: days(150) });
    expect(numbersOf(pages)).toEqual([1]);
  });

  test('as many events as are asked for, at most 1000', async () => {
    const { world, collector, client, requests } = connected();
    for (const n of [1, 2]) world.add(n, minutesAgo(n));
    const window = { stream: 'login', from: minutesAgo(60), to: NOW, done: new Set<string>() };
    expect((await collector.page({ ...window, limit: 1 }, client)).events).toHaveLength(1);
    await collector.page({ ...window, limit: 5_000 }, client);
    expect(requests.at(-1)?.url.searchParams.get('maxResults')).toBe('1000');
  });

  test('a reseller asks for its customer', async () => {
    const { world, collector, client, requests } = connected({ customerId: 'C01example' });
    world.add(1, minutesAgo(1));
    expect(numbersOf(await pagesOf(collector, client))).toEqual([1]);
    expect(requests.at(-1)?.url.searchParams.get('customerId')).toBe('C01example');
  });

  test('a page token that is too old makes the window begin again', async () => {
    const { world, collector, client } = connected();
    world.pageSize = 1;
    for (const n of [1, 2]) world.add(n, minutesAgo(n));
    const window = { stream: 'login', from: minutesAgo(60), to: NOW, done: new Set<string>() };
    const { next } = await collector.page(window, client);
    world.advance(2 * 3_600_000);
    await expect(collector.page({ ...window, cursor: next! }, client)).rejects.toThrow(CursorExpiredError);
    expect(poller.cursorLasts).toBe(false);
  });

  test.each(['[]', '{"items": {}}', '{"items": [1]}', '{"items": [], "nextPageToken": 7}', '{"items": ['])(
    '%s is no page',
    async (body) => {
      const { collector, client } = connected(
        {},
        { instead: ({ method }) => (method === 'GET' ? { status: 200, body } : undefined) },
      );
      await expect(pagesOf(collector, client)).rejects.toThrow(VendorUnavailableError);
    },
  );

  test('activities stay as they are: long numbers, several events', async () => {
    const text = `{"items": [{"id": {"uniqueQualifier": "-7015033223676593099"}, "actor": {"profileId": 105250506097979000001},
      "events": [{"name": "a"}, {"name": "b"}]}], "nextPageToken": ""}`;
    const { collector, client } = connected(
      {},
      { instead: ({ method }) => (method === 'GET' ? { status: 200, body: text } : undefined) },
    );
    const [page, ...others] = await pagesOf(collector, client);
    expect(others).toEqual([]);
    expect(JSON.stringify(page?.events)).toBe(
      '[{"id":{"uniqueQualifier":"-7015033223676593099"},"actor":{"profileId":105250506097979000001},"events":[{"name":"a"},{"name":"b"}]}]',
    );
  });

  test('every activity of a window comes once, whatever the pages and however many in one instant', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -5, max: 65 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        async (minutes, pageSize) => {
          const { world, collector, client } = connected();
          world.pageSize = pageSize;
          for (const [n, ago] of minutes.entries()) {
            world.add(n, minutesAgo(ago), { arrives: minutesAgo(100) });
            world.add(n, minutesAgo(ago), { arrives: minutesAgo(100), stream: 'admin' });
          }
          const inside = [...minutes.keys()].filter((n) => minutes[n]! > 0 && minutes[n]! <= 60);
          const numbers = numbersOf(await pagesOf(collector, client));
          expect(numbers.toSorted((a, b) => a - b)).toEqual(inside);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the fake vendor', () => {
  test('an event is one event at its time, and has its number', () => {
    const stream = fc.constantFrom('login', 'admin', 'drive', 'calendar', 'token', 'groups_enterprise', 'chat');
    const at = fc.date({ min: new Date('2031-01-01'), max: new Date('2032-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), at, stream, (n, time, name) => {
        const raw = fakeGoogleWorkspace.event(n, time, name);
        expect(fakeGoogleWorkspace.numberOf(raw)).toBe(n);
        const mapped = googleWorkspaceActivity.normalize(raw);
        expect(mapped.map((event) => event.time)).toEqual([time.toISOString()]);
        expect(mapped[0]?.vendorId).toContain(name);
      }),
    );
  });

  test('refuses times that Google refuses', async () => {
    const refused = async (query: string, application = 'login') => {
      const { client } = connected();
      const url = `${URL_OF_FAKE}/admin/reports/v1/activity/users/all/applications/${application}?${query}`;
      return (await client.get(url, { accept: [400, 403, 404] })).status;
    };
    expect(await refused('startTime=2031-05-07T12:00:01Z')).toBe(400);
    expect(await refused('startTime=2031-05-07T11:00:00Z&endTime=2031-05-07T11:00:00Z')).toBe(400);
    expect(await refused('startTime=yesterday')).toBe(400);
    expect(await refused('startTime=2031-05-07T11:00:00Z', 'gmail')).toBe(400);
    expect(await refused('startTime=2031-04-01T11:00:00Z&endTime=2031-05-07T11:00:00Z', 'gmail')).toBe(400);
    expect(await refused('startTime=2031-04-01T11:00:00Z&endTime=2031-05-07T11:00:00Z')).toBe(200);
    expect(await refused('maxResults=1001')).toBe(400);
    expect(await refused('pageToken=bm9uZQ')).toBe(400);
  });
});
