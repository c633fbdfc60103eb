import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { SourceSummary } from '../api/types.ts';
import { api } from '../app/session.ts';
import { useLoad } from '../ui/use-load.ts';
import { SourcesContext } from './labels.ts';

/** Loads the sources for what is inside. Without them events are shown all the same, by their sources' plain names. */
export function WithSources({ children }: { readonly children: ComponentChildren }) {
  const { data } = useLoad('sources', (signal) =>
    api.ask<{ sources: readonly SourceSummary[] }>('/v1/sources', { signal }),
  );
  const sources = useMemo(() => new Map(data?.sources.map((source) => [source.name, source])), [data]);
  return <SourcesContext.Provider value={sources}>{children}</SourcesContext.Provider>;
}
