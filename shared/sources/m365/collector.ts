import type { Collector, Stream } from '../../polling/poller.ts';
import { ActivityFeed, throttled } from './activity-feed.ts';
import { applicationToken } from './authorizer.ts';
import { CLOUDS, type Settings } from './connection.ts';
import { explain } from './explain.ts';
import { readPage } from './page.ts';
import { Subscriber } from './subscription.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

/**
 * Reads content types of the Office 365 Management Activity API, each as a stream. Windows are of the time at which Microsoft
 * made something available.
 */
export function collectorOf(settings: Settings, contentTypes: readonly string[]): Collector {
  const { tenantId, clientId, cloud, publisherIdentifier = tenantId } = settings;
  const { api, login } = CLOUDS[cloud];
  const { baseUrl = api, loginUrl = login } = settings;
  const feed = new ActivityFeed(baseUrl, tenantId, publisherIdentifier);
  const subscriber = new Subscriber(feed);
  return {
    origin: tenantId,
    hosts: [...new Set([baseUrl, loginUrl].map((url) => new URL(url).origin))],
    streams: contentTypes.map(streamOf),
    authorizer: applicationToken({ clientId, tokenUrl: `${loginUrl}/${tenantId}/oauth2/token`, resource: api }),
    page: (request, vendor) => readPage(request, vendor, feed, subscriber),
    throttled,
    explain,
  };
}

function streamOf(contentType: string): Stream {
  return {
    name: contentType,
    everySeconds: 300,
    // A window is of availability: what happened long ago and is published now is in the window of now.
    settleSeconds: 0,
    overlapSeconds: HOUR,
    // A list may tell of a blob some time after the blob's own time, a day after where a subscription is new.
    lateSeconds: DAY,
    sweepEverySeconds: DAY,
    // The reference allows 24 hours, of which the lead of a list is a part; some tenants were refused exactly 24.
    windowSeconds: 23 * HOUR,
    keepsSeconds: 7 * DAY,
    // What is almost gone would be gone when it is asked for.
    historySeconds: 7 * DAY - HOUR / 4,
  };
}
