import { COMMON_FIELDS, DECLARATION, NOT_LOGGED } from '../m365/declaration.ts';
import type { Source } from '../source.ts';
import { ACTIONS, guessType, MAPPED_TYPES } from './actions.ts';
import { normalize } from './normalize.ts';
import { poller } from './poller.ts';

/** Files, pages, sites, lists and sharing in SharePoint and OneDrive: content type `Audit.SharePoint`. */
export const m365Sharepoint: Source = {
  ...DECLARATION,
  name: 'm365.sharepoint',
  title: 'Microsoft 365: SharePoint and OneDrive',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess: guessType,
  fields: {
    ...COMMON_FIELDS,
    ItemType: 'scalar',
    ListId: 'string',
    ListItemUniqueId: 'string',
    Site: 'string',
    SiteUrl: 'string',
    SourceFileName: 'string',
    SourceRelativeUrl: 'string',
    DestinationFileName: 'string',
    DestinationRelativeUrl: 'string',
    SensitivityLabelId: 'string',
    OldSensitivityLabelId: 'string',
    TargetUserOrGroupName: 'string',
    TargetUserOrGroupType: 'string',
    UserSharedWith: 'string',
    EventData: 'string',
    SearchQueryText: 'string',
    QueryText: 'string',
  },
  notLogged: [
    ...NOT_LOGGED,
    'How often somebody read or changed a file: repeats within 5 minutes are one record',
    'What was in a file, and the address of a sharing link',
    'Who used an anonymous link, but for their address',
    'Attempts that were refused, nearly all of them',
  ],
  suggestedSearch: { name: 'Files downloaded', query: { type: 'download_resource' } },
  normalize,
  poller,
};
