import { COMMON_FIELDS, DECLARATION, NOT_LOGGED } from '../m365/declaration.ts';
import type { Source } from '../source.ts';
import { ACTIONS, guessType, MAPPED_TYPES } from './actions.ts';
import { normalize } from './normalize.ts';

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
    TeamGuid: 'string',
    TeamName: 'string',
    AADGroupId: 'string',
    ItemName: 'string',
    ChannelGuid: 'string',
    ChannelName: 'string',
    ChatThreadId: 'string',
    ChatName: 'string',
    MessageId: 'string',
    AddOnGuid: 'string',
    AddOnName: 'string',
    Members: 'array',
    Name: 'string',
    OldValue: 'scalar',
    NewValue: 'scalar',
    FormId: 'string',
    FormName: 'string',
    NetworkMessageId: 'string',
    AlertId: 'string',
    CopilotEventData: 'object',
    'CopilotEventData.AccessedResources': 'array',
    UserAgent: 'string',
    ClientIPAddress: 'string',
  },
  notLogged: [
    ...NOT_LOGGED,
    'The address and user agent of what people do in Teams, in most records',
    'What messages, forms and prompts say',
    'Chats and calls as such, without the licence for Audit (Premium)',
  ],
  normalize,
};
