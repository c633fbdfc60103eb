import type { Target } from '../../event/schema.ts';
import type { EventType } from '../../taxonomy.ts';
import { entryOf, textAt } from '../read.ts';
import { ruleOf } from './actions.ts';
import { listOf } from './refine.ts';
import { fullObject, type Row } from './row.ts';

const EMAIL = /[^\s@,;:<>()"'[\]{}]{1,64}@[^\s@,;:<>()"'[\]{}]{1,255}/;
/** A search that was shared is called `[name].title` in the comments. */
const LABELLED = /^\[name\]\.(.+)$/s;

/** What a controller or entity is called as a target, where that is not its own name. */
const TYPES: Readonly<Record<string, string>> = {
  'device-group': 'group',
  'workgroup-setting': 'setting',
  externalsources: 'integration',
  plugin: 'integration',
  lookuptable: 'lookup_table',
  storage: 'table',
};
/** Controllers that are no things acted upon, and things that have targets of their own. */
const NO_THING: ReadonlySet<string> = new Set([
  'auth',
  'device',
  'job',
  'me',
  'org',
  'remote_web',
  'state_change',
  'user',
  'websocket_device',
  'workgroup',
]);

/** Whom and what the row is about: people, the device, the thing acted upon, permissions, and the workgroup. */
export function targetsOf(row: Row, type: EventType | null): Target[] {
  return [...people(row), ...devices(row), ...things(row), ...permissions(row), ...workgroups(row, type)].filter(
    ({ id, name, email }) => id !== undefined || name !== undefined || email !== undefined,
  );
}

/** A user as Ardexa names one, mostly by e-mail address. */
export function userOf(id: string | undefined): { id?: string | undefined; email?: string | undefined } {
  return { id, email: id === undefined ? undefined : EMAIL.exec(id)?.[0] };
}

function people({ raw, action, things: on, attribute, oldValue, newValue, comments }: Row): Target[] {
  const self = userOf(textAt(raw, ['user_id']));
  if (on.includes('me')) return [{ type: 'user', ...self }];
  if (!on.includes('org')) return [];
  switch (action) {
    case 'accept':
      return [{ type: 'user', ...self }];
    case 'invite':
      return [{ type: 'user', email: EMAIL.exec(newValue ?? comments ?? '')?.[0] }];
    case 'remove':
      return [{ type: 'user', email: EMAIL.exec(oldValue ?? comments ?? '')?.[0] }];
    default: {
      const email = EMAIL.exec(comments ?? '')?.[0];
      return [{ type: 'user', id: email === undefined && attribute === 'permissions' ? comments : undefined, email }];
    }
  }
}

function devices({ raw, action, things: on, comments }: Row): Target[] {
  const isDevice = on.includes('device');
  const isMade = isDevice && /^(create|remove|delete)$/.test(action);
  const name = textAt(raw, ['device']) ?? (isMade ? comments : undefined);
  return [{ type: 'device', id: isDevice ? textAt(raw, ['entity_id']) : undefined, name }];
}

function things(row: Row): Target[] {
  const { raw, attribute, oldValue, newValue } = row;
  if (attribute === 'file') return [{ type: 'file', name: newValue ?? oldValue }];
  const thing = thingOf(row);
  if (thing === undefined) return [];
  const type = entryOf(TYPES, thing) ?? thing;
  return [{ type, id: textAt(raw, ['entity_id']), name: nameOf(row, thing) }];
}

/** The entity is what was acted upon; the controller, which applied it, where the documentation knows it as the thing. */
function thingOf({ action, things: on, attribute }: Row): string | undefined {
  const known = ruleOf(action, on, attribute)?.thing;
  return [known, ...on.toReversed()].find((thing) => thing !== undefined && !NO_THING.has(thing));
}

function nameOf(row: Row, thing: string): string | undefined {
  const { raw, attribute, oldValue, newValue, comments } = row;
  const inFull = textAt(fullObject(row, 'new_value_full'), 'name') ?? textAt(fullObject(row, 'old_value_full'), 'name');
  switch (thing) {
    case 'plugin':
      return textAt(raw, ['attribute']);
    case 'storage':
    case 'table':
    case 'index':
    case 'externalsources':
      return newValue ?? oldValue ?? inFull ?? comments;
    case 'workgroup-setting':
      return inFull ?? textAt(raw, ['attribute']);
    default:
      return LABELLED.exec(comments ?? '')?.[1] ?? (attribute === 'name' ? newValue : undefined) ?? inFull;
  }
}

/** The permissions that were granted or taken away. */
function permissions({ things: on, attribute, oldValue, newValue }: Row): Target[] {
  if (!on.includes('org') || attribute !== 'permissions') return [];
  const before = new Set(listOf(oldValue));
  const after = new Set(listOf(newValue));
  return [...after.symmetricDifference(before)].map((name) => ({ type: 'permission', name }));
}

function workgroups({ raw, action, newValue }: Row, type: EventType | null): Target[] {
  // Joining it, the workgroup is the group that the EMM asks for.
  const own = { type: type === 'add_to_group' ? 'group' : 'workgroup', id: textAt(raw, ['workgroup_id']) };
  // `workgroup.device`, before and after
  const [, next] = action === 'move' ? (/^([^.]+)\../.exec(newValue ?? '') ?? []) : [];
  return next === undefined || next === own.id ? [own] : [own, { type: 'workgroup', id: next }];
}
