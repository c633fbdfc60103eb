import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type GatewayContext,
  type GatewayRequest,
  parseTarget,
  toEvent,
} from '../../../infra/local/api-gateway/event.ts';
import { toResponse } from '../../../infra/local/api-gateway/response.ts';
import { createRouter } from '../../../infra/local/api-gateway/router.ts';
import { startApiGateway } from '../../../infra/local/api-gateway.ts';
import type { InvokeResult } from '../../../infra/local/lambda.ts';

describe('route selection', () => {
  const find = (...keys: string[]) => {
    const router = createRouter(keys.map((routeKey) => ({ routeKey })));
    return (method: string, path: string) => {
      const match = router(method, path);
      return match && [match.route.routeKey, match.pathParameters];
    };
  };

  it('takes the most specific route, whatever their order', () => {
    // The example of the developer guide, "Routing API requests".
    const route = find('$default', 'ANY /{proxy+}', 'GET /pets/{proxy+}', 'GET /pets/dog/{id}', 'GET /pets/dog/1');
    expect(route('GET', '/pets/dog/1')).toEqual(['GET /pets/dog/1', {}]);
    expect(route('GET', '/pets/dog/2')).toEqual(['GET /pets/dog/{id}', { id: '2' }]);
    expect(route('GET', '/pets/cat/1')).toEqual(['GET /pets/{proxy+}', { proxy: 'cat/1' }]);
    expect(route('POST', '/test/5')).toEqual(['ANY /{proxy+}', { proxy: 'test/5' }]);
    expect(route('GET', '/')).toEqual(['$default', {}]);
  });

  it('takes a method of its own before ANY, and does not serve HEAD by GET', () => {
    const route = find('ANY /a', 'GET /a', 'GET /b');
    expect(route('GET', '/a')?.[0]).toBe('GET /a');
    expect(route('HEAD', '/a')?.[0]).toBe('ANY /a');
    expect(route('HEAD', '/b')).toBeUndefined();
    expect(route('OPTIONS', '/b')).toBeUndefined();
  });

  it.each(['/a/', '/a/b/c', '/a', '//b', '/'])('does not match %s to /a/{id}', (path) => {
    expect(find('GET /a/{id}')('GET', path)).toBeUndefined();
  });

  it('gives back what a path was made of', () => {
    const segment = fc.string({ minLength: 1 }).filter((one) => !one.includes('/'));
    fc.assert(
      fc.property(segment, fc.array(segment, { minLength: 1 }), (id, rest) => {
        const route = find('GET /x/{id}/y/{rest+}');
        expect(route('GET', `/x/${id}/y/${rest.join('/')}`)?.[1]).toEqual({ id, rest: rest.join('/') });
      }),
    );
  });
});

describe('events', () => {
  const context: GatewayContext = {
    accountId: '000000000000',
    apiId: 'abc',
    requestId: '11111111-2222-3333-4444-555555555555',
    routeKey: 'POST /v1/events/{id}',
    pathParameters: { id: 'ü/x' },
    port: 8787,
    now: Date.parse('2026-03-04T05:06:07.890Z'),
  };
  const event = (request: Partial<GatewayRequest> = {}, more: Partial<GatewayContext> = {}) =>
    toEvent(
      {
        method: 'POST',
        target: '/',
        protocol: 'HTTP/1.1',
        headers: [],
        sourceIp: '127.0.0.1',
        body: Buffer.alloc(0),
        ...request,
      },
      { ...context, ...more },
    ) as Record<string, unknown> & { headers: Record<string, string> };

  it('has the shape of payload format 2.0', () => {
    expect(
      event({
        target: '/v1/events/%C3%BC?a=1&b=x%20y&a=2&c',
        headers: [
          ['Host', 'localhost:8787'],
          ['Content-Type', 'application/json; charset=utf-8'],
          ['User-Agent', 'test/1'],
          ['X-Twice', 'one'],
          ['x-twice', 'two'],
          ['Cookie', 'a=1; b=2'],
          ['Connection', 'keep-alive'],
        ],
        body: Buffer.from('{"ü":1}'),
      }),
    ).toEqual({
      version: '2.0',
      routeKey: 'POST /v1/events/{id}',
      rawPath: '/v1/events/ü',
      rawQueryString: 'a=1&b=x%20y&a=2&c',
      cookies: ['a=1', 'b=2'],
      headers: {
        host: 'localhost:8787',
        'content-type': 'application/json; charset=utf-8',
        'content-length': '8',
        'user-agent': 'test/1',
        'x-twice': 'one,two',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': '8787',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { a: '1,2', b: 'x y', c: '' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'abc',
        domainName: 'localhost',
        domainPrefix: 'abc',
        http: {
          method: 'POST',
          path: '/v1/events/ü',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test/1',
        },
        requestId: context.requestId,
        routeKey: 'POST /v1/events/{id}',
        stage: '$default',
        time: '04/Mar/2026:05:06:07 +0000',
        timeEpoch: context.now,
      },
      pathParameters: { id: 'ü/x' },
      body: '{"ü":1}',
      isBase64Encoded: false,
    });
  });

  it('leaves out what a request does not have', () => {
    const bare = event({}, { pathParameters: {} });
    expect(Object.keys(bare)).not.toEqual(expect.arrayContaining(['cookies']));
    for (const field of ['body', 'pathParameters', 'queryStringParameters', 'cookies'])
      expect(bare).not.toHaveProperty(field);
    expect(bare['isBase64Encoded']).toBe(false);
  });

  it.each(['text/plain', 'text/csv; header=present', 'application/json', 'APPLICATION/XML', 'application/javascript'])(
    'gives a body of %s as text',
    (type) => {
      expect(event({ headers: [['content-type', type]], body: Buffer.from('a') })).toMatchObject({
        body: 'a',
        isBase64Encoded: false,
      });
    },
  );

  it.each([
    'application/x-www-form-urlencoded',
    'application/gzip',
    'application/x-ndjson',
    'application/jsonp',
    'image/png',
    '',
  ])('gives a body of type %j in base64', (type) => {
    const headers = type === '' ? [] : ([['content-type', type]] as const);
    expect(event({ headers, body: Buffer.from([0xff, 0]) })).toMatchObject({ body: '/wA=', isBase64Encoded: true });
  });

  it('adds to X-Forwarded-For', () => {
    expect(event({ headers: [['X-Forwarded-For', '10.0.0.1']] }).headers['x-forwarded-for']).toBe(
      '10.0.0.1, 127.0.0.1',
    );
  });

  it('decodes any path and keeps any query as sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.webQueryParameters(), (path, query) => {
        const target = `/${encodeURIComponent(path)}?${query}`;
        const [expected] = `/${path}`.split('?');
        expect(parseTarget(target)).toEqual({ path: expected, rawQueryString: query });
      }),
    );
  });
});

