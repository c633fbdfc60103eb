import { isJsonObject, type JsonObject, scalarText } from '../json.ts';
import { valueAt } from './read.ts';
import type { FieldType } from './source.ts';

/** The declared fields of which an event holds another type than the vendor used to send; null is never one. */
export function driftOf(fields: Readonly<Record<string, FieldType>>, raw: JsonObject): string[] {
  return Object.entries(fields).flatMap(([path, type]) => {
    // A field's own name may hold dots.
    const value = Object.hasOwn(raw, path) ? raw[path] : valueAt(raw, path);
    return value === undefined || value === null || isOf(value, type) ? [] : [path];
  });
}

function isOf(value: unknown, type: FieldType): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    case 'scalar':
      return value === '' || scalarText(value) !== undefined;
    case 'number':
      // Integers beyond 2^53 are kept as objects that scalarText reads.
      return typeof value === 'number' || (typeof value === 'object' && scalarText(value) !== undefined);
    default:
      return typeof value === type;
  }
}
