import type { Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { personOf } from '../m365/people.ts';
import { entryOf, firstText, textAt } from '../read.ts';
import { eventData } from './details.ts';

/** `ItemType`: a number by the schema, its name in the data. */
const ITEM_TYPES: Readonly<Record<string, string>> = {
  1: 'file',
  5: 'folder',
  6: 'site',
  web: 'site',
  7: 'site',
  8: 'tenant',
  9: 'document_library',
  11: 'page',
};

/** Whom and what a record is about: people first, then the item and the site it is in. */
export function targetsOf(raw: JsonObject, type: EventType | null): Target[] {
  return [...people(raw), ...groups(raw, type), item(raw), site(raw), query(raw)];
}

function people(raw: JsonObject): Target[] {
  const isGroup = /group|link/i.test(textAt(raw, 'TargetUserOrGroupType') ?? '');
  return [
    { type: isGroup ? 'group' : 'user', ...personOf(textAt(raw, 'TargetUserOrGroupName')) },
    { type: 'user', ...personOf(textAt(raw, 'UserSharedWith')) },
  ];
}

/** The group that somebody joined or left, and the group that is made or removed. */
function groups(raw: JsonObject, type: EventType | null): Target[] {
  const isAboutGroup = type?.endsWith('_group') ?? false;
  return eventData(raw)
    .filter(
      ({ name }) =>
        /^(Added to group|Removed from group)$/i.test(name) || (isAboutGroup && /^(Group|Name)$/i.test(name)),
    )
    .map(({ value }) => ({ type: 'group', name: value }));
}

function item(raw: JsonObject): Target {
  const said = textAt(raw, 'ItemType')
    ?.replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
  const type = entryOf(ITEM_TYPES, said) ?? said ?? (textAt(raw, 'SourceFileName') === undefined ? 'resource' : 'file');
  const id = type === 'site' ? textAt(raw, 'Site') : firstText(raw, ['ListItemUniqueId', 'ListId']);
  return { type, id, name: firstText(raw, ['ObjectId', 'SourceFileName']) };
}

function site(raw: JsonObject): Target {
  return { type: 'site', id: textAt(raw, 'Site'), name: textAt(raw, 'SiteUrl') };
}

function query(raw: JsonObject): Target {
  return { type: 'query', name: firstText(raw, ['SearchQueryText', 'QueryText']) };
}
