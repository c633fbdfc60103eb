import { type Connecting, secret, setting } from '../connecting.ts';

export const connecting: Connecting = {
  steps: [
    'In the Developer Console make a Platform App with client credentials grant and the scope “Manage enterprise properties” alone.',
    'As an administrator authorize it in the Admin Console, under Platform Apps Manager.',
    'Note the Enterprise ID: Admin Console, Account & Billing.',
  ],
  ways: [
    {
      label: 'Platform App',
      fields: [
        setting('enterpriseId', 'Enterprise ID', {
          required: true,
          example: '1910967',
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
    setting('baseUrl', 'Address of the API', { example: 'https://api.box.com' }),
    setting('tokenUrl', 'Address that gives tokens', { hint: 'If it is not /oauth2/token of the API.' }),
  ],
};
