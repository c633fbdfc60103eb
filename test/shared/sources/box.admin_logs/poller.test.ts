import { describe, expect, test } from 'vitest';
import { fakeBox } from '../../../../infra/local/vendors/box.admin_logs.ts';
import type { FakeReply } from '../../../../infra/local/vendors/fake.ts';
import { ForeignHostError, UnreachableError, VendorUnavailableError } from '../../../../shared/polling/errors.ts';
import { poller } from '../../../../shared/sources/box.admin_logs/poller.ts';
import { boxAdminLogs } from '../../../../shared/sources/box.admin_logs/source.ts';
import { ago, answering, type Connected, connect, DAY, HOUR, MINUTE, readAll } from './connected.ts';

const read = (box: Connected) => readAll(box, ago(2 * DAY), ago(DAY));
const tokenRequests = ({ requests }: Connected) => requests.filter(({ url }) => url.pathname === '/oauth2/token');
const errorOf = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);
const settings = { enterpriseId: '1910967' };

describe('the access token', () => {
  test('is asked for as the enterprise, by client credentials, and serves all requests of its hour', async () => {
    const box = connect();
    for (let minutes = 0; minutes < 50; minutes += 10) {
      await read(box);
      box.world.advance(10 * MINUTE);
    }
    expect(box.asked()).toHaveLength(5);
    const [request, ...more] = tokenRequests(box);
    expect(more).toEqual([]);
    expect(request).toMatchObject({ method: 'POST' });
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: fakeBox.secrets['clientId'],
      client_secret: fakeBox.secrets['clientSecret'],
      box_subject_type: 'enterprise',
      box_subject_id: '1910967',
    });
  });

  test('is replaced ahead of its end', async () => {
    const box = connect();
    await read(box);
    box.world.advance(56 * MINUTE);
    await read(box);
    expect([tokenRequests(box).length, box.asked().length]).toEqual([2, 2]);
  });

  test.each([-2 * HOUR, 2 * HOUR])('lasts as long where our clock is %i ms behind', async (behindMs) => {
    const box = connect({ behindMs });
    for (let minutes = 0; minutes < 120; minutes += 30) {
      await read(box);
      box.world.advance(30 * MINUTE);
    }
    expect([tokenRequests(box).length, box.asked().length]).toEqual([2, 4]);
  });

  test('is replaced, and the page read, where Box takes it back in the middle of a window', async () => {
    const box = connect();
    box.world.pageSize = 2;
    for (let n = 0; n < 6; n += 1) box.world.add(n, ago(30 * HOUR - n * MINUTE));
    const request = { stream: 'admin_logs', from: ago(2 * DAY), to: ago(DAY), done: new Set<string>() };
    const first = await box.collector.page(request, box.client);
    box.world.tokenGeneration += 1;
    const second = await box.collector.page({ ...request, cursor: first.next ?? null }, box.client);
    expect([first, second].map(({ events }) => events.map(fakeBox.numberOf))).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(tokenRequests(box)).toHaveLength(2);
  });

  test('that is refused for good says what is wrong', async () => {
    const refused: FakeReply = { status: 401, body: { type: 'error', status: 401, code: 'unauthorized' } };
    const box = connect({ instead: answering(refused) });
    const error = await errorOf(read(box));
    expect(error).toMatchObject({ code: 'credential_refused' });
    expect(box.collector.explain?.(error)).toMatch(/baseUrl and tokenUrl/);
  });

  test('comes with the new secret once the old one was replaced', async () => {
    const rotated = { ...fakeBox.secrets, clientSecret: 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6' };
    let secrets = fakeBox.secrets;
    const box = connect({ secrets: () => secrets });
    await read(box);
    box.world.secrets = rotated;
    box.world.tokenGeneration += 1;
    const error = await errorOf(read(box));
    expect(error).toMatchObject({ code: 'credential_refused', message: expect.stringContaining('clientSecret') });
    // What a vendor is told is not repeated.
    expect(String(error)).not.toContain(fakeBox.secrets['clientSecret']);
    secrets = rotated;
    expect(await read(box)).toMatchObject({ pages: 1 });
  });

  test.each([
    [
      'unauthorized_client',
      'This app is not authorized by the enterprise admin',
      /not authorized in enterprise 1910967/,
    ],
    ['invalid_client', 'The client credentials are invalid', /copy both again/],
    ['invalid_grant', 'Grant credentials are invalid', /compare enterpriseId/],
    ['unsupported_grant_type', 'Invalid grant_type parameter or parameter missing', /client credentials/],
    ['invalid_request', 'The grant type is unauthorized for this client_id.', /client credentials/],
    ['something_else', '', /tokenUrl/],
  ])('%s is told in words', async (error, error_description, words) => {
    const box = connect({ instead: () => ({ status: 400, body: { error, error_description } }) });
    expect(await errorOf(read(box))).toMatchObject({
      code: 'credential_refused',
      message: expect.stringMatching(words),
    });
  });

  test('is none for another enterprise', async () => {
    const box = connect({ settings: { enterpriseId: '42' } });
    expect(await errorOf(read(box))).toMatchObject({ message: expect.stringContaining('enterprise 42') });
  });

  test('endpoint that is out of order may come back', async () => {
    const box = connect({ instead: () => ({ status: 503, body: '<html>' }) });
    expect(await errorOf(read(box))).toBeInstanceOf(VendorUnavailableError);
  });

  test('endpoint elsewhere is asked', async () => {
    const box = connect({ settings: { tokenUrl: 'http://localhost:4011/oauth2/token' } });
    await read(box);
    expect(tokenRequests(box).map(({ url }) => url.origin)).toEqual(['http://localhost:4011']);
  });
});

