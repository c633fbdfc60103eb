import type { Change } from '../../event/schema.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { changeText, textAt } from '../read.ts';
import { fullObject, type Row } from './row.ts';

/** Deeper than settings nest; what lies deeper is given as JSON. */
const DEEPEST = 5;

/** What the row changed: its old and new value, what differs between the whole objects, and an agent's configuration. */
export function changesOf(row: Row): Change[] {
  const { raw, things } = row;
  // Log-ins have the state of the challenge there.
  if (things.includes('auth')) return [];
  const own = pair(textAt(raw, ['attribute']) ?? 'value', text(raw['old_value']), text(raw['new_value']));
  const inFull = fullChanges(row).filter(({ attribute }) => attribute !== own[0]?.attribute);
  return [...own, ...inFull, ...pair('config', undefined, text(raw['config']))];
}

/** Empty cells of CSV are no values. */
function text(value: Json | undefined): string | undefined {
  return changeText(value) || undefined;
}

function pair(attribute: string, before: string | undefined, after: string | undefined): Change[] {
  if (before === undefined && after === undefined) return [];
  return [{ attribute, ...(before !== undefined && { old: before }), ...(after !== undefined && { new: after }) }];
}

function fullChanges(row: Row): Change[] {
  const before = fullObject(row, 'old_value_full');
  const after = fullObject(row, 'new_value_full');
  if (before === undefined && after === undefined) {
    return pair('object', text(row.raw['old_value_full']), text(row.raw['new_value_full']));
  }
  return differences(before ?? {}, after ?? {}, []);
}

function differences(before: JsonObject, after: JsonObject, path: readonly string[]): Change[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => {
    const [from, to] = [own(before, key), own(after, key)];
    const here = [...path, key];
    if (isNested(from) && isNested(to) && here.length < DEEPEST && (isJsonObject(from) || isJsonObject(to))) {
      return differences(from ?? {}, to ?? {}, here);
    }
    const [old, now] = [changeText(from), changeText(to)];
    return old === now ? [] : pair(here.join('.'), old, now);
  });
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isNested(value: Json | undefined): value is JsonObject | undefined {
  return value === undefined || isJsonObject(value);
}
