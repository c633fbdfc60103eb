import { z } from 'zod';
import { vendorUrl } from '../vendor-url.ts';
import { DEFAULT_APPLICATIONS } from './applications.ts';

const Application = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be the name of an application in the Reports API, such as login');

/** What a connection to Google Workspace says besides its key. */
export const Settings = z.strictObject({
  subject: z
    .string()
    .regex(/^[^\s@]{1,64}@[^\s@]{1,255}$/, 'must be an e-mail address')
    .describe('E-mail address of the administrator to impersonate; needs the privilege Reports.'),
  applications: z
    .array(Application)
    .min(1)
    .max(64)
    .refine((names) => new Set(names).size === names.length, { error: 'must not name an application twice' })
    .default(DEFAULT_APPLICATIONS)
    .describe('Applications whose logs are read, each as a stream of its own.'),
  customerId: z
    .string()
    .regex(/^(my_customer|C[0-9A-Za-z]{1,31})$/, 'must be my_customer or an id such as C01abc2de')
    .optional()
    .describe("The customer whose logs they are, where it is not the administrator's own: a reseller's customer."),
  baseUrl: vendorUrl().default('https://admin.googleapis.com').describe('The address of the Admin SDK API.'),
  tokenUrl: vendorUrl()
    .default('https://oauth2.googleapis.com/token')
    .describe('The address that gives access tokens, also the audience of assertions.'),
});
export type Settings = z.infer<typeof Settings>;
