import { createPublicKey, sign, verify } from 'node:crypto';
import { Ajv, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FakeReply } from '../../../../infra/local/vendors/fake.ts';
import { fakeGithub, fakeGithubApp } from '../../../../infra/local/vendors/github.audit.ts';
import { APP, appKey } from '../../../../infra/local/vendors/github-access.ts';
import { cursorOf, searchOf } from '../../../../infra/local/vendors/github-search.ts';
import appToken from '../../../fixtures/openapi/github-app-token.json' with { type: 'json' };
import auditLog from '../../../fixtures/openapi/github-audit-log.json' with { type: 'json' };
import { pagesOf, polled } from '../../../shared/sources/github.audit/polled.ts';
import { MemoryWorld } from '../../../support/direct-vendor.ts';

const NOW = new Date('2026-06-15T12:00:00Z');
const ORG = '/orgs/northwind-labs/audit-log';
const ENTERPRISE = '/enterprises/northwind/audit-log';
const MINT = `/app/installations/${APP.installationId}/access_tokens`;
const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

function world(): MemoryWorld {
  const made = new MemoryWorld(fakeGithub, { now: NOW, stream: 'web' });
  made.secrets = { ...fakeGithub.secrets, ...fakeGithubApp.secrets };
  return made;
}

function ask(
  path: string,
  given = world(),
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): FakeReply {
  const all = { 'user-agent': 'test', authorization: `Bearer ${fakeGithub.secrets['token']}`, ...headers };
  const reply = fakeGithub.handle(
    { method, url: new URL(path, 'https://api.github.com'), headers: all, body: '' },
    given,
  );
  if (reply instanceof Promise) throw new TypeError('the fake answers at once');
  return reply;
}

const numbersOf = ({ status, body }: FakeReply) =>
  status === 200 && Array.isArray(body) ? body.map((row) => fakeGithub.numberOf(row as never)) : status;

function jwt(
  claims: Record<string, unknown>,
  key = appKey(),
  header: Record<string, unknown> = { alg: 'RS256' },
): string {
  const now = NOW.getTime() / 1_000;
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part({ iss: APP.clientId, iat: now - 60, exp: now + 540, ...claims })}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}
const mint = (token: string, path = MINT) =>
  ask(path, world(), { method: 'POST', headers: { authorization: `Bearer ${token}` } });

describe("GitHub's OpenAPI description", () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const compiled = (document: { components: object }, schema: object) =>
    ajv.compile({ ...schema, components: document.components });
  const orgPage = compiled(
    auditLog,
    auditLog.paths['/orgs/{org}/audit-log'].get.responses['200'].content['application/json'].schema,
  );
  const enterprisePage = compiled(
    auditLog,
    auditLog.paths['/enterprises/{enterprise}/audit-log'].get.responses['200'].content['application/json'].schema,
  );
  const token = compiled(appToken, { $ref: '#/components/schemas/installation-token' });
  const failure = compiled(appToken, { $ref: '#/components/schemas/basic-error', required: ['message'] });
  const check = (validate: ValidateFunction, body: unknown) => {
    expect(validate(body), JSON.stringify(validate.errors)).toBe(true);
  };
  const full = () => {
    const made = world();
    for (let n = 0; n < 40; n += 1) made.add(n, ago(n / 10), { stream: n % 2 === 0 ? 'web' : 'git' });
    return made;
  };

  test.each([
    [ORG, orgPage],
    [`${ORG}?include=git&order=asc`, orgPage],
    [`${ORG}?include=all&per_page=100&phrase=created:>=2026-01-01`, orgPage],
    [ENTERPRISE, enterprisePage],
    [`${ENTERPRISE}?include=all`, enterprisePage],
  ])('has pages like that of %s', (path, validate) => {
    const { status, body } = ask(path, full());
    expect(status).toBe(200);
    expect(body).not.toHaveLength(0);
    check(validate, body);
  });

  test('has no pages with other types', () => {
    const { body } = ask(ORG, full());
    const [row] = Array.isArray(body) ? body : [];
    for (const wrong of [{ '@timestamp': '2026-06-15' }, { actor: 7 }, { action: null }, { org_id: 'x' }]) {
      expect(orgPage([{ ...(row as object), ...wrong }])).toBe(false);
    }
    expect(orgPage(row)).toBe(false);
  });

  test('knows every parameter that the poller sends', async () => {
    const vendor = polled({ rows: 9 });
    vendor.world.pageSize = 2;
    await pagesOf(vendor);
    const known = new Map<string, object>(
      Object.values(auditLog.components.parameters).map(({ name, schema }) => [name, schema]),
    );
    const sent = vendor.requests.flatMap(({ url }) => [...url.searchParams]);
    expect(new Set(sent.map(([name]) => name))).toEqual(new Set(['include', 'order', 'per_page', 'phrase', 'after']));
    for (const [name, value] of sent) {
      check(ajv.compile(known.get(name) ?? false), name === 'per_page' ? Number(value) : value);
    }
  });

  test('has tokens of installations, and errors, like these', () => {
    const { status, body } = mint(jwt({}));
    expect(status).toBe(201);
    check(token, body);
    expect(token({ ...(body as object), expires_at: 7 })).toBe(false);
    for (const reply of [ask('/orgs/x/audit-log'), mint('x'), ask(`${ORG}?order=up`), fakeGithub.throttled(5)]) {
      expect(reply.status).toBeGreaterThanOrEqual(400);
      check(failure, reply.body);
    }
    expect(failure({ message: 7 })).toBe(false);
  });
});