describe('too many requests', () => {
  test.each([1, undefined])(
    'are asked again after a short Retry-After, and not without one (%s)',
    async (retryAfter) => {
      const box = connect({
        instead: ({ url }, n) =>
          url.pathname === '/2.0/events' && n === 1 ? fakeBox.throttled(retryAfter) : undefined,
      });
      const error = await errorOf(read(box));
      if (retryAfter === undefined) expect(error).toMatchObject({ code: 'throttled', waitMs: undefined });
      else expect([error, box.asked().length]).toEqual([undefined, 2]);
    },
  );

  test('wait as long as Box says', async () => {
    const box = connect({ instead: answering(fakeBox.throttled(90)) });
    const error = await errorOf(read(box));
    expect(error).toMatchObject({ code: 'throttled', waitMs: 90_000 });
    expect(box.collector.explain?.(error)).toMatch(/month/);
  });
});

describe('what is wrong is told in words', () => {
  test.each([
    [403, 'insufficient_scope', /Manage enterprise properties/],
    [403, 'access_denied_insufficient_permissions', /Manage enterprise properties/],
    [403, 'access_from_location_blocked', /address/],
    [404, 'not_found', /baseUrl/],
  ])('%i %s', async (status, code, words) => {
    const box = connect({ instead: answering({ status, body: { type: 'error', status, code } }) });
    expect(box.collector.explain?.(await errorOf(read(box)))).toMatch(words);
  });

  test('no way to Box; and nothing is made up', () => {
    const { collector } = connect({ settings: { tokenUrl: 'https://token.example.com/t' } });
    expect(collector.explain?.(new UnreachableError('no such host'))).toContain('127.0.0.1:4010 and token.example.com');
    expect(collector.explain?.(new ForeignHostError('elsewhere'))).toBeUndefined();
    expect(collector.explain?.('anything')).toBeUndefined();
  });
});

describe('settings', () => {
  test('need only the enterprise', () => {
    const { origin, hosts, streams } = poller.connect(settings);
    expect(origin).toBe(boxAdminLogs.defaultOrigin);
    expect(hosts).toEqual(['https://api.box.com']);
    expect(streams.map(({ name }) => name)).toEqual(['admin_logs']);
  });

  test('name other addresses, whose hosts are then allowed', () => {
    const { hosts } = poller.connect({
      ...settings,
      baseUrl: 'https://box.example.com/',
      tokenUrl: 'https://token.example.com/t',
    });
    expect(hosts).toEqual(['https://box.example.com', 'https://token.example.com']);
  });

  test.each([
    {},
    { enterpriseId: 1910967 },
    { enterpriseId: 'acme' },
    { ...settings, baseUrl: 'http://box.example.com' },
    { ...settings, tokenUrl: 'ftp://api.box.com' },
    { ...settings, clientId: 'x' },
  ])('refuse %j', (wrong) => {
    expect(() => poller.connect(wrong)).toThrow();
  });

  test('secrets look like those of the fake and of Box', () => {
    for (const [name, { pattern }] of Object.entries(poller.secrets)) expect(fakeBox.secrets[name]).toMatch(pattern!);
    expect('ly1nj6n11vionaie65emwzk575hnnmrk').toMatch(poller.secrets['clientId']!.pattern!);
    expect('client id').not.toMatch(poller.secrets['clientId']!.pattern!);
  });
});
