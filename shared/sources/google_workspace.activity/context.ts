import type { Actor, EventFacts } from '../../event/schema.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { addressOf } from '../address.ts';
import { arrayAt, firstText, textAt, valueAt } from '../read.ts';
import { flagOf, type Parameters, textOf, textsOf } from './parameters.ts';
import { secondFactorsOf } from './refine.ts';

const SERVICE_ACCOUNT = /\.gserviceaccount\.com$/;

/** Who did it. Google leaves the address out of what it did itself, and gives '' for visitors who are not signed in. */
export function actorOf(activity: JsonObject): Actor {
  const actor = valueAt(activity, 'actor');
  if (!isJsonObject(actor)) return { type: 'unknown' };
  const role = textAt(actor, 'callerType');
  const key = textAt(actor, 'key');
  const id = textAt(actor, 'profileId') ?? key;
  const email = textAt(actor, 'email')?.toLowerCase();
  const name = textAt(actor, 'applicationInfo.applicationName');
  if (role === 'KEY' || (key !== undefined && email === undefined)) {
    return { id, email, type: key?.toUpperCase() === 'SYSTEM' ? 'system' : 'service', role };
  }
  if (role === 'APPLICATION') return { id, name, email, type: 'service', role };
  if (email !== undefined) return { id, email, type: SERVICE_ACCOUNT.test(email) ? 'service' : 'user', role };
  if (valueAt(actor, 'email') === '') return { id, type: 'anonymous', role };
  if (id !== undefined) return { id, type: 'user', role };
  if (role !== undefined) return { type: 'unknown', role };
  return { type: textAt(activity, 'ipAddress') === undefined ? 'system' : 'anonymous' };
}

type Context = Pick<EventFacts, 'ip' | 'userAgent' | 'location' | 'device' | 'credential' | 'identityProvider' | 'mfa'>;

/** From where and with what it was done. */
export function contextOf(
  activity: JsonObject,
  application: string,
  action: string,
  type: EventType | null,
  given: Parameters,
): Context {
  return {
    ip: addressOf(textAt(activity, 'ipAddress')) ?? addressOf(textOf(given, 'ip_address', 'actor_ip_address')),
    userAgent: textOf(given, 'user_agent'),
    location: filled({
      country: firstText(activity, ['networkInfo.regionCode']) ?? textOf(given, 'location_country'),
      region: firstText(activity, ['networkInfo.subdivisionCode']) ?? textOf(given, 'location_region'),
      asn: joined(
        arrayAt(activity, 'networkInfo.ipAsn').flatMap((_, at) => textAt(activity, `networkInfo.ipAsn.${at}`) ?? []),
      ),
    }),
    device: filled({
      id: textAt(activity, 'userDeviceInfo.deviceId') ?? textOf(given, 'device_id', 'caa_device_id'),
      name: textOf(given, 'device_name', 'device_model'),
      type:
        textAt(activity, 'userDeviceInfo.deviceType') ??
        textOf(given, 'device_type', ...(application === 'chrome' ? ['client_type'] : [])),
      os: textAt(activity, 'userDeviceInfo.deviceOsVersion') ?? textOf(given, 'os_version', 'device_platform'),
    }),
    credential: credentialOf(activity, application, given),
    identityProvider: identityProviderOf(application, given),
    mfa: filled({
      method: type === 'mfa_verification' ? methodOf(given) : undefined,
      flagged: flagOf(given, 'is_suspicious') ?? (/^(suspicious|risky)_/.test(action) ? true : undefined),
      enrollment: type === 'add_enrollment' || type === 'remove_enrollment' ? enrollmentOf(action) : undefined,
    }),
  };
}

function methodOf(given: Parameters): string | undefined {
  return (
    joined(secondFactorsOf(given)) ?? joined(textsOf(given, 'login_challenge_method').filter((it) => it !== 'none'))
  );
}

/** What was enrolled, by the words of the action. */
const ENROLLMENTS: readonly (readonly [RegExp, string])[] = [
  [/security_key/i, 'security_key'],
  [/passkey/i, 'passkey'],
  [/titanium/i, 'advanced_protection'],
  [/scratch_codes/i, 'backup_code'],
  [/2sv|2_step|two_step|strong_auth/i, '2_step_verification'],
];

function enrollmentOf(action: string): string | undefined {
  return ENROLLMENTS.find(([pattern]) => pattern.test(action))?.[1];
}

/** How somebody signed in, or the OAuth client through which it was done. */
function credentialOf(activity: JsonObject, application: string, given: Parameters): Context['credential'] {
  const client: Parameters = application === 'token' ? given : new Map();
  const id = textAt(activity, 'actor.applicationInfo.oauthClientId') ?? textOf(client, 'client_id');
  const name = textAt(activity, 'actor.applicationInfo.applicationName') ?? textOf(client, 'app_name');
  const signIn = textOf(given, 'login_type');
  return filled({ id, name, type: signIn ?? (id === undefined && name === undefined ? undefined : 'oauth_client') });
}

/** Google itself, unless an outside provider asserted who it was; Google does not say which one. */
function identityProviderOf(application: string, given: Parameters): string | undefined {
  if (application === 'saml') return 'google';
  const signIn = textOf(given, 'login_type');
  return signIn === 'google_password' ? 'google' : signIn === 'saml' || signIn === 'oidc' ? signIn : undefined;
}

function joined(texts: readonly string[]): string | undefined {
  return texts.length > 0 ? texts.join(', ') : undefined;
}

function filled<T extends object>(record: T): T | undefined {
  return Object.values(record).some((value) => value !== undefined) ? record : undefined;
}
