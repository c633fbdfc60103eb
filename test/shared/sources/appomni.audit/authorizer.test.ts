import { describe, expect, it } from 'vitest';
import { appomniInstance, fakeAppomniAudit } from '../../../../infra/local/vendors/appomni.audit.ts';
import type { FakeReply, FakeRequest } from '../../../../infra/local/vendors/fake.ts';
import { CredentialError, VendorUnavailableError } from '../../../../shared/polling/errors.ts';
import { collectorOf } from '../../../../shared/sources/appomni.audit/poller.ts';
import { directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';
import { readWindow } from '../../../support/read-window.ts';

const NOW = new Date('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;
const BASE = 'https://acme.appomni.com';
const CLIENT_ID = 'annals-api-application';

type Secrets = Readonly<Record<string, string>>;

/** The connection's secrets where all its processes find them, and what a process remembers of them. */
class Store {
  current: Secrets;
  /** Every change that the vendor brought about. */
  readonly kept: Secrets[] = [];
  failures = 0;

  constructor(secrets: Secrets) {
    this.current = secrets;
  }

  process({ caches = false } = {}): { read: (fresh: boolean) => Secrets; keep: (secrets: Secrets) => Promise<void> } {
    let cached: Secrets | undefined;
    return {
      read: (fresh) => {
        if (!caches || fresh || !cached) cached = this.current;
        return cached;
      },
      keep: async (secrets) => {
        await Promise.resolve();
        if (this.failures > 0) {
          this.failures -= 1;
          throw new Error('the store of secrets is not there');
        }
        this.kept.push(secrets);
        this.current = { ...this.current, ...secrets };
      },
    };
  }
}

interface ProcessOptions {
  readonly caches?: boolean;
  readonly clientId?: string | undefined;
  readonly instead?: (request: FakeRequest, number: number) => FakeReply | undefined;
}

function setUp(given: Secrets = fakeAppomniAudit.secrets) {
  const fake = appomniInstance();
  const world = new MemoryWorld(fake, { now: NOW, stream: 'audit' });
  world.add(0, new Date(NOW.getTime() - 60_000));
  const store = new Store(given);
  const start = (options: ProcessOptions = {}) => {
    const { caches = false, instead } = options;
    const clientId = 'clientId' in options ? options.clientId : CLIENT_ID;
    const { read: secrets, keep } = store.process({ caches });
    const collector = collectorOf({ baseUrl: BASE, clientId });
    const { client, requests } = directVendor(fake, world, collector, { secrets, keep, ...(instead && { instead }) });
    const read = async () => {
      const now = world.now();
      return (await readWindow(collector, client, { from: new Date(now.getTime() - 24 * HOUR), to: now })).flat()
        .length;
    };
    const paths = () => requests.map(({ method, url }) => `${method} ${url.pathname}`);
    const exchanges = () => requests.filter(({ method }) => method === 'POST').length;
    return { read, paths, exchanges, requests, collector, client };
  };
  return { world, store, start };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a refresh token', () => {
  it('is exchanged as RFC 6749 says, once for as long as the access token is good', async () => {
    const { world, start } = setUp();
    const process = start();
    expect(await process.read()).toBe(1);
    world.advance(58 * 60_000);
    expect(await process.read()).toBe(1);
    expect(process.paths()).toEqual([
      'POST /oauth/token/',
      'GET /api/v1/core/auditlogs/',
      'GET /api/v1/core/auditlogs/',
    ]);
    const [exchange] = process.requests;
    expect(exchange?.headers['authorization']).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(exchange?.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-0-first',
      client_id: CLIENT_ID,
      client_secret: 'appomni-client-secret-0001',
    });
  });

  it('and the one that takes its place are stored before either is used', async () => {
    const { store, start } = setUp();
    const log: string[] = [];
    const process = start({
      instead: ({ method }) => {
        log.push(`${method} with ${store.kept.length} kept`);
        return undefined;
      },
    });
    await process.read();
    expect(log).toEqual(['POST with 0 kept', 'GET with 1 kept']);
    const [kept] = store.kept;
    expect(Object.keys(kept ?? {}).sort()).toEqual(['accessToken', 'accessTokenExpires', 'refreshToken']);
    expect(kept?.['accessTokenExpires']).toBe('2026-03-02T13:00:00.000Z');
    expect(store.current['clientSecret']).toBe('appomni-client-secret-0001');
  });

  it('is exchanged again and again, each time the newest one, for days', async () => {
    const { world, store, start } = setUp();
    const process = start({ caches: true });
    for (let hour = 0; hour < 30; hour += 1) {
      expect(await process.read()).toBe(hour < 24 ? 1 : 0);
      world.advance(HOUR);
    }
    expect(store.kept).toHaveLength(30);
    expect(new Set(store.kept.map(({ refreshToken }) => refreshToken)).size).toBe(30);
    expect(store.current['refreshToken']).toBe(world.secrets['refreshToken']);
  });

  it('is exchanged when the access token is refused in mid-run', async () => {
    const { world, start } = setUp();
    const process = start();
    await process.read();
    world.tokenGeneration += 1;
    expect(await process.read()).toBe(1);
    expect(process.exchanges()).toBe(2);
  });

  it('is not exchanged by a process that finds a good access token stored', async () => {
    const { start } = setUp();
    await start().read();
    const another = start();
    expect(await another.read()).toBe(1);
    expect(another.exchanges()).toBe(0);
  });

  it('is exchanged once by all requests of a process that ask at the same moment', async () => {
    const { world, start } = setUp();
    const process = start();
    expect(await Promise.all([process.read(), process.read(), process.read()])).toEqual([1, 1, 1]);
    expect(process.exchanges()).toBe(1);
    world.tokenGeneration += 1;
    expect(await Promise.all([process.read(), process.read(), process.read()])).toEqual([1, 1, 1]);
    expect(process.exchanges()).toBe(2);
  });

  it('that another process has just spent does not stop a process that still remembers it', async () => {
    const { world, start } = setUp();
    const one = start({ caches: true });
    const two = start({ caches: true });
    await one.read();
    await two.read();
    world.advance(HOUR - 30_000);
    expect(await one.read()).toBe(1);
    expect(await two.read()).toBe(1);
    expect(two.paths().slice(1)).toEqual([
      'POST /oauth/token/',
      'GET /api/v1/core/auditlogs/',
      'GET /api/v1/core/auditlogs/',
    ]);
  });

  it('that could not be stored is stored the next time, instead of the spent one being exchanged again', async () => {
    const { world, store, start } = setUp();
    store.failures = 1;
    const process = start();
    expect(await failureOf(process.read())).toMatchObject({ message: 'the store of secrets is not there' });
    expect(store.current['refreshToken']).toBe('refresh-0-first');
    expect(await process.read()).toBe(1);
    expect(process.exchanges()).toBe(1);
    expect(store.current['refreshToken']).toBe(world.secrets['refreshToken']);
  });

  it('that somebody sets anew is used, and not overwritten by what came before', async () => {
    const { world, store, start } = setUp();
    store.failures = 10;
    const process = start();
    await failureOf(process.read());
    store.failures = 0;
    world.secrets = { refreshToken: 'set-by-hand', clientSecret: 'another-client-secret' };
    store.current = world.secrets;
    expect(await process.read()).toBe(1);
    expect(process.exchanges()).toBeGreaterThanOrEqual(2);
    expect(store.current['refreshToken']).toBe(world.secrets['refreshToken']);
  });

  it('that is not replaced is kept', async () => {
    const { store, start } = setUp();
    const process = start({
      instead: ({ method }) =>
        method === 'POST'
          ? { status: 200, body: { access_token: 'a', expires_in: 3_600 } }
          : { status: 200, body: { results: [], next: null } },
    });
    await process.read();
    expect(store.current).toMatchObject({ refreshToken: 'refresh-0-first', accessToken: 'a' });
  });
});

