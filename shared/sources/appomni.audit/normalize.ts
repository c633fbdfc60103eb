import type { Actor, EventFacts } from '../../event/schema.ts';
import type { Json, JsonObject } from '../../json.ts';
import { addressOf } from '../address.ts';
import { fitFacts, valueAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { typeOfAction } from './actions.ts';
import { changesOf } from './changes.ts';
import { type Entry, entryFrom, firstSaid, saidAt } from './entry.ts';
import { credentialOf, emailIn, targetsOf } from './targets.ts';

/** Maps one event as the REST API, an event sink or a report gives it. All shapes of an event have the same `vendorId`. */
export function normalize(raw: JsonObject): MappedEvent[] {
  const entry = entryFrom(raw);
  const facts = factsOf(entry);
  return [{ facts, time: entry.time, vendorId: entry.id, raw, content: contentOf(entry, facts) }];
}

/** What all three shapes say. Without an id it is not known which events are the same. */
function contentOf({ id }: Entry, { action, actor, ip, userAgent }: EventFacts): Json | undefined {
  return id === undefined ? undefined : [action, actor.name ?? null, ip ?? null, userAgent ?? null];
}

function factsOf(entry: Entry): EventFacts {
  const { raw, data, action } = entry;
  const outcome = outcomeOf(entry);
  return fitFacts({
    type: typeOfAction(action),
    action,
    outcome,
    actor: actorOf(entry),
    targets: targetsOf(entry),
    ip: addressOf(saidAt(data, 'user_ip') ?? saidAt(raw, 'user_ip')),
    userAgent: saidAt(data, 'user_agent') ?? saidAt(raw, 'user_agent'),
    reason: reasonOf(entry, outcome),
    credential: credentialOf(entry) ?? loginCredential(action),
    identityProvider: /^user_login_(google|saml|openid)$/.exec(action)?.[1],
    mfa: mfaOf(entry),
    changes: changesOf(entry),
  });
}

function actorOf({ raw, data, action }: Entry): Actor {
  const id = saidAt(raw, 'user_id') ?? saidAt(raw, 'omnitab_user_id');
  const name = saidAt(data, 'user_username') ?? firstSaid(raw, ['user_username', 'username']);
  if (id !== undefined || name !== undefined) return { id, name, email: emailIn(name), type: 'user' };
  // Who failed to log in need not be anybody. A user_id that can't be read is somebody.
  if (action.startsWith('user_login_failed')) return { type: 'anonymous' };
  const isSomebody = typeof (valueAt(raw, 'user_id') ?? '') !== 'string';
  return { type: isSomebody ? 'unknown' : 'system' };
}

const COMPLETION = /^completion status: *(.+)$/i;

/** AppOmni has no field for the outcome: it is in the action's name, in the error, or in how a scan ended. */
function outcomeOf({ data, action }: Entry): EventFacts['outcome'] {
  if (/_failed|_locked$/.test(action) || / failed\b/i.test(action)) return 'failure';
  if (saidAt(data, 'error_str') !== undefined) return 'failure';
  const completion = COMPLETION.exec(saidAt(data, 'detail_str') ?? '')?.[1];
  if (completion === undefined) return 'success';
  if (/fail|error|abort|cancel|timeout|timed out|unsucc|incomplete/i.test(completion)) return 'failure';
  return /success|complete|finished/i.test(completion) ? 'success' : 'unknown';
}

function reasonOf({ data }: Entry, outcome: EventFacts['outcome']): string | undefined {
  const keys = ['error_str', 'reason_str', 'email_reason'];
  const texts = keys.map((key) => saidAt(data, [key])).filter((text) => text !== undefined);
  if (texts.length > 0) return texts.join(': ');
  return outcome === 'success' ? undefined : firstSaid(data, ['message', 'detail_str']);
}

function loginCredential(action: string): { type: string } | undefined {
  const kind = /^user_login_(direct|jwt)/.exec(action)?.[1];
  return kind === undefined ? undefined : { type: kind === 'direct' ? 'password' : kind };
}

const PHONE = /^\+?\d[\d ().-]{5,}$/;

function mfaOf({ data, action }: Entry): EventFacts['mfa'] {
  if (!/mfa/i.test(action)) return undefined;
  const method = /^user_mfa_(\w+)_challenge$/.exec(action)?.[1];
  if (method !== undefined) return { method };
  if (typeOfAction(action) === 'account_login') return { method: 'mfa' };
  const isPhone = PHONE.test(saidAt(data, 'new_value') ?? '');
  const enrollment = firstSaid(data, ['detail_str', 'type_str']) ?? (isPhone ? 'SMS' : undefined);
  return enrollment === undefined ? undefined : { enrollment };
}
