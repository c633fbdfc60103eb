import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldErrors, inWords } from '../../web/admin/field-errors.ts';
import { holdSpan, spanOf } from '../../web/admin/hold-span.ts';
import { endsSoon, expiryOf, groupsOf, isIdle, likeKey, stateOf, wordToType } from '../../web/admin/key-facts.ts';
import { randomSecret } from '../../web/admin/random-secret.ts';
import { adminRoute, partOf } from '../../web/admin/route.ts';
import type { ApiKey } from '../../web/admin/types.ts';
import { webhookAddress } from '../../web/admin/webhook-address.ts';
import { ApiError } from '../../web/api/error.ts';
import { manageHref, newConnectionHref } from '../../web/sources/links.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const key = (part: Partial<ApiKey> = {}): ApiKey => ({
  id: '0123456789abcdef',
  tenant: 'main',
  name: 'Jane Roe',
  scopes: ['read'],
  createdAt: '2026-11-01T00:00:00.000Z',
  lastUsedAt: null,
  ...part,
});

test('keys are grouped by what they may, those used last first, with those that are no longer good apart', () => {
  const keys = [
    key({ id: 'never' }),
    key({ id: 'sender', scopes: ['ingest'] }),
    key({ id: 'recent', lastUsedAt: '2026-11-22T11:00:00.000Z' }),
    key({ id: 'admin', scopes: ['admin'], lastUsedAt: '2026-11-20T11:00:00.000Z' }),
    key({ id: 'expired', expiresAt: '2026-11-22T12:00:00Z' }),
    key({ id: 'revoked', revokedAt: '2026-11-22T12:30:00.000Z', expiresAt: '2027-01-01T00:00:00Z' }),
  ];
  const { readers, senders, ended } = groupsOf(keys, NOW);
  expect(readers.map(({ id }) => id)).toEqual(['recent', 'admin', 'never']);
  expect(senders.map(({ id }) => id)).toEqual(['sender']);
  expect(ended.map(({ id }) => id)).toEqual(['revoked', 'expired']);
  expect(ended.map((one) => stateOf(one, NOW))).toEqual(['revoked', 'expired']);
});

test('a key is remarked on when it ends within two weeks, and when nobody used it for three months', () => {
  expect(endsSoon(key({ expiresAt: '2026-12-06T11:00:00Z' }), NOW)).toBe(true);
  expect(endsSoon(key({ expiresAt: '2026-12-06T13:00:00Z' }), NOW)).toBe(false);
  expect(endsSoon(key({ expiresAt: '2026-11-22T11:00:00Z' }), NOW)).toBe(false);
  expect(isIdle(key({ createdAt: '2026-08-24T12:00:00Z' }), NOW)).toBe(true);
  expect(isIdle(key({ createdAt: '2026-01-01T00:00:00Z', lastUsedAt: '2026-08-24T13:00:00Z' }), NOW)).toBe(false);
  expect(isIdle(key({ createdAt: '2026-01-01T00:00:00Z', revokedAt: '2026-02-01T00:00:00Z' }), NOW)).toBe(false);
});

test('a key ends after some days, with a day, or never', () => {
  expect(expiryOf('30d', '', NOW)).toBe('2026-12-22T12:00:00.000Z');
  expect(expiryOf('day', '2027-01-31', NOW)).toBe('2027-01-31T23:59:59Z');
  expect(expiryOf('never', '2027-01-31', NOW)).toBeUndefined();
});

test('a rotated key is like the old one, good for as long as that one was meant to be', () => {
  expect(likeKey(key({ sources: ['duo.auth'], expiresAt: '2026-12-01T00:00:00Z', lastUsedAt: 'x' }), NOW)).toEqual({
    name: 'Jane Roe',
    scopes: ['read'],
    sources: ['duo.auth'],
    expiresAt: '2026-12-22T12:00:00.000Z',
  });
  expect(likeKey(key(), NOW)).toEqual({ name: 'Jane Roe', scopes: ['read'] });
});

test.each([
  ['Jane Roe', 'Jane Roe'],
  ['octo-org', 'octo-org'],
  ['two  spaces', 'id'],
  ['‮evil', 'id'],
  ['x'.repeat(41), 'id'],
])('%j is confirmed by typing %j', (name, word) => {
  expect(wordToType(name, 'id')).toBe(word);
});