describe('responses', () => {
  const plain = (payload: unknown) => {
    const { status, headers, body } = toResponse(payload);
    return [status, Object.fromEntries(headers), body.toString()];
  };

  it('takes what has no status code for a JSON body', () => {
    expect(plain({ ok: true })).toEqual([200, { 'content-type': 'application/json' }, '{"ok":true}']);
    expect(plain('hello')).toEqual([200, { 'content-type': 'application/json' }, 'hello']);
    expect(plain(null)).toEqual([200, { 'content-type': 'application/json' }, 'null']);
  });

  it('reads status, headers, cookies and body', () => {
    const { status, headers, body } = toResponse({
      statusCode: 202,
      headers: { 'Content-Type': 'application/json', 'X-Count': 3, 'Content-Length': '999' },
      cookies: ['a=1', 'b=2'],
      body: Buffer.from('{}').toString('base64'),
      isBase64Encoded: true,
    });
    expect(status).toBe(202);
    expect(headers).toEqual([
      ['content-type', 'application/json'],
      ['x-count', '3'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
    expect(body.toString()).toBe('{}');
  });

  it('gives a body without a type as text', () => {
    expect(plain({ statusCode: 404, body: 'no' })).toEqual([404, { 'content-type': 'text/plain;charset=UTF-8' }, 'no']);
    expect(plain({ statusCode: 204 })).toEqual([204, {}, '']);
  });

  it.each([
    { statusCode: 'odd' },
    { statusCode: 99 },
    { statusCode: 200, body: { not: 'text' } },
    { statusCode: 200, headers: { a: ['list'] } },
  ])('answers 500 for %j', (payload) => {
    expect(plain(payload)).toEqual([
      500,
      { 'content-type': 'application/json' },
      '{"message":"Internal Server Error"}',
    ]);
  });
});

describe('the server', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((gateway) => gateway.close()));
  });

  async function start(
    invoke: (id: string, event: unknown) => Promise<InvokeResult>,
    flush: () => Promise<void> = async () => {},
  ) {
    const gateway = await startApiGateway({
      routes: [
        { routeKey: 'POST /echo', functionId: 'Echo', timeoutMs: 1000 },
        { routeKey: 'ANY /any/{id}', functionId: 'Echo', timeoutMs: 1000 },
        { routeKey: 'GET /slow', functionId: 'Slow', timeoutMs: 30 },
      ],
      apiId: 'abc',
      accountId: '000000000000',
      port: 0,
      invoke,
      mayOperate: (token) => token === 'right',
      run: (functionId, event) => (functionId === 'Echo' ? Promise.resolve({ payload: event }) : undefined),
      flush,
    });
    open.push(gateway);
    return gateway;
  }
  const echo = async (_id: string, event: unknown): Promise<InvokeResult> => ({ payload: { event } });
  const answer = async (response: Response) => [response.status, await response.json()];

  it('hands requests to the function of the route and answers with what it gives', async () => {
    const { url } = await start(echo);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(`${url}/any/a%20b?x=1`, { method: 'PUT', body: 'text' });
    expect(response.status).toBe(200);
    expect(response.headers.get('apigw-requestid')).toMatch(/^\S+$/);
    const { event } = (await response.json()) as { event: Record<string, unknown> };
    expect(event).toMatchObject({ routeKey: 'ANY /any/{id}', pathParameters: { id: 'a b' }, body: 'text' });
  });

  it('runs functions for the local key, and for nobody else', async () => {
    const { url } = await start(echo);
    const ask = (name: string, token: string, body: string) =>
      fetch(`${url}/_local/run/${name}`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });
    expect(await answer(await ask('Echo', 'right', '{"day":1}'))).toEqual([200, { day: 1 }]);
    expect(await answer(await ask('Echo', 'right', ''))).toEqual([200, {}]);
    expect(await answer(await ask('Other', 'right', '{}'))).toEqual([404, { message: 'Not Found' }]);
    expect(await answer(await ask('Echo', 'wrong', '{}'))).toEqual([401, { message: 'Unauthorized' }]);
  });

  it('answers HEAD without a body', async () => {
    const { url } = await start(async () => ({ payload: { statusCode: 200, body: 'abc' } }));
    const response = await fetch(`${url}/any/1`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '3', '']);
  });

  it('answers what has no route, and paths that are not well-formed', async () => {
    const { url } = await start(echo);
    expect(await answer(await fetch(`${url}/nothing`))).toEqual([404, { message: 'Not Found' }]);
    expect(await answer(await fetch(`${url}/echo`, { method: 'OPTIONS' }))).toEqual([404, { message: 'Not Found' }]);
    expect(await answer(await fetch(`${url}/%ff`))).toEqual([400, { message: 'Bad Request' }]);
  });

  it('answers 500 when the function fails and 413 when its event is too large', async () => {
    const errors = ['Error', 'RequestEntityTooLargeException'];
    const { url } = await start(async () => ({ error: { errorType: errors.shift() ?? '', errorMessage: '' } }));
    expect(await answer(await fetch(`${url}/any/1`))).toEqual([500, { message: 'Internal Server Error' }]);
    expect(await answer(await fetch(`${url}/any/1`))).toEqual([413, { message: 'Request Too Long' }]);
  });

  it('answers 503 when the function takes longer than its integration waits', async () => {
    const { url } = await start(() => new Promise(() => {}));
    expect(await answer(await fetch(`${url}/slow`))).toEqual([503, { message: 'Service Unavailable' }]);
  });

  it('takes 10 MB and no more', async () => {
    const { url } = await start(async (_id, event) => ({
      payload: { length: (event as { body: string }).body.length },
    }));
    const post = (size: number) =>
      fetch(`${url}/echo`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(size) });
    expect(await answer(await post(10_485_760))).toEqual([200, { length: 10_485_760 }]);
    expect(await answer(await post(10_485_761))).toEqual([413, { message: 'Request Too Long' }]);
  });

  it('refuses request heads over 10,240 bytes and what is not HTTP', async () => {
    const { url } = await start(echo);
    expect((await fetch(`${url}/any/1`, { headers: { 'x-long': 'x'.repeat(10_240) } })).status).toBe(431);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('nonsense\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('flushes for whoever has the key', async () => {
    let flushed = 0;
    const { url } = await start(echo, async () => void flushed++);
    const flush = (authorization?: string) =>
      fetch(`${url}/_local/flush`, { method: 'POST', headers: { ...(authorization && { authorization }) } });
    expect(await answer(await flush())).toEqual([401, { message: 'Unauthorized' }]);
    expect(await answer(await flush('Bearer wrong'))).toEqual([401, { message: 'Unauthorized' }]);
    expect(flushed).toBe(0);
    expect((await flush('Bearer right')).status).toBe(204);
    expect(flushed).toBe(1);
  });

  it('says so when a flush fails', async () => {
    const { url } = await start(echo, () => Promise.reject(new Error('stuck')));
    const response = await fetch(`${url}/_local/flush`, { method: 'POST', headers: { authorization: 'Bearer right' } });
    expect(await answer(response)).toEqual([503, { message: 'stuck' }]);
  });

  it('finishes requests that are under way when it closes, within the grace given', async () => {
    const { promise, resolve } = Promise.withResolvers<InvokeResult>();
    const entered = Promise.withResolvers<void>();
    const gateway = await start(() => {
      entered.resolve();
      return promise;
    });
    const request = fetch(`${gateway.url}/any/1`);
    await entered.promise;
    const closed = gateway.close(5000);
    resolve({ payload: 'late' });
    expect(await (await request).text()).toBe('late');
    await closed;
  });

  it('rejects a port that is taken', async () => {
    const { url } = await start(echo);
    const again = startApiGateway({
      routes: [],
      apiId: '',
      accountId: '',
      port: Number(new URL(url).port),
      invoke: echo,
      mayOperate: () => false,
      run: () => undefined,
      flush: async () => {},
    });
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
