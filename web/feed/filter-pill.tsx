import { useContext } from 'preact/hooks';
import type { CanonicalEvent } from '../api/types.ts';
import { VendorText } from '../ui/data.tsx';
import { CloseIcon, PlusIcon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import { FILTERS, type FilterName, valueWords } from './filter-names.ts';
import { FilterPicker } from './filter-picker.tsx';
import { SourcesContext } from './labels.ts';

/** A filter: dashed while it is open to all, with its values when it is set. */
export function FilterPill(props: {
  readonly name: FilterName;
  readonly values: readonly string[];
  readonly events: readonly CanonicalEvent[];
  readonly onValues: (values: readonly string[]) => void;
}) {
  const { name, values, events, onValues } = props;
  const sources = useContext(SourcesContext);
  const { label } = FILTERS[name];
  const [first] = values;
  const said = first === undefined ? '' : valueWords(name, first, sources);
  return (
    <span class="pill-group">
      <Popover
        label={label}
        buttonClass={first === undefined ? 'pill' : 'pill active'}
        buttonLabel={first === undefined ? `Filter by ${label.toLowerCase()}` : undefined}
        button={
          first === undefined ? (
            <>
              <PlusIcon size={12} /> {label}
            </>
          ) : (
            <span class="pill-text">
              {label}:{' '}
              <strong>
                <VendorText text={said} most={60} />
                {values.length > 1 && ` +${values.length - 1}`}
              </strong>
            </span>
          )
        }
      >
        {(close) => <FilterPicker name={name} values={values} events={events} onValues={onValues} close={close} />}
      </Popover>
      {first !== undefined && (
        <button
          type="button"
          class="pill-clear"
          aria-label={`Clear ${label.toLowerCase()}`}
          onClick={() => onValues([])}
        >
          <CloseIcon size={12} />
        </button>
      )}
    </span>
  );
}
