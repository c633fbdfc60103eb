import type { Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { firstText, textAt } from '../read.ts';

/** What an action is done to, by how its name begins; the first that fits decides. */
const TYPES: readonly (readonly [beginning: RegExp, type: string])[] = [
  [/duo_push$|^(phone|regen)_/, 'phone'],
  [/^admin_(single_sign_on|factor_restrictions)|^update_admin_|^custom_messaging/, 'setting'],
  [/^(user|admin|o2fa_user|bypass|activation|send_enroll|resend_enroll|deregister|device_change)_/, 'user'],
  [/^group_/, 'group'],
  [/^(integration_|adminapi_)/, 'application'],
  [/^([a-z]+_)?directory_|^[a-z]+_sync_/, 'directory'],
  [/^policy_/, 'policy'],
  [/^webauthncredential_/, 'webauthn_credential'],
  [/^u2ftoken_/, 'u2f_token'],
  [/^hardtoken_/, 'hardware_token'],
  [/^administrative_unit_/, 'administrative_unit'],
  [/^management_system_/, 'management_system'],
  [/^log_export_/, 'log_export'],
  [/risk_profile/, 'risk_profile'],
  [/^cloudsso_/, 'authentication_source'],
  [/^(customer|feature|edition|credits)_|child_customer/, 'account'],
];

/** Duo's own words for what has another name elsewhere; `user_bypass` has the user's key and name. */
const SYNONYMS: Readonly<Record<string, string>> = {
  admin: 'user',
  user_bypass: 'user',
  integration: 'application',
  hardtoken: 'hardware_token',
  u2ftoken: 'u2f_token',
};

/** The target type of what an action is done to, `resource` for actions of unknown things. */
export function targetTypeOf(action: string): string {
  return TYPES.find(([beginning]) => beginning.test(action))?.[1] ?? 'resource';
}

/** A target type as Duo calls it, in the words that the mapping uses. */
export function plainType(type: string): string {
  const plain = type.trim().toLowerCase().replaceAll(/\s+/g, '_');
  return Object.hasOwn(SYNONYMS, plain) ? (SYNONYMS[plain] ?? plain) : plain;
}

/** Undefined when nothing tells which one it is. */
export function target(type: string, { id, name, email }: Omit<Target, 'type'>): Target | undefined {
  if (id === undefined && name === undefined && email === undefined) return undefined;
  return {
    type,
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
  };
}

/** Whose factor it is, where an event about a factor says so. */
export function ownerOf(fields: JsonObject): Target | undefined {
  return target('user', {
    id: firstText(fields, ['owner_id', 'user_id']),
    name: firstText(fields, ['owner_name', 'uname', 'username']),
  });
}

/** The targets that are there, each once. */
export function distinct(targets: readonly (Target | undefined)[]): Target[] {
  const found = targets.filter((one) => one !== undefined);
  return [...new Map(found.map((one) => [JSON.stringify([one.type, one.id, one.name]), one])).values()];
}

/** The e-mail address of a user that an event is about. */
export function emailOf(type: string, fields: JsonObject): string | undefined {
  return type === 'user' ? textAt(fields, 'email') : undefined;
}
