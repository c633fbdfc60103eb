import { type Connecting, secret, setting } from '../connecting.ts';

export const connecting: Connecting = {
  steps: [
    'Note the workgroup’s id: Admin, Workgroup.',
    'Make a token under Admin, Access, API with “Search: Read” and “Devices: Read”, and tick “can renew”.',
  ],
  ways: [
    {
      label: 'API token',
      fields: [
        setting('workgroup', 'Workgroup', {
          required: true,
          example: 'WORKGROUP',
          hint: 'Its id, as Admin, Workgroup shows it; or the name of the organisation.',
        }),
        secret('token', 'API token', { hint: 'From Admin, Access, API, New token, with “can renew” ticked.' }),
      ],
    },
  ],
  rare: [
    setting('baseUrl', 'Where people log in', {
      example: 'https://app.ardexa.com',
      hint: 'If it is another host, such as https://eur1.ardexa.com.',
    }),
  ],
};
