import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bearer, tokenBearer } from '../../../../shared/polling/authorizers.ts';
import type { Authorizer, Collector } from '../../../../shared/polling/poller.ts';
import { VendorClient } from '../../../../shared/polling/vendor/client.ts';
import { Transport } from '../../../../shared/polling/vendor/transport.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, number: number) => void;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(handler: Handler): Promise<{ url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    handler(request, response, seen.length - 1);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const json =
  (value: unknown, status = 200, headers = {}): Handler =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };

function connect(
  hosts: string[],
  options: {
    authorizer?: Authorizer;
    throttled?: Collector['throttled'];
    secrets?: () => Record<string, string>;
    timeLeft?: number;
    silenceMs?: number;
    allowed?: string[];
  } = {},
) {
  const sleeps: number[] = [];
  let reads = 0;
  const client = new VendorClient({
    collector: {
      hosts,
      authorizer: options.authorizer ?? bearer('token'),
      ...(options.throttled && { throttled: options.throttled }),
    },
    credentials: {
      read: async () => {
        reads += 1;
        return options.secrets?.() ?? { token: 'a-secret-token' };
      },
      keep: async () => {},
    },
    transport: new Transport({
      rules: { privateNetworks: false, allowed: options.allowed ?? ['127.0.0.1'] },
      timeouts: { silenceMs: options.silenceMs ?? 2_000 },
    }),
    clock: {
      now: () => new Date(),
      sleep: async (milliseconds) => {
        sleeps.push(milliseconds);
      },
    },
    timeLeft: () => options.timeLeft ?? 600_000,
  });
  return { client, sleeps, reads: () => reads };
}

describe('an answer', () => {
  it('is read whole, with integers as they are', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'x-more': 'yes' });
      response.end('{"id": 9007199254740993}');
    });
    const reply = await connect([url]).client.get(`${url}/log`);
    expect(reply.headers['x-more']).toBe('yes');
    expect(JSON.stringify(reply.json())).toBe('{"id":9007199254740993}');
    expect(() => reply.parse(z.object({ id: z.string() }))).toThrow(/unexpected shape at id/);
  });

  it.each([
    ['500', json({ error: 'down' }, 500), 'vendor_unavailable'],
    [
      'no JSON',
      (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
      'vendor_unavailable',
    ],
    ['a reset', (request) => request.socket.destroy(), 'vendor_unavailable'],
    ['silence', () => {}, 'vendor_unavailable'],
    [
      'silence in the middle',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"a"');
      },
      'vendor_unavailable',
    ],
  ] as [string, Handler, string][])('that is %s is tried again a few times', async (_name, handler, code) => {
    const { url, seen } = await serve(handler);
    const { client, sleeps } = connect([url], { silenceMs: 100 });
    await expect(client.get(`${url}/log?cursor=abc`)).rejects.toMatchObject({ code });
    expect(seen.length).toBe(4);
    expect(sleeps.length).toBe(3);
    const good = await serve((request, response, number) =>
      (number < 2 ? handler : json([1]))(request, response, number),
    );
    expect((await connect([good.url], { silenceMs: 100 }).client.get(good.url)).json()).toEqual([1]);
  });

  it('that is too large is not read', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const more = () => {
        while (response.write(Buffer.alloc(1 << 20)) && !response.destroyed);
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    await expect(connect([url]).client.get(url)).rejects.toMatchObject({ code: 'reply_too_large' });
  });

  it('of 4xx is an error with the beginning of its body, and without secrets', async () => {
    const { url } = await serve(json({ error: 'a-secret-token is not a cursor' }, 400));
    const { client } = connect([url]);
    await expect(client.get(`${url}/log?cursor=hidden`)).rejects.toMatchObject({ code: 'vendor_refused', status: 400 });
    const error = await client.get(`${url}/log?cursor=hidden`).catch((one: Error) => one);
    expect(String(error)).toContain('(secret) is not a cursor');
    expect(String(error)).not.toMatch(/a-secret-token|hidden/);
    expect((await client.get(url, { accept: [400] })).status).toBe(400);
  });
});

describe('throttling', () => {
  it('is waited for where it is short', async () => {
    const { url } = await serve((request, response, number) =>
      json({}, number === 0 ? 429 : 200, number === 0 ? { 'retry-after': '7' } : {})(request, response, number),
    );
    const { client, sleeps } = connect([url]);
    expect((await client.get(url)).status).toBe(200);
    expect(sleeps).toEqual([7_000]);
  });

  it.each([
    ['429', 429, { 'retry-after': '120' }, 120_000],
    ['429 without a time', 429, {}, undefined],
    ['503 with a time', 503, { 'retry-after': '60' }, 60_000],
  ])('%s is told to the engine', async (_name, status, headers, waitMs) => {
    const { url, seen } = await serve(json({}, status, headers));
    await expect(connect([url]).client.get(url)).rejects.toMatchObject({ code: 'throttled', waitMs });
    expect(seen.length).toBe(1);
  });

  it('is not waited for longer than there is time', async () => {
    const { url } = await serve(json({}, 429, { 'retry-after': '7' }));
    await expect(connect([url], { timeLeft: 5_000 }).client.get(url)).rejects.toMatchObject({ waitMs: 7_000 });
  });

  it('is what the vendor makes it, also where the page wants to see the status', async () => {
    const { url } = await serve(json({ reason: 'quota' }, 403));
    const throttled = () => ({ waitMs: 30_000 });
    const { client } = connect([url], { throttled });
    await expect(client.get(url, { accept: [403] })).rejects.toMatchObject({ code: 'throttled', waitMs: 30_000 });
    await expect(connect([url]).client.get(url)).rejects.toMatchObject({ code: 'permission_missing' });
  });
});

