import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { RANKS } from '../github/ranks.ts';
import { entryOf, objectAt, textAt, valueAt } from '../read.ts';

/**
 * The type of `member.edited`: more rights are `add_permission`, fewer `remove_permission`, and what can't be compared
 * (a custom role, no new value) `update_user`. The EMM's own example labels admin to maintain, between the two roles
 * that manage a repository, as `update_user`.
 */
export function typeOfMemberEdit(raw: JsonObject): EventType {
  const from = textAt(raw, 'changes.permission.from') ?? textAt(raw, 'changes.old_permission.from');
  const to = textAt(raw, 'changes.permission.to');
  if (from === 'admin' && to === 'maintain') return 'update_user';
  return typeOfRise(entryOf(RANKS, from), entryOf(RANKS, to)) ?? 'update_user';
}

/** The type of `team.edited`: a change of its rights on a repository if there is one, otherwise `update_group`. */
export function typeOfTeamEdit(raw: JsonObject): EventType {
  const from = highestPermission(objectAt(raw, 'changes.repository.permissions.from'));
  const to = highestPermission(objectAt(raw, 'repository.permissions'));
  return typeOfRise(entryOf(RANKS, from), entryOf(RANKS, to)) ?? 'update_group';
}

/** The highest role that an object like `{"pull": true, "push": true, "admin": false}` grants; undefined without one. */
export function highestPermission(permissions: JsonObject | undefined): string | undefined {
  if (permissions === undefined) return undefined;
  const granted = Object.keys(RANKS).filter((role) => valueAt(permissions, [role]) === true);
  return granted.at(-1) ?? 'none';
}

function typeOfRise(from: number | undefined, to: number | undefined): EventType | undefined {
  if (from === undefined || to === undefined || from === to) return undefined;
  return to > from ? 'add_permission' : 'remove_permission';
}
