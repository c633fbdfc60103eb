import type { Change } from '../../event/schema.ts';
import { canonicalJson, isJsonObject, type Json, type JsonObject, scalarText } from '../../json.ts';
import { textAt } from '../read.ts';
import { REDACTED } from '../redacted.ts';
import { wordsOf } from '../verbs.ts';
import { structureOf } from './row.ts';

/** Columns that can hold an agent's configuration or a whole setting, and with it a password. */
const FREE_TEXT: ReadonlySet<string> = new Set(['config', 'old_value_full', 'new_value_full']);
const VALUES: ReadonlySet<string> = new Set(['old_value', 'new_value']);

const SECRET_WORD = /^(passwords?|passwd|pwd|passphrase|secrets?|tokens?|psk|credentials?)\d*$/;
const SECRET_KEY = /^(api|private|secret|shared|access|encryption)keys?\d*$/;
/** Far beyond what Ardexa nests; what lies deeper is replaced unseen, as recursion has to end somewhere. */
const DEEPEST = 100;

const ASSIGNMENT =
  /((?:password|passwd|pwd|passphrase|secret|token|api_?key|private_?key|psk)["']?[ \t]{0,9}[:=][ \t]{0,9})(?!\[redacted)("[^"\n]{1,4096}"|'[^'\n]{1,4096}'|[^\s,;"'}\]]{1,4096})/gi;
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?=-----END|$)/g;
const USER_INFO = /(\/\/[^\s/:@]{1,256}:)(?!\[redacted)[^\s/@]{1,256}@/g;

/** The row without the passwords, tokens and keys that configurations and settings may hold; undefined where it has none. */
export function withoutSecrets(raw: JsonObject): JsonObject | undefined {
  const attribute = textAt(raw, ['attribute']) ?? '';
  const changed = Object.entries(raw).flatMap(([column, value]) => {
    const clean = VALUES.has(column) && isSecret(attribute, value) ? REDACTED : cleaned(column, value);
    return clean === value ? [] : [[column, clean] as const];
  });
  return changed.length === 0 ? undefined : { ...raw, ...Object.fromEntries(changed) };
}

/** A change without secrets. That there was one is told by the values before they are replaced. */
export function cleanChange({ attribute, old, new: now }: Change): Change {
  const column = attribute === 'config' || attribute === 'object' ? 'config' : 'new_value';
  const clean = (value: string) =>
    attribute.split('.').some((name) => isSecret(name, value)) ? REDACTED : String(cleaned(column, value));
  return {
    attribute,
    ...(old !== undefined && { old: clean(old) }),
    ...(now !== undefined && { new: clean(now) }),
  };
}

function cleaned(column: string, value: Json): Json {
  if (!FREE_TEXT.has(column) && !VALUES.has(column)) return value;
  const structure = structureOf(value);
  if (structure !== undefined) {
    const found = { any: false };
    const clean = walk(structure, found, 0);
    if (!found.any) return value;
    return typeof value === 'string' ? canonicalJson(clean) : clean;
  }
  if (typeof value !== 'string') return value;
  return FREE_TEXT.has(column) ? inText(value).replace(ASSIGNMENT, `$1${REDACTED}`) : inText(value);
}

function inText(text: string): string {
  return text.replace(PRIVATE_KEY, REDACTED).replace(USER_INFO, `$1${REDACTED}@`);
}

function walk(value: Json, found: { any: boolean }, depth: number): Json {
  if (depth > DEEPEST) return hit(found);
  if (Array.isArray(value)) return value.map((item) => walk(item, found, depth + 1));
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        isSecret(key, item) ? hit(found) : walk(item, found, depth + 1),
      ]),
    );
  }
  if (typeof value !== 'string') return value;
  const clean = inText(value);
  if (clean !== value) found.any = true;
  return clean;
}

function isSecret(key: string, value: Json): boolean {
  if (value === null || value === '' || value === REDACTED || /^(true|false)$/.test(scalarText(value) ?? ''))
    return false;
  const words = wordsOf(key);
  const last = words.at(-1) ?? '';
  return SECRET_WORD.test(last) || SECRET_KEY.test(last) || SECRET_KEY.test(words.slice(-2).join(''));
}

function hit(found: { any: boolean }): string {
  found.any = true;
  return REDACTED;
}
