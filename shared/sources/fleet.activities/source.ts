import type { Source } from '../source.ts';
import { ACTIONS, MAPPED_TYPES } from './actions.ts';
import { connecting } from './connecting.ts';
import { door } from './door.ts';
import { guessType } from './guess.ts';
import { normalize } from './normalize.ts';
import { poller } from './poller.ts';

/** What administrators, hosts and the server did at a Fleet server (fleetdm.com). */
export const fleetActivities: Source = {
  name: 'fleet.activities',
  product: 'fleet',
  title: 'Fleet activities',
  defaultTier: 'indefinite',
  defaultOrigin: 'fleet',
  lag: 'immediate from the API, seconds more where a database replica lags; up to 5 minutes through an audit log destination',
  vendorKeeps: 'for good, unless the server has an activity expiry window: then that many days',
  order: 'newest first',
  cursor: 'page',
  eventId: 'id, unique on one server only; the activities webhook has none',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess: guessType,
  fields: {
    id: 'number',
    created_at: 'string',
    timestamp: 'string',
    type: 'string',
    actor_id: 'number',
    actor_full_name: 'string',
    actor_email: 'string',
    actor_api_only: 'boolean',
    fleet_initiated: 'boolean',
    details: 'object',
    'details.email': 'string',
    'details.public_ip': 'string',
    'details.team_id': 'number',
    'details.team_name': 'string',
    'details.fleet_id': 'number',
    'details.fleet_name': 'string',
    'details.user_id': 'number',
    'details.user_name': 'string',
    'details.user_email': 'string',
    'details.role': 'string',
    // The documentation has a number in most places and text in some.
    'details.host_id': 'scalar',
    'details.host_serial': 'string',
    'details.host_display_name': 'string',
    'details.host_ids': 'array',
    'details.host_display_names': 'array',
    'details.policies': 'array',
    'details.specs': 'array',
    'details.teams': 'array',
    'details.query_ids': 'array',
    'details.status': 'string',
    'details.webhook_url': 'string',
  },
  notLogged: [
    'Log-outs, changes of password and MFA',
    'User agent and session; the IP address is in log-ins only',
    'Values before a change',
    'Activities that Fleet shows on a host only',
    'What a live query or script gave back',
  ],
  suggestedSearch: { name: 'Live queries and scripts', query: { type: 'query_resource' } },
  connecting,
  poller,
  webhook: door,
  normalize,
};
