import type { Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { firstText, objectAt, textAt } from '../read.ts';
import { personTarget } from './people.ts';

/** Where an event names people and groups, other than its source and its actor. */
const PEOPLE = [
  'accessible_by',
  'additional_details.shield_alert.user',
  'additional_details.shield_external_collab_enforcement.invitee',
  'additional_details.shield_external_collab_enforcement.inviter',
  'additional_details.shield_external_collab_enforcement.accessUser',
  'additional_details.shield_download_enforcement.access_user',
  'action_by',
];
/** Objects within an event, each with its own `type`, `id` and `name`. */
const TYPED = [
  'source.item',
  'additional_details.shield_external_collab_enforcement.item',
  'additional_details.shield_download_enforcement.item',
];
/** Objects whose type is told by the fields that name them: where, its id, its name. */
const OBJECTS: readonly (readonly [type: string, at: string, id: string, name: string])[] = [
  ['file', 'source', 'file_id', 'file_name'],
  ['folder', 'source', 'folder_id', 'folder_name'],
  ['group', 'source', 'group_id', 'group_name'],
  ['group', 'additional_details', 'group_id', 'group_name'],
  ['collaboration', 'additional_details', 'collab_id', ''],
  ['alert', 'additional_details.shield_alert', 'alert_id', 'rule_name'],
  ['file', 'additional_details.shield_alert.malware_info', 'file_id', 'file_name'],
  ['folder', 'source.parent', 'id', 'name'],
];

/** Everybody and everything that an event names, each once: people first, then groups, items, and the folder they are in. */
export function targetsOf(raw: JsonObject): Target[] {
  const source = objectAt(raw, 'source');
  const sourceType = textAt(source, 'type');
  const isPerson = sourceType === 'user' || sourceType === 'group';
  const found = [
    isPerson ? personTarget(source) : undefined,
    collaborator(source),
    ...PEOPLE.map((path) => personTarget(objectAt(raw, path))),
    isPerson ? undefined : item(source),
    ...TYPED.map((path) => item(objectAt(raw, path))),
    ...OBJECTS.map(([type, at, id, name]) => object(objectAt(raw, at), type, id, name)),
    personTarget(objectAt(raw, 'source.owned_by')),
  ].filter((one) => one !== undefined);
  return [...new Map(found.map((one) => [`${one.type} ${one.id ?? JSON.stringify(one)}`, one])).values()];
}

/** Whom the source of a collaboration on a file or folder names. */
function collaborator(source: JsonObject | undefined): Target | undefined {
  const [id, name, login] = ['user_id', 'user_name', 'user_email'].map((path) => textAt(source, path));
  return personTarget({ ...(id && { id }), ...(name && { name }), ...(login && { login }) });
}

/** A file, folder or anything else that says its own type. */
function item(source: JsonObject | undefined): Target | undefined {
  const type = firstText(source, ['item_type', 'app_item_type', 'type']);
  const id = firstText(source, ['item_id', 'id']);
  const name = firstText(source, ['item_name', 'name']);
  if (id === undefined && name === undefined) return undefined;
  return { type: type?.toLowerCase() ?? 'item', ...(id !== undefined && { id }), ...(name !== undefined && { name }) };
}

function object(at: JsonObject | undefined, type: string, idPath: string, namePath: string): Target | undefined {
  const id = textAt(at, idPath);
  const name = textAt(at, namePath);
  if (id === undefined && name === undefined) return undefined;
  return { type, ...(id !== undefined && { id }), ...(name !== undefined && { name }) };
}
