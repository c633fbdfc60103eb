import { useEffect, useRef, useState } from 'preact/hooks';
import type { CanonicalEvent } from '../api/types.ts';
import { useKeys } from '../app/keys.ts';
import { Button } from '../ui/button.tsx';
import { SearchIcon } from '../ui/icons.tsx';
import { type FilterName, FURTHER, IN_SIGHT } from './filter-names.ts';
import { FilterPill } from './filter-pill.tsx';
import { MoreFilters } from './more-filters.tsx';
import { type FeedState, feedRoute, isUnfiltered, TEXT_FILTERS } from './route.ts';
import { TimePicker } from './time-picker.tsx';

/** Everything that says which events are shown. */
export function FilterBar(props: {
  readonly state: FeedState;
  readonly events: readonly CanonicalEvent[];
  readonly onChange: (change: Partial<FeedState>) => void;
}) {
  const { state, events, onChange } = props;
  const set = (name: FilterName, values: readonly string[]) =>
    onChange({ [name]: isText(name) ? (values[0] ?? null) : values });
  const valuesOf = (name: FilterName): readonly string[] => {
    const value = state[name];
    return typeof value === 'string' ? [value] : (value ?? []);
  };
  const further = FURTHER.filter((name) => valuesOf(name).length > 0);
  const isPlain = isUnfiltered(state) && state.from === null && state.to === null;
  return (
    <search class="filters" aria-label="Events">
      <TextSearch text={state.q ?? ''} onText={(text) => onChange({ q: text === '' ? null : text })} />
      <div class="pills">
        <TimePicker state={state} onRange={onChange} />
        {[...IN_SIGHT, ...further].map((name) => (
          <FilterPill
            key={name}
            name={name}
            values={valuesOf(name)}
            events={events}
            onValues={(values) => set(name, values)}
          />
        ))}
        <MoreFilters names={FURTHER.filter((name) => !further.includes(name))} events={events} onValues={set} />
        {!isPlain && (
          <Button compact kind="quiet" onClick={() => onChange(cleared)}>
            Clear all
          </Button>
        )}
      </div>
    </search>
  );
}

const { columns: _columns, order: _order, event: _event, ...cleared } = feedRoute.initial;

function isText(name: FilterName): boolean {
  return (TEXT_FILTERS as readonly string[]).includes(name);
}

/** Free text; it is looked for on Enter, as each look reads events. */
function TextSearch({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setTyped(text), [text]);
  useKeys([{ key: '/', does: 'Search', run: () => input.current?.select() }]);
  return (
    <form
      class="search-box"
      onSubmit={(event) => {
        event.preventDefault();
        onText(typed.trim());
      }}
    >
      <SearchIcon />
      <input
        ref={input}
        class="input"
        type="search"
        aria-label="Search the text of events"
        placeholder="Search names, addresses, reasons…"
        value={typed}
        spellcheck={false}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          // The field's own cross clears it.
          if (event.currentTarget.value === '') onText('');
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <kbd>/</kbd>
    </form>
  );
}
