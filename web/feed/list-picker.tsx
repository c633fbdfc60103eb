import { useContext, useMemo, useState } from 'preact/hooks';
import { CATEGORIES, categoryOf, EVENT_TYPES } from '../../shared/taxonomy.ts';
import type { SourceSummary } from '../api/types.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { words } from '../ui/format.ts';
import { type FilterName, valueWords } from './filter-names.ts';
import { SourcesContext } from './labels.ts';
import { OUTCOMES } from './outcomes.ts';

/** So many values are found by looking. */
const SEARCHED_FROM = 9;

interface Option {
  readonly value: string;
  readonly label: string;
  readonly group: string;
  readonly category?: string;
}

/** Any of a filter's values, ticked. */
export function ListPicker(props: {
  readonly name: FilterName;
  readonly values: readonly string[];
  readonly onValues: (values: readonly string[]) => void;
}) {
  const { name, values, onValues } = props;
  const sources = useContext(SourcesContext);
  const [find, setFind] = useState('');
  const options = useMemo(() => optionsOf(name, values, sources), [name, values, sources]);
  const wanted = find.toLowerCase();
  const shown = options.filter(({ label, value }) => `${label} ${value}`.toLowerCase().includes(wanted));
  const toggle = (value: string) =>
    onValues(values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);
  return (
    <div class="picker">
      {options.length >= SEARCHED_FROM && (
        <Field label="Find" hideLabel type="search" placeholder="Find…" value={find} onValue={setFind} />
      )}
      <div class="picker-options">
        {shown.map(({ value, label, group, category }, index) => (
          <div key={value}>
            {group !== '' && group !== shown[index - 1]?.group && <p class="picker-group">{group}</p>}
            <label class="check">
              <input type="checkbox" checked={values.includes(value)} onChange={() => toggle(value)} />
              {category ? (
                <span class="type-label" data-category={category}>
                  {label}
                </span>
              ) : (
                <span>{label}</span>
              )}
            </label>
          </div>
        ))}
        {shown.length === 0 && <p class="muted small">Nothing is called so.</p>}
      </div>
      {values.length > 0 && (
        <Button compact kind="quiet" onClick={() => onValues([])}>
          Clear
        </Button>
      )}
    </div>
  );
}

function optionsOf(name: FilterName, values: readonly string[], sources: ReadonlyMap<string, SourceSummary>): Option[] {
  if (name === 'category') {
    return [...CATEGORIES, 'none'].map((value) => ({
      value,
      label: valueWords(name, value, sources),
      group: '',
      category: value,
    }));
  }
  if (name === 'type') {
    const types = EVENT_TYPES.map((value) => ({
      value: value as string,
      label: words(value),
      group: words(categoryOf(value) ?? ''),
      category: categoryOf(value) ?? 'none',
    }));
    return [...types, { value: 'none', label: 'Not mapped', group: 'Other', category: 'none' }];
  }
  if (name === 'outcome') return OUTCOMES.map((value) => ({ value, label: words(value), group: '' }));
  // Those with events first: the others are known to the deployment and have sent nothing.
  const known = [...sources.values()].filter(({ name: one }) => one !== 'custom' || sources.size < 2);
  const option = ({ name: value, lastDay }: SourceSummary) => ({
    value,
    label: valueWords('source', value, sources),
    group: lastDay === null ? 'Nothing seen yet' : 'With events',
  });
  const unknown = values.filter((value) => !sources.has(value)).map((value) => ({ value, label: value, group: '' }));
  const all = [...unknown, ...known.map(option)];
  return all.sort((a, b) => b.group.localeCompare(a.group) || a.label.localeCompare(b.label));
}
