import type { Change } from '../../event/schema.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { changeText, entryOf, objectAt, objectsAt, textAt, valueAt } from '../read.ts';
import { EVENT_KEY } from './door.ts';
import { labelOf } from './label.ts';
import { highestPermission } from './permissions.ts';
import { STATED, SUBJECT_KEYS } from './stated.ts';

/** Deeper than GitHub nests `changes`; what lies deeper is given as JSON. */
const DEEPEST = 6;
const NO_OBJECT = /^0{40,}$/;

/** What the event changed, by attribute: the payload's `changes`, and what else its action says was set. */
export function changesOf(raw: JsonObject): Change[] {
  const event = textAt(raw, EVENT_KEY) ?? '';
  const subject = objectAt(raw, [entryOf(SUBJECT_KEYS, event) ?? event]);
  const changes = objectAt(raw, 'changes') ?? {};
  return [
    ...walk({ raw, subject }, [], changes),
    ...stated(raw, event),
    ...teamPermission(raw, event),
    ...properties(raw),
  ]
    .filter((change): change is Change => change !== undefined)
    .sort((a, b) => compare(a.attribute, b.attribute) || compare(JSON.stringify(a), JSON.stringify(b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Where the new values of what `changes` gives the old ones of are looked up. */
interface Context {
  readonly raw: JsonObject;
  readonly subject: JsonObject | undefined;
}

function walk(context: Context, path: readonly string[], value: JsonObject): Change[] {
  if (Object.hasOwn(value, 'from') || Object.hasOwn(value, 'to')) return replaced(context, path, value);
  return Object.entries(value).flatMap(([key, inner]) => {
    const [, side, rest] = /^(old|new)_(.+)$/.exec(key) ?? [];
    if (side !== undefined && isJsonObject(inner)) {
      const was = Object.hasOwn(inner, 'from') ? inner['from'] : inner;
      return [{ attribute: [...path, rest].join('.'), [side]: text(was) }];
    }
    const here = [...path, key];
    if (isJsonObject(inner) && here.length < DEEPEST) return walk(context, here, inner);
    // Rulesets list what was added to them, deleted from them, and updated.
    return [{ attribute: here.join('.'), [key === 'deleted' ? 'old' : 'new']: changeText(inner) }];
  });
}

function replaced(context: Context, path: readonly string[], change: JsonObject): Change[] {
  const from = change['from'];
  const to = Object.hasOwn(change, 'to') ? change['to'] : current(context, path);
  if (isJsonObject(from) && labelOf(from) === undefined) {
    const members = Object.keys(from).flatMap((key) => memberChanged(context, [...path, key], from[key], to, key));
    if (members.length > 0 || path.length === 0) return members;
  }
  return [{ attribute: path.join('.') || 'changes', old: text(from), new: text(to) }];
}

/** The members of an object, such as a set of permissions or of settings, that differ from what they are now. */
function memberChanged(
  context: Context,
  path: readonly string[],
  from: Json | undefined,
  to: Json | undefined,
  key: string,
): Change[] {
  const now = valueAt(to, [key]) ?? current(context, path);
  if (isJsonObject(from) && path.length < DEEPEST) {
    return Object.keys(from).flatMap((inner) => memberChanged(context, [...path, inner], from[inner], now, inner));
  }
  const change = { attribute: path.join('.'), old: text(from), new: text(now) };
  return change.old === change.new ? [] : [change];
}

function current({ raw, subject }: Context, path: readonly string[]): Json | undefined {
  if (path.length === 0) return undefined;
  if (subject === undefined) return valueAt(raw, path) ?? valueAt(raw, ['repository', ...path]);
  return valueAt(subject, path) ?? (path.length > 1 ? valueAt(raw, path) : undefined);
}

function text(value: Json | undefined): string | undefined {
  const words = isJsonObject(value) ? (labelOf(value) ?? changeText(value)) : changeText(value);
  return words !== undefined && NO_OBJECT.test(words) ? undefined : words;
}

function stated(raw: JsonObject, event: string): (Change | undefined)[] {
  const action = textAt(raw, 'action');
  return [event, `${event}.${action}`]
    .flatMap((key) => entryOf(STATED, key) ?? [])
    .map(({ attribute, to, from }) => {
      const values = { old: from && text(valueAt(raw, from)), new: to && text(valueAt(raw, to)) };
      return values.old === undefined && values.new === undefined ? undefined : { attribute, ...values };
    });
}

const TEAM_GRANTS = new Set(['team.added_to_repository', 'team.removed_from_repository', 'team_add.']);

/** What a team may do in a repository from now on; `none` after it was removed. */
function teamPermission(raw: JsonObject, event: string): Change[] {
  if (!TEAM_GRANTS.has(`${event}.${textAt(raw, 'action') ?? ''}`)) return [];
  const role = textAt(raw, 'repository.role_name') ?? highestPermission(objectAt(raw, 'repository.permissions'));
  return role === undefined ? [] : [{ attribute: 'permission', new: role }];
}

/** The properties of `custom_property_values`, which come as two lists. */
function properties(raw: JsonObject): Change[] {
  const sides = { old: byName(raw, 'old_property_values'), new: byName(raw, 'new_property_values') };
  const names = new Set([...sides.old.keys(), ...sides.new.keys()]);
  return [...names].map((attribute) => ({ attribute, old: sides.old.get(attribute), new: sides.new.get(attribute) }));
}

function byName(raw: JsonObject, path: string): Map<string, string | undefined> {
  return new Map(
    objectsAt(raw, path).flatMap((property) => {
      const name = textAt(property, 'property_name');
      return name === undefined ? [] : [[name, changeText(property['value'])] as const];
    }),
  );
}
