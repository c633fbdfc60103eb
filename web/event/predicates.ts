import type { EventType } from '../../shared/taxonomy.ts';
import type { CanonicalEvent, Target } from '../api/types.ts';
import { access, enrollment, membership, query, secondFactor, signing } from './acts.ts';
import { hintedObject, inside } from './hints.ts';
import { isSame, kindWords, shortName } from './naming.ts';
import { attributesWords, attributeWords, fromTo, isPlain, type Part, thing } from './phrases.ts';
import { actionWords, type Predicate } from './sentence.ts';
import { APPS, CONTAINERS, containerOf, firstBut, firstOf, GROUPS, PEOPLE, ROLES, SURROUNDINGS } from './targets.ts';
import { type Deed, verb, verbOf } from './verbs.ts';

type Tell = (event: CanonicalEvent) => Predicate;

/** What types that are a deed done to a kind of thing are about. */
interface Kind {
  /** Said when no target is known: "a group". */
  readonly noun: string;
  readonly types?: readonly string[];
}

const KINDS = {
  user: { noun: 'a user', types: PEOPLE },
  group: { noun: 'a group', types: GROUPS },
  role: { noun: 'a role', types: ROLES },
  security_configuration: { noun: 'a security setting' },
  integration: { noun: 'an integration' },
  resource: { noun: 'something' },
} as const satisfies Record<string, Kind>;

const done = (deed: Deed, kind: keyof typeof KINDS): Tell => {
  const about: Kind = KINDS[kind];
  return (event) => doneTo(deed, about, event);
};

const TELL: Readonly<Record<EventType, Tell>> = {
  account_login: (event) => signing(verb('signed in', 'sign in'), ' to ', event),
  account_logout: (event) => signing(verb('signed out', 'sign out'), ' of ', event),
  mfa_verification: secondFactor,
  create_user: done('create', 'user'),
  read_user: done('read', 'user'),
  update_user: done('update', 'user'),
  delete_user: done('delete', 'user'),
  create_group: done('create', 'group'),
  read_group: done('read', 'group'),
  update_group: done('update', 'group'),
  delete_group: done('delete', 'group'),
  add_to_group: (event) => membership('add', event),
  remove_from_group: (event) => membership('remove', event),
  create_role: done('create', 'role'),
  read_role: done('read', 'role'),
  update_role: done('update', 'role'),
  delete_role: done('delete', 'role'),
  add_permission: (event) => access('give', event),
  remove_permission: (event) => access('remove', event),
  add_enrollment: (event) => enrollment('add', event),
  remove_enrollment: (event) => enrollment('remove', event),
  create_security_configuration: done('create', 'security_configuration'),
  read_security_configuration: done('read', 'security_configuration'),
  update_security_configuration: done('update', 'security_configuration'),
  delete_security_configuration: done('delete', 'security_configuration'),
  create_integration: done('create', 'integration'),
  read_integration: done('read', 'integration'),
  update_integration: done('update', 'integration'),
  delete_integration: done('delete', 'integration'),
  create_resource: done('create', 'resource'),
  read_resource: done('read', 'resource'),
  update_resource: done('update', 'resource'),
  delete_resource: done('delete', 'resource'),
  download_resource: (event) => objectOf(verb('downloaded', 'download'), KINDS.resource, event),
  query_resource: query,
};

/** What an event says was done. A type of a newer deployment is told by its action, as one that is not mapped. */
export function predicateOf(event: CanonicalEvent): Predicate {
  const tell = event.type === null ? undefined : TELL[event.type];
  return tell ? tell(event) : performed(event);
}

/** No EMM type fits: the action's own name has to do. */
function performed(event: CanonicalEvent): Predicate {
  const object = firstBut(event.targets, SURROUNDINGS) ?? event.targets[0];
  const name = `“${actionWords(event.action)}”`;
  return { verb: verb(`performed ${name}`, `perform ${name}`), rest: object ? [' on ', ...thing(object)] : [] };
}

