import { type Connecting, secret, setting } from '../connecting.ts';

export const connecting: Connecting = {
  steps: [
    'Make an API-only user with the global role observer, and note its token, which is shown once.',
    'See whether the server deletes activities (activity_expiry_enabled), and after how many days.',
  ],
  ways: [
    {
      label: 'API token',
      fields: [
        setting('baseUrl', 'Fleet server', {
          required: true,
          example: 'https://fleet.example.com',
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
  webhookHint:
    'Fleet’s activity feed then has Annals poll within a minute. Whoever knows the secret can do that, and nothing else.',
};