describe('a refusal', () => {
  const explained = async (secrets: Secrets, options: ProcessOptions = {}) => {
    const { start } = setUp(secrets);
    const process = start(options);
    const error = await failureOf(process.read());
    return { error, process, text: process.collector.explain?.(error) };
  };

  it('of the refresh token', async () => {
    const { error, process, text } = await explained({ ...fakeAppomniAudit.secrets, refreshToken: 'revoked-token' });
    expect(error).toBeInstanceOf(CredentialError);
    // Once more after the secrets were read again, as they may have been rotated.
    expect(process.exchanges()).toBe(2);
    expect(text).toContain('good for one use');
    expect(text).not.toContain('revoked-token');
  });

  it('of the refresh token after its access token was refused too', async () => {
    const { error, process } = await explained({
      ...fakeAppomniAudit.secrets,
      refreshToken: 'revoked-token',
      accessToken: 'g0.9999999999.x',
      accessTokenExpires: '2026-03-02T12:30:00Z',
    });
    expect(error).toBeInstanceOf(CredentialError);
    expect(process.paths()).toEqual(['GET /api/v1/core/auditlogs/', 'POST /oauth/token/']);
  });

  it('of the client', async () => {
    const { error, text } = await explained({ ...fakeAppomniAudit.secrets, clientSecret: 'wrong' });
    expect(error).toBeInstanceOf(CredentialError);
    expect(text).toContain('clientSecret');
  });

  it('to do without a client', async () => {
    expect((await explained(fakeAppomniAudit.secrets, { clientId: undefined })).text).toContain('"clientId"');
    expect((await explained({ refreshToken: 'refresh-0-first' })).text).toContain('clientSecret');
    expect((await explained({})).text).toContain('either the secret accessToken');
  });

  it('that may pass is not taken for one of the secrets', async () => {
    const down = await explained(fakeAppomniAudit.secrets, { instead: () => ({ status: 502, body: 'bad gateway' }) });
    expect(down.error).toBeInstanceOf(VendorUnavailableError);
    const missing = await explained(fakeAppomniAudit.secrets, { instead: () => ({ status: 404, body: {} }) });
    expect(missing.text).toContain('baseUrl');
  });
});

