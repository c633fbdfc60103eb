import { z } from 'zod';
import { type Clock, systemClock } from '../../polling/clock.ts';
import { type Collector, definePoller } from '../../polling/poller.ts';
import { serverName, vendorUrl } from '../vendor-url.ts';
import { authorizerOf } from './authorizer.ts';
import { explain } from './explain.ts';
import { pageOf } from './page.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

const Settings = z.strictObject({
  baseUrl: vendorUrl().describe('The address of your AppOmni instance, such as https://acme.appomni.com.'),
  clientId: z
    .string()
    .min(1)
    .optional()
    .describe('The Client ID of the API application; needed with the secrets refreshToken and clientSecret.'),
  tokenUrl: vendorUrl()
    .optional()
    .describe('Where refresh tokens are exchanged, if that is not /oauth/token/ at the base URL.'),
});
type Settings = z.infer<typeof Settings>;

/** Reads the audit log of one AppOmni instance over its REST API. */
export const poller = definePoller({
  settings: Settings,
  secrets: {
    accessToken: {
      description:
        'A manually granted access token of an API application (Settings, API Settings); with a refresh token Annals keeps the current one here',
      pattern: /^\S+$/,
      optional: true,
    },
    accessTokenExpires: {
      description: 'When the access token ends, as ISO-8601, for an alarm ahead of it',
      pattern: /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/,
      optional: true,
    },
    refreshToken: {
      description:
        'A refresh token of an API application, instead of a manual access token; AppOmni replaces it at every use, so give Annals one of its own',
      pattern: /^\S+$/,
      optional: true,
    },
    clientSecret: {
      description: 'The Client Secret of that API application; needed with a refresh token',
      pattern: /^\S+$/,
      optional: true,
    },
  },
  cursorLasts: true,
  connect: (settings) => collectorOf(settings),
});

/** @param sleep how to wait when AppOmni's rate limit is nearly used up. */
export function collectorOf(
  { baseUrl, clientId, tokenUrl }: Settings,
  sleep: Clock['sleep'] = systemClock.sleep,
): Collector {
  const tokens = tokenUrl ?? `${baseUrl}/oauth/token`;
  return {
    origin: serverName(baseUrl),
    hosts: [...new Set([new URL(baseUrl).origin, new URL(tokens).origin])],
    streams: [
      {
        name: 'audit',
        everySeconds: 120,
        settleSeconds: 120,
        overlapSeconds: 15 * 60,
        // AppOmni documents no lag; sinks get events at once.
        lateSeconds: 6 * HOUR,
        sweepEverySeconds: 3 * HOUR,
        windowSeconds: DAY,
        keepsSeconds: 180 * DAY,
        historySeconds: 180 * DAY,
      },
    ],
    // The slash is part of AppOmni's paths: without it a POST finds nothing.
    authorizer: authorizerOf({ tokenUrl: `${tokens}/`, clientId }),
    page: pageOf(baseUrl, sleep),
    explain,
  };
}
