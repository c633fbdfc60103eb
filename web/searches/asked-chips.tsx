import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import type { SavedSearch } from '../api/types.ts';
import { zone } from '../app/preferences.ts';
import { useStore } from '../app/store.ts';
import { FILTERS, valueWords } from '../feed/filter-names.ts';
import { SourcesContext } from '../feed/labels.ts';
import { Chip, VendorText } from '../ui/data.tsx';
import { plural, shortTime } from '../ui/format.ts';
import { type Asked, askedOf } from './search-state.ts';

const MOST_VALUES = 3;

/** What a search asks for, in words. */
export function AskedChips({ search }: { readonly search: SavedSearch }) {
  const asked = askedOf(search);
  return (
    <ul class="chips asked" aria-label="It asks for">
      {asked.length === 0 && (
        <li>
          <Chip>Every event</Chip>
        </li>
      )}
      {asked.map((one) => (
        <li key={JSON.stringify(one)}>
          <Chip>
            <AskedWords asked={one} />
          </Chip>
        </li>
      ))}
    </ul>
  );
}

function AskedWords({ asked }: { readonly asked: Asked }): ComponentChildren {
  const sources = useContext(SourcesContext);
  const inZone = useStore(zone);
  switch (asked.kind) {
    case 'filter': {
      const { name, values } = asked;
      const shown = values.slice(0, MOST_VALUES).map((value) => valueWords(name, value, sources));
      const more = values.length - shown.length;
      return (
        <>
          <span class="faint">{FILTERS[name].label}</span>
          <VendorText text={`${shown.join(', ')}${more > 0 ? ` +${more}` : ''}`} most={120} />
        </>
      );
    }
    case 'text':
      return (
        <>
          <span class="faint">Text</span>
          <VendorText text={asked.text} most={80} />
        </>
      );
    case 'time':
      return (
        <>
          <span class="faint">Time</span>
          {asked.from !== null && `from ${shortTime(asked.from, inZone)} `}
          {asked.to !== null && `to ${shortTime(asked.to, inZone)}`}
        </>
      );
    case 'order':
      return 'Oldest first';
    case 'columns':
      return plural(asked.count, 'column');
  }
}
