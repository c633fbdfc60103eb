import { type Connecting, secret, setting } from '../connecting.ts';

/** All three logs are read by the same application of Duo's. */
export const CONNECTING: Connecting = {
  steps: [
    'As an administrator with the role Owner: Applications, Protect an Application, Admin API.',
    'Grant “Grant read log” and nothing else.',
    'Copy the integration key, the secret key and the API hostname.',
  ],
  ways: [
    {
      label: 'Admin API application',
      fields: [
        setting('baseUrl', 'API hostname', {
          required: true,
          example: 'https://api-XXXXXXXX.duosecurity.com',
          hint: 'https:// and the hostname that the application’s page in the Duo Admin Panel shows.',
        }),
        secret('integrationKey', 'Integration key', { hint: 'From the same page; it begins with DI.' }),
        secret('secretKey', 'Secret key', { hint: 'From the same page: 40 characters.' }),
      ],
    },
  ],
  rare: [],
};
