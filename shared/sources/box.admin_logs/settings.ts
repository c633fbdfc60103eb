import { z } from 'zod';
import type { SecretDeclaration } from '../../polling/poller.ts';
import { vendorUrl } from '../vendor-url.ts';

/** What a connection to Box says besides its secrets. */
export const Settings = z.strictObject({
  enterpriseId: z
    .string()
    .regex(/^\d{1,20}$/, 'must be digits: the Enterprise ID in the Admin Console, under Account & Billing')
    .describe('The enterprise whose events are read: the Enterprise ID in the Admin Console, under Account & Billing.'),
  baseUrl: vendorUrl().default('https://api.box.com').describe("Where Box's API is."),
  tokenUrl: vendorUrl()
    .optional()
    .describe('Where access tokens are given out, if it is not `/oauth2/token` of baseUrl.'),
});
export type Settings = z.infer<typeof Settings>;

/** A connection's secrets. Box makes both of letters and digits. */
export const SECRETS = {
  clientId: {
    description: 'The Client ID of the app, from its page in the Box Developer Console (Configuration)',
    pattern: /^[A-Za-z0-9]{16,128}$/,
  },
  clientSecret: {
    description: 'The Client Secret of the same app',
    pattern: /^[A-Za-z0-9]{16,128}$/,
  },
} as const satisfies Readonly<Record<string, SecretDeclaration>>;

export function tokenUrlOf({ baseUrl, tokenUrl }: Settings): string {
  return tokenUrl ?? `${baseUrl}/oauth2/token`;
}
