import type { Change } from '../../event/schema.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { changeText, firstText, textAt, valueAt } from '../read.ts';
import { settingsOf } from './settings.ts';

/** Where the value is now, of what the row names only the old value of under another name. */
const RENAMED: Readonly<Record<string, readonly string[]>> = {
  'repo.rename': ['name', 'old_name'],
  'org.rename': ['login', 'old_login'],
  'user.rename': ['login', 'old_login'],
  'repo.transfer': ['owner', 'old_user'],
};

const TAKEN_AWAY = /^(delete|remove)_/;

/** What the act changed, by attribute, sorted: pairs of old and new values, and values that it set or took away. */
export function changesOf(raw: JsonObject, action: string, type: EventType | null): Change[] {
  const found = new Map<string, Change>();
  const add = (attribute: string, old: Json | undefined, now: Json | undefined) => {
    const change = { attribute, ...texts(old, now) };
    if (('old' in change || 'new' in change) && !found.has(attribute)) found.set(attribute, change);
  };
  const [renamed, oldPath] = Object.hasOwn(RENAMED, action) ? (RENAMED[action] ?? []) : [];
  if (renamed !== undefined && oldPath !== undefined) add(renamed, valueAt(raw, oldPath), nameNow(raw, action));
  const isPaired = new Set<string>();
  // Sorted, as two pairs may speak of one attribute.
  for (const key of Object.keys(raw).sort()) {
    const pair = pairOf(raw, key);
    if (pair === undefined || key === oldPath) continue;
    for (const path of [pair.old, pair.now]) isPaired.add(path);
    add(pair.attribute, valueAt(raw, [pair.old]), valueAt(raw, [pair.now]));
  }
  const isTakenAway = TAKEN_AWAY.test(type ?? '') || TAKEN_AWAY.test(action.slice(action.lastIndexOf('.') + 1));
  for (const key of settingsOf(raw, action)) {
    if (isPaired.has(key)) continue;
    const value = valueAt(raw, [key]);
    const isOld = isTakenAway || /_(removed|deleted)$/.test(key);
    add(key, isOld ? value : undefined, isOld ? undefined : value);
  }
  return [...found.values()].sort((a, b) => (a.attribute < b.attribute ? -1 : 1));
}

function texts(old: Json | undefined, now: Json | undefined): { old?: string; new?: string } {
  const values = { old: changeText(old), new: changeText(now) };
  return {
    ...(values.old !== undefined && { old: values.old }),
    ...(values.new !== undefined && { new: values.new }),
  };
}

interface Pair {
  readonly attribute: string;
  readonly old: string;
  readonly now: string;
}

const OLD_FORM = /^(.+_)?old_(.+)$/;

/** The pair that a field belongs to: `x_was` and `x`, `old_x` and `new_x` or `x`, `previous_x` and `current_x` or `x`. */
function pairOf(raw: JsonObject, key: string): Pair | undefined {
  const was = /^(.+)_(?:was|were)$/.exec(key)?.[1];
  if (was !== undefined) return { attribute: was, old: key, now: was };
  const [, prefix = '', rest] = OLD_FORM.exec(key) ?? [];
  if (rest !== undefined) return pair(raw, `${prefix}${rest}`, key, `${prefix}new_${rest}`);
  const previous = /^previous_(.+)$/.exec(key)?.[1];
  if (previous !== undefined) return pair(raw, previous, key, `current_${previous}`);
  const next = /^new_(.+)$/.exec(key)?.[1];
  return next === undefined ? undefined : { attribute: next, old: `old_${next}`, now: key };
}

function pair(raw: JsonObject, attribute: string, old: string, now: string): Pair {
  return { attribute, old, now: Object.hasOwn(raw, now) ? now : attribute };
}

function nameNow(raw: JsonObject, action: string): Json | undefined {
  if (action === 'repo.rename') return textAt(raw, 'repo')?.split('/').at(-1);
  if (action === 'repo.transfer') return firstText(raw, ['owner']) ?? textAt(raw, 'repo')?.split('/')[0];
  return textAt(raw, action === 'user.rename' ? 'user' : 'org');
}
