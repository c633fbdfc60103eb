import type { Change } from '../../event/schema.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { changeText } from '../read.ts';

/** Deeper than Duo nests values; what lies deeper is given as JSON. */
const DEEPEST = 5;

/** Fields that tell who, from where or why, and not what something became. */
const CONTEXT = new Set([
  ...['error', 'errors', 'message', 'admin_email', 'ip_address', 'user_agent'],
  ...['browser', 'browser_version', 'os', 'os_version'],
  ...['owner_id', 'owner_name', 'owner_type', 'user_id'],
]);

/** What was changed: `was` is undefined where the log does not tell it, `now` where the thing is gone. */
export function changesOf(was: JsonObject | undefined, now: JsonObject | undefined): Change[] {
  const old = flat(was ?? {});
  const fresh = flat(now ?? {});
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((attribute) => ({
      attribute,
      ...side('old', old.get(attribute)),
      ...side('new', fresh.get(attribute)),
    }))
    .filter((change) => was === undefined || change.old !== change.new)
    .sort((a, b) => (a.attribute < b.attribute ? -1 : 1));
}

function side(key: 'old' | 'new', value: Json | undefined): { [k in 'old' | 'new']?: string } {
  const text = changeText(value);
  return text === undefined ? {} : { [key]: text };
}

/** The values by dot path. */
function flat(fields: JsonObject): Map<string, Json> {
  const found = new Map<string, Json>();
  const walk = (path: readonly string[], value: Json): void => {
    if (!isJsonObject(value) || path.length >= DEEPEST || Object.keys(value).length === 0) {
      found.set(path.join('.'), value);
      return;
    }
    for (const [key, inner] of entriesOf(value)) walk([...path, key], inner);
  };
  for (const [key, value] of entriesOf(fields)) if (!CONTEXT.has(key.toLowerCase())) walk([key], value);
  return found;
}

/** Sorted, so that of two fields with one path the same one always stays. */
function entriesOf(object: JsonObject): [string, Json][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}
