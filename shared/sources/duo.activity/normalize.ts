import type { Actor, EventFacts, Target } from '../../event/schema.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { addressOf } from '../address.ts';
import { type Act, circumstancesOf, meaningOf, outcomeOfName } from '../duo/act.ts';
import { typeOfName } from '../duo/actor.ts';
import { clientOf } from '../duo/client.ts';
import { detailsOf } from '../duo/details.ts';
import { distinct, emailOf, ownerOf, plainType, target, targetTypeOf } from '../duo/targets.ts';
import { entryOf, firstText, fitFacts, objectAt, textAt, valueAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';

const ACTOR_TYPES: Readonly<Record<string, Actor['type']>> = {
  user: 'user',
  admin: 'user',
  administrator: 'user',
  api: 'service',
  adminapi: 'service',
  application: 'service',
  integration: 'service',
  directory: 'service',
  system: 'system',
};

const OUTCOMES: Readonly<Record<string, EventFacts['outcome']>> = { success: 'success', failure: 'failure' };

/** Maps one row of the activity log. */
export function normalize(raw: JsonObject): MappedEvent[] {
  // Older rows have the name alone.
  const action = firstText(raw, ['action.name', 'action']) ?? 'unknown';
  const told = detailsOf(valueAt(raw, 'action.details'));
  const target = detailsOf(valueAt(raw, 'target.details'));
  const before = valueAt(raw, 'old_target.details');
  const act: Act = { action, now: target.fields, was: before ? detailsOf(before).fields : undefined };
  const { type, changes, groups } = meaningOf(act);
  const words = told.text ?? target.text;
  const client = clientOf(raw['access_device']);
  const facts = fitFacts({
    type,
    action,
    outcome: outcomeOf(raw, action),
    actor: actorOf(raw),
    targets: distinct([...targetsOf(raw, action, target.fields), ...groups, applicationOf(raw)]),
    ...client,
    ip: client.ip ?? addressOf(told.fields['ip_address'] ?? target.fields['ip_address']),
    userAgent: textAt(target.fields, 'user_agent') ?? client.userAgent,
    ...circumstancesOf({ ...act, now: { ...target.fields, ...told.fields }, words }, type),
    changes,
  });
  return [{ facts, time: textAt(raw, 'ts'), vendorId: textAt(raw, 'activity_id'), raw }];
}

/** Most rows have no outcome: Duo gives one where an act can fail. */
function outcomeOf(raw: JsonObject, action: string): EventFacts['outcome'] {
  const result = textAt(raw, 'outcome.result');
  return result === undefined ? outcomeOfName(action) : (entryOf(OUTCOMES, result.toLowerCase()) ?? 'unknown');
}

function actorOf(raw: JsonObject): Actor {
  const actor = objectAt(raw, 'actor');
  const { fields } = detailsOf(actor?.['details']);
  const name = textAt(actor, 'name');
  const type = textAt(actor, 'type');
  return {
    id: textAt(actor, 'key'),
    name,
    email: textAt(fields, 'email'),
    type: entryOf(ACTOR_TYPES, type?.toLowerCase()) ?? typeOfName(name) ?? 'unknown',
    role: textAt(fields, 'role') ?? type,
  };
}

/** What it was done to, and what that was before where it was another. */
function targetsOf(raw: JsonObject, action: string, fields: JsonObject): (Target | undefined)[] {
  const now = named(raw, 'target', action);
  const was = named(raw, 'old_target', action);
  const isOther = was?.id === undefined || was.id !== now?.id;
  const owner = now?.type === 'user' ? undefined : ownerOf(fields);
  return [now, isOther ? was : undefined, owner];
}

function named(raw: JsonObject, path: string, action: string): Target | undefined {
  const value = objectAt(raw, path);
  if (!isJsonObject(value)) return undefined;
  const type = plainType(textAt(value, 'type') ?? targetTypeOf(action));
  const email = emailOf(type, detailsOf(value['details']).fields);
  return target(type, { id: textAt(value, 'key'), name: textAt(value, 'name'), email });
}

function applicationOf(raw: JsonObject): Target | undefined {
  return target('application', { id: textAt(raw, 'application.key'), name: textAt(raw, 'application.name') });
}
