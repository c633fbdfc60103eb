import { COMMON_FIELDS, DECLARATION, NOT_LOGGED } from '../m365/declaration.ts';
import type { Source } from '../source.ts';
import { ACTIONS, guessType, MAPPED_TYPES } from './actions.ts';
import { normalize } from './normalize.ts';
import { poller } from './poller.ts';

/** Sign-ins to Entra ID and changes of its directory: content type `Audit.AzureActiveDirectory`. */
export const m365AzureAd: Source = {
  ...DECLARATION,
  name: 'm365.azure_ad',
  title: 'Microsoft 365: Entra ID',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess: guessType,
  fields: {
    ...COMMON_FIELDS,
    ActorIpAddress: 'string',
    ActorContextId: 'string',
    Actor: 'array',
    Target: 'array',
    ApplicationId: 'string',
    ExtendedProperties: 'array',
    DeviceProperties: 'array',
    ErrorNumber: 'string',
    ErrorCode: 'string',
    LogonError: 'string',
  },
  notLogged: [
    ...NOT_LOGGED,
    'The address and mostly the user agent of those who change the directory',
    'The method and result of a second factor: collect the sign-in log of Microsoft Graph for those',
    'Sign-ins without a user: those of applications and managed identities',
  ],
  suggestedSearch: { name: 'Failed sign-ins', query: { type: 'account_login', outcome: 'failure' } },
  normalize,
  poller,
};
