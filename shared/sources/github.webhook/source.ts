import type { Source } from '../source.ts';
import { ACTIONS, guessType, MAPPED_TYPES } from './actions.ts';
import { connecting } from './connecting.ts';
import { door, EVENT_KEY } from './door.ts';
import { normalize } from './normalize.ts';

/** What GitHub pushes about repositories, organizations and enterprises as it happens. */
export const githubWebhook: Source = {
  name: 'github.webhook',
  product: 'github',
  title: 'GitHub webhooks',
  defaultTier: 'indefinite',
  defaultOrigin: 'github.com',
  lag: 'seconds; what GitHub fails to deliver comes only when it is redelivered, within 3 days',
  vendorKeeps: 'the delivery log only: 3 days, 7 on GitHub Enterprise Server',
  order: 'none',
  cursor: 'none',
  eventId: 'the header X-GitHub-Delivery',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess: guessType,
  fields: {
    [EVENT_KEY]: 'string',
    action: 'string',
    sender: 'object',
    'sender.login': 'string',
    'sender.id': 'number',
    'sender.type': 'string',
    organization: 'object',
    repository: 'object',
    changes: 'object',
    member: 'object',
    team: 'object',
    membership: 'object',
  },
  notLogged: [
    'Log-ins, single sign-on, tokens and billing: collect the audit log for those',
    'IP address, user agent and session',
    'Attempts that were refused',
  ],
  suggestedSearch: {
    name: 'Access to repositories given and taken',
    query: { type: ['add_permission', 'remove_permission', 'add_to_group', 'remove_from_group'] },
  },
  connecting,
  webhook: door,
  normalize,
};
