import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FakeReply } from '../../../../infra/local/vendors/fake.ts';
import { fakeGithub } from '../../../../infra/local/vendors/github.audit.ts';
import { ThrottledError } from '../../../../shared/polling/errors.ts';
import { expirationOf } from '../../../../shared/sources/github.audit/credential.ts';
import { throttling } from '../../../../shared/sources/github.audit/throttle.ts';
import { altered, HOUR, NOW, pagesOf, polled } from './polled.ts';

describe('throttling', () => {
  const epoch = NOW.getTime() / 1_000;
  const spent = (reset: number) => ({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) });
  const secondary = { message: 'You have exceeded a secondary rate limit.' };
  const waitOf = async (reply: FakeReply) => {
    const vendor = polled({ instead: () => reply });
    const error = await pagesOf(vendor).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ThrottledError);
    return error instanceof ThrottledError ? error.waitMs : undefined;
  };

  test.each<[string, FakeReply, number]>([
    ['403 with retry-after', { status: 403, headers: { 'retry-after': '90' }, body: secondary }, 90_000],
    ['429 with retry-after', { status: 429, headers: { 'retry-after': '90', ...spent(epoch + 5) } }, 90_000],
    ['403 with nothing left', { status: 403, headers: spent(epoch + 1_500), body: { message: 'x' } }, 1_501_000],
    ['429 with nothing left', { status: 429, headers: spent(epoch + 1_500) }, 1_501_000],
    ['403 with nothing left until too far away', { status: 403, headers: spent(epoch * 2) }, HOUR],
    ['403 that only says so', { status: 403, body: secondary }, 60_000],
    ['403 in the words of Enterprise Server', { status: 403, body: { message: 'API rate limit exceeded' } }, 60_000],
    ['429 that says nothing', { status: 429 }, 60_000],
    ['what the fake says', fakeGithub.throttled(90), 90_000],
    ['what the fake says without a time', fakeGithub.throttled(), 60_000],
  ])('%s is waited for', async (_, reply, waitMs) => {
    expect(await waitOf(reply)).toBe(waitMs);
  });

  test('whose end has come is over in a second, within the run', async () => {
    const vendor = polled({
      instead: (_, number) => (number === 0 ? { status: 403, headers: spent(epoch - 10) } : undefined),
    });
    expect(await pagesOf(vendor)).toHaveLength(1);
    expect(vendor.requests).toHaveLength(2);
  });

  test('without a time is waited for twice as long each time, until something is answered', async () => {
    let isThrottled = true;
    const vendor = polled({ instead: () => (isThrottled ? fakeGithub.throttled() : undefined) });
    const wait = async () =>
      pagesOf(vendor).then(
        () => 0,
        (error: unknown) => error instanceof ThrottledError && error.waitMs,
      );
    expect([await wait(), await wait(), await wait()]).toEqual([60_000, 120_000, 240_000]);
    isThrottled = false;
    expect(await wait()).toBe(0);
    isThrottled = true;
    expect(await wait()).toBe(60_000);
  });

  test('is known whatever the reply says, and never for longer than an hour', () => {
    const throttle = throttling();
    const names = ['date', 'x-ratelimit-remaining', 'x-ratelimit-reset'];
    const value = fc.oneof(fc.string(), fc.integer().map(String), fc.constantFrom('0', NOW.toUTCString()));
    const headers = fc.dictionary(fc.constantFrom(...names), value);
    fc.assert(
      fc.property(fc.constantFrom(401, 403, 429, 500), headers, fc.string(), (status, given, text) => {
        const found = throttle.of({
          status,
          headers: given,
          text,
          json: () => null,
          parse: () => expect.unreachable(),
        });
        if (status === 429) expect(found).toBeDefined();
        if (status === 401 || status === 500) expect(found).toBeUndefined();
        if (found) {
          expect(found.waitMs).toBeGreaterThanOrEqual(1_000);
          expect(found.waitMs).toBeLessThanOrEqual(HOUR);
        }
      }),
    );
  });
});

describe('a token that expires', () => {
  const expiring = (value: string) =>
    altered(fakeGithub, (reply) => ({
      ...reply,
      headers: { ...reply.headers, 'github-authentication-token-expiration': value },
    }));

  test('says so with the first page', async () => {
    const vendor = polled({ fake: expiring('2026-07-01 07:30:00 UTC') });
    expect(vendor.client.credentialExpiresAt).toBeUndefined();
    await pagesOf(vendor);
    expect(vendor.client.credentialExpiresAt).toEqual(new Date('2026-07-01T07:30:00Z'));
  });

  test('or not', async () => {
    const vendor = polled({ fake: expiring('never') });
    await pagesOf(vendor);
    expect(vendor.client.credentialExpiresAt).toBeUndefined();
  });

  test('in any zone and spelling', () => {
    const time = fc.date({ min: new Date(0), max: new Date('9000-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(time, fc.integer({ min: -14 * 60, max: 14 * 60 }), fc.boolean(), (given, offset, colon) => {
        const at = new Date(Math.floor(given.getTime() / 1_000) * 1_000);
        const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, 19).replace('T', ' ');
        const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0');
        const zone = `${offset < 0 ? '-' : '+'}${two(offset / 60)}${colon ? ':' : ''}${two(offset % 60)}`;
        expect(expirationOf(`${local} ${zone}`)).toEqual(at);
        expect(expirationOf(at.toISOString().replace('.000Z', 'Z'))).toEqual(at);
        expect(expirationOf(`${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`)).toEqual(at);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void expirationOf(text)));
    expect(expirationOf('2026-13-45 99:00:00 UTC')).toBeUndefined();
  });
});
