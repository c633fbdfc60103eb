import { isJsonObject, type Json, type JsonObject, parseJson, scalarText } from '../../json.ts';

/** What Duo puts into a `description` or into `details`: values by field, or plain words. */
export interface Details {
  readonly fields: JsonObject;
  readonly text?: string | undefined;
}

/** Reads a field that holds a JSON object, as text or as itself; any other text is kept as words. */
export function detailsOf(value: unknown): Details {
  if (isJsonObject(value)) return { fields: value };
  const text = scalarText(value);
  if (typeof value !== 'string' || text === undefined) return { fields: {}, text };
  const parsed = tryJson(text);
  return isJsonObject(parsed) ? { fields: parsed } : { fields: {}, text };
}

function tryJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    // Many actions are described in words.
    return undefined;
  }
}
