import { ACTIONS } from '../duo/actions.ts';
import { CONNECTING } from '../duo/connecting.ts';
import { guess } from '../duo/guess.ts';
import { MAPPED_TYPES } from '../duo/refine.ts';
import type { Source } from '../source.ts';
import { normalize } from './normalize.ts';
import { poller } from './poller.ts';

/** What administrators and users changed in Duo: the successor of the administrator log. */
export const duoActivity: Source = {
  name: 'duo.activity',
  product: 'duo',
  title: 'Duo activity',
  defaultTier: '180d',
  defaultOrigin: 'duosecurity.com',
  lag: '2 minutes: Duo withholds newer rows',
  vendorKeeps: '180 days',
  order: 'oldest first',
  cursor: 'token',
  eventId: 'activity_id',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess,
  fields: {
    activity_id: 'string',
    ts: 'string',
    'action.name': 'string',
    'action.details': 'string',
    actor: 'object',
    'actor.key': 'string',
    'actor.name': 'string',
    'actor.type': 'string',
    'actor.details': 'string',
    target: 'object',
    'target.key': 'string',
    'target.name': 'string',
    'target.type': 'string',
    'target.details': 'string',
    old_target: 'object',
    'old_target.key': 'string',
    'old_target.name': 'string',
    'old_target.type': 'string',
    'old_target.details': 'string',
    outcome: 'object',
    'outcome.result': 'string',
    application: 'object',
    'application.key': 'string',
    'application.name': 'string',
    access_device: 'object',
    'access_device.browser': 'string',
    'access_device.browser_version': 'string',
    'access_device.os': 'string',
    'access_device.os_version': 'string',
    'access_device.epkey': 'string',
    'access_device.ip.address': 'string',
    'access_device.location': 'object',
  },
  notLogged: [
    'Sign-ins of users to applications: collect duo.auth for those',
    'Session ids, and user agents other than of WebAuthn enrolments',
    'The secret of an application or the bypass code that somebody looked at',
    'What was only looked at, but for secret keys, bypass codes, tokens and passwords',
  ],
  suggestedSearch: {
    name: 'Users and devices that administrators changed',
    query: { type: ['create_user', 'update_user', 'delete_user', 'add_enrollment', 'remove_enrollment'] },
  },
  connecting: CONNECTING,
  poller,
  normalize,
};
