import { ShownOnce } from './shown-once.tsx';
import type { AdminConnection } from './types.ts';
import { isSecretInPath, webhookAddress } from './webhook-address.ts';

/** What the vendor has to be given, once the secret is set. */
export function WebhookShown(props: {
  readonly connection: AdminConnection;
  readonly secret: string;
  readonly onDone: () => void;
}) {
  const { connection, secret, onDone } = props;
  const { webhookPath = '' } = connection;
  const address = webhookAddress(location.origin, webhookPath, secret);
  const secrets = isSecretInPath(webhookPath)
    ? [
        {
          label: 'Webhook address',
          text: address,
          note: 'The secret is its last part: whoever knows the address can use it.',
        },
      ]
    : [
        { label: 'Webhook address', text: address, note: 'No secret: it can be looked up here at any time.' },
        { label: 'Secret', text: secret },
      ];
  return <ShownOnce secrets={secrets} onDone={onDone} />;
}
