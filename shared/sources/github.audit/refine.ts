import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { RANKS } from '../github/ranks.ts';
import { entryOf, firstText, objectAt, textAt, valueAt } from '../read.ts';
import { typeOfAction } from './actions.ts';

const ROLES = Object.keys(RANKS);

/** Acts that change a right from one to another, up or down. */
const CHANGES_OF_RIGHT = new Set([
  'team.update_repository_permission',
  'repo.update_member',
  'org.update_member',
  'project_collaborator.update',
]);

/** Requests to an API, whose method says what they did to a thing of this kind. */
const REQUESTS: Readonly<Record<string, 'resource' | 'user' | 'group'>> = {
  'api.request': 'resource',
  'external_identity.scim_api_success': 'user',
  'external_identity.scim_api_failure': 'user',
  'external_group.scim_api_success': 'group',
  'external_group.scim_api_failure': 'group',
};
const METHODS: Readonly<Record<string, 'create' | 'update' | 'delete'>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
};

/** The EMM type of a row: by its action, and where that leaves it open by the rights before and after, or the request's method. */
export function typeOf(raw: JsonObject, action: string): EventType | null {
  if (CHANGES_OF_RIGHT.has(action)) return typeOfRights(raw);
  const kind = entryOf(REQUESTS, action);
  const deed = entryOf(METHODS, textAt(raw, 'request_method')?.toUpperCase());
  if (kind !== undefined && deed !== undefined) return `${deed}_${kind}`;
  return typeOfAction(action, textAt(raw, 'operation_type'));
}

/** Rights that can't be compared, such as a custom role without its base role, are taken for added. */
function typeOfRights(raw: JsonObject): EventType {
  const old = rankOf(raw, ['old_repo_permission', 'old_permission', 'old_project_role'], 'old_repo_base_role');
  const now = rankOf(raw, ['new_repo_permission', 'permission', 'project_role'], 'new_repo_base_role');
  const before = old ?? highest(objectAt(raw, 'old_permissions'));
  return before !== undefined && now !== undefined && now < before ? 'remove_permission' : 'add_permission';
}

function rankOf(raw: JsonObject, names: readonly string[], base: string): number | undefined {
  return entryOf(RANKS, firstText(raw, names)?.toLowerCase()) ?? entryOf(RANKS, textAt(raw, base)?.toLowerCase());
}

/** The highest rank that an object like `{"pull": true, "push": true, "admin": false}` grants. */
function highest(permissions: JsonObject | undefined): number | undefined {
  if (permissions === undefined) return undefined;
  return entryOf(RANKS, ROLES.findLast((role) => valueAt(permissions, [role]) === true) ?? 'none');
}
