import type { Source } from '../source.ts';
import { MAPPED_TYPES } from './actions.ts';
import { door } from './door.ts';
import { normalize } from './normalize.ts';

/** What GitHub pushes about repositories, organizations and enterprises as it happens. */
export const githubWebhook: Source = {
  name: 'github.webhook',
  product: 'github',
  title: 'GitHub webhooks',
  defaultTier: 'indefinite',
  defaultOrigin: 'github.com',
  lag: 'seconds; what GitHub fails to deliver comes only when it is redelivered, within 3 days',
  types: MAPPED_TYPES,
  webhook: door,
  normalize,
};
