import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeActivityFeed, fakeM365AzureAd } from '../../../../infra/local/vendors/m365.ts';
import {
  CredentialError,
  CursorExpiredError,
  ForeignHostError,
  LogUnavailableError,
  PermissionError,
  ThrottledError,
  VendorRefusedError,
  VendorUnavailableError,
} from '../../../../shared/polling/errors.ts';
import { poller } from '../../../../shared/sources/m365.azure_ad/poller.ts';
import { connect, isBlob, isList, isStart, isToken, minutes, NOW, SIGN_INS } from '../m365/reading.ts';

const sorted = (numbers: readonly number[]) => [...new Set(numbers)].toSorted((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const error = (status: number, code: string, message = 'because') => ({ status, body: { error: { code, message } } });

/** A connection whose subscription was started before. */
async function subscribed(options: Parameters<typeof connect>[0] = {}) {
  const connection = connect(options);
  await connection.between(minutes(-1), NOW);
  connection.forget();
  return connection;
}

describe('a window', () => {
  test('holds what became available in it, however old, and is asked for in whole seconds without zone', async () => {
    const { world, between, requests, tenantId } = await subscribed();
    world.add(1, minutes(-5 * 24 * 60), { arrives: minutes(-30) });
    world.add(2, minutes(-31));
    world.add(3, minutes(-61));
    world.add(4, minutes(-0.001));
    expect(sorted((await between(minutes(-60), minutes(-1))).numbers)).toEqual([1, 2]);
    const [list] = requests.filter(isList);
    expect(Object.fromEntries(list?.url.searchParams ?? [])).toEqual({
      contentType: SIGN_INS,
      startTime: '2026-05-20T10:59:00',
      endTime: '2026-05-20T11:59:00',
      PublisherIdentifier: tenantId,
    });
  });

  test('includes its beginning and not its end', async () => {
    const { world, between } = await subscribed();
    world.add(1, minutes(-20));
    world.add(2, minutes(-10));
    expect((await between(minutes(-20), minutes(-10))).numbers).toEqual([1]);
    expect((await between(minutes(-10), NOW)).numbers).toEqual([2]);
  });

  test('gets a blob whole that became available just when it begins', async () => {
    const { world, between } = await subscribed();
    for (const n of upTo(8)) world.add(n, minutes(-40 - n), { arrives: minutes(-20) });
    expect(sorted((await between(minutes(-20), NOW)).numbers)).toEqual(upTo(8));
    // The part of that blob which a list gives that begins with it is not taken for it.
    const read = await between(minutes(-19), NOW);
    expect(read.numbers).toEqual([]);
    expect(sorted((await between(minutes(-21), minutes(-19), read.done)).numbers)).toEqual(upTo(8));
  });

  test('of nothing is empty and complete', async () => {
    const { between } = await subscribed();
    expect((await between(minutes(-60), NOW)).pages).toEqual([{ events: [], done: [] }]);
  });

  test('that begins more than 7 days ago is cut, and says so', async () => {
    const { world, between, requests } = await subscribed();
    world.add(1, minutes(-7 * 24 * 60 + 10));
    const days = (count: number) => minutes(count * 24 * 60);
    const read = await between(days(-7.5), days(-6.9));
    expect(read).toMatchObject({ numbers: [1], missing: [expect.stringContaining('7 days')] });
    expect(requests.find(isList)?.url.searchParams.get('startTime')).toBe('2026-05-13T12:01:00');
    expect(await between(days(-9), days(-8))).toMatchObject({
      numbers: [],
      missing: [expect.stringContaining('7 days')],
    });
    expect(requests.filter(isList)).toHaveLength(1);
  });

  test('of the length that the stream declares is one that the API takes', async () => {
    const { collector, between, world } = await subscribed();
    const { windowSeconds = 0 } = collector.streams[0] ?? {};
    world.add(1, minutes(-2));
    expect((await between(new Date(NOW.getTime() - windowSeconds * 1_000), NOW)).numbers).toEqual([1]);
  });
});

describe('pages', () => {
  test('follow the header NextPageUri, with PublisherIdentifier on every request', async () => {
    const { world, between, requests, tenantId } = await subscribed();
    world.pageSize = 4;
    for (const n of upTo(19)) world.add(n + 1, minutes(-60 + n));
    const read = await between(minutes(-60), NOW);
    expect(sorted(read.numbers)).toEqual(upTo(19).map((n) => n + 1));
    expect(requests.filter(isList).length).toBeGreaterThanOrEqual(5);
    expect(
      requests
        .filter(isList)
        .slice(1)
        .every(({ url }) => url.searchParams.has('nextPage')),
    ).toBe(true);
    for (const request of requests.filter((one) => !isToken(one))) {
      expect(request.url.searchParams.getAll('PublisherIdentifier')).toEqual([tenantId]);
    }
  });

  test('are of few blobs, so that memory stays bounded, and fetch each once', async () => {
    const { world, between, requests } = await subscribed();
    for (const n of upTo(90)) world.add(n * 5 + 1, minutes(-100 + n));
    const { pages, numbers } = await between(minutes(-101), NOW);
    expect(Math.max(...pages.map(({ events }) => events.length))).toBeLessThanOrEqual(24);
    expect(numbers).toHaveLength(90);
    expect(requests.filter(isBlob)).toHaveLength(90);
  });

  test('skip blobs that were stored before; Microsoft’s own repetitions come as what they are', async () => {
    const { world, between, requests } = await subscribed();
    for (const n of upTo(10)) world.add(n, minutes(-100 + n));
    const first = await between(minutes(-120), NOW);
    expect(sorted(first.numbers)).toEqual(upTo(10));
    // Numbers that end in 0 and 5 are in a second blob, half an hour later.
    expect(first.numbers.filter((n) => n === 5)).toHaveLength(2);
    const fetched = requests.filter(isBlob).length;
    world.add(10, minutes(-10));
    const second = await between(minutes(-120), NOW, first.done);
    expect(second.numbers).toEqual([10]);
    expect(requests.filter(isBlob)).toHaveLength(fetched + 1);
  });

  test('a limit means few requests', async () => {
    const { world, collector, client, requests } = await subscribed();
    for (const n of upTo(9)) world.add(n + 1, minutes(-50 + n));
    const page = await collector.page(
      { stream: SIGN_INS, from: minutes(-60), to: NOW, limit: 1, done: new Set() },
      client,
    );
    expect(page.events).toHaveLength(1);
    expect(requests.filter(isBlob)).toHaveLength(1);
  });

  test('a page of the list that Microsoft has forgotten restarts the window', async () => {
    const { world, collector, client } = await subscribed();
    world.pageSize = 1;
    for (const n of upTo(3)) world.add(n + 1, minutes(-50 + n));
    const request = { stream: SIGN_INS, from: minutes(-60), to: NOW, done: new Set<string>() };
    const { next } = await collector.page(request, client);
    world.advance(11 * 60_000);
    await expect(collector.page({ ...request, ...(next !== undefined && { cursor: next }) }, client)).rejects.toThrow(
      CursorExpiredError,
    );
  });

  test('a position of the first page of the list is good for days', async () => {
    const { world, collector, client, fake } = await subscribed();
    for (const n of upTo(30)) world.add(n * 5 + 1, minutes(-50 + n));
    const request = { stream: SIGN_INS, from: minutes(-60), to: NOW, done: new Set<string>() };
    const first = await collector.page(request, client);
    world.advance(2 * 86_400_000);
    const second = await collector.page(
      { ...request, ...(first.next !== undefined && { cursor: first.next }) },
      client,
    );
    const numbers = [...first.events, ...second.events].map((raw) => fake.numberOf(raw));
    expect(sorted(numbers)).toEqual(upTo(30).map((n) => n * 5 + 1));
    expect(second.next).toBeUndefined();
  });

  test('a position of another version starts the window again', async () => {
    const { collector, client } = await subscribed();
    const request = { stream: SIGN_INS, from: minutes(-60), to: NOW, done: new Set<string>(), cursor: { skip: 3 } };
    await expect(collector.page(request, client)).rejects.toThrow(CursorExpiredError);
  });

  test('whatever the history, the pages of adjoining windows have every event', async () => {
    const history = fc.array(
      fc.record({
        late: fc.nat({ max: 4_000 }),
        arrives: fc.nat({ max: 2 * 3_600 - 1 }),
        millis: fc.constantFrom(0, 0, 1, 999),
      }),
      { maxLength: 60 },
    );
    const cuts = fc.array(fc.integer({ min: 1, max: 2 * 3_600 - 1 }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        history,
        cuts,
        fc.integer({ min: 1, max: 8 }),
        fc.infiniteStream(fc.nat({ max: 9 })),
        async (events, edges, pageSize, luck) => {
          let troubled = false;
          const { world, between } = await subscribed({
            // Blobs fail now and then, and are there the next time.
            instead: (request) =>
              troubled && isBlob(request) && luck.next().value === 0 ? error(404, 'AF50000') : undefined,
          });
          world.pageSize = pageSize;
          const start = minutes(-120).getTime();
          for (const [n, { late, arrives, millis }] of events.entries()) {
            const at = new Date(start + arrives * 1_000 + millis);
            world.add(n, new Date(at.getTime() - late * 60_000), { arrives: at });
          }
          troubled = true;
          const bounds = [0, ...edges.toSorted((a, b) => a - b), 2 * 3_600 + 1].map(
            (second) => new Date(start + second * 1_000),
          );
          const numbers: number[] = [];
          for (const [index, to] of bounds.slice(1).entries())
            numbers.push(...(await insisting(() => between(bounds[index]!, to))));
          expect(sorted(numbers)).toEqual(upTo(events.length));
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** A window as the engine reads it: again from the beginning when it fails. */
async function insisting(read: () => Promise<{ numbers: readonly number[] }>): Promise<readonly number[]> {
  for (let tries = 0; ; tries += 1) {
    try {
      return (await read()).numbers;
    } catch (failure) {
      if (!(failure instanceof VendorUnavailableError) || tries === 200) throw failure;
    }
  }
}

describe('blobs', () => {
  test('one that fails keeps back no other, and the window until it is there', async () => {
    let broken: string | undefined;
    const { world, collector, client, fake } = await subscribed({
      instead: ({ url }) => (broken !== undefined && url.pathname.includes(broken) ? error(500, 'AF50000') : undefined),
    });
    for (const n of upTo(40)) world.add(n * 5 + 1, minutes(-50 + n));
    // Of 12 minutes after the beginning.
    broken = '/20260520112000000';
    const request = { stream: SIGN_INS, from: minutes(-60), to: NOW, done: new Set<string>() };
    const first = await collector.page(request, client);
    const second = await collector.page({ ...request, cursor: first.next! }, client);
    const numbers = [...first.events, ...second.events].map((raw) => fake.numberOf(raw));
    expect(sorted(numbers)).toEqual(
      upTo(40)
        .filter((n) => n !== 10)
        .map((n) => n * 5 + 1),
    );
    await expect(collector.page({ ...request, cursor: second.next! }, client)).rejects.toThrow(VendorUnavailableError);
    broken = undefined;
    const third = await collector.page({ ...request, cursor: second.next! }, client);
    expect(third.events.map((raw) => fake.numberOf(raw))).toEqual([51]);
    expect(third.next).toBeUndefined();
  });

  test.each([
    [404, 'AF20050'],
    [400, 'AF20051'],
    [400, 'AF20052'],
  ])('one that is gone (%i %s) is a known gap and is asked for again', async (status, code) => {
    let gone = true;
    const { world, between } = await subscribed({
      instead: ({ url }) => (gone && url.pathname.includes('/20260520115000000') ? error(status, code) : undefined),
    });
    for (const n of upTo(20)) world.add(n * 5 + 1, minutes(-20 + n));
    const read = await between(minutes(-60), NOW);
    expect(read.numbers).toHaveLength(19);
    expect(read.missing).toEqual([expect.stringContaining('did not have them any more')]);
    gone = false;
    expect((await between(minutes(-60), NOW, read.done)).numbers).toEqual([51]);
  });

  test('one that leads elsewhere is not followed', async () => {
    const uri = 'https://manage.office.com.example.net/api/v1.0/x/activity/feed/audit/1';
    const blob = { contentType: SIGN_INS, contentId: '1', contentUri: uri, contentCreated: '2026-05-20T11:30:00.000Z' };
    const { between, requests } = connect({
      instead: (request) => (isList(request) ? { status: 200, body: [blob] } : undefined),
    });
    await expect(between(minutes(-60), NOW)).rejects.toThrow(ForeignHostError);
    expect(requests.every(({ url }) => url.hostname !== 'manage.office.com.example.net')).toBe(true);
  });

  test('large integers come as they were sent', async () => {
    const address = 'https://manage.office.com/a';
    const blob = { contentId: '1', contentUri: address, contentCreated: '2026-05-20T11:30:00Z' };
    const body = '[{"Id":"e0000000-2000-4000-8000-000000000001","Size":9223372036854775807}]';
    const { collector, client } = connect({
      instead: (request) => {
        if (isList(request)) return { status: 200, body: [blob] };
        return request.url.pathname === '/a' ? { status: 200, body } : undefined;
      },
    });
    const { events } = await collector.page({ stream: SIGN_INS, from: minutes(-60), to: NOW, done: new Set() }, client);
    expect(JSON.stringify(events)).toBe(body);
  });
});

describe('subscriptions', () => {
  test('one that is not there is started, and what was before is a known gap', async () => {
    const { world, between, requests } = connect();
    world.add(1, minutes(-5));
    const read = await between(minutes(-60), NOW);
    expect(read).toMatchObject({ numbers: [1], missing: [expect.stringContaining('no subscription')] });
    const [start] = requests.filter(isStart);
    expect(start).toMatchObject({ method: 'POST', body: '' });
    expect(start?.url.searchParams.get('contentType')).toBe(SIGN_INS);
    expect(await between(minutes(-60), NOW)).toMatchObject({ numbers: [1], missing: [] });
    expect(requests.filter(isStart)).toHaveLength(1);
  });

  test('one that an administrator stopped is started again', async () => {
    const { between, client, tenantId, requests, world } = await subscribed();
    world.advance(16 * 60_000);
    const feed = `https://manage.office.com/api/v1.0/${tenantId}/activity/feed`;
    await client.post(`${feed}/subscriptions/stop?contentType=${SIGN_INS}&PublisherIdentifier=${tenantId}`);
    expect((await between(minutes(-60), NOW)).missing).toEqual([expect.stringContaining('no subscription')]);
    expect(requests.filter(isStart)).toHaveLength(1);
    expect((await between(minutes(-60), NOW)).missing).toEqual([]);
  });

  test('one that has no effect is not started again before 15 minutes have passed', async () => {
    const { between, requests, world } = connect({
      instead: (request) => (isList(request) ? error(404, 'AF20022') : undefined),
    });
    await expect(between(minutes(-60), NOW)).rejects.toThrow(ThrottledError);
    world.advance(5 * 60_000);
    const again = await between(minutes(-60), NOW).catch((failure: unknown) => failure);
    expect(again).toBeInstanceOf(ThrottledError);
    expect((again as ThrottledError).waitMs).toBe(10 * 60_000);
    world.advance(11 * 60_000);
    await expect(between(minutes(-60), NOW)).rejects.toThrow(/no effect yet/);
    // By now the list of subscriptions has it.
    expect(requests.filter(isStart)).toHaveLength(1);
  });

  test('a start that fails is not repeated for 15 minutes', async () => {
    const { between, requests } = connect({
      instead: (request) => (isStart(request) ? error(503, 'AF50000') : undefined),
    });
    await expect(between(minutes(-60), NOW)).rejects.toMatchObject({ code: 'throttled', waitMs: 15 * 60_000 });
    expect(requests.filter(isStart)).toHaveLength(1);
  });

  test('one that was started meanwhile (AF20024) is as good', async () => {
    let isOutdated = false;
    const { between, requests, world } = await subscribed({
      instead: (request) => {
        if (!isOutdated) return undefined;
        if (request.url.pathname.endsWith('/subscriptions/list')) return { status: 200, body: [] };
        return isList(request) && !requests.some(isStart) ? error(400, 'AF20022') : undefined;
      },
    });
    isOutdated = true;
    world.advance(16 * 60_000);
    expect((await between(minutes(-60), NOW)).pages).toHaveLength(1);
    expect(requests.filter(isStart)).toHaveLength(1);
  });
});

describe('refusals', () => {
  test('throttling is a 403 whose body is not JSON', async () => {
    const throttled = fakeM365AzureAd.throttled();
    expect(throttled).toMatchObject({ status: 403, body: expect.stringContaining("{'error':{'code':'AF429'") });
    const { between } = connect({ instead: (request) => (isList(request) ? throttled : undefined) });
    await expect(between(minutes(-60), NOW)).rejects.toMatchObject({ code: 'throttled', waitMs: undefined });
  });

  test('throttling with Retry-After says how long', async () => {
    const throttled = fakeM365AzureAd.throttled(90);
    const { between } = connect({ instead: (request) => (isList(request) ? throttled : undefined) });
    await expect(between(minutes(-60), NOW)).rejects.toMatchObject({ code: 'throttled', waitMs: 90_000 });
  });

  test('throttling is told by its code, whatever the status', async () => {
    const { between } = connect({ instead: (request) => (isList(request) ? error(400, 'AF429') : undefined) });
    await expect(between(minutes(-60), NOW)).rejects.toThrow(ThrottledError);
  });

  test('throttled in the midst of blobs, what came is kept', async () => {
    let isBusy = false;
    let fetched = 0;
    const { world, collector, client, fake } = await subscribed({
      instead: (request) => {
        if (isBlob(request)) fetched += 1;
        return isBusy && fetched > 3 && !isToken(request) ? fakeM365AzureAd.throttled() : undefined;
      },
    });
    for (const n of upTo(6)) world.add(n * 5 + 1, minutes(-50 + n));
    const request = { stream: SIGN_INS, from: minutes(-60), to: NOW, done: new Set<string>() };
    isBusy = true;
    const first = await collector.page(request, client);
    expect(first.events).toHaveLength(3);
    await expect(collector.page({ ...request, cursor: first.next! }, client)).rejects.toThrow(ThrottledError);
    isBusy = false;
    const second = await collector.page({ ...request, cursor: first.next! }, client);
    const numbers = [...first.events, ...second.events].map((raw) => fake.numberOf(raw));
    expect(sorted(numbers)).toEqual(upTo(6).map((n) => n * 5 + 1));
  });

  test('auditing that is off is told at the end of a long text', async () => {
    const { between, collector } = connect({
      fake: fakeActivityFeed({ source: 'm365.azure_ad', samples: {}, isAuditing: false }),
    });
    const failure = await between(minutes(-60), NOW).catch((one: unknown) => one);
    expect(failure).toBeInstanceOf(LogUnavailableError);
    expect(collector.explain?.(failure)).toContain('turn it on');
  });

  test('a missing permission', async () => {
    const { between, collector } = connect({
      fake: fakeActivityFeed({ source: 'm365.azure_ad', samples: {}, roles: [] }),
    });
    const failure = await between(minutes(-60), NOW).catch((one: unknown) => one);
    expect(failure).toBeInstanceOf(PermissionError);
    expect(collector.explain?.(failure)).toContain('ActivityFeed.Read');
  });

  test.each([
    ['AF20010', 'check tenantId'],
    ['AF20011', 'check tenantId and cloud'],
    ['AF20020', 'content type'],
    ['AF20030', 'clock'],
    ['AF20055', 'clock'],
  ])('%s says what to do', async (code, words) => {
    const { between, collector } = connect({
      instead: (request) => (isList(request) ? error(400, code) : undefined),
    });
    const failure = await between(minutes(-60), NOW).catch((one: unknown) => one);
    expect(failure).toBeInstanceOf(VendorRefusedError);
    expect(collector.explain?.(failure)).toContain(words);
  });

  test.each(['AF50000', 'AF50005', 'AF50006'])('%s may pass', async (code) => {
    const { between } = connect({ instead: (request) => (isList(request) ? error(400, code) : undefined) });
    await expect(between(minutes(-60), NOW)).rejects.toThrow(VendorUnavailableError);
  });
});

describe('tokens', () => {
  test('are asked for as version 1 of the endpoint wants it, once for many requests', async () => {
    const { between, requests, clientId } = connect();
    await between(minutes(-60), NOW);
    const [token, ...more] = requests.filter(isToken);
    expect(more).toEqual([]);
    expect(Object.fromEntries(new URLSearchParams(token?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: 'not~a-real-client-secret-for-fakes-only',
      resource: 'https://manage.office.com',
    });
    expect(token?.headers['authorization']).toBeUndefined();
  });

  test('are renewed before their end and after a 401, in the midst of a window', async () => {
    const { between, requests, world } = await subscribed();
    world.advance(56 * 60_000);
    await between(minutes(-60), NOW);
    expect(requests.filter(isToken)).toHaveLength(1);
    for (const n of upTo(30)) world.add(n * 5 + 1, minutes(-50 + n));
    world.tokenGeneration += 1;
    expect((await between(minutes(-60), NOW)).numbers).toHaveLength(30);
    expect(requests.filter(isToken)).toHaveLength(2);
  });

  test('a secret that was rotated is used at once', async () => {
    let secrets: Record<string, string> = { clientSecret: 'not~a-real-client-secret-for-fakes-only' };
    const { between, world } = connect({ secrets: () => secrets });
    await between(minutes(-60), NOW);
    secrets = { clientSecret: 'another~secret' };
    world.secrets = secrets;
    world.tokenGeneration += 1;
    expect((await between(minutes(-60), NOW)).pages).toHaveLength(1);
  });

  test.each([
    [{ secrets: () => ({ clientSecret: 'wrong-secret' }) }, 'value of the secret'],
    [{ settings: { tenantId: '11111111-0000-4000-8000-000000000001' } }, 'no such tenant'],
    [{ settings: { clientId: '11111111-0000-4000-8000-000000000001' } }, 'no application of this clientId'],
    [{ settings: { cloud: 'gcc' } }, 'check cloud'],
    [{ secrets: () => ({}) }, 'needs the secret clientSecret'],
  ])('%j is explained', async (options, words) => {
    const { between, collector } = connect(options);
    const failure = await between(minutes(-60), NOW).catch((one: unknown) => one);
    expect(failure).toBeInstanceOf(CredentialError);
    expect(collector.explain?.(failure)).toContain(words);
  });

  test('a 401 that does not go away', async () => {
    const { between, collector, requests } = connect({
      instead: (request) => (isList(request) ? { status: 401, body: { Message: 'denied' } } : undefined),
    });
    const failure = await between(minutes(-60), NOW).catch((one: unknown) => one);
    expect(failure).toBeInstanceOf(CredentialError);
    expect(collector.explain?.(failure)).toContain('check clientId, tenantId, cloud');
    expect(requests.filter(isList)).toHaveLength(2);
    expect(requests.filter(isToken)).toHaveLength(2);
  });
});

describe('settings', () => {
  const tenantId = '7D3F0A10-0000-4000-8000-00000000F001';
  const clientId = '0c0c0c0c-0000-4000-8000-00000000c001';

  test.each([
    ['commercial', 'https://manage.office.com', 'https://login.microsoftonline.com'],
    ['gcc', 'https://manage-gcc.office.com', 'https://login.microsoftonline.com'],
    ['gcc_high', 'https://manage.office365.us', 'https://login.microsoftonline.us'],
    ['dod', 'https://manage.protection.apps.mil', 'https://login.microsoftonline.us'],
  ])('cloud %s is at %s', (cloud, api, login) => {
    expect(poller.connect({ tenantId, clientId, cloud }).hosts).toEqual([api, login]);
  });

  test('the origin is the tenant, in lower case', () => {
    expect(poller.connect({ tenantId, clientId }).origin).toBe(tenantId.toLowerCase());
  });

  test.each([
    { tenantId: 'contoso.onmicrosoft.com', clientId },
    { tenantId, clientId, cloud: 'china' },
    { tenantId, clientId, tenant: tenantId },
    { tenantId, clientId, baseUrl: 'http://manage.office.com' },
    { tenantId },
  ])('%j are refused', (settings) => {
    expect(() => poller.connect(settings)).toThrow();
  });

  test('what a publisher is named as goes with every request', async () => {
    const publisherIdentifier = '99999999-0000-4000-8000-000000000009';
    const { between, requests } = connect({ settings: { publisherIdentifier } });
    await between(minutes(-60), NOW);
    const named = requests.filter((one) => !isToken(one)).map(({ url }) => url.searchParams.get('PublisherIdentifier'));
    expect(new Set(named)).toEqual(new Set([publisherIdentifier]));
  });
});