describe('the fake GitHub', () => {
  test('makes equal events of equal numbers, and knows them again', () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 32 - 1),
        fc.date({ noInvalidDate: true }),
        fc.constantFrom('web', 'git'),
        (n, at, stream) => {
          const raw = fakeGithub.event(n, at, stream);
          expect(raw).toEqual(fakeGithub.event(n, at, stream));
          expect(raw['@timestamp']).toBe(at.getTime());
          expect(fakeGithub.numberOf(raw)).toBe(n);
          expect('created_at' in raw).toBe(stream === 'web');
        },
      ),
    );
  });

  test('lists 30 rows of the website, newest first, of three months, when told nothing', () => {
    const given = world();
    for (let n = 0; n < 40; n += 1) given.add(n, ago(n * 3));
    given.add(99, ago(0), { stream: 'git' });
    expect(numbersOf(ask(ORG, given))).toEqual(Array.from({ length: 30 }, (_, n) => n));
    const days = Array.from({ length: 40 }, (_, n) => n).filter((n) => n * 3 <= 92);
    expect(numbersOf(ask(`${ORG}?per_page=500`, given))).toEqual(days);
    expect(numbersOf(ask(`${ORG}?per_page=100&phrase=created:%3E=2026-01-01`, given))).toHaveLength(40);
  });

  test('gives 100 rows at most, and fewer where the world says so', () => {
    const given = world();
    for (let n = 0; n < 130; n += 1) given.add(n, ago(n / 100));
    expect(numbersOf(ask(`${ORG}?per_page=130`, given))).toHaveLength(100);
    given.pageSize = 7;
    expect(numbersOf(ask(`${ORG}?per_page=130`, given))).toHaveLength(7);
  });

  test('keeps 180 days of the website and 7 of Git', () => {
    const given = world();
    for (const [n, days] of [6.9, 7.1, 179.9, 180.1].entries()) {
      given.add(n, ago(days));
      given.add(10 + n, ago(days), { stream: 'git' });
    }
    const path = `${ORG}?include=all&order=asc&phrase=created:>=2025-01-01`;
    const kept = numbersOf(ask(path, given));
    expect(Array.isArray(kept) && kept.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 10]);
    expect(numbersOf(ask(`/api/v3${path}`, given))).toHaveLength(8);
  });

  test.each([
    ['created:2026-06-15T11:00:00Z..2026-06-15T11:00:01Z', [1, 2, 3]],
    ['created:>=2026-06-15T11:00:01Z', [3, 4]],
    ['created:>2026-06-15T11:00:01Z', [4]],
    ['created:<=2026-06-15T11:00:00Z', [0, 1]],
    ['created:<2026-06-15T11:00:00Z', [0]],
    ['created:2026-06-15T13:00:00%2B02:00', [1]],
    ['created:2026-06-15', [0, 1, 2, 3, 4]],
    ['created:2026-06-01..2026-06-14', []],
  ])('finds by %s', (phrase, numbers) => {
    const given = world();
    const times = ['10:59:59.999', '11:00:00.000', '11:00:00.500', '11:00:01.000', '11:00:01.001'];
    times.forEach((time, n) => {
      given.add(n, new Date(`2026-06-15T${time}Z`));
    });
    expect(numbersOf(ask(`${ORG}?order=asc&phrase=${phrase}`, given))).toEqual(numbers);
  });

  test.each([
    'phrase=actor:ada',
    'phrase=created:2026-06-15T11:00:00.500Z',
    'phrase=created:x',
    'order=up',
    'include=ssh',
    'after=eA==',
  ])('answers 422 to %s', (query) => {
    expect(ask(`${ORG}?${query}`).status).toBe(422);
  });

  test("links to the next page by the owner's number, and back, and not from the last page", () => {
    const given = world();
    for (let n = 0; n < 5; n += 1) given.add(n, ago(n + 1));
    const linksOf = ({ headers }: FakeReply) =>
      Object.fromEntries(
        [...(headers?.['link'] ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, to, rel]) => [rel, to]),
      );
    const first = ask(`${ORG}?per_page=2&order=asc`, given);
    const next = new URL(linksOf(first)['next'] ?? '');
    expect(next.pathname).toBe('/organizations/70010001/audit-log');
    expect(next.searchParams.get('per_page')).toBe('2');
    const second = ask(next.href, given);
    expect([numbersOf(first), numbersOf(second)]).toEqual([
      [4, 3],
      [2, 1],
    ]);
    expect(numbersOf(ask(linksOf(second)['prev'] ?? '', given))).toEqual([4, 3]);
    const last = ask(linksOf(second)['next'] ?? '', given);
    expect(numbersOf(last)).toEqual([0]);
    expect(Object.keys(linksOf(last))).toEqual(['first', 'prev']);
  });

  test('has cursors that are positions, whatever they stand for', () => {
    const position = fc.record({ timestamp: fc.nat(4e12), id: fc.stringMatching(/^[\w-]{22}$/) });
    fc.assert(
      fc.property(position, (given) => {
        const { after } = searchOf(new URLSearchParams({ after: cursorOf(given) }), NOW);
        expect(after).toEqual(given);
      }),
    );
    expect(Buffer.from(cursorOf({ timestamp: 1664383359927, id: 'x' }), 'base64').toString()).toBe(
      '1.664383359927e+12|x',
    );
  });

  test.each<[string, Record<string, string>, number, RegExp]>([
    ['no user agent', { 'user-agent': '' }, 403, /User-Agent/],
    ['no authorization', { authorization: '' }, 401, /Requires authentication/],
    ['a wrong token', { authorization: 'Bearer ghp_x' }, 401, /Bad credentials/],
    ['a forged token of an installation', { authorization: `Bearer ghs_0.4102444800.${'x'.repeat(24)}` }, 401, /Bad/],
    ['the key itself', { authorization: 'Bearer undefined' }, 401, /Bad/],
  ])('refuses %s', (_, headers, status, said) => {
    const reply = ask(ORG, world(), { headers });
    expect(reply.status).toBe(status);
    expect(JSON.stringify(reply.body)).toMatch(said);
  });

  test('knows its owners by name, in any case, and by number', () => {
    for (const path of [
      ORG,
      '/orgs/NorthWind-Labs/audit-log',
      '/organizations/70010001/audit-log',
      ENTERPRISE,
      '/enterprises/6101/audit-log',
      `/api/v3${ORG}`,
    ]) {
      expect(ask(path).status, path).toBe(200);
    }
    for (const path of [
      '/orgs/northwind/audit-log',
      '/enterprises/northwind-labs/audit-log',
      '/orgs/x/audit-log',
      '/',
    ]) {
      expect(ask(path).status, path).toBe(404);
    }
  });

  const now = NOW.getTime() / 1_000;
  test.each<[string, string, number]>([
    ['a good JWT', jwt({}), 201],
    ['the app ID as a number', jwt({ iss: Number(APP.appId) }), 201],
    ['another issuer', jwt({ iss: 'Iv1' }), 401],
    ['a beginning ahead', jwt({ iat: now + 1 }), 401],
    ['no beginning', jwt({ iat: undefined }), 401],
    ['an end that has come', jwt({ exp: now }), 401],
    ['an end too far away', jwt({ exp: now + 601 }), 401],
    ['another signature', `${jwt({}).slice(0, -8)}AAAAAAAA`, 401],
    ['no signature', jwt({}, appKey(), { alg: 'none' }), 401],
    ['no JWT', 'x', 401],
  ])('takes %s for what it is', (_, token, status) => {
    expect(mint(token).status).toBe(status);
  });

  test('gives tokens for its own installation, good for an hour and one generation', () => {
    expect(mint(jwt({}), '/app/installations/7/access_tokens').status).toBe(404);
    const { body } = mint(jwt({}));
    const { token, expires_at } = body as { token: string; expires_at: string };
    expect(expires_at).toBe('2026-06-15T13:00:00Z');
    const given = world();
    const status = () => ask(ORG, given, { headers: { authorization: `Bearer ${token}` } }).status;
    expect(status()).toBe(200);
    given.advance(3_599_000);
    expect(status()).toBe(200);
    given.advance(1_000);
    expect(status()).toBe(401);
    const later = world();
    later.tokenGeneration = 1;
    expect(ask(ORG, later, { headers: { authorization: `Bearer ${token}` } }).status).toBe(401);
  });

  test('makes a key pair that fits', () => {
    const data = Buffer.from('x');
    expect(verify('sha256', data, createPublicKey(appKey()), sign('sha256', data, appKey()))).toBe(true);
    expect(fakeGithubApp.secrets).toEqual({ privateKey: appKey() });
  });
});