test('what is wrong is told at its field, a list’s elements at the list, and the rest above', () => {
  const problems = [
    { path: 'sources.1', message: 'must be a source name' },
    { path: 'sources.2', message: 'must be a source name' },
    { path: 'settings.organization', message: 'is required' },
    { path: 'settings', message: 'would lead elsewhere' },
  ];
  const error = new ApiError('No.', { code: 'invalid_request', status: 400, problems, requestId: 'r' });
  const errors = fieldErrors(error, ['sources', 'settings.organization']);
  expect(errors.at('sources')).toBe('Must be a source name.');
  expect(errors.at('settings.organization')).toBe('Is required.');
  expect(errors.at('name')).toBeNull();
  expect(errors.rest).toMatchObject({ message: 'No.', requestId: 'r', problems: [{ path: 'settings' }] });
  expect(fieldErrors(error, ['sources', 'settings', 'settings.organization']).rest).toBeUndefined();
});

test('an error without problems is told above', () => {
  const conflict = new ApiError('Taken.', { code: 'conflict', status: 409 });
  expect(fieldErrors(conflict, ['name']).rest).toBe(conflict);
  expect(fieldErrors(undefined, ['name']).rest).toBeUndefined();
});

test.each([
  ['Too small: expected string to have >=1 characters', 'Is required.'],
  ['Too small: expected string to have >=8 characters', 'Must have at least 8 characters.'],
  ['Too big: expected string to have <=128 characters', 'Must have at most 128 characters.'],
  ['Invalid input: expected string, received undefined', 'Is required.'],
  ['Too small: expected array to have >=1 items', 'Is required.'],
  ['does not look right. It begins with DI.', 'Does not look right. It begins with DI.'],
])('%j is said as %j', (message, words) => {
  expect(inWords(message)).toBe(words);
});

test('a webhook’s address holds the secret where the vendor proves itself by it alone', () => {
  expect(webhookAddress('https://a.example', '/v1/webhooks/main.fleet/{secret}', 'a/b c')).toBe(
    'https://a.example/v1/webhooks/main.fleet/a%2Fb%20c',
  );
  expect(webhookAddress('https://a.example', '/v1/webhooks/main.fleet/{secret}', null)).toContain('/{secret}');
  expect(webhookAddress('https://a.example', '/v1/webhooks/main.gh', 'secret')).toBe(
    'https://a.example/v1/webhooks/main.gh',
  );
});

test('secrets are long, and no two alike', () => {
  const secrets = Array.from({ length: 50 }, randomSecret);
  expect(new Set(secrets).size).toBe(50);
  for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{64}$/);
});

test('a hold of whole days is said by its first and last day, and asked for so', () => {
  expect(spanOf('2026-01-01', '2026-01-31')).toEqual({
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-02-01T00:00:00.000Z',
  });
  expect(holdSpan({ from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' })).toBe('2026-01-01');
  expect(holdSpan({ from: '2026-01-01T09:00:00.000Z', to: '2026-01-02T00:00:00.000Z' })).toContain('09:00');
  const day = fc
    .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  fc.assert(
    fc.property(day, day, (a, b) => {
      const [first, last] = [a, b].sort() as [string, string];
      expect(holdSpan(spanOf(first, last))).toBe(first === last ? first : `${first} to ${last}`);
    }),
  );
});

test('the links of the page of sources lead to parts of this one', () => {
  const read = (href: string) => {
    const [path = '', query] = href.split('?');
    const place = { page: 'admin', id: path.split('/')[2] ?? null, params: [...new URLSearchParams(query)] };
    return [partOf(place.id), adminRoute.read(place)];
  };
  expect(read(newConnectionHref('github.audit'))).toEqual(['connections', { new: 'github.audit', open: null }]);
  expect(read(newConnectionHref())).toEqual(['connections', { new: '1', open: null }]);
  expect(read(manageHref('main.octo-org'))).toEqual(['connections', { new: null, open: 'main.octo-org' }]);
  expect(partOf('elsewhere')).toBe('keys');
});
