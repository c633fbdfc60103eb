import type { Target } from '../../event/schema.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { EVENT_TYPES, type EventType } from '../../taxonomy.ts';
import { entryOf, firstText, textAt } from '../read.ts';
import { ACTIONS } from './actions.ts';
import { guess } from './guess.ts';

const REFINED: readonly EventType[] = ['add_to_group', 'remove_from_group', 'remove_enrollment'];

/** The EMM types that documented actions can have. */
export const MAPPED_TYPES: readonly EventType[] = EVENT_TYPES.filter(
  (type) => REFINED.includes(type) || Object.values(ACTIONS).includes(type),
);

/** The EMM type of an action, by the table or else by its name. */
export function typeOfAction(action: string): EventType | null {
  return Object.hasOwn(ACTIONS, action) ? (ACTIONS[action] ?? null) : guess(action);
}

/** The groups that a user came into or left, as far as the event names them. */
export interface Membership {
  readonly type: 'add_to_group' | 'remove_from_group';
  readonly groups: readonly Target[];
}

/**
 * What an update did to a user's groups; undefined when it did nothing to them. Where only the new groups are told, as in
 * the administrator log, `[null]` is a user without groups, and which ones the user left is not said.
 */
export function membershipOf(was: JsonObject | undefined, now: JsonObject): Membership | undefined {
  if (!Object.hasOwn(now, 'groups')) return undefined;
  const groups = groupsOf(now['groups']);
  if (was !== undefined && Object.hasOwn(was, 'groups')) {
    const before = groupsOf(was['groups']);
    const added = without(groups, before);
    if (added.length > 0) return { type: 'add_to_group', groups: added };
    const removed = without(before, groups);
    return removed.length > 0 ? { type: 'remove_from_group', groups: removed } : undefined;
  }
  if (groups.length > 0) return { type: 'add_to_group', groups };
  return isEmptied(now['groups']) ? { type: 'remove_from_group', groups } : undefined;
}

const PHONES: Readonly<Record<string, string>> = { user_update: 'phones', admin_update: 'phone' };

/** True for an update that took the phone from a user (`phones: ""`) or an administrator (`phone: null`). */
export function isPhoneRemoval(action: string, was: JsonObject | undefined, now: JsonObject): boolean {
  const field = entryOf(PHONES, action);
  if (field === undefined || !Object.hasOwn(now, field) || !isNothing(now[field])) return false;
  return was === undefined || !Object.hasOwn(was, field) || !isNothing(was[field]);
}

function isNothing(value: Json | undefined): boolean {
  return value === null || value === '';
}

function groupsOf(value: Json | undefined): Target[] {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((one) => {
    const id = isJsonObject(one) ? firstText(one, ['key', 'group_id']) : undefined;
    const name = isJsonObject(one) ? textAt(one, 'name') : textAt([one], '0');
    return id === undefined && name === undefined ? [] : [{ type: 'group', id, name }];
  });
}

function without(groups: readonly Target[], others: readonly Target[]): Target[] {
  const known = new Set(others.map(({ id, name }) => id ?? name));
  return groups.filter(({ id, name }) => !known.has(id ?? name));
}

function isEmptied(value: Json | undefined): boolean {
  return value === '' || (Array.isArray(value) && value.length > 0 && value.every((one) => one === null));
}
