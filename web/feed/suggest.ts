import type { CanonicalEvent } from '../api/types.ts';
import { entityKey } from '../entity/route.ts';
import type { ListFilter, TextFilter } from './route.ts';

const MOST = 8;

/** Values of a filter that the events in sight have, the most frequent first. */
export function suggestionsFor(name: ListFilter | TextFilter, events: readonly CanonicalEvent[]): string[] {
  const counts = new Map<string, number>();
  for (const value of events.flatMap((event) => valuesOf(name, event))) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST)
    .map(([value]) => value);
}

function valuesOf(name: ListFilter | TextFilter, event: CanonicalEvent): string[] {
  const keys = (entities: readonly (CanonicalEvent['actor'] | CanonicalEvent['targets'][number])[]) =>
    entities.flatMap((one) => entityKey(one) ?? []);
  if (name === 'actor') return keys([event.actor]);
  if (name === 'target') return keys(event.targets);
  if (name === 'entity') return keys([event.actor, ...event.targets]);
  if (name === 'attribute') return event.changes.map(({ attribute }) => attribute);
  const value = event[name];
  return value === undefined || value === null ? [] : [value];
}
