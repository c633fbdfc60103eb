import type { Source } from '../source.ts';
import { ACTIONS, MAPPED_TYPES } from './actions.ts';
import { connecting } from './connecting.ts';
import { guessType } from './guess.ts';
import { normalize } from './normalize.ts';
import { poller } from './poller.ts';

/** What users, applications and administrators do in one Box enterprise. */
export const boxAdminLogs: Source = {
  name: 'box.admin_logs',
  product: 'box',
  title: 'Box enterprise events',
  defaultTier: '365d',
  defaultOrigin: 'api.box.com',
  lag: 'seconds in the live feed, longer in the history; no promise',
  vendorKeeps: '365 days in the history, 14 days in the live feed',
  order: 'oldest first',
  cursor: 'token',
  eventId: 'event_id',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess: guessType,
  fields: {
    event_id: 'string',
    event_type: 'string',
    created_at: 'string',
    created_by: 'object',
    'created_by.id': 'string',
    'created_by.name': 'string',
    'created_by.login': 'string',
    action_by: 'object',
    ip_address: 'string',
    session_id: 'string',
    source: 'object',
    'source.type': 'string',
    'source.id': 'scalar',
    'source.name': 'string',
    'source.login': 'string',
    'source.item_type': 'string',
    'source.item_id': 'string',
    'source.item_name': 'string',
    'source.parent': 'object',
    'source.owned_by': 'object',
    accessible_by: 'object',
    additional_details: 'object',
    'additional_details.service_name': 'string',
    'additional_details.access_token_identifier': 'string',
    'additional_details.role': 'string',
    'additional_details.is_performed_by_admin': 'boolean',
    'additional_details.shield_alert': 'object',
  },
  notLogged: [
    'The user agent, and where the address is',
    'What a value was before it was changed',
    'Second factors of sign-ins, and which identity provider asserted them',
    'Why a sign-in failed; sessions in most events',
    'Most attempts that were refused, but for sign-ins and what Shield blocks',
  ],
  suggestedSearch: { name: 'Files downloaded', query: { type: 'download_resource' } },
  connecting,
  poller,
  normalize,
};
