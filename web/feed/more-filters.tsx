import { useState } from 'preact/hooks';
import type { CanonicalEvent } from '../api/types.ts';
import { PlusIcon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import { FILTERS, type FilterName } from './filter-names.ts';
import { FilterPicker } from './filter-picker.tsx';

/** The filters that are not in sight: first which, then its values. */
export function MoreFilters(props: {
  readonly names: readonly FilterName[];
  readonly events: readonly CanonicalEvent[];
  readonly onValues: (name: FilterName, values: readonly string[]) => void;
}) {
  const { names, events, onValues } = props;
  const [name, setName] = useState<FilterName | null>(null);
  return (
    <Popover
      label="More filters"
      buttonClass="pill"
      buttonLabel="More filters"
      onOpen={() => setName(null)}
      button={
        <>
          <PlusIcon size={12} /> More
        </>
      }
    >
      {(close) =>
        name === null ? (
          <div class="menu">
            {names.map((one) => (
              <button key={one} type="button" class="menu-item" onClick={() => setName(one)}>
                {FILTERS[one].label}
              </button>
            ))}
          </div>
        ) : (
          <FilterPicker
            name={name}
            values={[]}
            events={events}
            onValues={(values) => onValues(name, values)}
            close={close}
          />
        )
      }
    </Popover>
  );
}
