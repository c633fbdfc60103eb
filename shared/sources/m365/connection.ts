import { z } from 'zod';
import type { SecretDeclaration } from '../../polling/poller.ts';
import { vendorUrl } from '../vendor-url.ts';

/** Where the API and its tokens are, by cloud. Tokens are for the API's own address, whatever proxy leads to it. */
export const CLOUDS = {
  commercial: { api: 'https://manage.office.com', login: 'https://login.microsoftonline.com' },
  gcc: { api: 'https://manage-gcc.office.com', login: 'https://login.microsoftonline.com' },
  gcc_high: { api: 'https://manage.office365.us', login: 'https://login.microsoftonline.us' },
  dod: { api: 'https://manage.protection.apps.mil', login: 'https://login.microsoftonline.us' },
} as const;

const Guid = z
  .guid('must be a GUID such as 7d3f0a10-0000-4000-8000-00000000f001')
  .overwrite((text) => text.toLowerCase());

/** What a connection to any content type says. */
export const Settings = z.strictObject({
  tenantId: Guid.describe('Directory (tenant) ID on the overview page of the app registration. It is also the origin.'),
  clientId: Guid.describe('Application (client) ID on the same page.'),
  cloud: z
    .enum(['commercial', 'gcc', 'gcc_high', 'dod'])
    .default('commercial')
    .describe('The cloud of the tenant: `commercial`, `gcc`, `gcc_high` or `dod`.'),
  publisherIdentifier: Guid.optional().describe(
    'The tenant of whoever runs Annals, if that is not `tenantId`: Microsoft counts requests by it.',
  ),
  baseUrl: vendorUrl().optional().describe('Address of the API, instead of that of the cloud.'),
  loginUrl: vendorUrl().optional().describe('Address that gives tokens, instead of that of the cloud.'),
});
export type Settings = z.infer<typeof Settings>;

const PEM_OR_THUMBPRINT = /^\s*(-----BEGIN CERTIFICATE-----[\s\S]+|([0-9A-Fa-f]{2}:?){20}\s*)$/;

/** Either `clientSecret`, or `certificate` and `privateKey`, which win. */
export const SECRETS = {
  clientSecret: {
    description: 'The value, not the id, of a client secret: app registration, Certificates & secrets.',
    pattern: /^\s*[\x21-\x7e]{8,}\s*$/,
    optional: true,
  },
  certificate: {
    description:
      'Instead of a client secret: the certificate that was uploaded under Certificates & secrets, as PEM, or its thumbprint.',
    pattern: PEM_OR_THUMBPRINT,
    optional: true,
  },
  privateKey: {
    description: 'The RSA private key of the certificate, as PEM without a passphrase.',
    pattern: /^\s*-----BEGIN (RSA )?PRIVATE KEY-----[\s\S]+$/,
    optional: true,
  },
} as const satisfies Readonly<Record<string, SecretDeclaration>>;
