import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeReply, FakeRequest, FakeVendor, World } from './fake.ts';

/** What goes wrong instead of an answer. */
export type Fault = FakeReply | 'reset' | 'hang' | 'cut';

export interface VendorServer {
  readonly url: string;
  /** Every request so far. */
  readonly requests: readonly FakeRequest[];
  close(): Promise<void>;
}

/**
 * Serves a fake vendor on loopback.
 *
 * @param fault asked before every request, with its number from 0: what to do instead of answering. `reset` breaks the
 * connection, `hang` never answers, `cut` ends in the middle of the body.
 */
export async function serveVendor(
  vendor: FakeVendor,
  world: World,
  { fault, port = 0 }: { fault?: (request: FakeRequest, number: number) => Fault | undefined; port?: number } = {},
): Promise<VendorServer> {
  const requests: FakeRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(500, { 'content-type': 'text/plain' });
      outgoing.end(`the fake vendor failed: ${error instanceof Error ? error.stack : String(error)}`);
    });
  });
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await read(incoming);
    requests.push(request);
    const wrong = fault?.(request, requests.length - 1);
    if (wrong === 'hang') return;
    if (wrong === 'reset') {
      incoming.socket.destroy();
      return;
    }
    const reply = wrong === undefined || wrong === 'cut' ? await vendor.handle(request, world) : wrong;
    write(outgoing, reply, world.now(), wrong === 'cut');
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  const url = new URL(incoming.url ?? '/', `http://${headers['host'] ?? 'localhost'}`);
  return { method: incoming.method ?? 'GET', url, headers, body: Buffer.concat(chunks).toString('utf8') };
}

function write(outgoing: ServerResponse, { status, headers = {}, body }: FakeReply, now: Date, cut: boolean): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  outgoing.sendDate = false;
  outgoing.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    date: now.toUTCString(),
    ...headers,
  });
  if (!cut) {
    outgoing.end(text);
    return;
  }
  outgoing.write(text.slice(0, Math.ceil(text.length / 2)), () => outgoing.destroy());
}
