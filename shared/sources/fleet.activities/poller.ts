import { z } from 'zod';
import { bearer } from '../../polling/authorizers.ts';
import { type Collector, definePoller } from '../../polling/poller.ts';
import { serverName, vendorUrl } from '../vendor-url.ts';
import { explain } from './explain.ts';
import { pageOf } from './page.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

const Settings = z.strictObject({
  baseUrl: vendorUrl().describe(
    'The address of the Fleet server, such as https://fleet.example.com; with the path if the server has a URL prefix.',
  ),
  activityExpiryDays: z
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe(
      "The server's activity_expiry_window in days, if activity_expiry_enabled is true there: older activities are deleted, read or not.",
    ),
});

/** Reads the activities of one Fleet server over its REST API. */
export const poller = definePoller({
  settings: Settings,
  secrets: {
    token: {
      description:
        'The API token of an API-only user with the global role observer, shown once when the user is created',
      pattern: /^\S+$/,
    },
  },
  cursorLasts: true,
  connect: collectorOf,
});

function collectorOf({ baseUrl, activityExpiryDays }: z.infer<typeof Settings>): Collector {
  return {
    origin: serverName(baseUrl),
    hosts: [new URL(baseUrl).origin],
    streams: [
      {
        name: 'activities',
        everySeconds: 120,
        settleSeconds: 5,
        // A database replica may lag, and ids are not committed in their order.
        overlapSeconds: 600,
        lateSeconds: 2 * HOUR,
        sweepEverySeconds: HOUR,
        windowSeconds: 92 * DAY,
        ...(activityExpiryDays !== undefined && { keepsSeconds: activityExpiryDays * DAY }),
        historySeconds: Math.min(activityExpiryDays ?? Number.POSITIVE_INFINITY, 5 * 365) * DAY,
      },
    ],
    authorizer: bearer('token'),
    page: pageOf(baseUrl),
    explain,
  };
}
