import { type Connecting, secret, setting } from '../connecting.ts';

const IDS = [
  setting('tenantId', 'Directory (tenant) ID', {
    required: true,
    example: '7d3f0a10-0000-4000-8000-00000000f001',
    hint: 'On the overview page of the app registration.',
  }),
  setting('clientId', 'Application (client) ID', {
    required: true,
    example: '0c0c0c0c-0000-4000-8000-00000000c001',
    hint: 'On the same page.',
  }),
];

/** All content types are read by the same application. */
export const CONNECTING: Connecting = {
  steps: [
    'Turn auditing on in the Purview portal, under Audit.',
    'Register an application in the Entra admin center.',
    'Give it the application permission ActivityFeed.Read of Office 365 Management APIs, and grant admin consent.',
    'Make a client secret under Certificates & secrets, and copy its value.',
  ],
  ways: [
    {
      label: 'Client secret',
      fields: [
        ...IDS,
        secret('clientSecret', 'Client secret', { hint: 'Its value, not its id: Certificates & secrets.' }),
      ],
    },
    {
      label: 'Certificate',
      fields: [
        ...IDS,
        secret('certificate', 'Certificate', {
          kind: 'lines',
          hint: 'As it was uploaded, in PEM; or its thumbprint.',
        }),
        secret('privateKey', 'Private key', { kind: 'lines', hint: 'RSA, in PEM without a passphrase.' }),
      ],
    },
  ],
  rare: [
    setting('cloud', 'Cloud', {
      kind: 'choice',
      options: [
        { value: '', label: 'Commercial' },
        { value: 'gcc', label: 'GCC' },
        { value: 'gcc_high', label: 'GCC High' },
        { value: 'dod', label: 'DoD' },
      ],
    }),
    setting('publisherIdentifier', 'Publisher', {
      hint: 'The tenant of whoever runs Annals, if that is another: Microsoft counts requests by it.',
    }),
    setting('baseUrl', 'Address of the API', { hint: 'In place of that of the cloud.' }),
    setting('loginUrl', 'Address that gives tokens', { hint: 'In place of that of the cloud.' }),
  ],
};
