import type { Actor, EventFacts, Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { addressOf } from '../address.ts';
import { clientOf, knownText, locationOf, present } from '../duo/client.ts';
import { distinct, target } from '../duo/targets.ts';
import { timeOf } from '../duo/time.ts';
import { arrayAt, entryOf, firstText, fitFacts, textAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { ACTIONS, guess } from './actions.ts';

const OUTCOMES: Readonly<Record<string, EventFacts['outcome']>> = {
  success: 'success',
  denied: 'failure',
  failure: 'failure',
  error: 'failure',
  fraud: 'failure',
};

/**
 * Maps one row of the authentication log, of version 2 or, flat and without an id, of version 1. The rows of version 1 have
 * no event type either: theirs is `enrollment` where `new_enrollment` says so.
 */
export function normalize(raw: JsonObject): MappedEvent[] {
  const action = textAt(raw, 'event_type') ?? (raw['new_enrollment'] === true ? 'enrollment' : 'authentication');
  const type = Object.hasOwn(ACTIONS, action) ? (ACTIONS[action] ?? null) : guess(action);
  const result = textAt(raw, 'result')?.toLowerCase();
  const reason = textAt(raw, 'reason');
  const factor = textAt(raw, 'factor');
  const client = clientOf(raw['access_device']);
  const device = deviceOf(raw);
  const facts = fitFacts({
    type,
    action,
    outcome: entryOf(OUTCOMES, result) ?? 'unknown',
    actor: actorOf(raw),
    targets: distinct([applicationOf(raw), device && target('device', device)]),
    ...client,
    ip: client.ip ?? addressOf(raw['ip']),
    location: client.location ?? locationOf(raw['location']),
    reason,
    credential: device,
    mfa: present({
      method: factor,
      flagged: type === 'mfa_verification' ? result === 'fraud' || isSuspicious(reason) : undefined,
      enrollment: type === 'add_enrollment' ? factor : undefined,
    }),
    changes: [],
  });
  return [{ facts, time: timeOf(raw), vendorId: textAt(raw, 'txid'), raw }];
}

function isSuspicious(reason: string | undefined): boolean {
  return reason !== undefined && /fraud|anomalous/i.test(reason);
}

function actorOf(raw: JsonObject): Actor {
  const id = textAt(raw, 'user.key');
  const name = firstText(raw, ['user.name', 'username']) ?? knownText(raw, 'alias');
  const email = textAt(raw, 'email');
  const isNamed = id !== undefined || name !== undefined || email !== undefined;
  return { id, name, email, type: isNamed ? 'user' : 'unknown', role: groupsOf(raw) };
}

/** Duo has no roles of users: their groups are what policies go by. */
function groupsOf(raw: JsonObject): string | undefined {
  const names = arrayAt(raw, 'user.groups').map((group) => firstText([group], ['0', '0.name']));
  return names.filter((name) => name !== undefined).join(', ') || undefined;
}

function applicationOf(raw: JsonObject): Target | undefined {
  const name = firstText(raw, ['application.name', 'integration']);
  return target('application', { id: textAt(raw, 'application.key'), name });
}

/** The phone or token that answered, which is not where the user signed in. */
function deviceOf(raw: JsonObject): { id?: string | undefined; name?: string | undefined } | undefined {
  const name = knownText(raw, 'auth_device.name') ?? knownText(raw, 'device');
  return present({ id: textAt(raw, 'auth_device.key'), name });
}
