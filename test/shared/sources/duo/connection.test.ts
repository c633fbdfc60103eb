import { describe, expect, test } from 'vitest';
import { fakeDuoActivity, fakeDuoAdmin, fakeDuoAuth } from '../../../../infra/local/vendors/duo.ts';
import type { FakeReply, FakeRequest } from '../../../../infra/local/vendors/fake.ts';
import {
  CredentialError,
  PermissionError,
  ThrottledError,
  UnreachableError,
  VendorRefusedError,
} from '../../../../shared/polling/errors.ts';
import { poller as activity } from '../../../../shared/sources/duo.activity/poller.ts';
import { poller as admin } from '../../../../shared/sources/duo.admin/poller.ts';
import { poller as auth } from '../../../../shared/sources/duo.auth/poller.ts';
import { directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';
import { eventsOf, MINUTE, pagesIn } from './window.ts';

const NOW = new Date('2024-06-03T08:00:00Z');
const WINDOW = { from: new Date(NOW.getTime() - 60 * MINUTE), to: new Date(NOW.getTime() - 3 * MINUTE) };
const BASE = 'https://api-00000000.duosecurity.com';
const OTHER = { integrationKey: 'DIOTHEROTHEROTHER000', secretKey: 'another-made-up-key-for-these-tests-0000' };

const LOGS = [
  ['duo.auth', auth, fakeDuoAuth],
  ['duo.activity', activity, fakeDuoActivity],
  ['duo.admin', admin, fakeDuoAdmin],
] as const;

describe.each(LOGS)('a connection of %s', (_, poller, fake) => {
  const collector = poller.connect({ baseUrl: BASE });

  function world(): MemoryWorld {
    const made = new MemoryWorld(fake, { now: NOW, stream: collector.streams[0]!.name });
    for (let n = 0; n < 5; n += 1) made.add(n, new Date(NOW.getTime() - (20 - n) * MINUTE));
    return made;
  }

  async function failureWith(options: Parameters<typeof directVendor>[3]): Promise<unknown> {
    const { client } = directVendor(fake, world(), collector, options);
    return pagesIn(collector, client, WINDOW).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  const answering = (status: number, code: number, message: string): Parameters<typeof directVendor>[3] => ({
    instead: (): FakeReply => ({ status, body: { code, message, stat: 'FAIL' } }),
  });

  test('belongs to the API hostname and asks nobody else', () => {
    expect(collector).toMatchObject({ origin: 'api-00000000.duosecurity.com', hosts: [BASE] });
  });

  test.each([
    ['https://api-1a2b3c4d.duosecurity.com/', 'https://api-1a2b3c4d.duosecurity.com'],
    ['https://API-1A2B3C4D.duofederal.com//', 'https://api-1a2b3c4d.duofederal.com'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080/', 'http://[::1]:8080'],
    ['http://localhost:8080', 'http://localhost:8080'],
  ])('takes %s', (baseUrl, base) => {
    expect(poller.connect({ baseUrl }).hosts).toEqual([base]);
  });

  test.each([
    [{ baseUrl: 'api-00000000.duosecurity.com' }, /must be an https:/],
    [{ baseUrl: 'http://api-00000000.duosecurity.com' }, /must be an https:/],
    [{ baseUrl: 'https://admin-00000000.duosecurity.com' }, /begins with api-/],
    [{ baseUrl: `${BASE}/admin/v2` }, /and no more/],
    [{ baseUrl: 'https://who:what@api-00000000.duosecurity.com' }, /without user/],
    [{}, /baseUrl/],
    [{ baseUrl: BASE, region: 'eu' }, /region/],
  ])('refuses %j', (settings, message) => {
    expect(() => poller.connect(settings)).toThrow(message);
  });

  test('says what its keys look like', () => {
    const { integrationKey, secretKey } = poller.secrets;
    expect(fake.secrets['integrationKey']).toMatch(integrationKey!.pattern!);
    expect(fake.secrets['secretKey']).toMatch(secretKey!.pattern!);
    expect(OTHER.secretKey).not.toMatch(integrationKey!.pattern!);
    expect(OTHER.integrationKey).not.toMatch(secretKey!.pattern!);
  });

  test.each([
    ['of another application', OTHER, '40102', /does not know the integration key/],
    ['that were mixed up', { ...fake.secrets, secretKey: OTHER.secretKey }, '40103', /signature wrong.*reset/],
  ])('is told about keys %s', async (__, secrets, code, explained) => {
    const error = await failureWith({ secrets: () => secrets });
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({ message: expect.stringContaining(code) });
    expect((error as Error).message).not.toContain(secrets.secretKey);
    expect(collector.explain?.(error)).toMatch(explained);
  });

  test.each([
    [answering(401, 40101, 'Missing request credentials'), CredentialError, /takes the Authorization header away/],
    [answering(401, 40105, 'Bad request timestamp'), CredentialError, /set the clock/],
    [answering(401, 40199, 'Something new'), CredentialError, /does not accept the keys/],
    [answering(403, 40301, 'Access forbidden'), PermissionError, /Grant read log.*Networks for API access/],
    [answering(404, 40401, 'Resource not found'), VendorRefusedError, /edition.*retired/],
    [answering(429, 42901, 'Too Many Requests'), ThrottledError, /one request a minute/],
  ])('is told what is wrong in plain words (%#)', async (options, kind, explained) => {
    const error = await failureWith(options);
    expect(error).toBeInstanceOf(kind);
    expect(collector.explain?.(error)).toMatch(explained);
  });

  test('is told when there is no way', () => {
    expect(collector.explain?.(new UnreachableError('no such name'))).toMatch(/compare baseUrl/);
    expect(collector.explain?.(new VendorRefusedError('odd', 400, ''))).toBeUndefined();
    expect(collector.explain?.('odd')).toBeUndefined();
  });

  test('keeps away for a minute when there were too many requests, without asking again', async () => {
    const { client, requests } = directVendor(fake, world(), collector, { instead: () => fake.throttled() });
    await expect(pagesIn(collector, client, WINDOW)).rejects.toMatchObject({ code: 'throttled', waitMs: MINUTE });
    expect(requests).toHaveLength(1);
  });

  test('obeys a Retry-After of a proxy', async () => {
    expect(await failureWith({ instead: () => fake.throttled(90) })).toMatchObject({ waitMs: 90_000 });
  });

  test('goes on in the same window when the keys were changed', async () => {
    const changing = world();
    changing.pageSize = 2;
    const { client, requests } = directVendor(fake, changing, collector, {
      secrets: () => changing.secrets,
      instead: (_request, number) => {
        // The second request is on its way already, signed with the old key.
        if (number === 1) changing.secrets = OTHER;
        return undefined;
      },
    });
    const pages = await pagesIn(collector, client, WINDOW);
    expect(eventsOf(pages).map(fake.numberOf)).toEqual([0, 1, 2, 3, 4]);
    expect(requests).toHaveLength(pages.length + 1);
  });

  test('signs every attempt anew', async () => {
    const moving = world();
    const dates: (string | undefined)[] = [];
    const { client } = directVendor(fake, moving, collector, {
      instead: ({ headers }: FakeRequest, number) => {
        dates.push(headers['date']);
        moving.advance(10_000);
        return number < 2 ? { status: 500, body: 'down' } : undefined;
      },
    });
    const page = await collector.page({ stream: collector.streams[0]!.name, ...WINDOW, done: new Set() }, client);
    expect(page.events.length).toBeGreaterThan(0);
    expect(new Set(dates).size).toBe(dates.length);
  });

  test.each([60, -60])('does not mind a clock that is %i minutes behind', async (minutes) => {
    const right = world();
    right.pageSize = 2;
    const { client, requests } = directVendor(fake, right, collector, { behindMs: minutes * MINUTE });
    const pages = await pagesIn(collector, client, WINDOW);
    expect(eventsOf(pages)).toHaveLength(5);
    // Only the first answer has to say what Duo's time is.
    expect(requests).toHaveLength(pages.length + 1);
  });

  test('asks no more often than Duo would have it', () => {
    const [stream] = collector.streams;
    expect(stream!.everySeconds).toBeGreaterThanOrEqual(120);
    expect(poller.pauseMs).toBeGreaterThanOrEqual(2_000);
  });
});
