/** How a source is connected: what has to be done at the vendor, and what the connection has to say. */
export interface Guide {
  readonly steps: readonly string[];
  /** An example of `settings`; absent where the source is only pushed to. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Names of `secrets`, with what each is. */
  readonly secrets: Readonly<Record<string, string>>;
  /** It has to be reached inside one's own network, as a rule. */
  readonly isPrivate?: true;
}

const DUO: Guide = {
  steps: [
    'As an administrator with the role Owner: Applications, Protect an Application, Admin API.',
    'Grant “Grant read log” and nothing else.',
    'Copy the integration key, the secret key and the API hostname.',
  ],
  settings: { baseUrl: 'https://api-XXXXXXXX.duosecurity.com' },
  secrets: { integrationKey: 'The integration key', secretKey: 'The secret key' },
};

const M365: Guide = {
  steps: [
    'Turn auditing on in the Purview portal, under Audit.',
    'Register an application in the Entra admin center.',
    'Give it the application permission ActivityFeed.Read of Office 365 Management APIs, and grant admin consent.',
    'Make a client secret under Certificates & secrets, and copy its value.',
  ],
  settings: { tenantId: '7d3f0a10-0000-4000-8000-00000000f001', clientId: '0c0c0c0c-0000-4000-8000-00000000c001' },
  secrets: { clientSecret: 'The value of the client secret' },
};

/** By source; those without one are not connected by anybody. */
export const GUIDES: Readonly<Record<string, Guide>> = {
  'appomni.audit': {
    steps: [
      'Make a user for Annals with a role that may read the audit log.',
      'Under it make an API application: Settings, API Settings.',
      'Grant an access token with a far expiry, and note when it ends.',
    ],
    settings: { baseUrl: 'https://acme.appomni.com' },
    secrets: { accessToken: 'The access token' },
  },
  'ardexa.audit_logs': {
    steps: [
      'Note the workgroup’s id: Admin, Workgroup.',
      'Make a token under Admin, Access, API with “Search: Read” and “Devices: Read”, and tick “can renew”.',
    ],
    settings: { workgroup: 'WORKGROUP' },
    secrets: { token: 'The API token' },
  },
  'box.admin_logs': {
    steps: [
      'In the Developer Console make a Platform App with client credentials grant and the scope “Manage enterprise properties” alone.',
      'As an administrator authorize it in the Admin Console, under Platform Apps Manager.',
      'Note the Enterprise ID: Admin Console, Account & Billing.',
    ],
    settings: { enterpriseId: '1910967' },
    secrets: { clientId: 'The app’s Client ID', clientSecret: 'The app’s Client Secret' },
  },
  'duo.activity': DUO,
  'duo.admin': DUO,
  'duo.auth': DUO,
  'fleet.activities': {
    steps: [
      'Make an API-only user with the global role observer, and note its token, which is shown once.',
      'See whether the server deletes activities (activity_expiry_enabled), and after how many days.',
    ],
    settings: { baseUrl: 'https://fleet.example.com' },
    secrets: { token: 'The user’s API token' },
  },
  'github.audit': {
    steps: [
      'As an owner make a fine-grained token of the organization with “Administration: read”, or a classic one with read:audit_log.',
      'Where the organization uses SAML, authorize a classic token for single sign-on.',
      'Turn on “Disclose actor IP addresses in audit logs”, or no event has an address.',
    ],
    settings: { organization: 'acme' },
    secrets: { token: 'The token' },
  },
  'github.webhook': {
    steps: [
      'Make a secret of at least 32 random characters and a connection with it.',
      'As an owner: Settings, Webhooks, Add webhook, with the connection’s address, content type application/json and the secret.',
      'Choose “Send me everything”. GitHub sends a ping at once; Recent Deliveries shows whether it arrived.',
    ],
    secrets: { webhook: 'The secret that GitHub signs with' },
  },
  'google_workspace.activity': {
    steps: [
      'In a Google Cloud project enable the Admin SDK API, and make a service account with a JSON key.',
      'As a super administrator delegate its numeric client id domain-wide, with the scope admin.reports.audit.readonly alone.',
      'Make an administrator of its own to impersonate, with the privilege Reports alone.',
    ],
    settings: { subject: 'audit.reader@example.com' },
    secrets: { serviceAccountKey: 'The whole text of the JSON key file' },
  },
  'm365.azure_ad': M365,
  'm365.exchange': M365,
  'm365.general': M365,
  'm365.sharepoint': M365,
  'puppet.activity': {
    steps: [
      'In the console make a local user with a role that has “Job orchestrator” alone.',
      'Get a long-lived token for it from /rbac-api/v1/auth/token, and note when it ends.',
      'Copy the authority’s certificate: /etc/puppetlabs/puppet/ssl/certs/ca.pem on the primary server.',
    ],
    settings: { baseUrl: 'https://console.example.com:4433' },
    secrets: { token: 'The RBAC token' },
    isPrivate: true,
  },
};
