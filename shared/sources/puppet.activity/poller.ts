import { z } from 'zod';
import { secretOf } from '../../polling/authorizers.ts';
import {
  AddressRefusedError,
  CredentialError,
  LogUnavailableError,
  PermissionError,
  UnreachableError,
  VendorRefusedError,
} from '../../polling/errors.ts';
import { type Authorizer, definePoller, type Stream } from '../../polling/poller.ts';
import { serverName, vendorUrl } from '../vendor-url.ts';
import { API_VERSIONS, readEvents } from './events-page.ts';

export const SERVICES = ['classifier', 'code-manager', 'pe-console', 'rbac'] as const;

const HOUR = 3_600;
const DAY = 24 * HOUR;

const settings = z.strictObject({
  baseUrl: vendorUrl().describe(
    'The console with the port of its services, usually 4433: "https://console.example.com:4433".',
  ),
  apiVersion: z
    .enum(API_VERSIONS)
    .default('v2')
    .describe('"v1" for Puppet Enterprise 2019.8; its events have a message only, and no IP address.'),
  purgeAfterDays: z
    .int()
    .min(1)
    .max(36_500)
    .default(395)
    .describe('How many days the server keeps events, if its setting "activity_purge_after" is another than 395.'),
});

export const poller = definePoller({
  settings,
  secrets: {
    token: {
      description: 'A long-lived RBAC token of a local user, from POST /rbac-api/v1/auth/token of the console',
      pattern: /^[\w.~+/=-]{20,}$/,
    },
  },
  cursorLasts: true,
  connect: ({ baseUrl, apiVersion, purgeAfterDays }) => {
    const inTurn = queue();
    return {
      origin: serverName(baseUrl),
      hosts: [new URL(baseUrl).origin],
      streams: SERVICES.map((service) => streamOf(service, purgeAfterDays * DAY)),
      authorizer: tokenHeader,
      page: (request, vendor) => inTurn(() => readEvents({ baseUrl, apiVersion }, request, vendor)),
      explain: (error) => explain(error, apiVersion),
    };
  },
});

function streamOf(name: string, keepsSeconds: number): Stream {
  return {
    name,
    everySeconds: 120,
    settleSeconds: 60,
    overlapSeconds: 300,
    // Commits are written with the change itself; this is for a clock that was set, or a standby that took over.
    lateSeconds: HOUR,
    sweepEverySeconds: DAY,
    windowSeconds: DAY,
    keepsSeconds,
    historySeconds: keepsSeconds,
  };
}

/** Not `Authorization`: https://help.puppet.com/pe/current/topics/rbac_token_auth_intro.htm */
const tokenHeader: Authorizer = {
  async headers(_request, authorization) {
    return { 'x-authentication': secretOf(authorization, 'token') };
  },
};

/** One request at a time, as Puppet's own forwarder asks: one service after the other. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

function explain(error: unknown, apiVersion: string): string | undefined {
  if (error instanceof CredentialError) {
    return 'The console does not take the token: it has expired, was revoked, or its user was revoked. Make a new one by POST /rbac-api/v1/auth/token with "lifetime": "1y" and set it as the secret "token".';
  }
  if (error instanceof PermissionError) {
    return 'The user of the token may not read activity: give it a role with the permission "Job orchestrator".';
  }
  if (error instanceof AddressRefusedError) {
    return 'The console has a private address: set "network": "private" on the connection, so that it is asked from inside your network.';
  }
  if (error instanceof UnreachableError) {
    return /certificate/i.test(error.message)
      ? 'The console\'s certificate is by the certificate authority of Puppet Enterprise, or for another name: give the connection that authority (/etc/puppetlabs/puppet/ssl/certs/ca.pem on the primary server) as "certificateAuthority", and name the console in "baseUrl" as its certificate does.'
      : 'There is no way to the console: check host and port of "baseUrl" (usually 4433), that the network allows it, and "network": "private" on the connection where the console is on your own network.';
  }
  if (error instanceof VendorRefusedError && error.status === 404) {
    return apiVersion === 'v2'
      ? 'There is no activity API v2 at "baseUrl": it must be the console with its port, usually 4433. Puppet Enterprise before 2021 needs "apiVersion": "v1".'
      : 'There is no activity API at "baseUrl": it must be the console with its port, usually 4433.';
  }
  return error instanceof LogUnavailableError ? error.message : undefined;
}
