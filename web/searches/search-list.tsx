import type { SavedSearch } from '../api/types.ts';
import { VendorText } from '../ui/data.tsx';
import { Time } from '../ui/time.tsx';
import { AskedChips } from './asked-chips.tsx';
import { SearchMenu } from './search-menu.tsx';
import { searchHref } from './search-state.ts';

export interface Act {
  readonly does: 'edit' | 'delete';
  readonly search: SavedSearch;
}

export function SearchList(props: {
  readonly title: string;
  readonly about: string;
  readonly searches: readonly SavedSearch[];
  readonly onAct: (act: Act) => void;
  readonly onChange: () => void;
}) {
  const { title, about, searches, onAct, onChange } = props;
  const id = `searches-${title.toLowerCase().replaceAll(' ', '-')}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p class="small muted">{about}</p>
      <ul class="search-list">
        {searches.map((search) => (
          <li key={search.id}>
            <div class="search-name">
              <a href={searchHref(search)}>
                <VendorText text={search.name} most={120} />
              </a>
              <Maker search={search} />
            </div>
            <AskedChips search={search} />
            <SearchMenu search={search} onAct={onAct} onChange={onChange} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Maker({ search: { owner, mine, shared, suggested, updatedAt } }: { readonly search: SavedSearch }) {
  if (suggested || updatedAt === null) return null;
  return (
    <p class="small muted">
      {mine ? shared ? 'Shared' : 'Only you' : <VendorText text={owner?.name ?? 'Nobody'} most={60} />}
      {' · '}
      <Time at={updatedAt} />
    </p>
  );
}
