import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { definePoller, type Page, type PageRequest, type Vendor } from '../../polling/poller.ts';
import { streamOf } from './applications.ts';
import { explain, refused, throttled } from './refusals.ts';
import { Settings } from './settings.ts';
import { KEY_SECRET, serviceAccount } from './token.ts';

const MAX_RESULTS = 1_000;

/**
 * Reads the audit logs of Google Workspace, each application as a stream of its own
 * (https://developers.google.com/admin-sdk/reports/v1/reference/activities/list). Activities come newest first, so that only
 * a window read to its last page is complete; how long a page token is good is not documented.
 */
export const poller = definePoller({
  settings: Settings,
  secrets: {
    [KEY_SECRET]: {
      description:
        'The text of a JSON key file of the service account: Google Cloud console, IAM, Service accounts, Keys, Add key.',
      pattern: /^\s*\{(?=[\s\S]*"client_email")(?=[\s\S]*"private_key")/,
    },
  },
  cursorLasts: false,
  connect: (settings) => ({
    // Activities name their customer, and their ids have it: the same whether it was asked for as my_customer or by its id.
    origin: 'admin.googleapis.com',
    hosts: [...new Set([settings.baseUrl, settings.tokenUrl].map((url) => new URL(url).origin))],
    streams: settings.applications.map(streamOf),
    authorizer: serviceAccount(settings),
    page: (request, vendor) => readPage(request, vendor, settings),
    throttled,
    explain: (error) => explain(error, settings),
  }),
});

const PageReply = z.object({
  // Absent where there are none; a page without any may still be followed by others.
  items: z.array(z.custom<JsonObject>(isJsonObject, 'must be an object')).nullish(),
  nextPageToken: z.string().nullish(),
});

async function readPage(
  { stream, from, to, cursor, limit = MAX_RESULTS }: PageRequest,
  vendor: Vendor,
  { baseUrl, customerId }: Settings,
): Promise<Page> {
  const url = new URL(`${baseUrl}/admin/reports/v1/activity/users/all/applications/${stream}`);
  // Any filter, and any user but `all`, counts against a quota ten times smaller.
  url.searchParams.set('startTime', from.toISOString());
  url.searchParams.set('endTime', to.toISOString());
  url.searchParams.set('maxResults', String(Math.min(limit, MAX_RESULTS)));
  if (customerId !== undefined) url.searchParams.set('customerId', customerId);
  if (typeof cursor === 'string') url.searchParams.set('pageToken', cursor);

  const reply = await vendor.get(url, { accept: [400, 403] });
  if (reply.status >= 300) throw refused(reply, stream, cursor !== undefined);
  const { items, nextPageToken } = reply.parse(PageReply);
  return { events: items ?? [], ...(nextPageToken && { next: nextPageToken }) };
}
