import type { Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { personOf } from '../m365/people.ts';
import { modifiedProperties } from '../m365/properties.ts';
import { entryOf, textAt } from '../read.ts';
import { type Identity, identitiesAt, kindName, personByUpn } from './identities.ts';

const SIGN_IN: ReadonlySet<EventType | null> = new Set<EventType | null>([
  'account_login',
  'account_logout',
  'mfa_verification',
]);

/** Whom and what a record is about: `Target`, and what `ModifiedProperties` names besides. */
export function targetsOf(raw: JsonObject, type: EventType | null): Target[] {
  const identities = identitiesAt(raw, 'Target');
  if (SIGN_IN.has(type)) return applications(raw, identities);
  const targets = identities.flatMap((identity) => targetsOfIdentity(identity, raw, type));
  const object = textAt(raw, 'ObjectId');
  const fallback = targets.length === 0 ? [{ type: unnamedKind(raw, type), ...personOf(object) }] : targets;
  return [...fallback, ...namedInProperties(raw)];
}

/** What somebody signed in to, and with. */
function applications(raw: JsonObject, identities: readonly Identity[]): Target[] {
  const ids = [
    ...identities.map(({ id, others }) => id ?? others[0]),
    textAt(raw, 'ObjectId'),
    textAt(raw, 'ApplicationId'),
  ];
  const known = new Set(ids.filter((id) => id !== undefined));
  return [...known].map((id) => ({
    type: 'application',
    id,
    name: identities.find((one) => one.others[0] === id)?.name,
  }));
}

function targetsOfIdentity(identity: Identity, raw: JsonObject, type: EventType | null): Target[] {
  const { kind, name, upn, others } = identity;
  const id = identity.id ?? others[0];
  const called = kind === undefined ? (upn === undefined ? unnamedKind(raw, type) : 'user') : kindName(kind);
  const person = upn === undefined ? {} : personByUpn(upn, id);
  const own = { type: called, id, ...person, name: name ?? person.name };
  // Sign-ins know an application by this id, and not by its object's.
  const byApplicationId = called === 'application' || called === 'service_principal' ? others : [];
  return [own, ...byApplicationId.filter((one) => one !== id).map((one) => ({ type: 'application', id: one, name }))];
}

const ABOUT: readonly (readonly [RegExp, string])[] = [
  [/domain/i, 'domain'],
  [/partner/i, 'partner'],
  [/company|dirsync|password policy/i, 'organization'],
  [/policy/i, 'policy'],
];

/** What a target is that does not say so. */
function unnamedKind(raw: JsonObject, type: EventType | null): string {
  const operation = textAt(raw, 'Operation') ?? '';
  const about = ABOUT.find(([pattern]) => pattern.test(operation))?.[1];
  const kind = type?.split('_').at(-1) ?? '';
  return about ?? (['user', 'group', 'role'].includes(kind) ? kind : 'directory_object');
}

/** `Group.DisplayName`, `Role.ObjectID`: the group or role that a member joined or left, the app role granted. */
const PART = /^(Group|Role|AppRole|Application|ServicePrincipal|User|Device|AdministrativeUnit)\.(\w+)$/;
const FIELDS: Readonly<Record<string, 'id' | 'name' | 'email'>> = {
  ObjectID: 'id',
  ObjectId: 'id',
  Id: 'id',
  DisplayName: 'name',
  Name: 'name',
  UPN: 'email',
};
const KINDS: Readonly<Record<string, string>> = {
  AppRole: 'role',
  ServicePrincipal: 'service_principal',
  AdministrativeUnit: 'administrative_unit',
};

function namedInProperties(raw: JsonObject): Target[] {
  const named = new Map<string, Target>();
  for (const property of modifiedProperties(raw)) {
    const [, kind, part] = PART.exec(property.name) ?? [];
    const field = entryOf(FIELDS, part);
    const value = property.new ?? property.old;
    if (kind === undefined || field === undefined || value === undefined) continue;
    const target = named.get(kind) ?? { type: entryOf(KINDS, kind) ?? kind.toLowerCase() };
    target[field] ??= value;
    named.set(kind, target);
  }
  return [...named.values()];
}
