import type { Actor, Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { addressOf } from '../address.ts';
import { circumstancesOf, isOfOneself, meaningOf, outcomeOfName } from '../duo/act.ts';
import { typeOfName } from '../duo/actor.ts';
import { nameAndVersion, present } from '../duo/client.ts';
import { detailsOf } from '../duo/details.ts';
import { distinct, emailOf, ownerOf, target, targetTypeOf } from '../duo/targets.ts';
import { timeOf } from '../duo/time.ts';
import { firstText, fitFacts, textAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';

/**
 * Maps one row of the administrator log. Rows have no id, so there is no `vendorId`: equal rows of one second are told
 * apart by whoever reads them.
 */
export function normalize(raw: JsonObject): MappedEvent[] {
  const action = textAt(raw, 'action') ?? 'unknown';
  const { fields, text } = detailsOf(raw['description']);
  const act = { action, now: fields, words: text };
  const { type, changes, groups } = meaningOf(act);
  const facts = fitFacts({
    type,
    action,
    outcome: outcomeOfName(action),
    actor: actorOf(raw, action, fields),
    targets: distinct([...targetsOf(raw, action, type, fields), ...groups]),
    ip: addressOf(fields['ip_address']),
    userAgent: textAt(fields, 'user_agent') ?? nameAndVersion(fields, 'browser', '/'),
    device: present({ name: textAt(fields, 'device'), os: nameAndVersion(fields, 'os', ' ') }),
    ...circumstancesOf(act, type),
    changes,
  });
  return [{ facts, time: timeOf(raw), raw }];
}

function actorOf(raw: JsonObject, action: string, fields: JsonObject): Actor {
  const name = textAt(raw, 'username');
  const email = firstText(fields, isOfOneself(action) ? ['admin_email', 'email'] : ['admin_email']);
  const type = typeOfName(name) ?? (name === undefined && email === undefined ? 'unknown' : 'user');
  const role = isOfOneself(action) ? textAt(fields, 'role') : undefined;
  // The log is of administrators and of what acts for them; only their sign-ins tell which kind.
  return { name, email, type, role: role ?? (type === 'user' ? 'admin' : undefined) };
}

function targetsOf(
  raw: JsonObject,
  action: string,
  type: EventType | null,
  fields: JsonObject,
): (Target | undefined)[] {
  if (type === 'account_login' || type === 'mfa_verification') return [];
  const object = textAt(raw, 'object');
  const targetType = targetTypeOf(action);
  const owner = ownerOf(fields);
  if (targetType === 'user') {
    const locked = action === 'admin_lockout' ? textAt(raw, 'username') : undefined;
    const name = object ?? firstText(fields, ['uname', 'name']) ?? locked;
    return [target('user', { id: owner?.id, name, email: emailOf('user', fields) })];
  }
  if (targetType === 'webauthn_credential') {
    return [target(targetType, { id: object, name: textAt(fields, 'credential_name') }), owner];
  }
  return [target(targetType, { name: object ?? textAt(fields, 'name') }), owner];
}
