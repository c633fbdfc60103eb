import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { CanonicalEvent, SourceSummary } from '../api/types.ts';
import { isCustom } from '../sources/custom.ts';

/** The deployment's sources, for their titles; empty until they are loaded. */
export const SourcesContext = createContext<ReadonlyMap<string, SourceSummary>>(new Map());

/** What people call the source of an event: "GitHub audit log"; applications' own by their product. */
export function useSourceTitle(): (event: Pick<CanonicalEvent, 'source' | 'product'>) => string {
  const sources = useContext(SourcesContext);
  return ({ source, product }) => (isCustom(source) ? product : (sources.get(source)?.title ?? source));
}

/** The title of a source by its name alone. */
export function sourceTitle(name: string, sources: ReadonlyMap<string, SourceSummary>): string {
  const known = sources.get(name);
  return known && !isCustom(name) ? known.title : name;
}

/** The first day there is anything hot, as a time; null while that is not known, or when there is nothing. */
export function firstDayOf(sources: ReadonlyMap<string, Pick<SourceSummary, 'firstDay'>>): string | null {
  const days = [...sources.values()].flatMap(({ firstDay }) => firstDay ?? []);
  return days.length === 0 ? null : `${days.reduce((a, b) => (a < b ? a : b))}T00:00:00.000Z`;
}
