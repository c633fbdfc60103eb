import { COMMON_FIELDS, DECLARATION, NOT_LOGGED } from '../m365/declaration.ts';
import type { Source } from '../source.ts';
import { ACTIONS, guessType, MAPPED_TYPES } from './actions.ts';
import { connecting } from './connecting.ts';
import { normalize } from './normalize.ts';
import { poller } from './poller.ts';
import { NAMED_FIELDS } from './targets.ts';

/** Teams and every other workload without a content type of its own: content type `Audit.General`. */
export const m365General: Source = {
  ...DECLARATION,
  name: 'm365.general',
  title: 'Microsoft 365: Teams and all else',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess: guessType,
  fields: {
    ...COMMON_FIELDS,
    ...NAMED_FIELDS,
    Members: 'array',
    Name: 'string',
    OldValue: 'scalar',
    NewValue: 'scalar',
    CopilotEventData: 'object',
    'CopilotEventData.AccessedResources': 'array',
    TargetUserId: 'string',
    UserSharedWith: 'string',
    RecipientAddress: 'string',
    FailureReason: 'string',
    Justification: 'string',
    'ExceptionInfo.Justification': 'string',
    OrganizationId: 'string',
    ClientIPAddress: 'string',
  },
  notLogged: [
    ...NOT_LOGGED,
    'The address and user agent of what people do in Teams, in most records',
    'What messages, forms and prompts say',
    'Chats and calls as such, without the licence for Audit (Premium)',
  ],
  suggestedSearch: {
    name: 'Connected applications changed',
    query: { type: ['create_integration', 'update_integration', 'delete_integration'] },
  },
  connecting,
  normalize,
  poller,
};
