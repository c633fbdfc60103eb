import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakePuppet } from '../../../../infra/local/vendors/puppet.activity.ts';
import { UnreachableError } from '../../../../shared/polling/errors.ts';
import { VendorClient } from '../../../../shared/polling/vendor/client.ts';
import { Transport } from '../../../../shared/polling/vendor/transport.ts';
import { poller } from '../../../../shared/sources/puppet.activity/poller.ts';
import { MemoryWorld } from '../../../support/direct-vendor.ts';

const NOW = new Date('2026-03-02T12:00:00Z');
const window = {
  stream: 'rbac',
  from: new Date('2026-03-02T10:00:00Z'),
  to: new Date('2026-03-02T11:00:00Z'),
  done: new Set<string>(),
};

const world = new MemoryWorld(fakePuppet, { now: NOW, stream: 'rbac' });
world.add(1, new Date('2026-03-02T10:30:00Z'));

/** The authority of a Puppet Enterprise, and a console that it vouches for under this name. */
async function puppetCertificates(name: string) {
  const year = { notBeforeDate: new Date(Date.now() - 86_400_000), notAfterDate: new Date(Date.now() + 86_400_000) };
  const authority = await generate([{ name: 'commonName', value: 'Puppet CA' }], {
    ...year,
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const console = await generate([{ name: 'commonName', value: name }], {
    ...year,
    keySize: 2048,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
    ],
  });
  return { authority: authority.cert, key: console.private, cert: console.cert };
}

async function serve({ key, cert }: { readonly key: string; readonly cert: string }) {
  const server = createServer({ key, cert }, async (incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', `https://${incoming.headers.host}`);
    const headers = incoming.headers as Record<string, string>;
    const reply = await fakePuppet.handle({ method: incoming.method ?? '', url, headers, body: '' }, world);
    outgoing.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

let console: Awaited<ReturnType<typeof serve>>;
let impostor: Awaited<ReturnType<typeof serve>>;
let certificates: Awaited<ReturnType<typeof puppetCertificates>>;

beforeAll(async () => {
  certificates = await puppetCertificates('localhost');
  console = await serve(certificates);
  const other = await puppetCertificates('localhost');
  impostor = await serve(other);
});

afterAll(() => {
  for (const { server } of [console, impostor]) server.close();
});

async function ask(port: number, certificateAuthority?: string, host = 'localhost') {
  const collector = poller.connect({ baseUrl: `https://${host}:${port}` });
  const transport = new Transport({
    rules: { privateNetworks: false, allowed: ['127.0.0.1', '::1'] },
    certificateAuthority,
  });
  const client = new VendorClient({
    collector,
    transport,
    credentials: { read: async () => fakePuppet.secrets, keep: async () => undefined },
    clock: { now: () => NOW, sleep: async () => undefined },
    timeLeft: () => Number.POSITIVE_INFINITY,
  });
  try {
    return { page: await collector.page(window, client) };
  } catch (error) {
    return { error, explanation: collector.explain?.(error) };
  } finally {
    await transport.close();
  }
}

test('a console whose certificate is by the connection’s authority is read', async () => {
  const { page } = await ask(console.port, certificates.authority);
  expect(page?.events.map(fakePuppet.numberOf)).toEqual([1]);
});

test('without that authority nothing is asked, and it says what is missing', async () => {
  const { error, explanation } = await ask(console.port);
  expect(error).toBeInstanceOf(UnreachableError);
  expect(explanation).toContain('"certificateAuthority"');
});

test('a console that another authority vouches for is refused', async () => {
  const { error, explanation } = await ask(impostor.port, certificates.authority);
  expect(error).toBeInstanceOf(UnreachableError);
  expect(explanation).toContain('"certificateAuthority"');
});

test('so is one whose certificate is for another name', async () => {
  const { error, explanation } = await ask(console.port, certificates.authority, '127.0.0.1');
  expect(error).toBeInstanceOf(UnreachableError);
  expect(explanation).toContain('as its certificate does');
});