function doneTo(deed: Deed, kind: Kind, event: CanonicalEvent): Predicate {
  const { changes, action } = event;
  const found = verbOf(deed, action);
  const isPlainChange = deed === 'update' && (found.toDo === 'change' || found.toDo === 'edit');
  const told = isPlainChange ? changed(kind, event) : undefined;
  if (told) return told;
  const plain = objectOf(found, kind, event);
  const [change] = changes;
  if (found.toDo !== 'rename' || !change || changes.length > 1) return plain;
  const name = shortName(objectTarget(kind, event) ?? {});
  const { old, new: now } = change;
  const rest = {
    attribute: 'name',
    ...(old !== undefined && old !== name && { old }),
    ...(now !== undefined && now !== name && { new: now }),
  };
  return { ...plain, rest: [...plain.rest, fromTo(rest)] };
}

/** "changed role of Sam from member to editor", "set config of device x", "changed setting mfa.required from false to true". */
function changed(kind: Kind, event: CanonicalEvent): Predicate | undefined {
  const { changes } = event;
  const [change] = changes;
  const object = objectTarget(kind, event);
  if (!change || !object) return undefined;
  const of = isSame(event.actor, object) ? ['their own account'] : thing(object);
  if (changes.length > 1) {
    return { verb: verb('changed', 'change'), rest: [` ${attributesWords(changes)} of `, ...of] };
  }
  const isItself = [object.name, object.id].includes(change.attribute);
  const what: Part[] = isItself ? [' ', ...of] : [` ${attributeWords(change)} of `, ...of];
  if (change.old === undefined && change.new !== undefined && isPlain(change.new)) {
    return { verb: verb('set', 'set'), rest: [...what, fromTo(change)] };
  }
  return { verb: verb('changed', 'change'), rest: [...what, fromTo(change)] };
}

/** Verb, object and where it is. */
function objectOf(found: Predicate['verb'], kind: Kind, event: CanonicalEvent): Predicate {
  const { targets, actor, action } = event;
  const object = objectTarget(kind, event);
  const isContainer = object !== undefined && [...CONTAINERS, ...SURROUNDINGS].includes(object.type.toLowerCase());
  if (kind === KINDS.resource) {
    const hinted = hintedObject(action, object, targets);
    if (hinted) return { verb: found, rest: [' ', ...hinted] };
  } else if (!object || (isContainer && !kind.types)) {
    const around = object ?? firstOf(targets, SURROUNDINGS);
    const of = around ? [' of ', ...thing(around)] : [];
    return { verb: found, rest: [` ${kind.noun}`, ...of, ` (${actionWords(action)})`] };
  }
  if (!object) return { verb: found, rest: [` ${kind.noun} (${actionWords(action)})`] };
  if (kind === KINDS.user && isSame(actor, object)) return { verb: found, rest: [' their own account'] };
  const container = containerOf(object, targets);
  const label = kind === KINDS.user && PEOPLE.includes(object.type.toLowerCase()) ? `${kindWords(object.type)} ` : '';
  return { verb: found, rest: [` ${label}`, ...thing(object), ...(container ? inside(container) : [])] };
}

/** What it was done to: of the kind that the type is about, else the first that is more than what surrounds it. */
function objectTarget(kind: Kind, { targets, actor }: CanonicalEvent): Target | undefined {
  if (kind.types) return firstOf(targets, kind.types) ?? firstBut(targets, SURROUNDINGS);
  const others = targets.filter((target) => !isSame(actor, target));
  const apps = kind === KINDS.integration ? firstOf(others, APPS) : undefined;
  const closest = containerOf(undefined, others);
  const own = firstBut(others, [...SURROUNDINGS, ...CONTAINERS, ...(closest ? PEOPLE : [])]);
  return apps ?? own ?? closest ?? firstBut(others, SURROUNDINGS) ?? targets[0];
}
