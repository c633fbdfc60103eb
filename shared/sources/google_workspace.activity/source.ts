import type { Source } from '../source.ts';
import { ACTIONS, MAPPED_TYPES } from './actions.ts';
import { connecting } from './connecting.ts';
import { guessType } from './guess.ts';
import { normalize } from './normalize.ts';
import { poller } from './poller.ts';

/** What Google Workspace's audit logs say: administration, sign-ins, files, groups, devices and more. */
export const googleWorkspaceActivity: Source = {
  name: 'google_workspace.activity',
  product: 'google_workspace',
  title: 'Google Workspace audit activity',
  defaultTier: '180d',
  defaultOrigin: 'admin.googleapis.com',
  lag: 'minutes to hours, by application; Google warns of rarer, longer delays',
  vendorKeeps: 'about 6 months (180 days)',
  order: 'newest first',
  cursor: 'time',
  eventId:
    'id.applicationName, id.customerId, id.time and id.uniqueQualifier, with the event’s name and ordinal in events[]',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess: guessType,
  fields: {
    id: 'object',
    'id.time': 'string',
    'id.uniqueQualifier': 'scalar',
    'id.applicationName': 'string',
    'id.customerId': 'string',
    actor: 'object',
    'actor.email': 'string',
    'actor.profileId': 'scalar',
    'actor.callerType': 'string',
    'actor.key': 'string',
    'actor.applicationInfo': 'object',
    'actor.applicationInfo.oauthClientId': 'scalar',
    'actor.applicationInfo.applicationName': 'string',
    ipAddress: 'string',
    networkInfo: 'object',
    'networkInfo.ipAsn': 'array',
    'networkInfo.regionCode': 'string',
    'networkInfo.subdivisionCode': 'string',
    userDeviceInfo: 'object',
    'userDeviceInfo.deviceId': 'string',
    'userDeviceInfo.deviceType': 'string',
    'userDeviceInfo.deviceOsVersion': 'string',
    resourceDetails: 'array',
    events: 'array',
    'events.0.type': 'string',
    'events.0.name': 'string',
    'events.0.parameters': 'array',
    'events.0.sensitiveParameters': 'array',
    'events.0.resourceIds': 'array',
    'events.0.status': 'object',
    'events.0.status.eventStatus': 'string',
  },
  notLogged: [
    'Sessions: nothing connects a sign-in to what was done in it',
    'The user agent, except in Calendar and Chrome events',
    'What Drive, Gmail and device events hold, in editions that do not include those logs',
    'Which identity provider asserted a sign-in with login type saml',
    'The value before, in most events of Chat, Keep, Calendar and of user profiles',
  ],
  suggestedSearch: { name: 'Security settings and connected apps changed', query: { category: 'system_audit' } },
  connecting,
  poller,
  normalize,
};
