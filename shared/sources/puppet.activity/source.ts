import type { Source } from '../source.ts';
import { ACTIONS, guessType, MAPPED_TYPES } from './actions.ts';
import { SERVICE_KEY } from './commit.ts';
import { connecting } from './connecting.ts';
import { normalize } from './normalize.ts';
import { poller } from './poller.ts';

/** What the activity service of Puppet Enterprise records: users, roles, tokens, node groups, runs, deploys. */
export const puppetActivity: Source = {
  name: 'puppet.activity',
  product: 'puppet',
  title: 'Puppet Enterprise activity',
  defaultTier: '365d',
  defaultOrigin: 'puppet',
  lag: 'immediate: written with the change itself',
  vendorKeeps: '395 days unless the server is set otherwise',
  order: 'newest first',
  cursor: 'time',
  eventId: 'none: it is made of what the event says',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess: guessType,
  fields: {
    [SERVICE_KEY]: 'string',
    timestamp: 'string',
    subject: 'object',
    'subject.id': 'scalar',
    'subject.name': 'string',
    object: 'object',
    'object.id': 'scalar',
    'object.name': 'string',
    objects: 'array',
    'objects.0.id': 'scalar',
    'objects.0.name': 'string',
    'objects.0.type': 'string',
    ip_address: 'string',
    events: 'array',
    'events.0.message': 'string',
    'events.0.type': 'string',
    'events.0.what': 'string',
    'events.0.description': 'string',
    'Submit Time': 'string',
    'Subject Id': 'string',
    'Subject Name': 'string',
    'Object Type': 'string',
    'Object Id': 'string',
    'Object Name': 'string',
    Type: 'string',
    What: 'string',
    Description: 'string',
    Message: 'string',
  },
  notLogged: [
    'Failed log-ins, log-outs and multi-factor authentication',
    'Attempts that were refused',
    'User agent and session; by the v1 API also the IP address',
    'The value that a setting had before',
    'What a run, task or plan did on its nodes, and how it ended',
    'What was read',
  ],
  suggestedSearch: {
    name: 'Roles and permissions changed',
    query: { type: ['create_role', 'update_role', 'delete_role', 'add_permission', 'remove_permission'] },
  },
  connecting,
  poller,
  normalize,
};
