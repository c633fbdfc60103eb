import type { CanonicalEvent } from '../api/types.ts';
import { type FilterName, LISTED } from './filter-names.ts';
import { ListPicker } from './list-picker.tsx';
import { TEXT_FILTERS } from './route.ts';
import { suggestionsFor } from './suggest.ts';
import { TextPicker } from './text-picker.tsx';

export interface FilterPickerProps {
  readonly name: FilterName;
  readonly values: readonly string[];
  /** In sight: their values are suggested. */
  readonly events: readonly CanonicalEvent[];
  readonly onValues: (values: readonly string[]) => void;
  readonly close: () => void;
}

/** What a filter's values are chosen with. */
export function FilterPicker({ name, values, events, onValues, close }: FilterPickerProps) {
  if (LISTED.has(name)) return <ListPicker name={name} values={values} onValues={onValues} />;
  return (
    <TextPicker
      name={name}
      values={values}
      takes={(TEXT_FILTERS as readonly string[]).includes(name) ? 'one' : 'many'}
      suggestions={suggestionsFor(name, events)}
      onValues={onValues}
      close={close}
    />
  );
}
