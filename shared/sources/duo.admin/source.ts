import { ACTIONS } from '../duo/actions.ts';
import { CONNECTING } from '../duo/connecting.ts';
import { guess } from '../duo/guess.ts';
import { MAPPED_TYPES } from '../duo/refine.ts';
import type { Source } from '../source.ts';
import { normalize } from './normalize.ts';
import { poller } from './poller.ts';

/** What administrators did in Duo, by version 1 of the API, which Duo is giving up in favour of the activity log. */
export const duoAdmin: Source = {
  name: 'duo.admin',
  product: 'duo',
  title: 'Duo administrator actions (version 1)',
  defaultTier: '365d',
  defaultOrigin: 'duosecurity.com',
  lag: 'near real time',
  vendorKeeps: 'as long as the account says, by default since it was made',
  order: 'oldest first',
  cursor: 'time',
  eventId: 'none: the row itself, and its ordinal among equal rows of one second',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess,
  fields: {
    timestamp: 'number',
    isotimestamp: 'string',
    action: 'string',
    username: 'string',
    object: 'string',
    description: 'string',
  },
  notLogged: [
    'The values before a change',
    'Ids of the administrator, and of most things that something was done to',
    'The IP address, but for sign-ins of administrators',
    'User agents and session ids',
    'Which groups a user was removed from',
    'What users did, and their sign-ins: collect duo.activity and duo.auth for those',
  ],
  suggestedSearch: { name: 'Policies and integrations changed', query: { category: 'system_audit' } },
  connecting: CONNECTING,
  poller,
  normalize,
};
