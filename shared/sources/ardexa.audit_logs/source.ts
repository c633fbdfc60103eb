import type { Source } from '../source.ts';
import { ACTIONS, MAPPED_TYPES } from './actions.ts';
import { connecting } from './connecting.ts';
import { guessType } from './guess.ts';
import { normalize } from './normalize.ts';
import { poller } from './poller.ts';
import { FIELDS } from './row.ts';

/** What users did in a workgroup of the Ardexa web app, and what happened to its devices. */
export const ardexaAuditLogs: Source = {
  name: 'ardexa.audit_logs',
  product: 'ardexa',
  title: 'Ardexa audit logs',
  defaultTier: 'indefinite',
  defaultOrigin: 'app.ardexa.com',
  lag: "immediate as a rule; not documented, and changes of a device's state may be recorded late",
  vendorKeeps: 'indefinitely',
  order: 'oldest first',
  cursor: 'time',
  eventId: 'none: the whole row, counted among equal ones',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess: guessType,
  fields: FIELDS,
  notLogged: [
    'Log-outs, also by inactivity',
    'IP address, user agent, session and the role of the user',
    'Most reading: searches, dashboards and tables',
  ],
  suggestedSearch: {
    name: 'Access given and taken',
    query: { type: ['add_permission', 'remove_permission', 'add_to_group'] },
  },
  connecting,
  poller,
  normalize,
};
