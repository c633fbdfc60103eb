import { COMMON_FIELDS, DECLARATION, NOT_LOGGED } from '../m365/declaration.ts';
import type { Source } from '../source.ts';
import { ACTIONS, guessType, MAPPED_TYPES } from './actions.ts';
import { normalize } from './normalize.ts';
import { poller } from './poller.ts';

/** What happens in mailboxes and what administrators do to Exchange Online: content type `Audit.Exchange`. */
export const m365Exchange: Source = {
  ...DECLARATION,
  name: 'm365.exchange',
  title: 'Microsoft 365: Exchange Online',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess: guessType,
  fields: {
    ...COMMON_FIELDS,
    Parameters: 'array',
    ClientIPAddress: 'string',
    ClientInfoString: 'string',
    LogonType: 'number',
    MailboxGuid: 'string',
    MailboxOwnerUPN: 'string',
    Item: 'object',
    'Item.ParentFolder': 'object',
    AffectedItems: 'array',
    Folder: 'object',
    DestFolder: 'object',
    Folders: 'array',
    OperationProperties: 'array',
    SendAsUserSmtp: 'string',
    SendOnBehalfOfUserSmtp: 'string',
    MemberUpn: 'string',
    MemberRights: 'string',
    QueryText: 'string',
  },
  notLogged: [
    ...NOT_LOGGED,
    'What was in a message, and messages that were received',
    'Old values of what a cmdlet set, in most records',
    'Mailboxes whose auditing was turned off or is bypassed',
    'Cmdlets that only read: Get-, Search- and Test-',
  ],
  suggestedSearch: {
    name: 'Access to mailboxes given and taken',
    query: { type: ['add_permission', 'remove_permission'] },
  },
  normalize,
  poller,
};
