import { type Connecting, secret, setting } from '../connecting.ts';

const OWNER = [
  setting('organization', 'Organization', {
    isEither: true,
    example: 'acme',
    hint: 'As in github.com/NAME. Give this, or the enterprise below.',
  }),
  setting('enterprise', 'Enterprise', {
    isEither: true,
    hint: 'As in github.com/enterprises/NAME: its log has all of its organizations.',
  }),
];

export const connecting: Connecting = {
  steps: [
    'As an owner make a fine-grained token of the organization with “Administration: read”, or a classic one with read:audit_log.',
    'Where the organization uses SAML, authorize a classic token for single sign-on.',
    'Turn on “Disclose actor IP addresses in audit logs”, or no event has an address.',
  ],
  ways: [
    {
      label: 'Personal access token',
      fields: [
        ...OWNER,
        secret('token', 'Token', {
          hint: 'Of an owner: fine-grained with “Administration: read”, or classic with read:audit_log.',
        }),
      ],
    },
    {
      label: 'GitHub App',
      fields: [
        ...OWNER,
        setting('app.clientId', 'Client ID of the app', { required: true, example: 'Iv23liAbCdEfGhIjKlMn' }),
        setting('app.installationId', 'Installation', {
          required: true,
          example: '12345678',
          hint: 'The number at the end of the installation’s address.',
        }),
        secret('privateKey', 'Private key', {
          kind: 'lines',
          hint: 'The whole .pem file that GitHub let you download.',
        }),
      ],
    },
  ],
  rare: [
    setting('git', 'Collect Git events too', {
      kind: 'flag',
      startsOn: true,
      hint: 'Clone, fetch and push: often a hundred times as many. GitHub keeps them for 7 days.',
    }),
    setting('baseUrl', 'Address of the API', {
      example: 'https://api.github.com',
      hint: 'https://HOST/api/v3 on Enterprise Server, https://api.SUBDOMAIN.ghe.com with data residency.',
    }),
  ],
};
