import { type Connecting, PUSH, secret, setting } from '../connecting.ts';

const HOST = setting('baseUrl', 'Your instance', { required: true, example: 'https://acme.appomni.com' });

export const connecting: Connecting = {
  steps: [
    'Make a user for Annals with a role that may read the audit log.',
    'Under it make an API application: Settings, API Settings.',
    'Grant an access token with a far expiry, and note when it ends.',
  ],
  ways: [
    {
      label: 'Access token',
      fields: [
        HOST,
        secret('accessToken', 'Access token', {
          hint: 'Granted to an API application under Settings, API Settings.',
        }),
        {
          path: 'secrets.accessTokenExpires',
          label: 'Ends on',
          example: '2027-03-01',
          hint: 'You are warned ahead of it. Leave it empty if it does not end.',
        },
      ],
    },
    {
      label: 'Refresh token',
      fields: [
        HOST,
        setting('clientId', 'Client ID', { required: true, example: 'CLIENT_ID', hint: 'Of the API application.' }),
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
  webhookHint: 'For an event sink of AppOmni beside polling: events arrive within seconds.',
};
