import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FakeReply, FakeRequest } from '../../../../infra/local/vendors/fake.ts';
import { fakeGoogleWorkspace } from '../../../../infra/local/vendors/google_workspace.activity.ts';
import { newServiceAccountKey } from '../../../../infra/local/vendors/google-token.ts';
import {
  CredentialError,
  LogUnavailableError,
  PermissionError,
  ThrottledError,
  UnreachableError,
  VendorRefusedError,
} from '../../../../shared/polling/errors.ts';
import { readKey } from '../../../../shared/sources/google_workspace.activity/token.ts';
import { asReply } from '../../../support/direct-vendor.ts';
import { connected, minutesAgo, NOW, numbersOf, OTHER_KEY, pagesOf, URL_OF_FAKE } from './polling.ts';

const tokenRequests = (requests: readonly FakeRequest[]) => requests.filter(({ url }) => url.pathname === '/token');

async function failure(connection: ReturnType<typeof connected>, stream = 'login'): Promise<Error> {
  const error = await pagesOf(connection.collector, connection.client, { stream }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('the page was read');
  return error;
}

/** Answers of the API, or of the token endpoint, that are always the same. */
function answering(where: 'GET' | 'POST', reply: FakeReply) {
  return connected({}, { instead: ({ method }) => (method === where ? reply : undefined) });
}

function googleError(code: number, message: string, reason: string): FakeReply {
  return { status: code, body: { error: { code, message, errors: [{ message, domain: 'global', reason }] } } };
}

describe('the assertion', () => {
  test('is what Google asks for, signed with the key', async () => {
    const { collector, client, requests } = connected();
    await pagesOf(collector, client);
    const [request] = tokenRequests(requests);
    const form = new URLSearchParams(request?.body);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [head = '', payload = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    const file = JSON.parse(fakeGoogleWorkspace.secrets['serviceAccountKey']!);
    expect(decoded(head)).toEqual({ alg: 'RS256', typ: 'JWT', kid: file.private_key_id });
    const now = NOW.getTime() / 1_000;
    expect(decoded(payload)).toEqual({
      iss: file.client_email,
      sub: 'audit.reader@example.com',
      scope: 'https://www.googleapis.com/auth/admin.reports.audit.readonly',
      aud: `${URL_OF_FAKE}/token`,
      iat: now,
      exp: now + 3_600,
    });
    const key = createPublicKey(file.private_key);
    expect(verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  test('goes to tokenUrl, whatever token_uri the key file names', async () => {
    const file = JSON.parse(fakeGoogleWorkspace.secrets['serviceAccountKey']!);
    const key = JSON.stringify({ ...file, token_uri: 'https://elsewhere.example/token' });
    const { collector, client, requests } = connected({}, { secrets: () => ({ serviceAccountKey: key }) });
    await pagesOf(collector, client);
    expect(new Set(requests.map(({ url }) => url.origin))).toEqual(new Set([URL_OF_FAKE]));
  });

  test('needs no more of the key file than what is used', async () => {
    const { client_email, private_key, private_key_id } = JSON.parse(fakeGoogleWorkspace.secrets['serviceAccountKey']!);
    const key = JSON.stringify({ client_email, private_key, private_key_id });
    const { collector, client } = connected({}, { secrets: () => ({ serviceAccountKey: key }) });
    expect(await pagesOf(collector, client)).toHaveLength(1);
  });

  test.each([-90, -6, 6, 90])('is dated by Google where this clock is %d minutes behind', async (minutes) => {
    const { world, collector, client, requests } = connected({}, { behindMs: minutes * 60_000 });
    world.add(1, minutesAgo(1));
    expect(numbersOf(await pagesOf(collector, client))).toEqual([1]);
    expect(tokenRequests(requests)).toHaveLength(2);
  });
});

describe('the access token', () => {
  test('serves all streams until 5 minutes before its end', async () => {
    const { world, collector, client, requests } = connected();
    await Promise.all(['login', 'admin', 'drive'].map((stream) => pagesOf(collector, client, { stream })));
    world.advance(54 * 60_000);
    await pagesOf(collector, client);
    expect(tokenRequests(requests)).toHaveLength(1);
    world.advance(2 * 60_000);
    await pagesOf(collector, client);
    expect(tokenRequests(requests)).toHaveLength(2);
  });

  test('is replaced when it becomes bad between two pages', async () => {
    const { world, collector, client, requests } = connected();
    world.pageSize = 1;
    for (const n of [1, 2]) world.add(n, minutesAgo(n));
    const window = { stream: 'login', from: minutesAgo(60), to: NOW, done: new Set<string>() };
    const first = await collector.page(window, client);
    world.tokenGeneration += 1;
    const second = await collector.page({ ...window, cursor: first.next! }, client);
    expect(numbersOf([first, second])).toEqual([1, 2]);
    expect(tokenRequests(requests)).toHaveLength(2);
  });

  test('is got with the new key once the key is replaced', async () => {
    let key = fakeGoogleWorkspace.secrets;
    const { world, collector, client } = connected({}, { secrets: () => key });
    await pagesOf(collector, client);
    world.rotate({ serviceAccountKey: OTHER_KEY });
    world.tokenGeneration += 1;
    await expect(pagesOf(collector, client)).rejects.toThrow(/no such key/);
    key = world.secrets;
    expect(await pagesOf(collector, client)).toHaveLength(1);
  });

  test('that is refused for good fails as what it is', async () => {
    const connection = answering(
      'GET',
      googleError(401, 'Request had invalid authentication credentials.', 'authError'),
    );
    expect(await failure(connection)).toBeInstanceOf(CredentialError);
    expect(tokenRequests(connection.requests)).toHaveLength(2);
  });
});

describe('what is wrong with access is said', () => {
  const refusal = (status: number, error: string, error_description: string): FakeReply => ({
    status,
    body: { error, error_description },
  });

  test.each([
    ['an administrator who is gone', connected({ subject: 'gone@example.com' }), /lets nobody act as gone@example.com/],
    ['a key that was deleted', connected({}, { secrets: () => ({ serviceAccountKey: OTHER_KEY }) }), /has no such key/],
    [
      'a token endpoint by another name',
      answering('POST', refusal(400, 'invalid_grant', 'Invalid JWT: Failed audience check.')),
      /tokenUrl/,
    ],
    ['no key', connected({}, { secrets: () => ({}) }), /no secret named serviceAccountKey/],
    [
      'a service account that was deleted',
      answering('POST', refusal(400, 'invalid_grant', 'Invalid grant: account not found')),
      /does not know the service account/,
    ],
    [
      'a clock',
      answering('POST', refusal(400, 'invalid_grant', 'Invalid JWT: Token must be a short-lived token')),
      /set the clock/,
    ],
    [
      'no delegation',
      answering('POST', refusal(401, 'unauthorized_client', 'Client is unauthorized to retrieve access tokens')),
      /Domain-wide delegation.*numeric client id.*audit\.readonly.*24 hours/,
    ],
    ['anything else', answering('POST', refusal(403, 'odd', 'No.')), /no access token.*No\./],
  ])('%s', async (_, connection, words) => {
    const error = await failure(connection);
    expect(error).toBeInstanceOf(CredentialError);
    expect(error.message).toMatch(words);
    expect(error.message.length).toBeLessThan(500);
    expect(connection.collector.explain?.(error)).toBeUndefined();
  });

  test('a token endpoint that is not there', async () => {
    const connection = connected({ tokenUrl: `${URL_OF_FAKE}/nowhere` });
    const error = await failure(connection);
    expect(error).toBeInstanceOf(VendorRefusedError);
    expect(connection.collector.explain?.(error)).toMatch(/tokenUrl/);
  });

  test('an administrator without the privilege Reports', async () => {
    const connection = connected({ subject: 'bo.larkin@example.com' });
    const error = await failure(connection);
    expect(error).toBeInstanceOf(CredentialError);
    expect(connection.collector.explain?.(error)).toMatch(/bo\.larkin@example\.com.*privilege Reports/);
  });

  test.each([
    ['insufficientPermissions', /scope .*audit\.readonly/],
    ['accessNotConfigured', /Admin SDK API is not enabled/],
  ])('403 %s', async (reason, words) => {
    const error = await failure(answering('GET', googleError(403, 'No.', reason)));
    expect(error).toBeInstanceOf(PermissionError);
    expect(error.message).toMatch(words);
  });

  test('reasons in the newer form of errors count too', async () => {
    const body = { error: { code: 403, message: 'No.', details: [{ reason: 'SERVICE_DISABLED' }, { locale: 'en' }] } };
    expect((await failure(answering('GET', { status: 403, body }))).message).toMatch(/Admin SDK API is not enabled/);
  });

  test('a network without a way to Google', () => {
    const { collector } = connected();
    expect(collector.explain?.(new UnreachableError('ENOTFOUND'))).toMatch(/google\.example/);
    expect(collector.explain?.(new Error('odd'))).toBeUndefined();
  });
});

describe('applications', () => {
  test.each([
    ['that Google does not know', 'docs', /no log named docs: take it out of the setting applications/],
    [
      'that the edition has not',
      'vault',
      /does not give the log vault.*edition.*take it out of the setting applications/,
    ],
  ])('one %s fails alone', async (_, application, words) => {
    const connection = connected({ applications: [application, 'login'] });
    connection.world.add(1, minutesAgo(1));
    const error = await failure(connection, application);
    expect(error).toBeInstanceOf(LogUnavailableError);
    expect(error.message).toMatch(words);
    expect(numbersOf(await pagesOf(connection.collector, connection.client))).toEqual([1]);
  });

  test('a customer that is not theirs', async () => {
    expect((await failure(connected({ customerId: 'C9other' }))).message).toMatch(/customerId/);
  });

  test('another 400 is not taken for a page token that is too old', async () => {
    const error = await failure(answering('GET', googleError(400, 'Bad Request', 'invalid')));
    expect(error).toBeInstanceOf(VendorRefusedError);
    expect(error.message).toMatch(/the log login.*customerId.*Bad Request/);
  });
});

describe('throttling', () => {
  const quotas = ['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded'];

  test.each(quotas)('403 %s', async (reason) => {
    const error = await failure(answering('GET', googleError(403, 'Quota exceeded', reason)));
    expect(error).toBeInstanceOf(ThrottledError);
    expect((error as ThrottledError).waitMs).toBe(5_000);
  });

  test.each([503, 429])('%d waits 5 seconds where Google says nothing, else as it says', (status) => {
    const { collector } = connected();
    const throttle = (headers: Record<string, string>) =>
      collector.throttled?.(asReply(new URL(URL_OF_FAKE), { status, headers, body: 'odd' }, NOW));
    expect(throttle({})).toEqual({ waitMs: 5_000 });
    expect(throttle({ 'Retry-After': '90' })).toEqual({});
  });

  test.each([undefined, 3])('a 503 with Retry-After %s passes within a run', async (seconds) => {
    const connection = connected(
      {},
      {
        instead: ({ method }, number) =>
          method === 'GET' && number < 3 ? fakeGoogleWorkspace.throttled(seconds) : undefined,
      },
    );
    connection.world.add(1, minutesAgo(1));
    expect(numbersOf(await pagesOf(connection.collector, connection.client))).toEqual([1]);
    expect(connection.requests.filter(({ method }) => method === 'GET').length).toBeGreaterThan(1);
  });

  test.each([undefined, 3])('a 503 with Retry-After %s that stays is told', async (seconds) => {
    const connection = answering('GET', fakeGoogleWorkspace.throttled(seconds));
    const error = await failure(connection);
    expect(error).toBeInstanceOf(ThrottledError);
    expect((error as ThrottledError).waitMs).toBe((seconds ?? 5) * 1_000);
    expect(connection.collector.explain?.(error)).toMatch(/quota/);
  });

  test('other refusals, faults and odd bodies are not', () => {
    const { collector } = connected();
    const isThrottled = (status: number, body: string) =>
      collector.throttled?.(asReply(new URL(URL_OF_FAKE), { status, body }, NOW)) !== undefined;
    fc.assert(
      fc.property(fc.constantFrom(200, 400, 401, 403, 404, 500), fc.oneof(fc.json(), fc.string()), (status, body) => {
        expect(isThrottled(status, body)).toBe(false);
        expect(isThrottled(status, `{"error": ${body}`)).toBe(false);
      }),
    );
    expect(isThrottled(403, JSON.stringify(googleError(403, 'quotaExceeded', 'forbidden').body))).toBe(false);
  });
});

describe('the key file', () => {
  test('is read', () => {
    const text = newServiceAccountKey();
    const { private_key_id, client_email } = JSON.parse(text);
    expect(readKey(text)).toMatchObject({ id: private_key_id, email: client_email });
  });

  test.each([
    ['private_key', '{"type": "service_account", "client_email": "a@b.example"}'],
    ['client_email', '{"installed": {"client_id": "1"}, "private_key": "x"}'],
    ['JSON', '-----BEGIN PRIVATE KEY-----'],
    ['RSA', '{"client_email": "a@b.example", "private_key": "-----BEGIN PRIVATE KEY-----"}'],
  ])('that lacks %s is told so', (what, text) => {
    expect(() => readKey(text)).toThrow(new RegExp(`serviceAccountKey .*${what}.*JSON key file`));
  });

  test('whatever else it is, it is a credential error that does not quote it', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9+/]{12,40}$/);
    const text = fc.oneof(
      secret,
      secret.map((it) => `{"private_key": "${it}`),
      fc.tuple(secret, secret).map(([a, b]) => JSON.stringify({ client_email: a, private_key: b })),
      fc.tuple(secret, fc.jsonValue()).map(([a, b]) => JSON.stringify({ client_email: b, private_key: a })),
    );
    fc.assert(
      fc.property(text, (it) => {
        const error = thrownBy(() => readKey(it));
        expect(error).toBeInstanceOf(CredentialError);
        expect((error as Error).cause).toBeUndefined();
        for (const piece of it.match(/[A-Za-z0-9+/]{12,}/g) ?? []) {
          if (!/^(client_email|private_key)$/.test(piece)) expect((error as Error).message).not.toContain(piece);
        }
      }),
    );
  });
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
