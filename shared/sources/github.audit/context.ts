import type { Actor, EventFacts } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { entryOf, firstText, textAt, valueAt } from '../read.ts';

/** The login that GitHub puts in the place of a deleted account's. */
const GHOST = 'ghost';
const SERVICE = /\[bot\]$|^deploy_key$/;

/**
 * Who did it. Without an actor it was the system; a stranger where somebody fetched or cloned over Git, or failed to
 * sign in. The SSO identity that rows carry is the actor's.
 */
export function actorOf(raw: JsonObject, action: string): Actor {
  const id = accountId(raw, 'actor_id');
  const name = textAt(raw, 'actor');
  const isBot = valueAt(raw, 'actor_is_bot');
  const isAgent = valueAt(raw, 'actor_is_agent') === true;
  const identity = ['external_identity_nameid', 'external_identity_username'].map((path) => textAt(raw, path));
  const email = identity.find((text) => text?.includes('@') === true);
  const isService = isBot === true || isAgent || SERVICE.test(name ?? '');
  if (id === undefined && name === undefined && email === undefined) return { type: strangerOf(action) };
  return {
    id,
    name,
    email,
    type: isService ? 'service' : name === GHOST || (name === undefined && email === undefined) ? 'unknown' : 'user',
    role: isAgent ? 'Agent' : isBot === true ? 'Bot' : isBot === false ? 'User' : undefined,
  };
}

/** Git rows have 0 where there is nobody. */
export function accountId(raw: JsonObject, path: string): string | undefined {
  const id = textAt(raw, path);
  return id === '0' ? undefined : id;
}

function strangerOf(action: string): Actor['type'] {
  return /^git\.|login$|\.sso_response$|\.recovery_code_failed$/.test(action) ? 'anonymous' : 'system';
}

/** Acts on an OAuth app itself; in all others `oauth_application` is what the actor used. */
export const ON_OAUTH_APPS = /^(oauth_|marketplace_|org\.oauth_app)/;

/** What the actor proved itself with: a token, by its hash, an app, or a key. */
export function credentialOf(raw: JsonObject, action: string): EventFacts['credential'] {
  const app = ON_OAUTH_APPS.test(action) ? undefined : firstText(raw, ['oauth_application', 'oauth_application_id']);
  const deployKey = textAt(raw, 'deploy_key_fingerprint');
  const transport = textAt(raw, 'transport_protocol_name');
  const other = app !== undefined ? 'OAuth application' : transport === 'ssh' ? transport : undefined;
  const found = {
    id: firstText(raw, ['hashed_token', 'token_id']) ?? deployKey,
    name: app,
    type: textAt(raw, 'programmatic_access_type') ?? (deployKey !== undefined ? 'deploy_key' : other),
  };
  return Object.values(found).some((value) => value !== undefined) ? found : undefined;
}

export function locationOf(raw: JsonObject): EventFacts['location'] {
  const found = {
    country: firstText(raw, ['actor_location.country_code', 'actor_location.country_name']),
    region: firstText(raw, ['actor_location.region_name', 'actor_location.region']),
    city: textAt(raw, 'actor_location.city'),
  };
  return Object.values(found).some((value) => value !== undefined) ? found : undefined;
}

const FACTORS: Readonly<Record<string, string>> = {
  security_key: 'security_key',
  passkey: 'passkey',
  trusted_device: 'trusted_device',
  two_factor_authentication: 'two_factor',
};
const METHODS: readonly (readonly [RegExp, string])[] = [
  [/^user\.device_verification_/, 'device_verification'],
  [/recovery_code_(used|failed)$|two_factor_recover$/, 'recovery_code'],
  [/_fallback_sms$/, 'sms'],
  [/^user\.two_factor_(challenge|requested)/, 'two_factor'],
];
/** Sign-ins that GitHub itself finds unusual. */
const UNUSUAL = /unrecognized|new_device_used$/;

/** The second factor of a sign-in, or the one that was added or removed. */
export function mfaOf(action: string): EventFacts['mfa'] {
  const [prefix = ''] = action.split('.');
  const enrollment = entryOf(FACTORS, prefix);
  const method = METHODS.find(([name]) => name.test(action))?.[1];
  const isEnrollment = enrollment !== undefined && method === undefined;
  if (!isEnrollment && method === undefined && !UNUSUAL.test(action)) return undefined;
  return {
    ...(method !== undefined && { method }),
    ...(isEnrollment && { enrollment }),
    ...(UNUSUAL.test(action) && { flagged: true }),
  };
}
