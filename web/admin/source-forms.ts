import { type FormField, PUSH, type SourceForm, secret, setting } from './source-form.ts';

const duo = (title: string): SourceForm => ({
  title,
  ways: [
    {
      label: 'Admin API application',
      fields: [
        setting('baseUrl', 'API hostname', {
          required: true,
          placeholder: 'https://api-XXXXXXXX.duosecurity.com',
          hint: 'https:// and the hostname that the application’s page in the Duo Admin Panel shows.',
        }),
        secret('integrationKey', 'Integration key', { hint: 'From the same page; it begins with DI.' }),
        secret('secretKey', 'Secret key', { hint: 'From the same page: 40 characters.' }),
      ],
    },
  ],
  rare: [],
});

const m365 = (title: string, own: readonly FormField[] = []): SourceForm => {
  const ids = [
    setting('tenantId', 'Directory (tenant) ID', {
      required: true,
      placeholder: '7d3f0a10-0000-4000-8000-00000000f001',
      hint: 'On the overview page of the app registration.',
    }),
    setting('clientId', 'Application (client) ID', { required: true, hint: 'On the same page.' }),
  ];
  return {
    title,
    ways: [
      {
        label: 'Client secret',
        fields: [
          ...ids,
          secret('clientSecret', 'Client secret', {
            hint: 'Its value, not its id: Certificates & secrets.',
          }),
        ],
      },
      {
        label: 'Certificate',
        fields: [
          ...ids,
          secret('certificate', 'Certificate', {
            kind: 'lines',
            hint: 'As it was uploaded, in PEM; or its thumbprint.',
          }),
          secret('privateKey', 'Private key', { kind: 'lines', hint: 'RSA, in PEM without a passphrase.' }),
        ],
      },
    ],
    rare: [
      ...own,
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
};

const ORGANIZATION = setting('organization', 'Organization', {
  isEither: true,
  placeholder: 'acme',
  hint: 'As in github.com/NAME. Give this, or the enterprise below.',
});
const ENTERPRISE = setting('enterprise', 'Enterprise', {
  isEither: true,
  hint: 'As in github.com/enterprises/NAME: its log has all of its organizations.',
});
const APPOMNI_HOST = setting('baseUrl', 'Your instance', { required: true, placeholder: 'https://acme.appomni.com' });

/** By source; those without one are not connected by anybody. */
export const SOURCE_FORMS: Readonly<Record<string, SourceForm>> = {
  'appomni.audit': {
    title: 'AppOmni audit logs',
    ways: [
      {
        label: 'Access token',
        fields: [
          APPOMNI_HOST,
          secret('accessToken', 'Access token', {
            hint: 'Granted to an API application under Settings, API Settings.',
          }),
          {
            path: 'secrets.accessTokenExpires',
            label: 'Ends on',
            placeholder: '2027-03-01',
            hint: 'You are warned ahead of it. Leave it empty if it does not end.',
          },
        ],
      },
      {
        label: 'Refresh token',
        fields: [
          APPOMNI_HOST,
          setting('clientId', 'Client ID', { required: true, hint: 'Of the API application.' }),
          secret('clientSecret', 'Client secret'),
          secret('refreshToken', 'Refresh token', {
            hint: 'One of Annals’ own: AppOmni replaces it at every use, and what else uses it would break the chain.',
          }),
        ],
      },
      PUSH,
    ],
    rare: [
      setting('tokenUrl', 'Address that exchanges refresh tokens', {
        hint: 'If it is not /oauth/token of your instance.',
      }),
    ],
    webhook: 'For an event sink of AppOmni beside polling: events arrive within seconds.',
  },
  'ardexa.audit_logs': {
    title: 'Ardexa audit logs',
    ways: [
      {
        label: 'API token',
        fields: [
          setting('workgroup', 'Workgroup', {
            required: true,
            hint: 'Its id, as Admin, Workgroup shows it; or the name of the organisation.',
          }),
          secret('token', 'API token', { hint: 'From Admin, Access, API, New token, with “can renew” ticked.' }),
        ],
      },
    ],
    rare: [
      setting('baseUrl', 'Where people log in', {
        placeholder: 'https://app.ardexa.com',
        hint: 'If it is another host, such as https://eur1.ardexa.com.',
      }),
    ],
  },
  'box.admin_logs': {
    title: 'Box enterprise events',
    ways: [
      {
        label: 'Platform App',
        fields: [
          setting('enterpriseId', 'Enterprise ID', {
            required: true,
            placeholder: '1910967',
            hint: 'In the Admin Console, under Account & Billing.',
          }),
          secret('clientId', 'Client ID', {
            hint: 'From the app’s page in the Developer Console, under Configuration.',
          }),
          secret('clientSecret', 'Client secret', { hint: 'From the same page.' }),
        ],
      },
    ],
    rare: [
      setting('baseUrl', 'Address of the API', { placeholder: 'https://api.box.com' }),
      setting('tokenUrl', 'Address that gives tokens', { hint: 'If it is not /oauth2/token of the API.' }),
    ],
  },
  'duo.activity': duo('Duo activity'),
  'duo.admin': duo('Duo administrator actions (version 1)'),
  'duo.auth': duo('Duo authentication'),
  'fleet.activities': {
    title: 'Fleet activities',
    ways: [
      {
        label: 'API token',
        fields: [
          setting('baseUrl', 'Fleet server', {
            required: true,
            placeholder: 'https://fleet.example.com',
            hint: 'With its path, if the server has a URL prefix.',
          }),
          secret('token', 'API token', { hint: 'Of an API-only user with the global role observer.' }),
          setting('activityExpiryDays', 'Deleted after days', {
            kind: 'number',
            hint: 'The server’s activity_expiry_window, if activity_expiry_enabled is true there.',
          }),
        ],
      },
    ],
    rare: [],
    webhook:
      'Fleet’s activity feed then has Annals poll within a minute. Whoever knows the secret can do that, and nothing else.',
  },
  'github.audit': {
    title: 'GitHub audit log',
    ways: [
      {
        label: 'Personal access token',
        fields: [
          ORGANIZATION,
          ENTERPRISE,
          secret('token', 'Token', {
            hint: 'Of an owner: fine-grained with “Administration: read”, or classic with read:audit_log.',
          }),
        ],
      },
      {
        label: 'GitHub App',
        fields: [
          ORGANIZATION,
          ENTERPRISE,
          setting('app.clientId', 'Client ID of the app', { required: true }),
          setting('app.installationId', 'Installation', {
            required: true,
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
        placeholder: 'https://api.github.com',
        hint: 'https://HOST/api/v3 on Enterprise Server, https://api.SUBDOMAIN.ghe.com with data residency.',
      }),
    ],
  },
  'github.webhook': { title: 'GitHub webhooks', ways: [PUSH], rare: [] },
  'google_workspace.activity': {
    title: 'Google Workspace audit activity',
    ways: [
      {
        label: 'Service account',
        fields: [
          setting('subject', 'Administrator to impersonate', {
            required: true,
            placeholder: 'audit.reader@example.com',
            hint: 'Their e-mail address. They need the privilege Reports, and no other.',
          }),
          secret('serviceAccountKey', 'JSON key', {
            kind: 'lines',
            hint: 'The whole text of the key file: IAM, Service accounts, Keys, Add key.',
          }),
        ],
      },
    ],
    rare: [
      setting('applications', 'Applications', {
        kind: 'list',
        placeholder: 'admin, login, drive, token',
        hint: 'Whose logs are read. Left empty, the usual ones are.',
      }),
      setting('customerId', 'Customer', {
        placeholder: 'C01abc2de',
        hint: 'A reseller’s customer, if the logs are theirs.',
      }),
      setting('baseUrl', 'Address of the API', { placeholder: 'https://admin.googleapis.com' }),
      setting('tokenUrl', 'Address that gives tokens', { placeholder: 'https://oauth2.googleapis.com/token' }),
    ],
  },
  'm365.azure_ad': m365('Microsoft 365: Entra ID'),
  'm365.exchange': m365('Microsoft 365: Exchange Online'),
  'm365.general': m365('Microsoft 365: Teams and all else', [
    setting('dlp', 'Collect data loss prevention too', {
      kind: 'flag',
      hint: 'The application needs the permission ActivityFeed.ReadDlp as well.',
    }),
  ]),
  'm365.sharepoint': m365('Microsoft 365: SharePoint and OneDrive'),
  'puppet.activity': {
    title: 'Puppet Enterprise activity',
    ways: [
      {
        label: 'RBAC token',
        fields: [
          setting('baseUrl', 'Console', {
            required: true,
            placeholder: 'https://console.example.com:4433',
            hint: 'With the port of its services, usually 4433.',
          }),
          secret('token', 'RBAC token', { hint: 'Long-lived, of a local user.' }),
        ],
      },
    ],
    rare: [
      setting('apiVersion', 'API', {
        kind: 'choice',
        options: [
          { value: '', label: 'v2' },
          { value: 'v1', label: 'v1: Puppet Enterprise 2019.8' },
        ],
      }),
      setting('purgeAfterDays', 'Deleted after days', {
        kind: 'number',
        placeholder: '395',
        hint: 'The server’s activity_purge_after, if it is another than 395.',
      }),
    ],
  },
};

/** The title of a source that can be connected; other names stay as they are. */
export function formTitle(source: string): string {
  return SOURCE_FORMS[source]?.title ?? source;
}
