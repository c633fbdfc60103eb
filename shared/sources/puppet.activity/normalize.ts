import { createHash } from 'node:crypto';
import type { Actor, Change, EventFacts, Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { addressOf } from '../address.ts';
import { clip, entryOf, fitFacts } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { guessType, typeOfDescription } from './actions.ts';
import { type Activity, type Commit, commitFrom } from './commit.ts';
import { attributeIn, kindCalled, kindOf } from './kind.ts';
import { type Membership, type Reading, readMessage } from './message.ts';

/**
 * Maps one commit of the activity service: one event for each of its events, with the commit and that event alone as its raw.
 *
 * Puppet numbers neither commits nor events. The giving and taking of a role is told by two commits, and both become the
 * same event with the same content. Other events have a `vendorId` only where a commit has several, made of what they say.
 */
export function normalize(raw: JsonObject): MappedEvent[] {
  const commit = commitFrom(raw);
  const { activities, time } = commit;
  if (activities.length === 0) return [{ facts: unreadable(commit), time, raw }];
  const seen = new Map<string, number>();
  return activities.map((activity) => {
    const kind = kindOf(commit.objects[0], activity, commit);
    const reading = readMessage(activity.message, kind);
    const key = reading?.membership
      ? keyOfMembership(commit, reading.membership)
      : activities.length > 1
        ? keyOf(commit, activity)
        : undefined;
    const ordinal = (key !== undefined && seen.get(key)) || 0;
    if (key !== undefined) seen.set(key, ordinal + 1);
    const vendorId = ordinal === 0 ? key : `${key}#${ordinal}`;
    const content = reading?.membership && vendorId;
    return { facts: factsOf(commit, activity, kind, reading), time, vendorId, raw: activity.raw, content };
  });
}

function unreadable(commit: Commit): EventFacts {
  return fitFacts({
    type: null,
    action: 'unknown',
    outcome: 'unknown',
    actor: actorOf(commit),
    targets: commit.objects.flatMap((one) => objectOf(one, kindCalled(one.type ?? 'object'))),
    ip: clientOf(commit),
    changes: [],
  });
}

function factsOf(commit: Commit, activity: Activity, kind: string, reading: Reading | undefined): EventFacts {
  const role = reading?.membership && roleIdOf(commit, activity);
  const action = actionOf(activity, reading, role);
  return fitFacts({
    type: typeOf(commit, activity, reading, action),
    action,
    // What was refused is not recorded.
    outcome: 'success',
    actor: actorOf(commit),
    targets: reading?.membership ? partiesOf(reading.membership, role) : targetsOf(commit, kind, reading),
    ip: clientOf(commit),
    changes: partOf(activity) ?? [...(reading?.changes ?? [])],
  });
}

/**
 * Puppet's own name; of events of v1, which have none, the one that v2 has for them, or the text. A role's telling of a
 * membership has the name of the user's or group's: they are one event.
 */
function actionOf(activity: Activity, reading: Reading | undefined, role: string | undefined): string {
  if (reading?.membership) return role === undefined ? reading.action : `${reading.action}_${role}`;
  const { description, type, what, message } = activity;
  const named = description ?? reading?.action ?? [type, what].filter((part) => part !== undefined).join('_');
  return named || clip(message, LONGEST_ACTION) || 'unknown';
}

function typeOf(commit: Commit, activity: Activity, reading: Reading | undefined, action: string): EventType | null {
  const { description } = activity;
  const known = description === undefined ? undefined : typeOfDescription(description);
  // Whether something was given or taken is in the message only.
  if (known === 'add_permission') return reading?.type ?? known;
  const type = known ?? reading?.type ?? typeOfUnknown(commit, activity, action);
  return isCounted(commit, activity) ? type : (entryOf(UNCOUNTED, type ?? '') ?? type);
}

function typeOfUnknown({ service }: Commit, { type = '' }: Activity, action: string): EventType | null {
  if (service === 'code-manager') return 'update_resource';
  return guessType(action) ?? BY_VERB.find(([, verb]) => verb.test(type))?.[0] ?? null;
}

/**
 * A user or role is created by one event for each of its attributes. One of them counts as the creation, that of the login,
 * else of the display name, and the others as updates: who counts users created counts each once.
 */
function isCounted({ activities }: Commit, activity: Activity): boolean {
  const isCreation = ({ message }: Activity) => message.startsWith('Created with ');
  if (!isCreation(activity)) return true;
  const creations = activities.filter(isCreation);
  const first = ['login', 'display_name']
    .map((name) => creations.find(({ message }) => attributeIn(message) === name))
    .find((one) => one !== undefined);
  return activity === (first ?? creations[0]);
}

const UNCOUNTED: Readonly<Record<string, EventType>> = {
  create_user: 'update_user',
  create_group: 'update_group',
  create_role: 'update_role',
  create_resource: 'update_resource',
};

const PART = /^(add|delete|remove)_node_group_(variable|class_parameter|class)_(.+)$/s;
const LONGEST_ACTION = 200;
const BY_VERB: readonly (readonly [EventType, RegExp])[] = [
  ['create_resource', /^(create|add)/],
  ['delete_resource', /^(delete|remove)/],
  ['update_resource', /^(edit|update|run_|plan_|schedule_|deploy)/],
];

/** The built-in user for requests between services and with certificates. */
const API_USER = /^api[_ ]user$/i;

function actorOf({ subject: { id, name } }: Commit): Actor {
  if (id === undefined && name === undefined) return { type: 'unknown' };
  return { id, name, type: API_USER.test(name ?? '') ? 'service' : 'user' };
}

function clientOf({ addresses }: Commit): string | undefined {
  return addressOf(addresses?.slice(0, 200).split(',')[0]);
}

function partiesOf({ member, role }: Membership, id: string | undefined): Target[] {
  return [member, { type: 'role', ...(id !== undefined && { id }), name: role }];
}

/** What was added to a node group or deleted from it: its name is in the event's. */
function partOf({ description = '' }: Activity): Change[] | undefined {
  const [, deed, attribute, name] = PART.exec(description) ?? [];
  return attribute === undefined ? undefined : [{ attribute, [deed === 'add' ? 'new' : 'old']: name }];
}

/** Said by v2 alone: of the user's or group's telling in its name, of the role's as its object. */
function roleIdOf({ objects }: Commit, { description }: Activity): string | undefined {
  if (description === undefined) return undefined;
  const named = /^update_(?:users|user_groups)_.*ids_(\d+)$/.exec(description)?.[1];
  return (
    named ?? objects.find(({ type, id }) => type === 'roles' || (type === undefined && /^\d+$/.test(id ?? '')))?.id
  );
}

function targetsOf(commit: Commit, kind: string, reading: Reading | undefined): Target[] {
  const told = reading?.targets ?? [];
  const isSame = (a: Pick<Target, 'id' | 'name'>, b: Pick<Target, 'id' | 'name'>) =>
    (a.id !== undefined && a.id === b.id) || (a.name !== undefined && a.name === b.name);
  const targets = commit.objects.flatMap((one) => {
    if (one.type !== undefined) return objectOf(one, kindCalled(one.type));
    const called = told.find((other) => isSame(one, other))?.type;
    // Of several objects without types the event's own words are about none in particular.
    return objectOf(one, called ?? (commit.objects.length > 1 ? 'object' : kind));
  });
  for (const one of told) {
    if (!targets.some((other) => one.type === other.type && isSame(one, other))) targets.push(one);
  }
  return targets.length > 0 || kind !== 'directory_server_settings' ? targets : [{ type: kind }];
}

function objectOf({ id, name }: Commit['objects'][number], type: string): Target[] {
  return id === undefined && name === undefined ? [] : [{ type, id, name }];
}

/**
 * What both commits of a change of a role's members say. The day's second and the role's name, since v1 gives the user's
 * commit no id of the role.
 */
function keyOfMembership({ time, subject }: Commit, { member, role, isAdded }: Membership): string {
  return hash([time?.slice(0, 19), subject.id, isAdded, member.type, member.id, role]);
}

function keyOf({ service, time, subject, objects }: Commit, { type, what, description, message }: Activity): string {
  const about = objects.map((one) => `${one.type}:${one.id}`).sort();
  return hash([service, time, subject.id, about, type, what, description, message]);
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
