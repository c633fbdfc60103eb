import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { textAt } from '../read.ts';

export const REDACTED = '[redacted by Annals]';

const SECRET_NAME = /password|secret|credential/i;
/** Settings about passwords, which are none: `PasswordNeverExpires`, `ResetPasswordOnNextLogon`, `PasswordPolicies`. */
const NO_SECRET = /^(true|false|\d*|\*+|)$/i;
const SETTING = /polic|expir|quality|description|reset|last|required|type|id$/i;
/** A parameter of a cmdlet that comes as one text. */
const IN_COMMAND = /(-\w*(?:password|secret|credential)\w*[\s:]+)("[^"]+"|'[^']+'|[^\s"'-]\S*)/gi;
/** Addresses that open a file to whoever has them. */
const IN_ADDRESS = /([?&](?:guestaccesstoken|tempauth|access_token|authkey|sig)=)[^&#"'<>\s]+/gi;
/** The seed of a one-time password generator. */
const OATH_SEED = /("OathSecretKey"\s*:\s*")[^"]+(")/g;

/**
 * The record without the secrets that some hold: passwords among a cmdlet's parameters, seeds of one-time passwords and
 * the tokens of anonymous links. Undefined when there is none.
 */
export function withoutSecrets(raw: JsonObject): JsonObject | undefined {
  let isRedacted = false;
  const clean = Object.fromEntries(
    Object.entries(raw).map(([key, value]) => {
      const after = Array.isArray(value) ? value.map(cleanPair) : cleanText(value);
      const isSame = Array.isArray(after) && Array.isArray(value) ? after.every((v, i) => v === value[i]) : after === value;
      isRedacted ||= !isSame;
      return [key, isSame ? value : after];
    }),
  );
  return isRedacted ? clean : undefined;
}

function cleanText(value: Json): Json {
  if (typeof value !== 'string') return value;
  return value
    .replace(IN_ADDRESS, `$1${REDACTED}`.replaceAll(' ', '%20'))
    .replace(IN_COMMAND, (whole, name: string, secret: string) =>
      SETTING.test(name) || NO_SECRET.test(secret.replace(/^["']|["']$/g, '')) || secret.includes(REDACTED)
        ? whole
        : `${name}"${REDACTED}"`,
    );
}

/** A `{Name, Value}` or `{Name, OldValue, NewValue}` without its secret; the same object where it has none. */
function cleanPair(entry: Json): Json {
  if (!isJsonObject(entry)) return entry;
  const name = textAt(entry, 'Name') ?? '';
  const isSecret = SECRET_NAME.test(name) && !SETTING.test(name);
  const changed = ['Value', 'OldValue', 'NewValue'].flatMap((key) => {
    const value = Object.hasOwn(entry, key) ? entry[key] : undefined;
    if (typeof value !== 'string') return [];
    const clean = isSecret && !NO_SECRET.test(value) ? REDACTED : cleanText(value.replace(OATH_SEED, `$1${REDACTED}$2`));
    return clean === value ? [] : [[key, clean] as const];
  });
  return changed.length === 0 ? entry : { ...entry, ...Object.fromEntries(changed) };
}
