import { EVENT_TYPES } from '../../shared/taxonomy.ts';
import type { SourceSummary } from '../api/types.ts';
import { words } from '../ui/format.ts';
import { sourceTitle } from './labels.ts';
import type { ListFilter, TextFilter } from './route.ts';

export type FilterName = ListFilter | TextFilter;

/** What a filter is called, and what can be said of it. */
export const FILTERS: Readonly<Record<FilterName, { readonly label: string; readonly hint?: string }>> = {
  source: { label: 'Source' },
  category: { label: 'Category' },
  type: { label: 'Type' },
  outcome: { label: 'Outcome' },
  actor: { label: 'Actor', hint: 'Who did it: an e-mail address, name or id' },
  target: { label: 'Target', hint: 'What it was done to: a name, id or e-mail address' },
  entity: { label: 'Anyone or anything', hint: 'As actor or target: a name, id or e-mail address' },
  action: { label: 'Action', hint: "The product's own name of it, as it is written there" },
  ip: { label: 'IP address' },
  session: { label: 'Session' },
  attribute: { label: 'Changed attribute', hint: 'Events that changed it' },
  connection: { label: 'Connection' },
};

/** Filters whose values can all be listed. */
export const LISTED: ReadonlySet<FilterName> = new Set(['source', 'category', 'type', 'outcome']);
/** Always in sight; the others are under "More". */
export const IN_SIGHT: readonly FilterName[] = ['source', 'category', 'type', 'outcome', 'actor', 'target'];
export const FURTHER: readonly FilterName[] = ['action', 'ip', 'entity', 'session', 'attribute', 'connection'];

/** A value as people read it. */
export function valueWords(name: FilterName, value: string, sources: ReadonlyMap<string, SourceSummary>): string {
  if (name === 'source') return sourceTitle(value, sources);
  if (value === 'none' && (name === 'type' || name === 'category')) return 'Not mapped';
  if (name === 'category' || name === 'outcome' || (name === 'type' && isKnownType(value))) return words(value);
  return value;
}

function isKnownType(value: string): boolean {
  return (EVENT_TYPES as readonly string[]).includes(value);
}
