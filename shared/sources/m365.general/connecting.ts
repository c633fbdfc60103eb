import { type Connecting, setting } from '../connecting.ts';
import { CONNECTING } from '../m365/connecting.ts';

export const connecting: Connecting = {
  ...CONNECTING,
  rare: [
    setting('dlp', 'Collect data loss prevention too', {
      kind: 'flag',
      hint: 'The application needs the permission ActivityFeed.ReadDlp as well.',
    }),
    ...CONNECTING.rare,
  ],
};
