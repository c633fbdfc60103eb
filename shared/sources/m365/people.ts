import type { Actor, Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { entryOf, textAt } from '../read.ts';

export const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MAIL = /^[^@\s|#\\/]+@[^@\s|\\/]+\.[^@\s|\\/]+$/;
/** A guest's user principal name is made of the address in their own organization: domains have no underscore. */
const GUEST = /^(.+)_([^_@#]+\.[^_@#]+)#EXT#(?:@.*)?$/i;
/** SharePoint names people by claim: `i:0#.f|membership|jane@example.com`, `urn:spo:guest#jane@example.com`. */
const CLAIM = /^(?:[ic]:0.*\||urn:spo:guest#)([^|]+)$/i;
const SERVICE_PRINCIPAL = /^ServicePrincipal_(.+)$/i;
const LONGEST = 1024;
const PLACEHOLDER = /^(not available|unknown|n\/a|null|<null>|)$/i;

/** A vendor's text without the words that stand for nothing. */
export function known(text: string | undefined): string | undefined {
  return text === undefined || PLACEHOLDER.test(text.trim()) ? undefined : text;
}

/** What a user is called by: an address where the text is or holds one, otherwise an id or a name. */
export function personOf(text: string | undefined): Pick<Target, 'id' | 'name' | 'email'> {
  const user = known(text);
  if (user === undefined) return {};
  // No address is as long, and the patterns below take their time with texts that are.
  if (user.length > LONGEST) return { name: user };
  const [, local, domain] = GUEST.exec(user) ?? [];
  if (local !== undefined) return { name: user, email: `${local}@${domain}` };
  if (MAIL.test(user)) return { email: user };
  const claimed = CLAIM.exec(user)?.[1];
  if (claimed !== undefined && claimed !== user) return { id: user, ...personOf(claimed) };
  return GUID.test(user) ? { id: user } : { name: user };
}

/** Accounts that `UserType` does not tell apart, by `UserId`. */
const ACCOUNTS: readonly (readonly [RegExp, Actor['type']])[] = [
  [SERVICE_PRINCIPAL, 'service'],
  [/^app@sharepoint$/i, 'service'],
  [/^(nt authority|nt service|sharepoint)\\/i, 'system'],
  // Microsoft's own staff and jobs: audit-log-activities, "System accounts in Exchange mailbox audit records".
  [/^administrator@[^@]+\.prod\.outlook\.com$/i, 'system'],
  [/^(anonymous$|urn:spo:anon#)/i, 'anonymous'],
];

/** `UserType`: what Microsoft calls it, and whom it means. */
const USER_TYPES: Readonly<Record<string, readonly [role: string, type: Actor['type']]>> = {
  0: ['Regular', 'user'],
  1: ['Reserved', 'unknown'],
  2: ['Admin', 'user'],
  3: ['DcAdmin', 'system'],
  4: ['System', 'system'],
  5: ['Application', 'service'],
  6: ['ServicePrincipal', 'service'],
  7: ['CustomPolicy', 'system'],
  8: ['SystemPolicy', 'system'],
  9: ['PartnerTechnician', 'user'],
  10: ['Guest', 'user'],
};

/** Who did it, by `UserId`, `UserKey` and `UserType`, which every record has. */
export function actorOf(raw: JsonObject): Actor {
  const userId = known(textAt(raw, 'UserId'));
  const key = known(textAt(raw, 'UserKey'));
  const person = personOf(userId);
  const [role, typed] = entryOf(USER_TYPES, textAt(raw, 'UserType')) ?? [];
  const account = userId === undefined ? undefined : ACCOUNTS.find(([pattern]) => pattern.test(userId))?.[1];
  const type = account ?? typed ?? (person.email === undefined ? 'unknown' : 'user');
  const principal = SERVICE_PRINCIPAL.exec(userId ?? '')?.[1];
  if (principal !== undefined) return { id: principal, type, role };
  return { ...person, id: person.id ?? (key === userId ? undefined : key), type, role };
}
