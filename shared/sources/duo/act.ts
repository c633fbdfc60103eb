import type { Change, EventFacts, Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { changeText, firstText, textAt } from '../read.ts';
import { changesOf } from './changes.ts';
import { present } from './client.ts';
import { isPhoneRemoval, membershipOf, typeOfAction } from './refine.ts';
import { targetTypeOf } from './targets.ts';

/** An administrative act as both logs tell it. */
export interface Act {
  readonly action: string;
  /** The values that it set, or those that were deleted; the circumstances of a sign-in. */
  readonly now: JsonObject;
  /** The values before, where the log tells them. */
  readonly was?: JsonObject | undefined;
  /** What the log says in words. */
  readonly words?: string | undefined;
}

/** What an act was. */
export interface Meaning {
  readonly type: EventType | null;
  readonly changes: Change[];
  /** The groups that a user came into or left. */
  readonly groups: readonly Target[];
}

const FAILED = /(^|_)(error|fail|failed|failure|denied)(_|$)/;
const CHANGING = /^(create|update|delete|add|remove)_/;
const DELETING = /(?<!pending)_delete$|_disassociate$|_deprovisioned$/;
const SUSPICIOUS = /fraud|anomal/i;
/** Actions in which administrators are named as themselves, and what they are described with is theirs. */
const OF_ONESELF = new Set(['admin_login', 'admin_login_error', 'admin_2fa_error', 'admin_self_activate']);

/** The type of an act and what it changed. */
export function meaningOf({ action, now, was }: Act): Meaning {
  const membership = action === 'user_update' ? membershipOf(was, now) : undefined;
  const type = membership?.type ?? (isPhoneRemoval(action, was, now) ? 'remove_enrollment' : typeOfAction(action));
  return { type, changes: changesOfAct(action, type, was, now), groups: membership?.groups ?? [] };
}

function changesOfAct(action: string, type: EventType | null, was: JsonObject | undefined, now: JsonObject): Change[] {
  if (type === null || !CHANGING.test(type)) return [];
  if (DELETING.test(action)) return changesOf(was ?? now, undefined);
  const changes = changesOf(was, now);
  // What is made has many empty fields; what is updated had them emptied.
  return type.startsWith('create_') ? changes.filter((change) => change.new !== undefined) : changes;
}

/** Failure where the action's name tells of one. */
export function outcomeOfName(action: string): 'success' | 'failure' {
  return FAILED.test(action) ? 'failure' : 'success';
}

/** True for acts that are described with the actor's own role and address. */
export function isOfOneself(action: string): boolean {
  return OF_ONESELF.has(action);
}

/** Why it failed or was done, and with which credential, identity provider and factor. */
export function circumstancesOf(
  { action, now, words }: Act,
  type: EventType | null,
): Pick<EventFacts, 'reason' | 'credential' | 'identityProvider' | 'mfa'> {
  const error = firstText(now, ['error', 'Errors', 'errors', 'message']) ?? changeText(now['Errors'] ?? now['errors']);
  const isEnrollment = type === 'add_enrollment' || type === 'remove_enrollment';
  const method = textAt(now, 'factor');
  return {
    reason: error ?? words,
    credential: present({
      name: textAt(now, 'credential_name'),
      type: textAt(now, 'primary_auth_method'),
    }),
    identityProvider: textAt(now, 'saml_idp'),
    mfa: present({
      method,
      flagged: type === 'mfa_verification' ? SUSPICIOUS.test(error ?? '') : undefined,
      enrollment: isEnrollment ? (textAt(now, 'authenticator_type') ?? factorOf(action)) : undefined,
    }),
  };
}

/** The factor that an enrolment is of, by the action's name. */
function factorOf(action: string): string {
  if (action.startsWith('bypass_')) return 'bypass_code';
  if (action.startsWith('o2fa_')) return 'offline_access';
  if (action.endsWith('_duo_push')) return 'duo_push';
  if (action.startsWith('deregister_')) return 'device';
  // Otherwise it is a user or an administrator that lost the phone.
  const type = targetTypeOf(action);
  return type === 'user' ? 'phone' : type;
}
