import { useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { VendorText } from '../ui/data.tsx';
import { Field } from '../ui/field.tsx';
import { CloseIcon } from '../ui/icons.tsx';
import { FILTERS, type FilterName } from './filter-names.ts';

/** Values that are typed, or taken from the events in sight. */
export function TextPicker(props: {
  readonly name: FilterName;
  readonly values: readonly string[];
  /** How many it takes. */
  readonly takes: 'one' | 'many';
  readonly suggestions: readonly string[];
  readonly onValues: (values: readonly string[]) => void;
  readonly close: () => void;
}) {
  const { name, values, takes, suggestions, onValues, close } = props;
  const { label, hint } = FILTERS[name];
  const [typed, setTyped] = useState('');
  const add = (value: string) => {
    const text = value.trim();
    if (text === '') return;
    onValues(takes === 'one' ? [text] : [...new Set([...values, text])]);
    setTyped('');
    close();
  };
  const others = suggestions.filter((value) => !values.includes(value));
  const found = others.filter((value) => value.toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <form
      class="picker"
      onSubmit={(event) => {
        event.preventDefault();
        add(typed);
      }}
    >
      <Field label={label} hint={hint} value={typed} onValue={setTyped} spellcheck={false} autocomplete="off" />
      <Button type="submit" kind="primary" disabled={typed.trim() === ''}>
        {takes === 'one' || values.length === 0 ? 'Apply' : 'Add'}
      </Button>
      {values.length > 0 && (
        <ul class="picker-values">
          {values.map((value) => (
            <li key={value} class="row spread">
              <VendorText text={value} most={80} />
              <Button
                compact
                kind="quiet"
                icon={<CloseIcon />}
                label={`Remove ${value}`}
                onClick={() => onValues(values.filter((one) => one !== value))}
              />
            </li>
          ))}
        </ul>
      )}
      {found.length > 0 && (
        <div class="menu">
          <p class="picker-group">In sight</p>
          {found.map((value) => (
            <button key={value} type="button" class="menu-item" onClick={() => add(value)}>
              <VendorText text={value} most={80} />
            </button>
          ))}
        </div>
      )}
    </form>
  );
}
