import { type Connecting, secret, setting } from '../connecting.ts';

export const connecting: Connecting = {
  steps: [
    'In the console make a local user with a role that has “Job orchestrator” alone.',
    'Get a long-lived token for it from /rbac-api/v1/auth/token, and note when it ends.',
    'Copy the authority’s certificate: /etc/puppetlabs/puppet/ssl/certs/ca.pem on the primary server.',
  ],
  ways: [
    {
      label: 'RBAC token',
      fields: [
        setting('baseUrl', 'Console', {
          required: true,
          example: 'https://console.example.com:4433',
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
      example: '395',
      hint: 'The server’s activity_purge_after, if it is another than 395.',
    }),
  ],
  isPrivate: true,
};
