import { type Connecting, PUSH } from '../connecting.ts';

export const connecting: Connecting = {
  steps: [
    'Make a secret of at least 32 random characters and a connection with it.',
    'As an owner: Settings, Webhooks, Add webhook, with the connection’s address, content type application/json and the secret.',
    'Choose “Send me everything”. GitHub sends a ping at once; Recent Deliveries shows whether it arrived.',
  ],
  ways: [PUSH],
  rare: [],
};
