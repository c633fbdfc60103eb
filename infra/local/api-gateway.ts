import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseTarget, toEvent } from './api-gateway/event.ts';
import { type GatewayResponse, gatewayMessage, toResponse } from './api-gateway/response.ts';
import { createRouter } from './api-gateway/router.ts';
import type { InvokeResult } from './lambda.ts';
import type { LocalRoute } from './template/routes.ts';

const BODY_LIMIT = 10 * 1024 * 1024;
/** Request line and headers together. */
const HEAD_LIMIT = 10_240;
const FLUSH = '/_local/flush';
const RUN = '/_local/run/';

/**
 * Serves an HTTP API on 127.0.0.1 as API Gateway would, with Lambda integrations of payload format 2.0.
 *
 * Limits are API Gateway's: a body over 10 MB, or one that makes an event over Lambda's 6 MB, is answered 413; a
 * function that takes longer than its integration waits 503; one that fails 500; no route 404. Not emulated: stage
 * throttling, access logs, CORS and authorizers.
 *
 * Two paths are the local stack's own, for the bearer token that `mayOperate` accepts: `POST /_local/flush` answers 204
 * when `flush` is done, so that whoever has just written knows that it can be read everywhere; `POST /_local/run/<function>`
 * runs a function with the event in the body, as its operator could in the cloud, and answers what it gives.
 *
 * @throws the error of `listen`, `EADDRINUSE` for one, when the port can't be had.
 */
export async function startApiGateway(options: {
  routes: readonly LocalRoute[];
  apiId: string;
  accountId: string;
  /** 0 takes a free one. */
  port: number;
  invoke: (functionId: string, event: unknown) => Promise<InvokeResult>;
  mayOperate: (token: string) => boolean;
  flush: () => Promise<void>;
  /** Undefined when there is no such function. */
  run: (functionId: string, event: unknown) => Promise<InvokeResult> | undefined;
}): Promise<{ url: string; close(graceMs?: number): Promise<void> }> {
  const { apiId, accountId, invoke } = options;
  const findRoute = createRouter(options.routes);
  const open = new Set<Promise<void>>();

  const server = createServer({ maxHeaderSize: HEAD_LIMIT, keepAliveTimeout: 0 }, (incoming, outgoing) => {
    const done = answer(incoming)
      .then((response) => send(incoming, outgoing, response))
      // Only a connection that broke while the body was read ends here.
      .catch(() => void outgoing.destroy())
      .finally(() => open.delete(done));
    open.add(done);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return;
    const line = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${line}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });

  async function answer(incoming: IncomingMessage): Promise<GatewayResponse> {
    const now = Date.now();
    const target = incoming.url ?? '/';
    const method = incoming.method ?? 'GET';
    const body = await readBody(incoming);
    if (body === undefined) return gatewayMessage(413, 'Request Too Long');
    if (method === 'POST' && target === FLUSH) return operated(incoming, answerFlush);
    if (method === 'POST' && target.startsWith(RUN))
      return operated(incoming, () => answerRun(target.slice(RUN.length), body));
    if (!isWellFormed(target)) return gatewayMessage(400, 'Bad Request');
    const match = findRoute(method, parseTarget(target).path);
    if (match === undefined) return gatewayMessage(404, 'Not Found');
    const { functionId, routeKey, timeoutMs } = match.route;
    const request = {
      method,
      target,
      protocol: `HTTP/${incoming.httpVersion}`,
      headers: headerPairs(incoming),
      sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
      body,
    };
    const { pathParameters } = match;
    const context = { accountId, apiId, requestId: randomUUID(), routeKey, pathParameters, port: port(), now };
    return integrate(invoke(functionId, toEvent(request, context)), timeoutMs);
  }

  async function operated(incoming: IncomingMessage, act: () => Promise<GatewayResponse>): Promise<GatewayResponse> {
    const [, token] = /^Bearer\s+(\S+)$/i.exec(incoming.headers.authorization ?? '') ?? [];
    return token !== undefined && options.mayOperate(token) ? act() : gatewayMessage(401, 'Unauthorized');
  }

  async function answerRun(functionId: string, body: Buffer): Promise<GatewayResponse> {
    const result = await options.run(functionId, parseEvent(body));
    if (result === undefined) return gatewayMessage(404, 'Not Found');
    if ('error' in result) return gatewayMessage(500, `${result.error.errorType}: ${result.error.errorMessage}`);
    const headers: [string, string][] = [['content-type', 'application/json']];
    return { status: 200, headers, body: Buffer.from(JSON.stringify(result.payload ?? null)) };
  }

  async function answerFlush(): Promise<GatewayResponse> {
    try {
      await options.flush();
      return { status: 204, headers: [], body: Buffer.alloc(0) };
    } catch (error) {
      return gatewayMessage(503, error instanceof Error ? error.message : String(error));
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve);
  });
  const port = () => (server.address() as AddressInfo | null)?.port ?? options.port;
  return {
    url: `http://127.0.0.1:${port()}`,
    async close(graceMs = 0) {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await within(Promise.all(open), graceMs);
      server.closeAllConnections();
      await closed;
    },
  };
}

async function integrate(invocation: Promise<InvokeResult>, timeoutMs: number): Promise<GatewayResponse> {
  // The function runs on, as it does in Lambda; only its answer comes too late.
  const result = await within(invocation, timeoutMs);
  if (result === undefined) return gatewayMessage(503, 'Service Unavailable');
  if ('payload' in result) return toResponse(result.payload);
  return result.error.errorType === 'RequestEntityTooLargeException'
    ? gatewayMessage(413, 'Request Too Long')
    : gatewayMessage(500, 'Internal Server Error');
}

/** What the promise gives, or undefined when that takes longer than `ms`. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The body, or undefined when it is over the limit; it is read to its end all the same, or the client would see only a broken pipe. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  return size <= BODY_LIMIT ? Buffer.concat(chunks) : undefined;
}

function headerPairs({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  }
  return pairs;
}

/** An empty object where the body is none. */
function parseEvent(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return {};
  }
}

function isWellFormed(target: string): boolean {
  try {
    parseTarget(target);
    return true;
  } catch {
    return false;
  }
}

function send(incoming: IncomingMessage, outgoing: ServerResponse, response: GatewayResponse): void {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  outgoing.setHeader('apigw-requestid', randomBytes(11).toString('base64url'));
  const bodiless = response.status === 204 || response.status === 304;
  if (!bodiless) outgoing.setHeader('content-length', response.body.length);
  outgoing.end(bodiless || incoming.method === 'HEAD' ? undefined : response.body);
}
