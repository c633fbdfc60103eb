import type { Change } from '../../event/schema.ts';
import { type Json, type JsonObject, parseJson, scalarText } from '../../json.ts';
import { arrayAt, changeText, objectsAt, type Path, textAt } from '../read.ts';

/** The values of a list of `{Name, Value}`, by name; the first where a name comes twice. */
export function namedValues(raw: JsonObject, path: Path): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const pair of objectsAt(raw, path)) {
    const name = textAt(pair, 'Name');
    const value = textAt(pair, 'Value');
    if (name !== undefined && value !== undefined && !values.has(name)) values.set(name, value);
  }
  return values;
}

/** An entry of `ModifiedProperties`; without values where the workload names the property only. */
export interface Modified {
  readonly name: string;
  readonly old?: string | undefined;
  readonly new?: string | undefined;
}

/** The entries of `ModifiedProperties`, their values unwrapped. Mailbox records list bare names. */
export function modifiedProperties(raw: JsonObject): Modified[] {
  return arrayAt(raw, 'ModifiedProperties').flatMap((entry) => {
    const bare = typeof entry === 'string' ? entry : undefined;
    const name = bare ?? textAt(entry, 'Name');
    if (name === undefined || name === '') return [];
    return [{ name, old: unwrapped(entry, 'OldValue'), new: unwrapped(entry, 'NewValue') }];
  });
}

function unwrapped(entry: Json, key: string): string | undefined {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? unwrap(entry[key]) : undefined;
}

/** True for what begins as a list, an object or a quoted text would. */
const LOOKS_LIKE_JSON = /^\s*["[{]/;

/**
 * A property's value as text. Entra ID writes values as JSON in a string, nearly all as a list of one: `[\r\n  "x"\r\n]`
 * is `x`, lists of several stay JSON without the line breaks, and an empty list or text is no value. What only looks
 * like JSON, as values that were cut do, stays as it is.
 */
export function unwrap(value: Json | undefined): string | undefined {
  const text = scalarText(value);
  if (text === undefined) return value === '' ? undefined : unwrapList(value);
  if (!LOOKS_LIKE_JSON.test(text)) return text;
  try {
    return unwrapList(parseJson(text));
  } catch {
    return text;
  }
}

function unwrapList(value: Json | undefined): string | undefined {
  if (!Array.isArray(value)) return changeText(value) || undefined;
  if (value.length === 0) return undefined;
  return changeText(value.length === 1 ? value[0] : value) || undefined;
}

/** What describes the actor and the target of an Entra ID record and was not changed, and the list of names itself. */
const NO_CHANGE = /^(TargetId\.|ActorId\.|SPN$|Included Updated Properties$)/;
const INCLUDED = 'Included Updated Properties';

/** The changes that `ModifiedProperties` tells of; a property whose values are withheld is named without them. */
export function modifiedChanges(raw: JsonObject): Change[] {
  const modified = modifiedProperties(raw);
  const told = new Set(modified.map(({ name }) => name));
  const named = modified
    .filter(({ name }) => name === INCLUDED)
    .flatMap((entry) => (entry.new ?? '').split(/\s*,\s*/))
    .filter((name) => name !== '' && !told.has(name));
  const areNamesOnly = arrayAt(raw, 'ModifiedProperties').every((entry) => typeof entry === 'string');
  return [
    ...modified
      .filter((entry) => !NO_CHANGE.test(entry.name))
      .filter((entry) => areNamesOnly || entry.old !== undefined || entry.new !== undefined)
      .map((entry) => ({ attribute: entry.name, old: entry.old, new: entry.new })),
    ...named.map((attribute) => ({ attribute })),
  ];
}
