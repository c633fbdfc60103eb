import { definePoller, type Stream } from '../../polling/poller.ts';
import { liveFeed, readWindow } from './events.ts';
import { explain } from './explain.ts';
import { SECRETS, Settings, tokenUrlOf } from './settings.ts';
import { serviceAccount } from './token.ts';

const MINUTE = 60;
const DAY = 86_400;

/** How late the history is, Box does not say: it is read again two days back, once a day. */
const STREAM: Stream = {
  name: 'admin_logs',
  // A run takes one request, or two and more if there are events; plans count them by the month.
  everySeconds: 2 * MINUTE,
  settleSeconds: 10 * MINUTE,
  overlapSeconds: 5 * MINUTE,
  lateSeconds: 2 * DAY,
  sweepEverySeconds: DAY,
  windowSeconds: DAY,
  keepsSeconds: 365 * DAY,
  historySeconds: 365 * DAY,
};

/** Reads Box's enterprise events: new ones from the live feed, older and late ones from the history. */
export const poller = definePoller({
  settings: Settings,
  secrets: SECRETS,
  cursorLasts: true,
  connect: (settings) => ({
    // Event ids are unique in all of Box.
    origin: 'api.box.com',
    hosts: [...new Set([settings.baseUrl, tokenUrlOf(settings)].map((url) => new URL(url).origin))],
    streams: [STREAM],
    authorizer: serviceAccount(settings),
    page: (request, vendor) => readWindow(request, vendor, settings.baseUrl),
    feed: liveFeed(settings.baseUrl),
    explain: (error) => explain(error, settings),
  }),
});
