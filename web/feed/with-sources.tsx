import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Me, SourceSummary } from '../api/types.ts';
import { useMe } from '../app/me.ts';
import { api } from '../app/session.ts';
import { useLoad } from '../ui/use-load.ts';
import { SourcesContext } from './labels.ts';

type Sources = ReadonlyMap<string, SourceSummary>;
const NONE: Sources = new Map();
/** What each sign-in loaded last: the next page has their titles at once. */
const kept = new WeakMap<Me, Sources>();

/** Loads the sources for what is inside. Without them events are shown all the same, by their sources' plain names. */
export function WithSources({ children }: { readonly children: ComponentChildren }) {
  const { data } = useLoad('sources', (signal) =>
    api.ask<{ sources: readonly SourceSummary[] }>('/v1/sources', { signal }),
  );
  const me = useMe();
  const sources = useMemo(() => {
    if (data) kept.set(me, new Map(data.sources.map((source) => [source.name, source])));
    return kept.get(me) ?? NONE;
  }, [data, me]);
  return <SourcesContext.Provider value={sources}>{children}</SourcesContext.Provider>;
}
