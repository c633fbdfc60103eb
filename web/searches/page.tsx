import { useContext, useState } from 'preact/hooks';
import type { SavedSearch } from '../api/types.ts';
import type { PageProps } from '../app/pages.ts';
import { api } from '../app/session.ts';
import { SourcesContext, sourceTitle } from '../feed/labels.ts';
import { WithSources } from '../feed/with-sources.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { SavedIcon } from '../ui/icons.tsx';
import { Empty, ErrorNote, SkeletonLines } from '../ui/states.tsx';
import { useLoad } from '../ui/use-load.ts';
import { groupsOf } from './groups.ts';
import { searchesRoute } from './route.ts';
import { SearchDelete } from './search-delete.tsx';
import { SearchEdit } from './search-edit.tsx';
import { type Act, SearchList } from './search-list.tsx';
import { valuesOf } from './search-state.ts';

/** The searches that somebody kept, and those that come with the sources. */
export function SearchesPage({ place }: PageProps) {
  const { source } = searchesRoute.read(place);
  return (
    <div class="page searches">
      <header class="page-head">
        <div>
          <h1>Searches</h1>
          <p>Views of the feed that are worth coming back to. To keep one, set the filters and press Save there.</p>
        </div>
      </header>
      <WithSources>
        <Searches source={source} />
      </WithSources>
    </div>
  );
}

function Searches({ source }: { readonly source: string | null }) {
  const { data, error, reload } = useLoad('searches', async (signal) => {
    const { searches } = await api.ask<{ searches: SavedSearch[] }>('/v1/searches', { signal });
    return searches;
  });
  const sources = useContext(SourcesContext);
  const [act, setAct] = useState<Act | null>(null);
  const close = () => setAct(null);
  if (!data) return error === undefined ? <SkeletonLines lines={8} /> : <ErrorNote error={error} onRetry={reload} />;
  const shown = source === null ? data : data.filter(({ query }) => valuesOf(query, 'source').includes(source));
  const collected = new Set([...sources.values()].filter(({ lastDay }) => lastDay !== null).map(({ name }) => name));
  const { mine, shared, suggested } = groupsOf(shown, collected);
  const list = (title: string, about: string, searches: readonly SavedSearch[]) =>
    searches.length > 0 && (
      <SearchList title={title} about={about} searches={searches} onAct={setAct} onChange={reload} />
    );
  return (
    <div class="search-groups">
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {source !== null && (
        <p class="row">
          <span class="muted">Only of {sourceTitle(source, sources)}.</span>
          <a href={searchesRoute.href()}>Show every search</a>
        </p>
      )}
      {mine.length === 0 && shared.length === 0 && (
        <Empty
          title={source === null ? 'No search is kept yet' : 'No search of this source is kept yet'}
          icon={SavedIcon}
          actions={<ButtonLink href="#/events">Go to the feed</ButtonLink>}
        >
          Set filters in the feed and press Save. It stays with your key, or is shared with everyone of this tenant.
        </Empty>
      )}
      {list('Yours', 'Kept with the key that you are signed in with.', mine)}
      {list('Shared by others', 'Everyone of this tenant sees them.', shared)}
      {list('Suggested', 'They come with the sources: what is worth looking for in each log.', suggested)}
      {act?.does === 'edit' && <SearchEdit search={act.search} onClose={close} onDone={reload} />}
      {act?.does === 'delete' && <SearchDelete search={act.search} onClose={close} onDone={reload} />}
    </div>
  );
}