describe('an access token granted by hand', () => {
  const fake = appomniInstance({ manualToken: true });

  function start(secrets: (fresh: boolean) => Secrets) {
    const world = new MemoryWorld(fake, { now: NOW, stream: 'audit' });
    const collector = collectorOf({ baseUrl: BASE });
    const { client, requests } = directVendor(fake, world, collector, { secrets });
    const read = () => readWindow(collector, client, { from: new Date(NOW.getTime() - HOUR), to: NOW });
    return { world, client, collector, requests, read };
  }

  it('tells when it ends', async () => {
    const { client, read } = start(() => ({ ...fake.secrets, accessTokenExpires: '2026-09-01' }));
    await read();
    expect(client.credentialExpiresAt?.toISOString()).toBe('2026-09-01T00:00:00.000Z');
  });

  it('that does not tell when it ends is used all the same', async () => {
    const { client, read } = start(() => fake.secrets);
    expect(await read()).toEqual([[]]);
    expect(client.credentialExpiresAt).toBeUndefined();
  });

  it('that was replaced is read again', async () => {
    const { world, requests, read } = start((fresh) => ({ accessToken: fresh ? 'new-token' : 'old-token' }));
    world.secrets = { accessToken: 'new-token' };
    await read();
    expect(requests).toHaveLength(2);
  });

  it('that is not good is refused for good', async () => {
    const { collector, requests, read } = start(() => ({ accessToken: 'expired-token' }));
    const error = await failureOf(read());
    expect(error).toBeInstanceOf(CredentialError);
    expect(collector.explain?.(error)).toContain('accessToken');
    expect(requests).toHaveLength(2);
  });
});
