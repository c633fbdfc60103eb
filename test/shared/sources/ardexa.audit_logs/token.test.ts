import { describe, expect, test } from 'vitest';
import { ardexaToken, fakeArdexa } from '../../../../infra/local/vendors/ardexa.audit_logs.ts';
import { CredentialError } from '../../../../shared/polling/errors.ts';
import { poller } from '../../../../shared/sources/ardexa.audit_logs/poller.ts';
import { directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';

const DAY = 86_400;
const ISSUED = new Date('2026-03-01T00:00:00Z');
const issued = ISSUED.getTime() / 1_000;
const LIFE = 30 * DAY;

/** A connection whose token was issued 30 days before its end, some days ago. */
function connection(daysAgo: number, { renewable = true, token = '' } = {}) {
  const first = token || ardexaToken({ iat: issued, exp: issued + LIFE, renewable });
  const world = new MemoryWorld(fakeArdexa, {
    now: new Date(ISSUED.getTime() + daysAgo * DAY * 1_000),
    stream: 'audit_logs',
  });
  world.rotate({ token: first });
  world.add(1, ISSUED);
  let kept: Readonly<Record<string, string>> = { token: first };
  let read: Readonly<Record<string, string>> = kept;
  const log: string[] = [];
  let failing = false;
  const collector = poller.connect({ workgroup: 'wg-4711' });
  const { client, requests } = directVendor(fakeArdexa, world, collector, {
    // Secrets are cached: what was stored is seen only when they are read again.
    secrets: (fresh) => {
      if (fresh) read = kept;
      return read;
    },
    keep: async (secrets) => {
      if (failing) throw new Error('the parameter store is away');
      log.push('keep');
      kept = { ...kept, ...secrets };
    },
    instead: ({ url }) => {
      log.push(url.pathname.split('/').at(-1) ?? '');
      return undefined;
    },
  });
  const window = {
    stream: 'audit_logs',
    from: ISSUED,
    to: new Date(ISSUED.getTime() + 1_000),
    done: new Set<string>(),
  };
  return {
    first,
    world,
    client,
    requests,
    log,
    collector,
    kept: () => kept,
    fail: (fails: boolean) => {
      failing = fails;
    },
    poll: async () => (await collector.page(window, client)).events.length,
  };
}

describe('a token', () => {
  test('in the first two thirds of its life is used as it is, and its end is known', async () => {
    const { poll, log, client } = connection(19);
    expect(await poll()).toBe(1);
    expect(log).toEqual(['search']);
    expect(client.credentialExpiresAt).toEqual(new Date((issued + LIFE) * 1_000));
  });

  test('after them is renewed; the next is stored before it is used', async () => {
    const { poll, log, kept, first, world, client, requests } = connection(21);
    expect(await poll()).toBe(1);
    expect(log).toEqual(['renew', 'keep', 'search']);
    expect(kept()).toEqual(world.secrets);
    expect(kept()['token']).not.toBe(first);
    expect(requests.map(({ headers }) => headers['authorization'])).toEqual([
      `Bearer ${first}`,
      `Bearer ${kept()['token']}`,
    ]);
    expect(client.credentialExpiresAt).toEqual(new Date((issued + 21 * DAY + LIFE) * 1_000));
    // Also while the old one is still cached.
    expect(await poll()).toBe(1);
    expect(log.slice(3)).toEqual(['search']);
  });

  test('is renewed once for requests of the same moment', async () => {
    const { poll, log } = connection(21);
    expect(await Promise.all([poll(), poll(), poll()])).toEqual([1, 1, 1]);
    expect(log.toSorted()).toEqual(['keep', 'renew', 'search', 'search', 'search']);
  });

  test('that can not be renewed serves to its end, and is tried seldom', async () => {
    const { poll, log, world } = connection(21, { renewable: false });
    expect(await poll()).toBe(1);
    expect(await poll()).toBe(1);
    expect(log).toEqual(['renew', 'search', 'search']);
    world.advance(7 * 3_600_000);
    expect(await poll()).toBe(1);
    expect(log.slice(3)).toEqual(['renew', 'search']);
  });

  test('that was renewed and not stored is stored by the next request', async () => {
    const { poll, fail, kept, world, log } = connection(21);
    fail(true);
    await expect(poll()).rejects.toThrow('the parameter store is away');
    fail(false);
    expect(await poll()).toBe(1);
    expect(log).toEqual(['renew', 'keep', 'search']);
    expect(kept()).toEqual(world.secrets);
  });

  test('that has ended is for a person to replace', async () => {
    const { poll, log, collector } = connection(31);
    const error = await poll().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CredentialError);
    expect(log).toEqual(['search', 'search']);
    expect(collector.explain?.(error)).toMatch(/can't be renewed/);
  });

  test('that another process renewed is found after the 401', async () => {
    const { poll, world, log, client } = connection(5);
    const next = ardexaToken({ iat: issued, exp: issued + 2 * LIFE, renewable: true });
    await poll();
    world.rotate({ token: next });
    await expect(poll()).rejects.toThrow(CredentialError);
    expect(log).toEqual(['search', 'search', 'search']);
    expect(client.credentialExpiresAt).toEqual(new Date((issued + LIFE) * 1_000));
  });

  test.each([
    [4, ['search']],
    [24, ['renew', 'search']],
  ])('that does not say when it was issued, after %i days: as if it lived 7 days', async (days, expected) => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${encode({ alg: 'HS256' })}.${encode({ exp: issued + 26 * DAY })}.c2ln`;
    const { poll, log } = connection(days, { token });
    expect(await poll()).toBe(1);
    expect(log).toEqual(expected);
  });

  test('of another kind is Ardexa’s to judge', async () => {
    const { poll, log, client } = connection(21, { token: 'opaque.opaque.opaque' });
    expect(await poll()).toBe(1);
    expect(log).toEqual(['search']);
    expect(client.credentialExpiresAt).toBeUndefined();
  });
});
