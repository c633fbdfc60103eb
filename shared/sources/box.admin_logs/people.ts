import type { Actor, Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { firstText, objectAt, textAt, valueAt } from '../read.ts';

/** The user in whose name Box writes events of nobody who is logged in. */
const UNKNOWN_USER = '2';
/** The accounts of applications that sign in by JWT or client credentials. */
const SERVICE_ACCOUNT = /^AutomationUser_/i;
/** What Box itself notices. */
const NOTICED = /^(SHIELD_ALERT|FILE_MARKED_MALICIOUS|AI_SECURITY_DETECTION|CONTENT_WORKFLOW_ABNORMAL_|EDR_)/;

interface Person {
  readonly id?: string;
  readonly name?: string;
  readonly email?: string;
}

/** Who did it, by `created_by`; `action_by`, who acted for somebody, is a target. */
export function actorOf(raw: JsonObject, action: string): Actor {
  const creator = objectAt(raw, 'created_by');
  const person = personIn(creator);
  if (textAt(creator, 'id') === UNKNOWN_USER) return { type: NOTICED.test(action) ? 'system' : 'anonymous' };
  if (Object.keys(person).length === 0) return { type: NOTICED.test(action) ? 'system' : 'unknown' };
  return {
    ...person,
    type: SERVICE_ACCOUNT.test(textAt(creator, 'login') ?? '') ? 'service' : 'user',
    ...(valueAt(raw, 'additional_details.is_performed_by_admin') === true && { role: 'admin' }),
  };
}

/** A person or group as a target; undefined where nothing tells which. */
export function personTarget(person: JsonObject | undefined): Target | undefined {
  if (textAt(person, 'type') === 'group') {
    const found = { id: textAt(person, 'id'), name: textAt(person, 'name') };
    return found.id === undefined && found.name === undefined ? undefined : { type: 'group', ...present(found) };
  }
  const found = personIn(person);
  if (Object.keys(found).length === 0 || found.id === UNKNOWN_USER) return undefined;
  return { type: 'user', ...found };
}

/** Box's own `login`, the `email` of Shield's alerts, or an address that stands in the place of the name. */
function personIn(person: JsonObject | undefined): Person {
  const texts = ['login', 'email', 'name'].map((path) => textAt(person, path));
  const email = texts.find((text) => text?.includes('@') === true);
  const name = [textAt(person, 'name'), ...texts].find((text) => text !== undefined && text !== email);
  return present({ id: firstText(person, ['id']), name, email });
}

function present<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
