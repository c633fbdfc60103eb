import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { fakeGithubApp } from '../../../../infra/local/vendors/github.audit.ts';
import { APP } from '../../../../infra/local/vendors/github-access.ts';
import { CredentialError, PermissionError, ThrottledError } from '../../../../shared/polling/errors.ts';
import { ago, HOUR, NOW, pagesOf, polled, WINDOW } from './polled.ts';

const MINTED = `/app/installations/${APP.installationId}/access_tokens`;
const app = (more: Parameters<typeof polled>[0] = {}) => polled({ fake: fakeGithubApp, ...more });
const minted = ({ requests }: ReturnType<typeof polled>) => requests.filter(({ method }) => method === 'POST');
const jwtOf = (request: { headers: Readonly<Record<string, string | undefined>> } | undefined) =>
  (request?.headers['authorization'] ?? '').replace('Bearer ', '');
const rsaKey = (type: 'pkcs1' | 'pkcs8' = 'pkcs8') =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type, format: 'pem' }).toString();

describe('a GitHub App', () => {
  test('signs a JWT of its own for a token of the installation', async () => {
    const vendor = app();
    expect(await pagesOf(vendor)).toEqual([[8, 6, 4, 2, 0]]);
    const [mint, page] = vendor.requests;
    expect(mint).toMatchObject({ method: 'POST', url: new URL(MINTED, 'https://api.github.com') });
    expect(mint?.headers).toMatchObject({ 'x-github-api-version': '2022-11-28', 'user-agent': expect.any(String) });
    const now = NOW.getTime() / 1_000;
    expect(decodeProtectedHeader(jwtOf(mint))).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(decodeJwt(jwtOf(mint))).toEqual({ iss: APP.clientId, iat: now - 60, exp: now + 540 });
    await jwtVerify(jwtOf(mint), createPublicKey(fakeGithubApp.secrets['privateKey'] ?? ''), { currentDate: NOW });
    expect(page?.headers['authorization']).toMatch(/^Bearer ghs_/);
  });

  test.each([
    ['the app ID', { clientId: APP.appId }, (pem: string) => pem],
    ['a key whose lines end with \\n', {}, (pem: string) => pem.replaceAll('\n', '\\n')],
  ])('goes with %s too', async (_, more, spelt) => {
    const settings = { app: { ...APP_SETTINGS, ...more } };
    const key = spelt(fakeGithubApp.secrets['privateKey'] ?? '');
    expect(await pagesOf(app({ settings, secrets: () => ({ privateKey: key }) }))).toHaveLength(1);
  });

  test('uses a token for both streams until five minutes before its end', async () => {
    const vendor = app();
    await Promise.all([pagesOf(vendor), pagesOf(vendor, { stream: 'git' })]);
    vendor.world.advance(54 * 60_000);
    await pagesOf(vendor);
    expect(minted(vendor)).toHaveLength(1);
    vendor.world.advance(2 * 60_000);
    await pagesOf(vendor);
    expect(minted(vendor)).toHaveLength(2);
  });

  test('goes on with a new token in the middle of a window when the old one became bad', async () => {
    const vendor = app();
    vendor.world.pageSize = 3;
    const { next } = await vendor.collector.page(WINDOW, vendor.client);
    vendor.world.tokenGeneration += 1;
    const rest = await vendor.collector.page({ ...WINDOW, ...(next !== undefined && { cursor: next }) }, vendor.client);
    expect(rest.events.map(fakeGithubApp.numberOf)).toEqual([2, 0]);
    expect(minted(vendor)).toHaveLength(2);
  });

  test('goes on with a key that was replaced', async () => {
    let key = fakeGithubApp.secrets['privateKey'] ?? '';
    const vendor = app({ secrets: () => ({ privateKey: key }) });
    await pagesOf(vendor);
    key = rsaKey();
    vendor.world.rotate({ privateKey: key });
    vendor.world.tokenGeneration += 1;
    expect(await pagesOf(vendor)).toHaveLength(1);
  });

  test.each([-3, 3])('whose clock is wrong by %s hours takes the time from the first refusal', async (hours) => {
    const vendor = app({ behindMs: hours * HOUR });
    expect(await pagesOf(vendor)).toHaveLength(1);
    expect(minted(vendor)).toHaveLength(2);
  });

  test('says nothing of an expiry: its key has none', async () => {
    const vendor = app();
    await pagesOf(vendor);
    expect(vendor.client.credentialExpiresAt).toBeUndefined();
  });

  test('that GitHub throttles when it asks for a token waits', async () => {
    const vendor = app({ instead: (_, number) => (number === 0 ? fakeGithubApp.throttled(120) : undefined) });
    await expect(pagesOf(vendor)).rejects.toMatchObject({ name: ThrottledError.name, waitMs: 120_000 });
    expect(await pagesOf(vendor)).toHaveLength(1);
  });

  test.each([
    ['another key', rsaKey(), /key of the app Iv23liNorthwindAnnals .*could not be decoded.*clientId/],
    ['no key at all', '', /no secret named privateKey/],
    ['something else', `ghp_${'x1'.repeat(18)}`, /can't be read.*\.pem/],
    [
      'an elliptic key',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      /no RSA key/,
    ],
  ])('with %s is refused', async (_, privateKey, said) => {
    const vendor = app({ secrets: () => ({ privateKey }) });
    await expect(pagesOf(vendor)).rejects.toThrow(CredentialError);
    await expect(pagesOf(vendor)).rejects.toThrow(said);
    expect(vendor.requests.every(({ url }) => url.pathname === MINTED)).toBe(true);
  });

  test('that is not installed there, or suspended, has no permission', async () => {
    const settings = { app: { ...APP_SETTINGS, installationId: '7' } };
    const elsewhere = app({ settings });
    await expect(pagesOf(elsewhere)).rejects.toThrow(PermissionError);
    await expect(pagesOf(elsewhere)).rejects.toThrow(/no installation 7/);
    const suspended = app({
      instead: () => ({ status: 403, body: { message: 'This installation has been suspended' } }),
    });
    await expect(pagesOf(suspended)).rejects.toThrow(PermissionError);
    await expect(pagesOf(suspended)).rejects.toThrow(/has been suspended/);
  });

  test('may not read the log of an enterprise', async () => {
    const settings = { organization: undefined, enterprise: 'northwind' };
    const vendor = app({ settings });
    const error = await pagesOf(vendor).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PermissionError);
    expect(vendor.collector.explain?.(error)).toMatch(/classic token/);
  });

  test('gets a token on a server of its own', async () => {
    const vendor = app({ settings: { baseUrl: 'https://git.example.com/api/v3' } });
    expect(await pagesOf(vendor, { from: ago(2 * HOUR) })).toEqual([[2, 0]]);
    expect(vendor.requests[0]?.url.href).toBe(`https://git.example.com/api/v3${MINTED}`);
  });
});

const APP_SETTINGS = { clientId: APP.clientId, installationId: APP.installationId };
