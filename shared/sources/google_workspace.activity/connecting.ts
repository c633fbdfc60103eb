import { type Connecting, secret, setting } from '../connecting.ts';

export const connecting: Connecting = {
  steps: [
    'In a Google Cloud project enable the Admin SDK API, and make a service account with a JSON key.',
    'As a super administrator delegate its numeric client id domain-wide, with the scope admin.reports.audit.readonly alone.',
    'Make an administrator of its own to impersonate, with the privilege Reports alone.',
  ],
  ways: [
    {
      label: 'Service account',
      fields: [
        setting('subject', 'Administrator to impersonate', {
          required: true,
          example: 'audit.reader@example.com',
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
      example: 'admin, login, drive, token',
      hint: 'Whose logs are read. Left empty, the usual ones are.',
    }),
    setting('customerId', 'Customer', {
      example: 'C01abc2de',
      hint: 'A reseller’s customer, if the logs are theirs.',
    }),
    setting('baseUrl', 'Address of the API', { example: 'https://admin.googleapis.com' }),
    setting('tokenUrl', 'Address that gives tokens', { example: 'https://oauth2.googleapis.com/token' }),
  ],
};
