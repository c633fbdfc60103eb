import type { Actor, EventFacts } from '../../event/schema.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { actorOf, known } from '../m365/people.ts';
import { modifiedChanges, namedValues } from '../m365/properties.ts';
import { mapRecord } from '../m365/record.ts';
import { firstText, textAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { identitiesAt, personByUpn } from './identities.ts';
import { enrollmentOf, errorOf, typeOf } from './refine.ts';
import { targetsOf } from './targets.ts';

/** Maps one record of `Audit.AzureActiveDirectory`. */
export function normalize(raw: JsonObject): MappedEvent[] {
  return mapRecord(raw, {
    typeOf,
    targetsOf,
    changesOf: modifiedChanges,
    unsaid: 'unknown',
    addresses: ['ClientIP', 'ActorIpAddress'],
    factsOf,
  });
}

function factsOf(raw: JsonObject, type: EventType | null): Partial<EventFacts> {
  const extended = namedValues(raw, 'ExtendedProperties');
  const device = namedValues(raw, 'DeviceProperties');
  const isSignIn = type === 'account_login' || type === 'account_logout' || type === 'mfa_verification';
  const reason = reasonOf(raw, extended);
  const session = firstText(raw, ['AppAccessContext.AADSessionId', 'SessionId']) ?? device.get('SessionId');
  const userAgent = extended.get('UserAgent') ?? userAgentIn(extended.get('additionalDetails'));
  const request = extended.get('RequestType');
  const enrollment =
    type === 'add_enrollment' || type === 'remove_enrollment' ? enrollmentOf(raw)?.property : undefined;
  return {
    // UserLoginFailed says Success: its result is that of the request, and not of the sign-in.
    ...((errorOf(raw) ?? known(textAt(raw, 'LogonError'))) !== undefined && { outcome: 'failure' }),
    actor: entraActor(raw, isSignIn),
    device: deviceOf(device),
    session,
    ...(reason !== undefined && { reason }),
    ...(userAgent !== undefined && { userAgent }),
    ...(isSignIn && { identityProvider: textAt(raw, 'ActorContextId') }),
    ...credentialOf(raw, isSignIn, request),
    ...(enrollment !== undefined && { mfa: { enrollment } }),
  };
}

/** The actor by object id: `UserKey` is a PUID for some, and sign-ins of unknown users have no `UserId`. */
function entraActor(raw: JsonObject, isSignIn: boolean): Actor {
  const common = actorOf(raw);
  const [identity] = identitiesAt(raw, 'Actor');
  const isNobody = common.id === undefined && common.name === undefined && common.email === undefined;
  if (identity === undefined) return isSignIn && isNobody ? { ...common, type: 'unknown' } : common;
  const isUser = identity.upn !== undefined || identity.kind === 'User' || (isSignIn && identity.kind === undefined);
  const id = identity.id ?? (isUser ? identity.others[0] : undefined) ?? common.id;
  if (!isUser) return { ...common, id, name: identity.name ?? common.name };
  const person = identity.upn === undefined ? {} : personByUpn(identity.upn, id);
  // Records of second factors, and those of failed sign-ins, call whoever signs in a system.
  const type = common.type === 'system' || common.type === 'unknown' ? 'user' : common.type;
  return { ...common, id, type, name: common.name ?? person.name, email: common.email ?? person.email };
}

/** How somebody signed in, or the application through which a user did it. */
function credentialOf(raw: JsonObject, isSignIn: boolean, request: string | undefined): Partial<EventFacts> {
  if (isSignIn) return request === undefined ? {} : { credential: { type: request } };
  const [actor] = identitiesAt(raw, 'Actor');
  const id = actor?.others[0];
  if (actor?.kind !== 'User' || id === undefined) return {};
  return { credential: { id, name: actor.name, type: 'application' } };
}

function reasonOf(raw: JsonObject, extended: ReadonlyMap<string, string>): string | undefined {
  const error = errorOf(raw);
  const words = known(textAt(raw, 'LogonError'));
  if (words !== undefined) return error === undefined ? words : `${words} (${error})`;
  if (error !== undefined) return `error ${error}`;
  return extended.get('MethodExecutionResult.') ?? extended.get('FailureReason');
}

/** Directory changes have the client's agent, if at all, in JSON within a text. */
function userAgentIn(details: string | undefined): string | undefined {
  if (details === undefined) return undefined;
  try {
    const parsed = parseJson(details);
    return isJsonObject(parsed) ? firstText(parsed, ['User-Agent', 'UserAgent']) : undefined;
  } catch {
    return undefined;
  }
}

function deviceOf(properties: ReadonlyMap<string, string>): EventFacts['device'] {
  const device = {
    id: properties.get('Id'),
    name: properties.get('DisplayName'),
    type: properties.get('BrowserType'),
    os: properties.get('OS'),
  };
  return Object.values(device).some((value) => value !== undefined) ? device : undefined;
}
