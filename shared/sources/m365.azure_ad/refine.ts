import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { foldOperation } from '../m365/operation.ts';
import { modifiedProperties, namedValues } from '../m365/properties.ts';
import { firstText } from '../read.ts';
import { guessType, typeInTable } from './actions.ts';

const SIGN_INS = new Set(['userloggedin', 'userloginfailed']);
/**
 * Errors that end a sign-in because a second factor is wanted or must be set up first; nothing was verified yet
 * (https://learn.microsoft.com/entra/identity-platform/reference-error-codes).
 */
const MFA_WANTED = new Set(['50072', '50074', '50076', '50079']);

/** The EMM type of a record: the table's, unless it is about multi-factor authentication. */
export function typeOf(operation: string, raw: JsonObject): EventType | null {
  const folded = foldOperation(operation);
  if (SIGN_INS.has(folded) && isVerification(raw)) return 'mfa_verification';
  if (folded === 'update user') return enrollmentOf(raw)?.type ?? 'update_user';
  const type = typeInTable(operation);
  return type === undefined ? guessType(operation) : type;
}

/** The error number of a sign-in; the schema's page calls it otherwise than the data does. */
export function errorOf(raw: JsonObject): string | undefined {
  const error = firstText(raw, ['ErrorNumber', 'ErrorCode']);
  return error === '0' ? undefined : error;
}

/** `SAS` is the service that asks for second factors. */
function isVerification(raw: JsonObject): boolean {
  const request = namedValues(raw, 'ExtendedProperties').get('RequestType');
  return request !== undefined && /^SAS:/i.test(request) && !MFA_WANTED.has(errorOf(raw) ?? '');
}

/** Whether a user gained their first factor of a kind or lost the last, and the property that says so. */
export function enrollmentOf(raw: JsonObject): { type: EventType; property: string } | undefined {
  const factors = modifiedProperties(raw).filter(({ name }) => name.startsWith('StrongAuthentication'));
  const added = factors.find((factor) => factor.old === undefined && factor.new !== undefined);
  const removed = factors.find((factor) => factor.old !== undefined && factor.new === undefined);
  if (added && !removed) return { type: 'add_enrollment', property: added.name };
  if (removed && !added) return { type: 'remove_enrollment', property: removed.name };
  return undefined;
}
