import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { textAt } from '../read.ts';
import { REDACTED } from '../redacted.ts';

/** Names of parameters and properties that hold a secret, and not a setting about secrets. */
const SECRET_NAME = /(password|passphrase|secret)$|^credentials?$/i;
/** Exchange writes asterisks for most passwords itself; `True` is an answer to "force a change of password". */
const NO_SECRET = /^(true|false|\*+|)$/i;
/** Secrets within a text: the tokens of links that open a file to anyone, and seeds of one-time passwords. */
const WITHIN: readonly (readonly [RegExp, string])[] = [
  [/([?&](?:guestaccesstoken|tempauth|access_token|authkey|sig)=)[^&#"'<>\s]+/gi, '$1[redacted%20by%20Annals]'],
  [/("OathSecretKey"\s*:\s*")[^"]+(")/g, `$1${REDACTED}$2`],
  // A compliance cmdlet's parameters come as one text.
  [/(-\w*(?:password|passphrase|secret)\s+)("(?!True"|False"|\*+")[^"]+"|[^"\s-]\S*)/gi, `$1"${REDACTED}"`],
];

/** The record without the secrets that some hold. Undefined when there is none. */
export function withoutSecrets(raw: JsonObject): JsonObject | undefined {
  const changed = Object.entries(raw).flatMap(([key, value]) => {
    const clean = Array.isArray(value) ? withoutSecretPairs(value) : withoutTokens(value);
    return clean === value ? [] : [[key, clean] as const];
  });
  return changed.length === 0 ? undefined : { ...raw, ...Object.fromEntries(changed) };
}

/** The same list where nothing in it is secret. */
function withoutSecretPairs(list: Json[]): Json[] {
  const clean = list.map(withoutSecretPair);
  return clean.every((entry, index) => entry === list[index]) ? list : clean;
}

/** A `{Name, Value}` or `{Name, OldValue, NewValue}` without its secret; the same object where it has none. */
function withoutSecretPair(entry: Json): Json {
  if (!isJsonObject(entry)) return entry;
  const isSecret = SECRET_NAME.test(textAt(entry, 'Name') ?? '');
  const changed = ['Value', 'OldValue', 'NewValue'].flatMap((key) => {
    const value = Object.hasOwn(entry, key) ? entry[key] : undefined;
    if (typeof value !== 'string') return [];
    const clean = isSecret && !NO_SECRET.test(value) ? REDACTED : withoutTokens(value);
    return clean === value ? [] : [[key, clean] as const];
  });
  return changed.length === 0 ? entry : { ...entry, ...Object.fromEntries(changed) };
}

function withoutTokens(value: Json): Json {
  return typeof value === 'string' ? WITHIN.reduce((text, [secret, by]) => text.replace(secret, by), value) : value;
}