describe('authorisation', () => {
  it('is tried once more with secrets read again', async () => {
    const { url, seen } = await serve((request, response, number) =>
      json({}, request.headers.authorization === 'Bearer new-secret' ? 200 : 401)(request, response, number),
    );
    let secret = 'old-secret';
    const { client } = connect([url], {
      secrets: () => {
        const token = secret;
        secret = 'new-secret';
        return { token };
      },
    });
    expect((await client.get(url)).status).toBe(200);
    expect(seen.length).toBe(2);
  });

  it('that is refused twice is an error', async () => {
    const { url, seen } = await serve(json({ message: 'Bad credentials' }, 401));
    await expect(connect([url]).client.get(url)).rejects.toMatchObject({ code: 'credential_refused' });
    expect(seen.length).toBe(2);
  });

  it('fetches a token once for requests at the same time, and again when it is refused', async () => {
    let tokens = 0;
    const { url } = await serve((request, response, number) => {
      if (request.url === '/token') {
        tokens += 1;
        json({ token: `t${tokens}` })(request, response, number);
      } else
        json({}, request.headers.authorization === 'Bearer t1' && tokens === 1 && number > 6 ? 401 : 200)(
          request,
          response,
          number,
        );
    });
    const authorizer = tokenBearer(async ({ anonymous }) => {
      const reply = await anonymous.post(`${url}/token`, { form: { grant_type: 'client_credentials' } });
      return { token: reply.parse(z.object({ token: z.string() })).token, expiresIn: 3_600 };
    });
    const { client } = connect([url], { authorizer });
    await Promise.all([1, 2, 3, 4].map((n) => client.get(`${url}/${n}`)));
    expect(tokens).toBe(1);
    for (let n = 0; n < 5; n += 1) await client.get(`${url}/again`);
    expect(tokens).toBe(2);
  });
});

describe('where requests go', () => {
  it('is the declared hosts, by link and by redirect', async () => {
    const other = await serve(json([]));
    const { url } = await serve((request, response, number) =>
      request.url === '/away'
        ? response.writeHead(302, { location: `${other.url}/x` }).end()
        : request.url === '/here'
          ? response.writeHead(302, { location: '/there' }).end()
          : json({ at: request.url })(request, response, number),
    );
    const { client } = connect([url]);
    expect((await client.get(`${url}/here`)).json()).toEqual({ at: '/there' });
    for (const address of [`${url}/away`, `${other.url}/next`, 'http://169.254.169.254/latest/meta-data']) {
      await expect(client.get(address)).rejects.toMatchObject({ code: 'foreign_host' });
    }
    expect(other.seen).toEqual([]);
    expect((await connect([url, other.url]).client.get(`${url}/away`)).json()).toEqual([]);
  });

  it('is no address that is not public', async () => {
    const { url, seen } = await serve(json([]));
    await expect(connect([url], { allowed: [] }).client.get(url)).rejects.toMatchObject({ code: 'address_refused' });
    const named = url.replace('127.0.0.1', 'localhost');
    await expect(connect([named], { allowed: [] }).client.get(named)).rejects.toMatchObject({
      code: 'address_refused',
    });
    expect(seen).toEqual([]);
  });

  it('is told when it can not be reached', async () => {
    const { url } = await serve(json([]));
    servers.pop()?.close();
    await expect(connect([url]).client.get(url)).rejects.toMatchObject({ code: 'unreachable' });
    const nowhere = 'http://no-such-host.invalid';
    await expect(connect([nowhere]).client.get(nowhere)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('is not followed in circles', async () => {
    const { url, seen } = await serve((_request, response) => response.writeHead(302, { location: '/' }).end());
    await expect(connect([url], { timeLeft: 1 }).client.get(url)).rejects.toMatchObject({ code: 'vendor_unavailable' });
    expect(seen.length).toBe(4);
  });
});

it("the vendor's clock is read from its answers", async () => {
  const { url } = await serve(json([], 200, { date: new Date(Date.now() + 3_600_000).toUTCString() }));
  const { client } = connect([url]);
  expect(client.skewMs).toBe(0);
  await client.get(url);
  expect(Math.abs(client.skewMs - 3_600_000)).toBeLessThan(2_000);
  expect(Math.abs(client.now().getTime() - Date.now() - 3_600_000)).toBeLessThan(2_000);
});
