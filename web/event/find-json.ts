import { isJsonObject, type Json, scalarText } from '../../shared/json.ts';

export interface Found {
  /** As `actor.ids[0]`. */
  readonly path: string;
  readonly value: string;
}

/** Looked at in one go, without the page standing still. */
const MOST_NODES = 100_000;

/** Where a text is in JSON, among keys and values, any case; the first `most` places, in order. */
export function findJson(json: Json, text: string, most: number): Found[] {
  const wanted = text.toLowerCase();
  const found: Found[] = [];
  // A stack of its own: an event may be nested deeper than calls can be.
  const stack: { readonly value: Json; readonly path: string; readonly key: string }[] = [
    { value: json, path: '', key: '' },
  ];
  for (let nodes = 0; nodes < MOST_NODES && found.length < most; nodes++) {
    const node = stack.pop();
    if (!node) break;
    const { value, path, key } = node;
    const children = childrenOf(value);
    const shown = children ? '' : leafText(value);
    if (path !== '' && (key.toLowerCase().includes(wanted) || shown.toLowerCase().includes(wanted))) {
      found.push({ path, value: children ? summaryOf(value) : shown });
    }
    for (const [name, child] of (children ?? []).toReversed()) {
      stack.push({ value: child, key: name, path: Array.isArray(value) ? `${path}[${name}]` : joined(path, name) });
    }
  }
  return found;
}

/** The members of an object or array; undefined for anything else. */
export function childrenOf(value: Json): [string, Json][] | undefined {
  if (Array.isArray(value)) return value.map((child, index) => [String(index), child]);
  return isJsonObject(value) ? Object.entries(value) : undefined;
}

/** "{3}", "[12]" */
export function summaryOf(value: Json): string {
  const count = childrenOf(value)?.length ?? 0;
  return Array.isArray(value) ? `[${count}]` : `{${count}}`;
}

/** A value that has no members, as JSON writes it; texts without quotes. */
export function leafText(value: Json): string {
  return scalarText(value) ?? (value === '' ? '""' : String(value));
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
