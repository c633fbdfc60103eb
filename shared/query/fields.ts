import { CanonicalEvent } from '../event/schema.ts';
import type { Json, JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';

/** The canonical fields that can be asked for, and where a dot path can begin. */
export const FIELD_NAMES: readonly string[] = Object.keys(CanonicalEvent.shape);

/** What a page shows of an event when nothing else is asked for: everything but the raw event. */
export const DEFAULT_FIELDS: readonly string[] = FIELD_NAMES.filter((name) => name !== 'raw');

/** True if any of the paths leads into the raw event. */
export function needsRaw(fields: readonly string[]): boolean {
  return fields.some((field) => field === 'raw' || field.startsWith('raw.'));
}

/**
 * The parts of an event that dot paths name, in the event's own structure; a path through a list picks from each of its
 * elements.
 *
 * @example
 * ```ts
 * pick({ actor: { id: 'u1', name: 'Jo' }, ip: '::1' }, ['actor.id']); // { actor: { id: 'u1' } }
 * ```
 */
export function pick(event: JsonObject, fields: readonly string[]): JsonObject {
  return fields.reduce<JsonObject>(
    (picked, field) => deepMerge(picked, pickPath(event, field.split('.'))) as JsonObject,
    {},
  );
}

function pickPath(value: Json | undefined, [head, ...rest]: readonly string[]): Json | undefined {
  if (head === undefined || value === undefined) return value;
  if (Array.isArray(value)) return value.map((one) => pickPath(one, [head, ...rest]) ?? {});
  if (!isJsonObject(value) || !Object.hasOwn(value, head)) return undefined;
  const inner = pickPath(value[head], rest);
  return inner === undefined ? undefined : { [head]: inner };
}

function deepMerge(a: Json | undefined, b: Json | undefined): Json | undefined {
  if (b === undefined) return a;
  if (Array.isArray(a) && Array.isArray(b)) return b.map((one, index) => deepMerge(a[index], one) ?? null);
  if (!isJsonObject(a) || !isJsonObject(b)) return b;
  const merged: JsonObject = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const both = deepMerge(Object.hasOwn(a, key) ? a[key] : undefined, value);
    // Assigning `__proto__`, which a raw event may hold, would set the prototype instead.
    if (both !== undefined)
      Object.defineProperty(merged, key, { value: both, enumerable: true, configurable: true, writable: true });
  }
  return merged;
}

/** The values at a dot path, those of every element where it passes through a list. */
export function valuesAt(value: Json | undefined, [head, ...rest]: readonly string[]): Json[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, head === undefined ? [] : [head, ...rest]));
  if (head === undefined) return [value];
  return isJsonObject(value) && Object.hasOwn(value, head) ? valuesAt(value[head], rest) : [];
}
