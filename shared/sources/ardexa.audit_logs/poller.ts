import { z } from 'zod';
import {
  AddressRefusedError,
  CredentialError,
  PermissionError,
  UnreachableError,
  VendorRefusedError,
} from '../../polling/errors.ts';
import { definePoller } from '../../polling/poller.ts';
import { serverName, vendorUrl } from '../vendor-url.ts';
import { readRows } from './rows-page.ts';
import { renewedBearer } from './token.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

const settings = z.strictObject({
  baseUrl: vendorUrl()
    .default('https://app.ardexa.com')
    .describe('The address at which people log in: "https://app.ardexa.com", "https://eur1.ardexa.com" or your own.'),
  workgroup: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .describe('The id of the workgroup, as Admin, Workgroup shows it, or the name of the organisation.'),
});

export const poller = definePoller({
  settings,
  secrets: {
    token: {
      description: 'An API token, from Admin, Access, API, New token, with "can renew" ticked',
      pattern: /^[\w-]+\.[\w-]+\.[\w-]+$/,
    },
  },
  cursorLasts: true,
  connect: ({ baseUrl, workgroup }) => ({
    origin: serverName(baseUrl),
    hosts: [new URL(baseUrl).origin],
    streams: [
      {
        name: 'audit_logs',
        everySeconds: 300,
        settleSeconds: 120,
        overlapSeconds: 600,
        // Not documented: devices that come back may report their states late.
        lateSeconds: DAY,
        sweepEverySeconds: 6 * HOUR,
        windowSeconds: DAY,
        historySeconds: 5 * 365 * DAY,
      },
    ],
    authorizer: renewedBearer(`${baseUrl}/api/v1/token/renew`),
    page: (request, vendor) =>
      readRows(`${baseUrl}/api/v1/tables/${encodeURIComponent(workgroup)}/audit_logs`, request, vendor),
    explain,
  }),
});

const BY_HAND =
  'Ardexa does not say whether a token can be given that; where it can not, import CSV exports of the table instead.';

function explain(error: unknown): string | undefined {
  if (error instanceof CredentialError) {
    return 'Ardexa does not take the token: it has expired, was deleted, or belongs to another host than "baseUrl". An expired token can\'t be renewed: make a new one under Admin, Access, API, tick "can renew", and set it as the secret "token".';
  }
  if (error instanceof PermissionError) {
    return `The token may not search this table: it needs "Search: Read", "Devices: Read" and the reading of audit logs. Permissions can't be changed later: make a new token. ${BY_HAND}`;
  }
  if (error instanceof VendorRefusedError && error.status === 404) {
    return `There is no table audit_logs for this workgroup: check "workgroup" (Admin, Workgroup) and "baseUrl", the host at which its people log in. A token that may not read audit logs may be told the same. ${BY_HAND}`;
  }
  if (error instanceof VendorRefusedError && error.status === 400) {
    return `Ardexa does not understand the search: ${error.body}`;
  }
  if (error instanceof AddressRefusedError || error instanceof UnreachableError) {
    return 'There is no way to Ardexa: check that "baseUrl" is the host at which people log in, as "https://app.ardexa.com".';
  }
  return undefined;
}
