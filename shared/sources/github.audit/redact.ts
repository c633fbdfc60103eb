import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { REDACTED } from '../redacted.ts';

/** Far beyond what GitHub sends; what lies deeper is replaced unseen, as recursion has to end somewhere. */
const DEEPEST = 100;
/** Keys of live secrets, such as that of a webhook's `config`; ids, hashes, names and scopes of tokens are none. */
const SECRET_KEY = /^(.*_)?(secret|password|passphrase|private_key|access_token|refresh_token)$/i;
/** GitHub masks most secrets itself. */
const MASKED = /^\**$/;
/** Secrets within URLs, query strings and bodies of API requests, and GitHub's own tokens anywhere. */
const WITHIN: readonly (readonly [RegExp, string])[] = [
  [/(:\/\/[^/\s:@]*:)[^/\s@]+(@)/g, '$1[redacted%20by%20Annals]$2'],
  [
    /((?:^|[?&;])(?:access_token|refresh_token|client_secret|password|secret|token|sig|signature)=)[^&#\s]+/gi,
    '$1[redacted%20by%20Annals]',
  ],
  [/("(?:\w*_)?(?:password|secret|passphrase|private_key|token)"\s*:\s*")(?:[^"\\]|\\.)+(")/gi, `$1${REDACTED}$2`],
  // https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/g, REDACTED],
];

/** The row without the secrets that webhook settings and API requests may carry; undefined where it has none. */
export function withoutSecrets(raw: JsonObject): JsonObject | undefined {
  const clean = cleaned(raw, 0);
  return clean === raw || !isJsonObject(clean) ? undefined : clean;
}

/** The very same value where nothing in it is secret. */
function cleaned(value: Json, depth: number): Json {
  if (typeof value === 'string') return WITHIN.reduce((text, [secret, by]) => text.replace(secret, by), value);
  const isList = Array.isArray(value);
  if (!isList && !isJsonObject(value)) return value;
  if (depth > DEEPEST) return REDACTED;
  if (isList) {
    const list = value.map((item) => cleaned(item, depth + 1));
    return list.every((item, index) => item === value[index]) ? value : list;
  }
  const entries = Object.entries(value).map(
    ([key, item]) => [key, isSecret(key, item) ? REDACTED : cleaned(item, depth + 1)] as const,
  );
  return entries.every(([key, item]) => item === value[key]) ? value : Object.fromEntries(entries);
}

function isSecret(key: string, value: Json): boolean {
  return typeof value === 'string' && SECRET_KEY.test(key) && !MASKED.test(value) && value !== REDACTED;
}
