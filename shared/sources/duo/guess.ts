import type { EventType } from '../../taxonomy.ts';
import { deedOf, type Kind, typeOfDeed, wordsOf } from '../verbs.ts';

/** What the noun and the verb alone would get wrong; the first that fits decides. */
const RULES: readonly (readonly [RegExp, EventType | null])[] = [
  [/_sync_(\w+_)?(begin|finish|fail(ed)?)$|notification|_denied$|enroll_codes?$/, null],
  [/(^|_)2fa(_|$)/, 'mfa_verification'],
  [/(^|_)associate$|_provisioned$|_reenrolled$|duo_push$|^(u2f|webauthn|bypass)\w*_create$/, 'add_enrollment'],
  [/disassociate$|deprovisioned$|^deregister|^(u2f|webauthn|bypass)\w*_delete$/, 'remove_enrollment'],
  // A policy is put onto an application: that is neither a new policy nor a change of the application.
  [/^(?!policy)\w*(policy|restrictions|sign_on|risk)(_|$)|^customer_/, 'update_security_configuration'],
  [/lockout/, 'update_user'],
  // Its devices come and go.
  [/^management_system_\w*(devices|cache)(_|$)/, 'update_resource'],
];

const KINDS: Readonly<Record<string, Kind>> = {
  user: 'user',
  admin: 'user',
  group: 'group',
  integration: 'integration',
  directory: 'integration',
  policy: 'security_configuration',
  cloudsso: 'security_configuration',
};
/** No name is longer; the patterns take their time over what is. */
const LONGEST = 200;
/** Nouns of resources: what is done to them by an unknown verb is an update. */
const RESOURCES = /^(phone|hardtoken|u2ftoken|webauthncredential|administrative|management|regen)/;

/** The EMM type of an action of the administrator or activity log that is not in the table: `noun_verb`, mostly. */
export function guess(action: string): EventType | null {
  const words = wordsOf(action.slice(0, LONGEST));
  const name = words.join('_');
  const rule = RULES.find(([pattern]) => pattern.test(name));
  if (rule) return rule[1];
  const noun = words.find((word) => Object.hasOwn(KINDS, word));
  const kind = noun === undefined || words.indexOf(noun) > 1 ? undefined : KINDS[noun];
  const deed = deedOf(name) ?? (kind !== undefined || RESOURCES.test(name) ? 'update' : undefined);
  return typeOfDeed(deed, kind ?? 'resource');
}
