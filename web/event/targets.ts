import type { Target } from '../api/types.ts';

/** What targets are to a sentence, by their type. */
export const PEOPLE = ['user', 'scim_user', 'service_principal', 'service_account', 'admin', 'bot'];
export const GROUPS = ['group', 'team'];
export const ROLES = ['role', 'management_role_assignment', 'permission'];
export const APPS = ['application', 'app', 'service', 'integration', 'oauth_application'];
export const FACTORS = [
  'device',
  'phone',
  'webauthn_credential',
  'hardware_token',
  'security_key',
  'token',
  'bypass_code',
];
/** Who can be let in. */
export const GRANTEES = [...PEOPLE, ...GROUPS, 'role', 'domain', ...APPS];
/** In which most things are: worth telling only when nothing closer is known. */
export const SURROUNDINGS = ['organization', 'enterprise', 'tenant', 'workgroup', 'account', 'business'];
/** In which things are, the closest first. */
export const CONTAINERS = [
  'folder',
  'channel',
  'chat',
  'repository',
  'group',
  'team',
  'calendar',
  'mailbox',
  'site',
  'project',
  'device',
  'org_unit',
];

export function firstOf(targets: readonly Target[], types: readonly string[]): Target | undefined {
  return targets.find(({ type }) => types.includes(type.toLowerCase()));
}

/** The first that is none of these types. */
export function firstBut(targets: readonly Target[], types: readonly string[]): Target | undefined {
  return targets.find(({ type }) => !types.includes(type.toLowerCase()));
}

/** The closest of what surrounds the object, if anything does that has a name. */
export function containerOf(object: Target | undefined, targets: readonly Target[]): Target | undefined {
  const named = targets.filter((target) => target !== object && (target.name ?? target.email) !== undefined);
  for (const type of CONTAINERS) {
    const found = type === object?.type.toLowerCase() ? undefined : firstOf(named, [type]);
    if (found) return found;
  }
  return undefined;
}
