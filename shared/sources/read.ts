import { InvalidRequestError } from '../errors.ts';
import type { Change, EventFacts } from '../event/schema.ts';
import { canonicalJson, isJsonObject, type Json, type JsonObject, scalarText } from '../json.ts';

/** Where a value is: keys joined by dots (`membership.user.login`, `pages.0.sha`), or a list where a key has a dot. */
export type Path = string | readonly string[];

/** The longest text of an event's facts, in UTF-16 units; {@link CHANGE_MAX} is that of a change's values. */
export const TEXT_MAX = 8192;
export const CHANGE_MAX = 65_536;
/** The most targets, and the most changes, that an event has. */
export const LIST_MAX = 1000;

const CUT = '…';
const INDEX = /^\d+$/;

/** The value at a path, undefined where there is none. Arrays are entered by index. Never throws. */
export function valueAt(value: unknown, path: Path): Json | undefined {
  let current = value;
  for (const key of typeof path === 'string' ? path.split('.') : path) {
    if (Array.isArray(current) && INDEX.test(key)) current = current[Number(key)];
    else if (isJsonObject(current) && Object.hasOwn(current, key)) current = current[key];
    else return undefined;
  }
  return current as Json | undefined;
}

/** The string, number or boolean at a path as text, large integers digit by digit; undefined for anything else and ''. */
export function textAt(value: unknown, path: Path): string | undefined {
  return scalarText(valueAt(value, path));
}

/** The text at the first of the paths that has one. */
export function firstText(value: unknown, paths: readonly Path[]): string | undefined {
  for (const path of paths) {
    const text = textAt(value, path);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The object at a path; undefined for anything else. */
export function objectAt(value: unknown, path: Path): JsonObject | undefined {
  const found = valueAt(value, path);
  return isJsonObject(found) ? found : undefined;
}

/** The array at a path; empty for anything else. */
export function arrayAt(value: unknown, path: Path): readonly Json[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

/** The objects of the array at a path, without whatever else the array holds. */
export function objectsAt(value: unknown, path: Path): JsonObject[] {
  return arrayAt(value, path).filter(isJsonObject);
}

/** A table's entry for a key that a vendor chose: `constructor` and its like are no entries. */
export function entryOf<T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

/**
 * A vendor's value as a change's `old` or `new`: text as it is, also '', anything else as JSON with sorted keys;
 * undefined for null and undefined.
 */
export function changeText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  try {
    return scalarText(value) ?? canonicalJson(value);
  } catch (error) {
    // It is nested some thousand levels deep.
    if (error instanceof InvalidRequestError) return '[nested too deeply]';
    throw error;
  }
}

/** At most `max` UTF-16 units, the last of them an ellipsis where something was cut off. Cuts no character in half. */
export function clip(text: string, max: number = TEXT_MAX): string {
  if (text.length <= max) return text;
  const kept = text.slice(0, max - CUT.length);
  return (/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept) + CUT;
}

/**
 * Facts that `EventFacts` accepts whatever the vendor sent: long texts clipped, empty optional ones left out, lists cut
 * at {@link LIST_MAX}. The raw event still has everything.
 */
export function fitFacts(facts: EventFacts): EventFacts {
  return {
    ...fitTexts(facts),
    action: clip(facts.action) || 'unknown',
    actor: fitTexts(facts.actor),
    targets: facts.targets
      .filter(({ type }) => type !== '')
      .slice(0, LIST_MAX)
      .map(fitTexts),
    changes: facts.changes
      .filter(({ attribute }) => attribute !== '')
      .slice(0, LIST_MAX)
      .map(fitChange),
    ...(facts.location && { location: fitTexts(facts.location) }),
    ...(facts.device && { device: fitTexts(facts.device) }),
    ...(facts.credential && { credential: fitTexts(facts.credential) }),
    ...(facts.mfa && { mfa: fitTexts(facts.mfa) }),
  };
}

function fitTexts<T extends object>(record: T): T {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([key, value]) => [key, typeof value === 'string' ? clip(value) : value]),
  ) as T;
}

function fitChange(change: Change): Change {
  return {
    attribute: clip(change.attribute),
    ...(change.old !== undefined && { old: clip(change.old, CHANGE_MAX) }),
    ...(change.new !== undefined && { new: clip(change.new, CHANGE_MAX) }),
  };
}
