import { z } from 'zod';
import type { Collector, Reply, SecretDeclaration, Throttle } from '../../polling/poller.ts';
import { vendorUrl } from '../vendor-url.ts';
import { explain } from './explain.ts';
import { signer } from './signing.ts';

/** Duo asks for at most one request a minute, and does not say how long to stay away. */
const THROTTLED_MS = 60_000;
const OF_DUO = /\.(duosecurity|duofederal)\.com$/;
const API_HOST = /^api-[a-z0-9]+\./;

/** What a connection to any of Duo's logs says. */
export const Settings = z.strictObject({
  baseUrl: vendorUrl()
    .refine(isHostOnly, 'must be https:// and a host, and no more')
    .refine(isApiHost, "must name the API hostname, which begins with api- and is on the application's page")
    .overwrite((text) => URL.parse(text)?.origin ?? text)
    .describe(
      "https:// and the API hostname that the application's page in the Duo Admin Panel shows: `https://api-XXXXXXXX.duosecurity.com`",
    ),
});
export type Settings = z.infer<typeof Settings>;

export const SECRETS = {
  integrationKey: {
    description: 'The integration key of the Admin API application, from its page in the Duo Admin Panel',
    pattern: /^DI[A-Z0-9]{18}$/,
  },
  secretKey: {
    description: 'The secret key of the same application',
    pattern: /^[\x21-\x7e]{40}$/,
  },
} as const satisfies Readonly<Record<string, SecretDeclaration>>;

/** What collectors of all three logs have in common. */
export function collectorOf(
  { baseUrl }: Settings,
  log: Pick<Collector, 'streams'> & { page(baseUrl: string): Collector['page'] },
): Collector {
  return {
    origin: new URL(baseUrl).hostname,
    hosts: [baseUrl],
    streams: log.streams,
    authorizer: signer,
    page: log.page(baseUrl),
    throttled,
    explain,
  };
}

/** Duo's 429 has no `Retry-After`; a proxy's may. */
function throttled({ status, headers }: Reply): Throttle | undefined {
  return status === 429 && headers['retry-after'] === undefined ? { waitMs: THROTTLED_MS } : undefined;
}

function isHostOnly(text: string): boolean {
  const url = URL.parse(text);
  return url === null || url.pathname === '/';
}

/** The Admin Panel is at another host of the same domain, which is easily copied instead. */
function isApiHost(text: string): boolean {
  const hostname = URL.parse(text)?.hostname ?? '';
  return !OF_DUO.test(hostname) || API_HOST.test(hostname);
}
