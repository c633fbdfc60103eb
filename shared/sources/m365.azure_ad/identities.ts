import type { Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { GUID, known, personOf } from '../m365/people.ts';
import { objectsAt, textAt } from '../read.ts';

/** Somebody or something that `Actor` or `Target` names: both list each of its names as an entry of its own. */
export interface Identity {
  /** As Entra ID calls it: `User`, `ServicePrincipal`, `RoleDefinition`. */
  kind?: string;
  id?: string;
  name?: string;
  upn?: string;
  /** Other ids, such as the application id of a service principal; its own is the first where no kind is said. */
  readonly others: string[];
}

/** An object's id with its kind before it, which begins the next object. */
const KIND_AND_ID = /^([A-Za-z]+)_([0-9a-f]{8}-[0-9a-f-]{27})$/i;

/** The identities in a list of `{ID, Type}`, in their order. */
export function identitiesAt(raw: JsonObject, key: 'Actor' | 'Target'): Identity[] {
  const identities: Identity[] = [];
  let current: Identity | undefined;
  for (const entry of objectsAt(raw, key)) {
    const text = known(textAt(entry, 'ID'));
    if (text === undefined) continue;
    const [, kind, id] = KIND_AND_ID.exec(text) ?? [];
    if (current === undefined || (kind !== undefined && current.kind !== undefined)) {
      current = { others: [] };
      identities.push(current);
    }
    if (kind !== undefined && id !== undefined) Object.assign(current, { kind, id });
    else addName(current, text, textAt(entry, 'Type'));
  }
  return identities;
}

/** `Type` is 0 or 2 for ids and kinds, 1 for names, 3 for a PUID, 4 for a service principal's names, 5 for an UPN. */
function addName(identity: Identity, text: string, type: string | undefined): void {
  if (type === '5') identity.upn ??= text;
  else if (type === '1') identity.name ??= text;
  else if (GUID.test(text) && text !== identity.id && !identity.others.includes(text)) identity.others.push(text);
}

const NAMES_OF_KINDS: Readonly<Record<string, string>> = {
  RoleDefinition: 'role',
  DirectoryRole: 'role',
  ServicePrincipal: 'service_principal',
};

/** What a kind is called here: `service_principal`, `group`. */
export function kindName(kind: string): string {
  return Object.hasOwn(NAMES_OF_KINDS, kind) ? (NAMES_OF_KINDS[kind] ?? kind) : kind.toLowerCase();
}

/** A person by their user principal name, as they are called after deletion too. */
export function personByUpn(upn: string, id: string | undefined): Pick<Target, 'name' | 'email'> {
  // A deleted user's name has the object id before it, without hyphens.
  const prefix = id?.replaceAll('-', '').toLowerCase();
  if (prefix && upn.toLowerCase().startsWith(prefix)) return { name: upn, ...personOf(upn.slice(prefix.length)) };
  const { name, email } = personOf(upn);
  return { name, email };
}
