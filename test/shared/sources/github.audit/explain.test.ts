import { describe, expect, test } from 'vitest';
import type { FakeReply } from '../../../../infra/local/vendors/fake.ts';
import { fakeGithub, fakeGithubApp } from '../../../../infra/local/vendors/github.audit.ts';
import { UnreachableError } from '../../../../shared/polling/errors.ts';
import { poller } from '../../../../shared/sources/github.audit/poller.ts';
import { pagesOf, polled } from './polled.ts';

const enterprise = { organization: undefined, enterprise: 'northwind' };
const forbidden = (message: string): FakeReply => ({ status: 403, body: { message } });

/** What a failing connection is told. */
async function told(options: Parameters<typeof polled>[0]): Promise<string> {
  const vendor = polled(options);
  const error = await pagesOf(vendor).then(
    () => expect.unreachable('nothing failed'),
    (thrown: unknown) => thrown,
  );
  return vendor.collector.explain?.(error) ?? '';
}
const toldOf = (reply: FakeReply, settings = {}) => told({ settings, instead: () => reply });

describe('people are told what is wrong and what to do', () => {
  test('when the secret is bad or missing', async () => {
    expect(await told({ secrets: () => ({ token: 'ghp_bad' }) })).toMatch(/not accept the token.*new one/);
    expect(await told({ secrets: () => ({}) })).toMatch(/no secret\. Give it "token"/);
    const app = { fake: fakeGithubApp, secrets: () => ({ privateKey: 'x' }) };
    expect(await told(app)).toMatch(/privateKey can't be read/);
  });

  test.each([
    ['scope', 'Must have admin rights to Repository.', {}, /owner.*read:audit_log.*"Administration: read"/],
    ['scope', 'Must be an enterprise admin', enterprise, /classic token of an enterprise owner.*read:audit_log/],
    ['SSO', 'Resource protected by organization SAML enforcement.', {}, /"Configure SSO"/],
    [
      'list of addresses',
      '`acme` has an IP allow list enabled, and your IP address is not permitted',
      {},
      /NAT gateway/,
    ],
    ['User-Agent', 'Please make sure your request has a User-Agent header', {}, /takes the User-Agent header away/],
  ])('when the %s is missing', async (_, message, settings, said) => {
    expect(await toldOf(forbidden(message), settings)).toMatch(said);
  });

  test('when an app lacks the permission, or asks for an enterprise', async () => {
    const noPermission = {
      instead: (request: { method: string }) =>
        request.method === 'GET' ? forbidden('Resource not accessible by integration') : undefined,
    };
    expect(await told({ fake: fakeGithubApp, ...noPermission })).toMatch(/"Administration: read", and accept/);
    expect(await told({ fake: fakeGithubApp, settings: enterprise })).toMatch(/Apps.*classic token/);
    const elsewhere = { app: { clientId: 'Iv23liNorthwindAnnals', installationId: '7' } };
    expect(await told({ fake: fakeGithubApp, settings: elsewhere })).toMatch(/no installation 7: install it/);
  });

  test('when the log is not there', async () => {
    expect(await told({ settings: { organization: 'acme' } })).toMatch(/404.*name.*owner.*Enterprise Cloud.*api\/v3/);
  });

  test('when baseUrl is wrong', async () => {
    expect(await toldOf({ status: 200, body: '<html>' })).toMatch(/address of the API.*api\/v3/);
    expect(await toldOf({ status: 200, body: [], headers: { link: '<https://other/?after=x>; rel="next"' } })).toMatch(
      /https:\/\/other.*check baseUrl/,
    );
    const { explain } = poller.connect({ organization: 'a', baseUrl: 'https://git.example.com/api/v3' });
    expect(explain?.(new UnreachableError('no such host'))).toMatch(/git\.example\.com.*"network": "private"/);
  });

  test('when the search is refused', async () => {
    expect(await toldOf({ status: 422, body: { message: 'include is unknown' } })).toMatch(
      /include is unknown.*"git": false/,
    );
  });

  test('and nothing of what passes by itself', async () => {
    expect(await toldOf({ status: 502, body: 'Bad Gateway' })).toBe('');
    expect(await toldOf(fakeGithub.throttled(600))).toBe('');
  });
});
